import io

import segno
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, conf, factors
from accounts.exceptions import InvitationError
from accounts.forms import InvitationForm
from accounts.models import Invitation
from safeguarding.rights import may, right_required

_private = cache_control(private=True, no_store=True)


@login_required
@require_GET
@_private
def account(request):
    """Where somebody finds everything about how they log in."""
    return render(
        request,
        "oberih/accounts/account.html",
        {
            "may_invite": may(request.user, "oberih_accounts.invite_staff"),
            "has_factor": factors.has_factor(request.user),
        },
    )


@login_required
@require_GET
@_private
def second_factor(request):
    """Where staff without a second factor are led, and why."""
    if factors.has_factor(request.user):
        return redirect("oberih_accounts:go_on")
    return render(request, "oberih/accounts/second_factor.html")


@login_required
@require_GET
@_private
def totp_code(request):
    """The seed of an app as a QR code. An address of its own, since the content policy refuses images in a page."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    code = segno.make(get_mfa_adapter().build_totp_url(request.user, secret), error="m", micro=False)
    image = io.BytesIO()
    code.save(image, kind="svg", scale=6, border=3, dark="#000", light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


@login_required
@require_GET
def go_on(request):
    """Back to where somebody was before they were led away to set up a second factor."""
    # Written by the gate alone, from the address that was asked for.
    address = request.session.pop(factors.RETURN_TO, "")
    return redirect(address or get_adapter().get_login_redirect_url(request))


@right_required("oberih_accounts.invite_staff")
def invitations(request):
    """Who is invited, and a form to invite more people."""
    form = InvitationForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_bound and form.is_valid():
        try:
            actions.invite(by=request.user, language=translation.get_language(), **form.cleaned_data)
        except InvitationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("oberih_accounts:invitations")
    rows = Invitation.objects.open().within_reach_of(request.user).select_related("invited_by")
    return render(
        request,
        "oberih/accounts/invitations.html",
        {"form": form, "invitations": rows, "days": conf.invitation_days()},
        status=400 if form.errors else 200,
    )


@right_required("oberih_accounts.invite_staff")
@require_POST
def withdraw(request, uuid):
    row = get_object_or_404(Invitation.objects.within_reach_of(request.user), uuid=uuid)
    if actions.withdraw(invitation=row, by=request.user):
        messages.success(request, _("The invitation was withdrawn."))
    return redirect("oberih_accounts:invitations")


@_private
def invitation(request, token):
    """Where the link of the mail leads: the role is taken by a click, by whoever has proved the address."""
    row = Invitation.objects.open().by_token(token).select_related("invited_by").first()
    if row is None:
        return render(request, "oberih/accounts/invitation_closed.html", status=410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            actions.accept(invitation=row, user=request.user)
        except InvitationError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        messages.success(request, _("The role is yours now."))
        # Where the day now begins is worked out anew there: this request still knows the user without the role.
        return redirect("oberih_accounts:go_on")
    return render(
        request,
        "oberih/accounts/invitation.html",
        {
            "invitation": row,
            "is_theirs": request.user.is_authenticated and actions.is_theirs(row, request.user),
        },
    )
