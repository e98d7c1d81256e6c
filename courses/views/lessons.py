from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses import actions, contexts, played, progress
from courses.forms import CheckForm, MediaForm, TimeForm, sent
from courses.knowledge import find_check
from courses.languages import reader_url
from courses.outline import course_page_above
from courses.readable import lesson_page
from participants import identity


def way_for(request, page):
    course_page = course_page_above(page, request)
    if course_page is None:
        return None
    return progress.CourseProgress(course_page, request=request, participant=identity.current(request))


@require_POST
def lesson_done(request, key):
    page = lesson_page(request, key)
    way = way_for(request, page)
    lesson = way.outline.lessons.get(key) if way and way.enrolment else None
    if not lesson:
        messages.info(request, _("Your progress is kept once you have started the course."))
        return redirect(reader_url(page, request))
    enrolment = actions.read_lesson(
        enrolment=way.enrolment, lesson=lesson, language=page.locale.language_code, rule=way.outline.rule
    )
    if enrolment.completed_at and not way.enrolment.completed_at:
        messages.success(request, _("You have completed this course."))
        return redirect(way.url)
    step, _before, after = way.place_of(page)
    if takes := contexts.takes(way, page):
        messages.info(request, takes)
        return redirect(step.url if step else way.url)
    return redirect(after.url if after else way.url)


def _learner_of(request, key):
    """(page, way, lesson) of a learner; what strangers' pages send is not kept, and neither is what outlived a course."""
    page = lesson_page(request, key)
    way = way_for(request, page)
    lesson = way.outline.lessons.get(key) if way and way.enrolment else None
    if lesson is None:
        raise Http404
    return page, way, lesson


@require_POST
def played_part(request, key, block):
    """How far a learner's player got."""
    page, way, lesson = _learner_of(request, key)
    length = played.lengths(page).get(block)
    if length is None:
        raise Http404
    form = MediaForm(sent(request))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    row = actions.note_media(
        enrolment=way.enrolment,
        lesson=lesson,
        block=block,
        length=length,
        language=page.locale.language_code,
        **form.cleaned_data,
    )
    return JsonResponse({"seconds": row.seconds, "finished": row.finished_at is not None})


@require_POST
def time(request, key):
    """How long a visit to the lesson has lasted, as the page counts it."""
    page, way, lesson = _learner_of(request, key)
    form = TimeForm(sent(request))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    actions.note_time(
        enrolment=way.enrolment, lesson=lesson, language=page.locale.language_code, **form.cleaned_data
    )
    return HttpResponse(status=204)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, key, block):
    """Practice without a mark. A learner's answer is posted and kept.

    A stranger's comes by GET and is answered at once, since nothing is kept of it: so the lesson, which caches keep
    whole for all strangers, holds no token.
    """
    page = lesson_page(request, key)
    asked = find_check(page.body, block)
    if asked is None:
        raise Http404
    form = CheckForm(asked, request.POST if request.method == "POST" else request.GET)
    way = way_for(request, page) if request.method == "POST" else None
    enrolment = way and way.enrolment
    if request.method == "POST" and form.is_valid() and enrolment is not None:
        actions.answer_check(
            enrolment=enrolment,
            check=asked,
            chosen=form.cleaned_data["choice"],
            language=page.locale.language_code,
        )
        return redirect(f"{reader_url(page, request)}#check-{asked.id}")
    context = page.get_context(request)
    part = next(part for part in context["parts"] if part.check and part.check.id == asked.id)
    part.form = form
    part.verdict = asked.verdict(form.cleaned_data["choice"]) if form.is_valid() else None
    response = TemplateResponse(request, page.get_template(request), context, headers={"X-Robots-Tag": "noindex"})
    contexts.allow_frames(response)
    return response
