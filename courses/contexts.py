"""What the templates of the pages are given. The pages call this; the statements are in `courses.progress`."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import actions, due, entry, progress
from courses.completion import is_new
from courses.forms import CheckForm
from courses.knowledge import Check, Verdict, check_from
from courses.languages import name, page_languages, reader, reader_url
from courses.media import shown
from courses.models import CompletionRule, Lesson
from courses.outline import course_page_above
from courses.packages import player as packages
from courses.progress import minutes_in_words
from courses.story_views import Telling, telling
from participants import identity
from ui import frames, kept

# What the pages of courses have in common for all their readers in one language.
_shared = kept.Store(most=1024)


def _way(course_page, request):
    return progress.CourseProgress(course_page, request=request, participant=identity.current(request))


def _crumb(page, request):
    return {"label": page.title, "url": reader_url(page, request)}


def _kept(page, request, what, make):
    return _shared.get(request, (what, page.pk, *reader(request)), make)


def _languages(page, request):
    return dict(_kept(page, request, "languages", lambda: page_languages(page, request)))


def _may_enrol(way, request):
    return way.enrolment is None and (way.participant is not None or request.user.is_authenticated)


def course(page, request):
    way = _way(page, request)
    languages = _languages(page, request)
    return {
        **languages,
        "way": way,
        "may_enrol": _may_enrol(way, request),
        "entry": entry.entry(way, request),
        "due": due.said(way.enrolment),
        "facts": _kept(page, request, "facts", lambda: _facts(page, way, languages["translations"])),
        "crumbs": _kept(page, request, "crumbs", lambda: [_crumb(parent, request) for parent in _parents(page)]),
    }


def _facts(page, way, translations):
    """What decides whether somebody begins, for `oberih/ui/_facts.html`."""
    written = sorted(one["code"] for one in translations if one["is_written"])
    lessons = ngettext("%(count)d lesson", "%(count)d lessons", way.total) % {"count": way.total}
    facts = [
        {"icon": "book", "label": _("What it contains"), "text": lessons},
        {
            "icon": "globe",
            "label": ngettext("Language", "Languages", len(written)),
            "text": ", ".join(name(code).capitalize() for code in written),
        },
    ]
    if page.minutes:
        facts.insert(0, {"icon": "clock", "label": _("How long it takes"), "text": minutes_in_words(page.minutes)})
    if not page.audience and (audiences := [str(one) for one in page.audiences.all()]):
        facts.append({"icon": "people", "label": _("Who it is for"), "text": ", ".join(audiences)})
    if way.ends_with_assessment:
        facts.append({"icon": "edit", "label": _("At the end"), "text": _("An assessment")})
    return facts


def _parents(page):
    """Where a course is listed: what is above it, without the tree's root and the front page."""
    return page.get_ancestors().live().filter(depth__gt=2)


def module(page, request):
    course_page = course_page_above(page, request)
    if course_page is None:
        return {**_languages(page, request), "crumbs": []}
    way = _way(course_page, request)
    part = next((part for part in way.parts if part.page and part.page.pk == page.pk), None)
    return {
        **_languages(page, request),
        "way": way,
        "steps": part.steps if part else [],
        "crumbs": [{"label": course_page.title, "url": way.url}],
    }


@dataclass(eq=False)
class BodyPart:
    """A block of a lesson's body with what only the server knows about this reader."""

    block: object
    check: Check | None = None
    form: CheckForm | None = None
    verdict: Verdict | None = None
    standing: progress.Standing | None = None
    player: shown.Player | None = None
    telling: Telling | None = None
    package: packages.Standing | None = None


def lesson(page, request):
    course_page = course_page_above(page, request)
    way = _way(course_page, request) if course_page is not None else None
    enrolment = way.enrolment if way else None
    step, before, after = way.place_of(page) if way else (None, None, None)
    parts = _body_parts(page, way, request)
    module_part = next((part for part in way.parts if step in part.steps), None) if way else None
    may_enrol = bool(way) and _may_enrol(way, request)
    return {
        **_languages(page, request),
        "way": way,
        "step": step,
        "module": module_part,
        "contents": _contents(module_part, step),
        "minutes_left": way.minutes_from(step) if step else 0,
        "before": before,
        "after": after,
        "parts": parts,
        "has_media": any(part.player for part in parts),
        "has_story": any(part.telling for part in parts),
        "may_complete": _may_complete(way, page),
        "takes": takes(way, page) if enrolment and step else "",
        "time_url": reverse("oberih_courses:time", args=[page.translation_key]) if enrolment and step else "",
        "may_enrol": may_enrol,
        "entry": entry.entry(way, request) if may_enrol else None,
        "crumbs": [{"label": course_page.title, "url": way.url}] if way else [],
    }


def _rule(way, page):
    """What the lesson asks, or None where it is no lesson of a course (yet)."""
    rules = way.outline.rule.lessons if way else ()
    return next((rule for rule in rules if rule.key == page.translation_key), None)


def _may_complete(way, page):
    """Whether saying that one has read the lesson does something: completes it, or tells that what is new was seen."""
    rule = _rule(way, page)
    if rule is None or way.enrolment is None:
        return False
    facts, enrolled_at = way.learnt.facts, way.enrolment.enrolled_at
    if rule.key in facts.completed:
        return is_new(way.outline.lessons[rule.key], facts, enrolled_at)
    # A lesson with an assessment is done when that is passed, not when somebody says so.
    return rule.asks == CompletionRule.READ and not rule.assessments - facts.passed.keys()


def takes(way, page):
    """What completes the lesson where reading it does not, for whoever has still to do it."""
    rule = _rule(way, page)
    if rule is None or rule.key in way.completed:
        return ""
    if rule.asks != CompletionRule.READ:
        return progress.what_it_takes(rule.asks)
    return _("Pass the assessment: that completes this lesson.") if rule.assessments else ""


def _contents(module_part, here):
    """The lessons of this module for `oberih/ui/_steps.html`; where the reader is stands out and leads nowhere."""
    if module_part is None:
        return []
    return [
        {
            "label": step.label,
            "number": step.number,
            "note": step.note,
            "url": "" if step is here else step.url,
            "state": "done" if step.is_done else "current" if step is here else "todo",
            "tag": step.tag,
        }
        for step in module_part.steps
    ]


def _body_parts(page, way, request):
    enrolment = way.enrolment if way else None
    parts = [BodyPart(block) for block in page.body]
    for part in parts:
        if part.block.block_type == "knowledge_check":
            part.check = check_from(part.block)
        elif part.block.block_type == "assessment" and part.block.value["assessment"]:
            part.standing = progress.standing(enrolment, part.block.value["assessment"])
        elif part.block.block_type == "case_story":
            part.telling = telling(part.block, request, reader_url(page, request) or request.path)
        elif part.block.block_type in shown.KINDS:
            part.player = _player(part.block, page, way, request)
    _add_packages(page, parts, enrolment, request)
    checks = [part for part in parts if part.check]
    chosen = progress.chosen_in_checks(enrolment, [part.check.id for part in checks])
    for part in checks:
        # An answer to a wording that has since lost its options is as good as none.
        known = [key for key in chosen.get(part.check.id, []) if key in part.check.option_ids]
        part.form = CheckForm(part.check, chosen=known)
        part.verdict = part.check.verdict(known) if known else None
    return parts


def _player(block, page, way, request):
    """The player of a video or an audio: where a learner was in it, and whom to tell how far they get."""
    medium = shown.medium_from(block, page.locale.language_code)
    if medium is None:
        return None
    is_kept = bool(way and way.enrolment)
    position, seconds = way.learnt.played.get(medium.id, (0, 0)) if is_kept else (0, 0)
    return shown.player(
        medium,
        page,
        is_draft=getattr(request, "is_preview", False),
        is_kept=is_kept,
        position=position,
        seconds=seconds,
    )


def _add_packages(page, parts, enrolment, request):
    blocks = packages.blocks_in([part.block for part in parts])
    found = packages.standings(blocks, enrolment=enrolment, lesson_key=page.translation_key, request=request)
    standings = {block.id: standing for block, standing in zip(blocks, found, strict=True)}
    for part in parts:
        part.package = standings.get(part.block.id)


def allow_frames(response):
    """A lesson with a film that lies elsewhere may show that player, and no other page may."""
    films = [part.player.medium.embed for part in response.context_data["parts"] if part.player]
    frames.allow(response, *(f"https://{film.host}" for film in films if film))


def note_opened(context):
    """Record that the learner opened the lesson; nothing is written when that is known."""
    way, step = context.get("way"), context.get("step")
    if way is None or step is None or way.enrolment is None:
        return
    key = step.page.translation_key
    if key in way.learnt.facts.opened and way.enrolment.last_lesson_id == key:
        return
    known = Lesson.objects.filter(key=key).first()
    if known is not None:
        actions.open_lesson(enrolment=way.enrolment, lesson=known, language=context["content_language"])
