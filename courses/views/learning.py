from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from courses import actions, entry, trees
from courses.languages import reader_url
from courses.learning import Learning
from courses.models import Decision, EnrolmentRequest
from participants import identity
from participants.models import Participant


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
            "requests": _waiting(request, participant) if participant else [],
            "reminders": taken.reminders if taken else "",
        },
    )


def _waiting(request, participant):
    """What this person asked for and nobody has answered yet."""
    rows = EnrolmentRequest.objects.filter(
        participant__in=Participant.objects.seen_by(participant), decision=Decision.WAITING
    ).select_related("course")
    asked = list(rows.order_by("asked_at"))
    links = entry.linked([one.course for one in asked], request)
    return [{"request": one, **link} for one, link in zip(asked, links, strict=True)]


def learner_of(request):
    """The participant who looks; somebody with an account becomes one when they begin to learn."""
    participant = identity.current(request)
    if participant is None and request.user.is_authenticated:
        participant = request.oberih_participant = actions.learner_for(request.user)
    return participant


def course_url(request, key):
    page = trees.preferred(trees.course_pages(key), get_language())
    return reader_url(page, request) if page else reverse("oberih_courses:learning")
