"""*Follow in your calendar*: a trainer makes the secret address of their feed, or a new one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import feeds
from events.models import CalendarLink
from events.staff.access import trainers_only
from notifications.conf import site_url
from safeguarding import audit


def shown(user):
    """What *My trainings* shows of it; None to whoever holds no training themselves."""
    if not feeds.may_follow(user):
        return None
    link = CalendarLink.objects.filter(user=user).first()
    address = f"{site_url()}{feeds.path_of(link)}" if link else ""
    return {
        "address": address,
        # Telephones and desktops open this with their calendar.
        "subscribe": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "make_url": reverse("oberih_events:follow"),
    }


@trainers_only
@require_POST
def follow(request):
    """Make an address. The one before opens nothing from then on."""
    if not feeds.may_follow(request.user):
        raise PermissionDenied
    with transaction.atomic():
        _link, made = CalendarLink.objects.get_or_create(user=request.user)
        if not made:
            CalendarLink.objects.filter(user=request.user).update(version=F("version") + 1, made_at=timezone.now())
        audit.record(request.user, "make_calendar_link", "user", [request.user.pk])
    if made:
        messages.success(request, _("Your calendar can follow your trainings now."))
    else:
        messages.success(
            request, _("This is the new address. Calendars that follow the former one get nothing more.")
        )
    return redirect(f"{reverse('oberih_events:trainings')}#follow")
