"""What people are told about taking courses, written when it is sent and in their language.

Subjects stand on locked screens: they never say what a course is about.
"""

from urllib.parse import quote, urlsplit

from django.core import signing
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import due, reminders, trees
from courses.actions.inviting import DAYS, new_token
from courses.languages import reader_url
from courses.models import Decision, Enrolment, EnrolmentInvitation, EnrolmentRequest
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel
from participants.identity import link_token
from safeguarding.templatetags.oberih_safeguarding import for_reader

_STOP_SALT = "oberih.courses.reminders"


def stop_token(enrolment):
    """What stops the reminders of one enrolment, and does nothing else, without logging in."""
    return signing.dumps(str(enrolment.uuid), salt=_STOP_SALT)


def from_stop_token(token):
    """The enrolment of such a token, or None. It has no end: a mail may be opened years later."""
    try:
        uuid = signing.loads(token, salt=_STOP_SALT)
    except signing.BadSignature:
        return None
    return Enrolment.objects.filter(uuid=uuid).select_related("course").first()


def _page(key):
    """The course's page in the language of the message, as a path; My learning where it has none."""
    page = trees.preferred(trees.course_pages(key), get_language())
    url = page and reader_url(page, None)
    return urlsplit(url).path if url else reverse("oberih_courses:learning")


def _personal(participant, channel, path):
    """An address that opens the path for its owner and nobody else."""
    token = link_token(participant, "email" if channel == MessageChannel.EMAIL else "phone")
    enter = reverse("oberih_participants:enter", args=[token])
    return f"{notifications.site_url()}{enter}?to={quote(path)}"


def _text(message, participant, subject, template, *, course, action, url, headers=None, **context):
    return registry.Text(
        subject=subject,
        template=f"oberih/courses/email/{template}",
        context={
            "name": participant.full_name,
            "course": course,
            "helplines": for_reader(),
            "action_url": url,
            "action_label": action,
            **context,
        },
        headers=headers or {},
    )


def _enrolment(message):
    rows = Enrolment.objects.active().select_related("participant", "course")
    return rows.filter(uuid=message.subject_key, participant__erased_at=None, course__archived_at=None).first()


@registry.purpose("courses.enrolled")
def enrolled(message):
    """To whom staff enrolled: it is how they hear of it, and their way in."""
    enrolment = _enrolment(message)
    if enrolment is None or enrolment.completed_at:
        return None
    said = due.said(enrolment)
    return _text(
        message,
        enrolment.participant,
        _("You can begin a course"),
        "enrolled",
        course=enrolment.course,
        action=_("Open the course"),
        url=_personal(enrolment.participant, message.channel, _page(enrolment.course_id)),
        due=said and said.date,
    )


@registry.purpose("courses.invitation")
def invitation(message):
    rows = EnrolmentInvitation.objects.select_related("participant", "course")
    found = rows.filter(
        pk=message.subject_key, accepted_at=None, participant__erased_at=None, course__archived_at=None
    ).first()
    if found is None or message.occurrence != f"{found.invited_at:%Y-%m-%dT%H:%M:%S.%f}":
        # Taken back, or a newer mail has the newer link.
        return None
    link = reverse("oberih_courses:invitation", args=[new_token(found)])
    return _text(
        message,
        found.participant,
        _("You are invited to a course"),
        "invitation",
        course=found.course,
        action=_("See the invitation"),
        url=f"{notifications.site_url()}{link}",
        days=DAYS,
    )


@registry.purpose("courses.request_answered")
def request_answered(message):
    rows = EnrolmentRequest.objects.select_related("participant", "course")
    found = rows.filter(uuid=message.subject_key, participant__erased_at=None).first()
    if found is None or found.decision not in {Decision.APPROVED, Decision.DECLINED}:
        return None
    approved = found.decision == Decision.APPROVED
    return _text(
        message,
        found.participant,
        _("You can begin the course") if approved else _("Your request to take a course"),
        "request_answered",
        course=found.course,
        action=_("Open the course"),
        url=_personal(found.participant, message.channel, _page(found.course_id)),
        approved=approved,
        answer=found.answer,
    )


@registry.purpose(reminders.PURPOSE)
def reminder(message):
    """One of several kinds, of which the occurrence begins with the name. What no longer holds is not sent."""
    enrolment = _enrolment(message)
    if enrolment is None or not reminders.still_holds(enrolment, message.occurrence):
        return None
    kind = message.occurrence.split()[0]
    stop = f"{notifications.site_url()}{reverse('oberih_courses:stop_reminders', args=[stop_token(enrolment)])}"
    said = due.said(enrolment)
    subjects = {
        reminders.NOT_STARTED: _("A course waits for you"),
        reminders.STALLED: _("Go on with your course"),
        reminders.DUE_7: _("Your course is due soon"),
        reminders.DUE_1: _("Your course is due soon"),
        reminders.OVERDUE: _("Your course is overdue"),
    }
    return _text(
        message,
        enrolment.participant,
        subjects[kind],
        "reminder",
        course=enrolment.course,
        action=_("Go on with the course"),
        url=_personal(enrolment.participant, message.channel, _page(enrolment.course_id)),
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        kind=kind,
        due=said and said.text,
        stop_url=stop,
    )
