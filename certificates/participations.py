"""What this room tells of a person to the pages of participants."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.models import Certificate
from participants.participations import Participation


def told(keys, user):
    rows = Certificate.objects.for_staff(user).filter(participant__in=keys)
    return [
        Participation(
            row.participant_id,
            f"certificate:{row.achievement_key}",
            _("Certificate: %(title)s") % {"title": (row.event or row.course).title},
            date_format(timezone.localdate(row.earned_at)),
            row.get_state_display(),
        )
        for row in rows.select_related("event", "course").order_by("earned_at", "pk")
    ]
