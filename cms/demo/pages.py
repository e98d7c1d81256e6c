"""The demo site's pages: written in English, translated into Ukrainian the way a translator would with wagtail-localize.

Every step looks for what it would make, so that running it again changes nothing an editor has changed since.
"""

import tomllib
import uuid
from pathlib import Path

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from i18nfield.strings import LazyI18nString
from wagtail.models import GroupPagePermission, Locale, Page, Site
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cms.demo import surveys
from cms.models import CourseIndexPage, CoursePage, HomePage, LessonPage, ModulePage, SiteSettings, StandardPage
from courses import publishing
from courses.models import Assessment, AssessmentQuestion, Question
from participants.models import Category, Topic
from safeguarding.models import Role, RoleGrant

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "uk")
COURSES = ("counter-trafficking", "safe-migration")
# Keys are made from names, so that a demo site that is built anew has the keys it had.
NAMESPACE = uuid.UUID("6f1a5c1e-6a52-4c0e-9d3b-2f6f5f0a7c11")
# Its parts were named when there was no other course, and keep their keys.
FIRST_COURSE = "counter-trafficking-in-emergencies"

SITE_TEXTS = {
    "en": {
        "courses": "Courses",
        "courses_intro": "Short courses for everybody who meets people on the move, and for young people who set out themselves. Read them on a phone, at your own pace, in the language you prefer.",
        "about": "About this site",
        "about_body": "<p>This is the demonstration site of a training network. The organisation, its people and its dates are invented; the courses are real teaching, and the helplines are real.</p><h2>What we keep about you</h2><p>Your name and one contact, so that you can register and receive a certificate. Everything else you may leave out. Nobody outside the team that runs your training sees your name.</p>",
    },
    "uk": {
        "courses": "Курси",
        "courses_intro": "Короткі курси для всіх, хто працює з людьми в дорозі, і для молоді, яка сама збирається в дорогу. Читайте з телефону, у власному темпі, зручною для вас мовою.",
        "about": "Про цей сайт",
        "about_body": "<p>Це демонстраційний сайт навчальної мережі. Організацію, людей і дати вигадано; навчальний матеріал курсів і номери гарячих ліній справжні.</p><h2>Що ми зберігаємо про вас</h2><p>Ваше ім’я та один контакт, щоб ви могли зареєструватися й отримати сертифікат. Усе інше можна не вказувати. Ваше ім’я бачить лише команда, яка проводить ваше навчання.</p>",
    },
}


def key(*names):
    return uuid.uuid5(NAMESPACE, "/".join(names))


def part_of(course, part, *names):
    """The names of a part of a course: two courses may both have a lesson that is called final-assessment."""
    return (part, *names) if course == FIRST_COURSE else (part, course, *names)


def load(name, language):
    return tomllib.loads((CONTENT / f"{name}.{language}.toml").read_text(encoding="utf-8"))


@transaction.atomic
def seed_pages():
    """Make the demo site's pages, courses, assessments and questions in both languages. Returns the English home page."""
    for language in LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    home = _english()
    _ukrainian(home)
    _settings()
    publishing.sync_all()
    return home


def seed_editor(user):
    """Let the user edit and publish the site's pages; what else editors do, their role gives."""
    RoleGrant.objects.get_or_create(user=user, role=Role.EDITOR)
    group, _created = Group.objects.get_or_create(name="Editors")
    for home in HomePage.objects.all():
        for codename in ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    user.groups.add(group)
    return group


def _settings():
    settings = SiteSettings.load()
    if not settings.organisation_name:
        settings.organisation_name = "Protection Training Network"
        settings.contact_email = "training@example.org"
        settings.save()


def _english():
    locale = Locale.objects.get(language_code="en")
    pages = load("pages", "en")
    home = HomePage.objects.filter(locale=locale).first() or _home(pages, locale)
    index = _child(home, _index(pages, "en"), "courses-index")
    _child(home, _about("en"), "about")
    for name in COURSES:
        _assessment(name)
        _english_course(index, load(name, "en"), locale)
    return home


def _english_course(index, content, locale):
    _questions(content, locale)
    course = content["course"]["key"]
    course_page = _child(index, _course(content), "course", course)
    for module in surveys.modules(content, _survey_of(course)):
        module_page = _child(course_page, _module(module), *part_of(course, "module", module["key"]))
        for lesson in module["lessons"]:
            _child(module_page, _lesson(lesson, course), *part_of(course, "lesson", lesson["key"]))


def _home(pages, locale):
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).first()
    welcome = site.root_page if site else None
    home = root.add_child(
        instance=HomePage(
            **_home_fields(pages), slug="oberih", locale=locale, translation_key=key("home"), live=False
        )
    )
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    else:
        site.root_page = home
        site.save(update_fields=["root_page"])
    # The page that Wagtail's own migration leaves there.
    if welcome is not None and welcome.specific_class is Page and welcome.numchild == 0:
        welcome.delete()
    home.refresh_from_db()
    home.save_revision().publish()
    return home


def _home_fields(pages):
    home = pages["home"]
    return {"title": home["title"], "lead": home["lead"], "trust": f"<p>{home['trust']}</p>"}


def _child(parent, page, *names):
    """The page of this key in the parent's language, made of `page` if it does not exist."""
    page.translation_key = key(*names)
    existing = type(page).objects.filter(translation_key=page.translation_key, locale=parent.locale).first()
    if existing is not None:
        return existing
    page.locale = parent.locale
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _index(_pages, language):
    texts = SITE_TEXTS[language]
    return CourseIndexPage(
        title=texts["courses"], slug="courses", intro=texts["courses_intro"], show_in_menus=True
    )


def _about(language):
    texts = SITE_TEXTS[language]
    return StandardPage(title=texts["about"], slug="about", body=texts["about_body"], show_in_menus=True)


def _course(content):
    course = content["course"]
    page = CoursePage(
        title=course["title"],
        slug=course["slug"],
        summary=course["summary"],
        audience=course["audience"],
        outcomes="\n".join(course["outcomes"]),
        minutes=course["minutes"],
    )
    page.topics = list(Topic.objects.filter(code__in=course["topics"]))
    page.audiences = list(Category.objects.filter(code__in=course["audiences"]))
    return page


def _module(module):
    return ModulePage(title=module["title"], slug=module["key"], summary=module["summary"])


def _lesson(lesson, course):
    blocks = [
        _block({**block, "course": course}, *part_of(course, "lesson", lesson["key"], str(number)))
        for number, block in enumerate(lesson["blocks"])
    ]
    return LessonPage(
        title=lesson["title"],
        slug=lesson["slug"],
        summary=lesson["summary"],
        minutes=lesson["minutes"],
        is_distressing=lesson["distress"],
        body=LessonPage._meta.get_field("body").stream_block.to_python(blocks),
    )


def _block(block, *names):
    return {"type": block["kind"], "id": str(key(*names)), "value": _VALUES[block["kind"]](block, names)}


def _items(values, names):
    return [
        {"type": "item", "id": str(key(*names, "item", str(number))), "value": value}
        for number, value in enumerate(values)
    ]


def _option(option):
    return {"text": option["text"], "correct": option["correct"], "feedback": option["feedback"]}


def _scene(scene, names):
    choices = [{name: choice[name] for name in ("text", "feedback", "leads_to")} for choice in scene["choices"]]
    return {"key": scene["key"], "text": scene["text"].strip(), "choices": _items(choices, names)}


_VALUES = {
    "text": lambda block, names: block["html"].strip(),
    "key_facts": lambda block, names: {"title": block["title"], "facts": _items(block["facts"], names)},
    "callout": lambda block, names: {
        "tone": block["tone"],
        "title": block["title"],
        "text": block["html"].strip(),
    },
    "indicators": lambda block, names: {
        "title": block["title"],
        "intro": block["intro"],
        "items": _items(block["items"], names),
    },
    "knowledge_check": lambda block, names: {
        "question": block["question"],
        "multiple": block["multiple"],
        "options": [
            {"type": "item", "id": str(key(*names, "option", option["key"])), "value": _option(option)}
            for option in block["options"]
        ],
    },
    "case_story": lambda block, names: {
        "title": block["title"],
        "start": block["start"],
        "scenes": [
            {
                "type": "item",
                "id": str(key(*names, "scene", scene["key"])),
                "value": _scene(scene, (*names, "scene", scene["key"])),
            }
            for scene in block["scenes"]
        ],
    },
    "helpline": lambda block, names: None,
    "assessment": lambda block, names: {
        "assessment": block.get("assessment", str(key("assessment", block["course"]))),
    },
}


def _survey_of(course):
    return lambda name: key("assessment", course, name)


def _answer(option):
    """An answer of a question; what it says of itself is a matter of its kind."""
    return {"match": "", "correct": False, "feedback": "", **{k: v for k, v in option.items() if k != "key"}}


def _question(question, course):
    names = part_of(course, "question", question["key"])
    options = [
        {"type": "option", "id": str(key(*names, option["key"])), "value": _answer(option)}
        for option in question.get("options", ())
    ]
    return Question(
        kind=question["kind"],
        text=question["text"],
        options=Question._meta.get_field("options").stream_block.to_python(options),
        number=question.get("number"),
        tolerance=question.get("tolerance", 0),
        topic=Topic.objects.get(code=question["topic"]) if "topic" in question else None,
        translation_key=key(*names),
    )


def _questions(content, locale):
    for entry in surveys.all_questions(content):
        question = _question(entry, content["course"]["key"])
        if not Question.objects.filter(translation_key=question.translation_key, locale=locale).exists():
            question.locale = locale
            question.full_clean()
            question.save()


def _assessment(name):
    """The assessment with its texts in both languages; short texts of no page are kept by language in one row."""
    versions = {language: load(name, language) for language in LANGUAGES}
    words = {
        field: LazyI18nString({language: content["assessment"][field] for language, content in versions.items()})
        for field in ("title", "intro")
    }
    english = versions["en"]
    course = english["course"]["key"]
    assessment, created = Assessment.objects.get_or_create(
        key=key("assessment", course),
        defaults={
            **words,
            "pass_percent": english["assessment"]["pass_percent"],
            "draw": english["assessment"]["draw"],
        },
    )
    if created:
        AssessmentQuestion.objects.bulk_create(
            AssessmentQuestion(
                assessment=assessment,
                question_key=key(*part_of(course, "question", question["key"])),
                position=position,
            )
            for position, question in enumerate(english["questions"])
        )
    surveys.seed(versions, _survey_of(course), lambda name: key(*part_of(course, "question", name)))


def _ukrainian(home):
    pages = load("pages", "uk")
    _translate(home, HomePage(**_home_fields(pages), slug="oberih-uk"))
    _translate(_by_key(CourseIndexPage, "courses-index"), _index(pages, "uk"))
    _translate(_by_key(StandardPage, "about"), _about("uk"))
    for name in COURSES:
        _ukrainian_course(load(name, "uk"))


def _ukrainian_course(content):
    course = content["course"]["key"]
    _translate(_by_key(CoursePage, "course", course), _course(content))
    for module in surveys.modules(content, _survey_of(course)):
        _translate(_by_key(ModulePage, *part_of(course, "module", module["key"])), _module(module))
        for lesson in module["lessons"]:
            page = _by_key(LessonPage, *part_of(course, "lesson", lesson["key"]))
            _translate(page, _lesson(lesson, course))
    for question in surveys.all_questions(content):
        row = _by_key(Question, *part_of(course, "question", question["key"]))
        _translate(row, _question(question, course))


def _by_key(model, *names):
    return model.objects.filter(translation_key=key(*names), locale__language_code="en").first()


def _translate(original, translated):
    """Enter the texts of `translated`, which is never saved, as translations of the original's segments."""
    locale = Locale.objects.get(language_code="uk")
    if original is None or original.has_translation(locale):
        return
    source, _created = TranslationSource.update_or_create_from_instance(original)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    texts = [one for one in extract_segments(translated) if isinstance(one, StringSegmentValue)]
    segments = list(source.stringsegment_set.select_related("context").order_by("order"))
    if [one.path for one in texts] != [segment.context.path for segment in segments]:
        raise ValueError(f"The translation of “{original}” has another structure than the original.")
    for segment, text in zip(segments, texts, strict=True):
        StringTranslation.objects.update_or_create(
            translation_of_id=segment.string_id,
            locale=locale,
            context_id=segment.context_id,
            defaults={
                "data": text.string.data,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            },
        )
    _publish(translation, original)


def _publish(translation, original):
    if not isinstance(original, Page):
        translation.save_target()
        return
    # wagtail-localize would publish on commit: after the children were made, whose number it would overwrite.
    translation.save_target(publish=False)
    original.get_translation(translation.target_locale).get_latest_revision().publish()
