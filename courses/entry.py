"""What a course's page says to somebody who does not take it: how they may, what comes first, what they asked for."""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from courses import access, trees
from courses.enrolment_forms import KeyForm
from courses.languages import reader_url
from courses.models import Access, Course, Decision, EnrolmentRequest
from participants.models import Participant


@dataclass(frozen=True)
class Entry:
    """For `oberih/courses/_action.html`. Of a stranger it holds nothing but what all strangers see."""

    access: str = Access.OPEN
    first: list = field(default_factory=list)
    """{title, url, language} of the courses that come before; of somebody who is known, those they have not completed."""
    request: EnrolmentRequest | None = None
    """What this person asked last, if it waits or was declined."""
    form: KeyForm | None = None

    @property
    def is_waiting(self):
        return self.request is not None and self.request.decision == Decision.WAITING


def entry(way, request):
    """How the reader of a course's page stands. Whoever takes it by their own will needs nothing of it."""
    key = way.page.translation_key
    if way.enrolment is not None:
        if way.enrolment.completed_at or not by_others(way.enrolment):
            return Entry()
        return Entry(first=linked(access.missing(way.participant, key), request))
    course = Course.objects.filter(key=key).first()
    if course is None:
        return Entry()
    first = linked(access.missing(way.participant, key), request)
    asked = None
    if course.access == Access.APPROVAL and way.participant is not None:
        asked = last_request(way.participant, key)
    return Entry(
        access=course.access, first=first, request=asked, form=KeyForm() if course.access == Access.KEY else None
    )


def by_others(enrolment):
    """Whether others enrolled them, who need not have looked at what comes first."""
    return enrolment.source.startswith(("group:", "registration:", "import:"))


def last_request(participant, key):
    """What somebody asked last for a course, unless they took it back or were let in."""
    rows = EnrolmentRequest.objects.filter(participant__in=Participant.objects.seen_by(participant), course=key)
    found = rows.order_by("-asked_at", "-pk").first()
    return found if found and found.decision in {Decision.WAITING, Decision.DECLINED} else None


def linked(courses, request):
    """{title, url, language} of each course in the reader's language; one without a page has no address."""
    courses = list(courses)
    if not courses:
        return []
    versions = {}
    for page in trees.course_pages_of([one.pk for one in courses]):
        versions.setdefault(page.translation_key, []).append(page)
    return [_link(one, trees.preferred(versions.get(one.pk, []), get_language()), request) for one in courses]


def _link(course, page, request):
    if page is None:
        return {"title": str(course.title), "url": "", "language": ""}
    return {"title": page.title, "url": reader_url(page, request), "language": page.locale.language_code}
