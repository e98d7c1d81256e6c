"""What an import would make here, and what of it this site lacks: said before anything is written."""

from django.utils.translation import gettext as _
from wagtail.models import Locale

from courses.exchange import building, fields
from courses.exchange.assets import kinds, missing_codes
from courses.exchange.blocks import unknown_kinds
from courses.exchange.describing import KINDS
from courses.models import Course, Question
from courses.pages import CoursePageMixin
from participants.models import Category, Topic


def plan(described, parent, user):
    """{"title", "is_known", "languages", "counts", "missing": [sentences], "errors": [sentences]}, all of it JSON."""
    above = building.places(parent, _languages(described))
    pages = [page for page in described["pages"] if page["language"] in above]
    courses = [page for page in pages if page["kind"] == "course"] or described["pages"][:1]
    questions = {str(one["key"]) for one in described["questions"]}
    here = Question.objects.filter(translation_key__in=questions).values("translation_key").distinct().count()
    return {
        "title": courses[0]["title"],
        "is_known": building.is_known(described),
        "languages": sorted({page["language"] for page in pages}),
        "counts": {
            **{kind: len({str(page["key"]) for page in pages if page["kind"] == kind}) for kind in KINDS},
            "assessment": len(described["assessments"]),
            "question": len(questions),
            "question_here": here,
            **{
                kind: sum(asset["kind"] == kind for asset in described["assets"])
                for kind in ("image", "document", "media", "package")
            },
        },
        "missing": list(_missing(described, above, parent)),
        "errors": list(_errors(described, above, parent, user)),
    }


def _languages(described):
    return {page["language"] for page in described["pages"]}


def _missing(described, above, parent):
    locales = set(Locale.objects.values_list("language_code", flat=True))
    for language in sorted(_languages(described) - locales):
        yield _("This site has no language “%(language)s”; the course comes without it.") % {"language": language}
    for language in sorted(_languages(described) & locales - set(above)):
        yield _("“%(page)s” is not translated into “%(language)s”; the course comes without it.") % {
            "page": parent.title,
            "language": language,
        }
    pages = [page["fields"] for page in described["pages"] if page["kind"] == "course"]
    for model, name in ((Topic, "topics"), (Category, "audiences")):
        codes = {str(code) for said in pages for code in said.get(name) or []}
        if name == "topics":
            codes |= _topics_of_questions(described)
        for code in missing_codes(model, codes):
            yield _("%(kind)s “%(code)s” is not known here and is left out.") % {
                "kind": model._meta.verbose_name.capitalize(),
                "code": code,
            }
    for required in described["course"]["requires"]:
        if not Course.objects.filter(key=required["key"]).exists():
            yield _("The course “%(code)s”, to be completed first, is not here and is not asked for.") % {
                "code": required["code"]
            }
    for kind in sorted(_unknown_blocks(described, above)):
        yield _("Blocks of the kind “%(kind)s” are not known here and are left out.") % {"kind": kind}


def _topics_of_questions(described):
    named = [str(one["fields"].get("topic") or "") for one in described["questions"]]
    return {name.removeprefix("code:") for name in named if name.startswith("code:")}


def _unknown_blocks(described, above):
    found = set()
    models = {
        kind: next((model for model in building.trees.concrete(mixin)), None) for kind, mixin in KINDS.items()
    }
    for page in described["pages"]:
        model = models[page["kind"]]
        if page["language"] not in above or model is None:
            continue
        for field in fields.named(model, of=KINDS[page["kind"]]):
            if hasattr(field, "stream_block"):
                found |= unknown_kinds(field.stream_block, page["fields"].get(field.name))
    return found


def _errors(described, above, parent, user):
    if not above:
        yield _("The page that you chose exists in none of the course’s languages.")
    if building.page_type(type(parent), "course") is None:
        yield _("A course cannot stand below “%(page)s”.") % {"page": parent.title}
    for name, kind in sorted(kinds().items()):
        if any(asset["kind"] == name for asset in described["assets"]) and not kind.may_add(user):
            yield _("The course has files that you may not upload here (%(kind)s). Ask an administrator.") % {
                "kind": kind.model._meta.verbose_name_plural
            }
    if any(asset["kind"] not in kinds() for asset in described["assets"]):
        yield _("The course has videos or audios, and this site has no library for them.")


def may_import_below(user, page):
    """Whether the user may bring a course in here: as a draft, but by somebody who could publish it."""
    allowed = page.permissions_for_user(user)
    return (
        building.page_type(page.specific_class, "course") is not None
        and allowed.can_add_subpage()
        and allowed.can_publish_subpage()
    )


def is_course(page):
    return isinstance(page, CoursePageMixin)
