from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses import actions, progress, trees
from courses.languages import reader_url
from courses.learning import Learning
from courses.models import Course
from participants import identity


@never_cache
def learning(request):
    participant = identity.current(request)
    taken = Learning(participant, request=request) if participant else None
    return render(
        request,
        "oberih/courses/learning.html",
        {
            "participant": participant,
            "open": taken.open if taken else [],
            "completed": taken.completed if taken else [],
        },
    )


def learner_of(request):
    """The participant who looks; somebody with an account becomes one when they begin to learn."""
    participant = identity.current(request)
    if participant is None and request.user.is_authenticated:
        participant = request.oberih_participant = actions.learner_for(request.user)
    return participant


def course_url(request, key):
    page = trees.preferred(trees.course_pages(key), get_language())
    return reader_url(page, request) if page else reverse("oberih_courses:learning")


@require_POST
def enrol(request, key):
    course = get_object_or_404(Course, key=key, archived_at=None)
    page = trees.preferred(trees.course_pages(key), get_language())
    if page is None:
        raise Http404
    participant = learner_of(request)
    if participant is None:
        return redirect(reader_url(page, request))
    actions.enrol(participant=participant, course=course)
    step = progress.CourseProgress(page, request=request, participant=participant).next_step
    return redirect(step.url if step else reader_url(page, request))
