"""What learners are told of what a trainer did, written when it is sent and in their language."""

from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Attempt
from notifications import conf as notifications
from notifications import registry
from notifications.models import MessageChannel
from participants.identity import link_token
from safeguarding.templatetags.oberih_safeguarding import for_reader


@registry.purpose("courses.marked")
def marked(message):
    """The result of an attempt that a trainer had to mark. The subject stands on locked screens: it names no course."""
    rows = Attempt.objects.select_related("assessment", "enrolment__participant")
    attempt = rows.filter(
        uuid=message.subject_key, scored_at__isnull=False, enrolment__participant__erased_at=None
    ).first()
    if attempt is None:
        return None
    learner = attempt.enrolment.participant
    token = link_token(learner, "email" if message.channel == MessageChannel.EMAIL else "phone")
    enter = reverse("oberih_participants:enter", args=[token])
    result = reverse("oberih_courses:result", args=[attempt.uuid])
    return registry.Text(
        subject=_("Your answers have been marked"),
        template="oberih/courses/email/marked",
        context={
            "name": learner.full_name,
            "attempt": attempt,
            "helplines": for_reader(),
            "action_url": f"{notifications.site_url()}{enter}?to={quote(result)}",
            "action_label": _("See the result"),
        },
    )
