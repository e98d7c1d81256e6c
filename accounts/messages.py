from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Invitation
from notifications.conf import site_url
from notifications.registry import Text, purpose


@purpose("accounts.invitation")
def invitation(message):
    """Each try has a link of its own: what a mail server lost or kept for itself opens nothing afterwards."""
    row = Invitation.objects.open().select_related("invited_by").filter(uuid=message.subject_key).first()
    if row is None:
        return None
    return Text(
        # Subjects stand on locked screens: nothing here says to what.
        subject=_("You are invited"),
        template="oberih/accounts/email/invitation",
        context={
            "inviter": str(row.invited_by),
            "role": row.get_role_display(),
            "scope": row.scope,
            "until": date_format(localtime(row.expires_at), "DATE_FORMAT"),
            "action_url": f"{site_url()}{reverse('oberih_accounts:invitation', args=[row.renew_token()])}",
            "action_label": _("Open the invitation"),
        },
    )
