from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from participants import actions, identity


@never_cache
@require_GET
def enter(request, token):
    """A personal link: go on as its owner, then to where it was meant to lead.

    Opening it is safe to repeat (mail scanners do); it changes nothing but this browser's session and the fact that
    the contact works.
    """
    participant, channel = identity.from_token(token)
    if participant is None:
        return render(request, "oberih/participants/link_old.html", status=410)
    actions.verify_contact(participant, channel)
    identity.remember(request, participant)
    target = request.GET.get("to", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = "/"
    return redirect(target)


@require_POST
def leave(request):
    identity.forget(request)
    messages.success(request, _("This device no longer shows your trainings. Your link still works."))
    return redirect("/")
