"""Making a course of a description: rows with keys of their own, pages as drafts, or nothing at all."""

import uuid
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale

from courses import trees
from courses.exchange import fields, translating
from courses.exchange.blocks import cleaned, with_links
from courses.exchange.describing import (
    KINDS,
    NOT_OF_A_QUESTION,
    NOT_OF_AN_ASSESSMENT,
    PAGE_FIELDS,
    References,
    question_fields,
)
from courses.exchange.exceptions import ExchangeError
from courses.models import Access, Assessment, AssessmentQuestion, Course, Lesson, Prerequisite, Question


@dataclass
class Keys:
    """What the things of a description are called here: as there, or each by a new key, the same wherever it is named."""

    fresh: uuid.UUID | None = None
    questions: dict = field(default_factory=dict)

    def of(self, key):
        return uuid.uuid5(self.fresh, str(key)) if self.fresh else uuid.UUID(str(key))

    def block(self, key):
        return str(uuid.uuid5(self.fresh, key)) if self.fresh else key

    def question(self, key):
        return self.questions.get(key, key)


def fresh_keys():
    return Keys(uuid.uuid4())


def is_known(described):
    """Whether anything of the description is here already, so that its keys are taken."""
    pages = [page["key"] for page in described["pages"]]
    return (
        any(
            model.objects.filter(translation_key__in=pages).exists()
            for mixin in KINDS.values()
            for model in trees.concrete(mixin)
        )
        or Course.objects.filter(key__in=pages).exists()
        or Lesson.objects.filter(key__in=pages).exists()
        or Assessment.objects.filter(key__in=[one["key"] for one in described["assessments"]]).exists()
    )


class Given:
    """What stands here for the names of a description."""

    def __init__(self, keys, assets, *, is_trusted):
        self.keys, self.assets, self.is_trusted = keys, assets, is_trusted
        self.pages = {}
        self.language = ""
        self.has_page_links = False

    def identity(self, key):
        return self.keys.block(key)

    def chosen(self, model, name):
        kind, _colon, key = str(name).partition(":")
        if kind == "assessment" and issubclass(model, Assessment):
            return str(self.keys.of(key))
        if kind == "page":
            return self._page(key)
        return self.assets.key_of(model, str(name))

    def text(self, html, features):
        html = with_links(str(html), self._linked)
        # What was written here has been through the editor; what a file brings has not.
        return html if self.is_trusted else cleaned(html, features)

    def _linked(self, kind, name):
        if name.startswith("page:"):
            return self._page(name.removeprefix("page:"))
        return self.assets.linked_key(kind, name)

    def _page(self, key):
        self.has_page_links = True
        return self.pages.get((key, self.language))


@dataclass
class Built:
    """What was made: the pages by the key and the language that the description gave them."""

    pages: dict

    @property
    def course_pages(self):
        return [page for page in self.pages.values() if isinstance(page, KINDS["course"])]


def places(parent, languages):
    """{language: the page below which the course goes}, of those languages in which `parent` exists."""
    found = {}
    for page in parent.get_translations(inclusive=True).select_related("locale"):
        if page.locale.language_code in languages:
            found[page.locale.language_code] = page.specific
    return found


def page_type(parent_type, kind):
    """The site's type of page for this kind below that parent, or None."""
    allowed = parent_type.allowed_subpage_models()
    return next((model for model in allowed if issubclass(model, KINDS[kind])), None)


def build(described, *, parent, keys, assets, user, titles=None, is_trusted=False, on_step=None):
    """Make the course below `parent` and its translations. Call it inside a transaction.

    `titles` is {language: title} for the course's own pages where they shall be called otherwise.
    """
    given = Given(keys, assets, is_trusted=is_trusted)
    above = places(parent, {page["language"] for page in described["pages"]})
    if not above:
        raise ExchangeError(_("The page that you chose exists in none of the course’s languages."))
    wanted = [page for page in described["pages"] if page["language"] in above]
    _make_questions(described, keys, assets, is_trusted)
    make_assessments(described["assessments"], keys, assets, is_trusted=is_trusted)
    built, linking = {}, []
    for number, entry in enumerate(wanted):
        mother = built.get((str(entry["parent"]), entry["language"])) if entry["parent"] else None
        page = _page(entry, mother or above[entry["language"]], given, user, titles or {})
        here = (str(entry["key"]), entry["language"])
        built[here], given.pages[here] = page, page.pk
        if given.has_page_links:
            linking.append((entry, page))
        if on_step is not None:
            on_step(number + 1, len(wanted))
    # Links go to pages that may have been made after them.
    for entry, page in linking:
        _fill(page, entry, given)
        page.save()
    for page in built.values():
        page.save_revision(user=user, changed=False)
    translating.hand_over(
        [(entry["is_translated"], built[str(entry["key"]), entry["language"]]) for entry in wanted]
    )
    made = Built(built)
    _make_course(described["course"], made, keys)
    return made


def _page(entry, mother, given, user, titles):
    model = page_type(type(mother), entry["kind"])
    if model is None:
        raise ExchangeError(_("A course cannot stand below “%(page)s”.") % {"page": mother.title})
    page = model(
        **{name: entry[name] for name in PAGE_FIELDS},
        translation_key=given.keys.of(entry["key"]),
        locale=Locale.objects.get(language_code=entry["language"]),
        live=False,
        has_unpublished_changes=True,
        owner=user,
    )
    if entry["kind"] == "course" and entry["language"] in titles:
        page.title = titles[entry["language"]]
        page.slug = slugify(page.title, allow_unicode=True) or entry["slug"]
    page.draft_title = page.title
    page.slug = _free_slug(page.slug, mother)
    _fill(page, entry, given)
    try:
        # Those of the same mother are added one after the other: she counts her children.
        mother.refresh_from_db(fields=["numchild"])
        return mother.add_child(instance=page)
    except ValidationError as error:
        raise _refused(entry["title"], error) from None


def _fill(page, entry, given):
    given.language, given.has_page_links = entry["language"], False
    _fill_fields(page, fields.named(type(page), of=KINDS[entry["kind"]]), entry["fields"], given, entry["title"])


def _fill_fields(row, named, said, given, title):
    for one in named:
        if one.name not in said:
            continue
        try:
            fields.fill(row, one, said[one.name], given)
        except ValidationError as error:
            raise _refused(f"{title}, {one.name}", error) from None
        except (TypeError, ValueError, AttributeError, LookupError):
            # A value of another shape than any editor's form would have stored.
            raise ExchangeError(
                _("“%(where)s” holds something that cannot be read.") % {"where": f"{title}, {one.name}"}
            ) from None


def _refused(where, error):
    return ExchangeError(
        _("“%(where)s” is refused: %(why)s") % {"where": where, "why": " ".join(map(str, error.messages))}
    )


def _free_slug(slug, mother):
    taken = set(mother.get_children().values_list("slug", flat=True))
    free, number = slug, 1
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _make_questions(described, keys, assets, is_trusted):
    """The questions that are not here yet. One that is here and says the same is used; one that differs becomes another."""
    given = Given(Keys(), assets, is_trusted=is_trusted)
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    by_key = {}
    for entry in described["questions"]:
        if entry["language"] in locales:
            by_key.setdefault(uuid.UUID(str(entry["key"])), []).append(entry)
    here = {}
    for row in Question.objects.filter(translation_key__in=by_key).select_related("locale"):
        here.setdefault(row.translation_key, {})[row.locale.language_code] = row
    for key, entries in by_key.items():
        versions = {entry["language"]: _question(entry, key, locales, given) for entry in entries}
        if key in here:
            if _says(versions) == _says(here[key]):
                continue
            keys.questions[key] = uuid.uuid4()
        for row in versions.values():
            row.translation_key = keys.question(key)
            _save(row, row.text)
        translating.hand_over([(entry["is_translated"], versions[entry["language"]]) for entry in entries])


def _says(versions):
    return {language: question_fields(row, References(assets=_Codes())) for language, row in versions.items()}


class _Codes:
    def name(self, model, key):
        return str(key)

    def linked(self, kind, key):
        return key


def _question(entry, key, locales, given):
    row = Question(translation_key=key, locale=locales[entry["language"]])
    named = fields.named(Question, without=NOT_OF_A_QUESTION)
    _fill_fields(row, named, entry["fields"], given, str(entry["fields"].get("text", ""))[:80])
    return row


def _save(row, title):
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise _refused(title, error) from None
    row.save()


def make_assessments(described, keys, assets, *, is_trusted):
    given = Given(keys, assets, is_trusted=is_trusted)
    made = {}
    for entry in described:
        row = Assessment(key=keys.of(entry["key"]))
        named = fields.named(Assessment, without=NOT_OF_AN_ASSESSMENT)
        _fill_fields(row, named, entry["fields"], given, str(entry["key"]))
        _save(row, str(row.title))
        made[str(entry["key"])] = row
        AssessmentQuestion.objects.bulk_create(
            AssessmentQuestion(
                assessment=row, question_key=keys.question(uuid.UUID(str(question))), position=position
            )
            for position, question in enumerate(dict.fromkeys(entry["questions"]))
        )
    for entry in described:
        if entry["compared_with"]:
            row = made[str(entry["key"])]
            row.compared_with = made.get(str(entry["compared_with"]))
            row.save(update_fields=["compared_with"])


def _make_course(said, made, keys):
    """Who may take the course is kept where it is not everybody: publishing it must not open it by accident.

    The row is archived until then, as that of a course whose pages went.
    """
    access = said["access"] if said["access"] in Access.values else Access.OPEN
    required = Course.objects.filter(key__in=[one["key"] for one in said["requires"]])
    if access == Access.OPEN and not said["days_to_complete"] and not required:
        return
    pages = made.course_pages
    source = trees.source(pages)
    course = Course.objects.create(
        key=source.translation_key,
        code=_free_code(source.slug),
        title=LazyI18nString({page.locale.language_code: page.title for page in pages}),
        access=access,
        days_to_complete=said["days_to_complete"] or None,
        archived_at=timezone.now(),
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(course=course, required=one) for one in required if one.pk != course.pk
    )


def _free_code(slug):
    base = slugify(slug) or "course"
    code, number = base, 1
    while Course.objects.filter(code=code).exists():
        number += 1
        code = f"{base}-{number}"
    return code
