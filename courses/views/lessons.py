from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses import actions, contexts, progress, trees
from courses.exceptions import CoursesError
from courses.forms import CheckForm
from courses.knowledge import find_check
from courses.languages import reader_url
from participants import identity


def _lesson_page(request, key):
    """The lesson in the reader's language, if they may read it: the page's own restrictions hold here, too."""
    page = trees.preferred(trees.lesson_versions(key), get_language())
    if page is None or not all(one.accept_request(request) for one in page.get_view_restrictions()):
        raise Http404
    return page


def _enrolment_for(request, page):
    course_page = trees.course_page_above(page)
    if course_page is None:
        return None, None
    way = progress.CourseProgress(course_page, request=request, participant=identity.current(request))
    return way.enrolment, way


@require_POST
def lesson_done(request, key):
    page = _lesson_page(request, key)
    enrolment, way = _enrolment_for(request, page)
    lesson = enrolment and enrolment.course.lessons.filter(key=key).first()
    if not lesson:
        messages.info(request, _("Your progress is kept once you have started the course."))
        return redirect(reader_url(page, request))
    try:
        actions.complete_lesson(enrolment=enrolment, lesson=lesson, language=page.locale.language_code)
    except CoursesError as error:
        messages.info(request, str(error))
        return redirect(reader_url(page, request))
    _step, _before, after = way.place_of(page)
    enrolment.refresh_from_db()
    if enrolment.completed_at:
        messages.success(request, _("You have completed this course."))
        return redirect(way.url)
    return redirect(after.url if after else way.url)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, key, block):
    """Practice without a mark. A learner's answer is posted and kept.

    A stranger's comes by GET and is answered at once, since nothing is kept of it: so the lesson, which caches keep
    whole for all strangers, holds no token.
    """
    page = _lesson_page(request, key)
    asked = find_check(page.body, block)
    if asked is None:
        raise Http404
    form = CheckForm(asked, request.POST if request.method == "POST" else request.GET)
    enrolment, _way = _enrolment_for(request, page)
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
