"""The page that a parent or guardian opens by their link: without an account, without a script, on any telephone."""

from email.utils import parseaddr

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import guardians, when
from events.exceptions import GuardianError
from events.guardian_forms import GuardianForm
from participants.codes import DeliveryMode
from participants.models import ConsentText, Purpose
from safeguarding.conf import data_contact


@never_cache
@require_http_methods(["GET", "POST"])
def guardian(request, token):
    """Opening it decides nothing: mail scanners open every link."""
    registration, made = guardians.from_token(token)
    if registration is None:
        return render(request, "oberih/events/guardian_old.html", status=410)
    asked = guardians.asked_about(registration, made)
    if not asked:
        return _answered(request, registration, made)
    text = ConsentText.objects.filter(purpose=Purpose.GUARDIAN).order_by("version").last()
    form = GuardianForm(request.POST if request.method == "POST" else None, text=text, registrations=asked)
    if form.is_bound and form.is_valid():
        try:
            guardians.answer(
                link=token,
                given=form.given(),
                full_name=form.cleaned_data["full_name"],
                text=text,
                language=get_language(),
            )
        except GuardianError as error:
            form.add_error(None, str(error))
        else:
            return redirect("oberih_events:guardian", token=token)
    event = registration.event
    return render(
        request,
        "oberih/events/guardian.html",
        {
            "asked": asked,
            "by_relative": bool(registration.confidential.relative_name),
            "facts": _facts(event),
            "kind": event.get_kind_display(),
            "organisers": data_contact() or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            "text": text.text,
            "form": form,
        },
        status=400 if form.is_bound else 200,
    )


def _answered(request, registration, made):
    """Whoever gets hold of an old message learns that it was answered, and not about whom."""
    told = {one.guardian_consent for one in [registration, *guardians.together(registration)]}
    return render(
        request,
        "oberih/events/guardian_answered.html",
        {"answer": guardians.answered_since(registration, made), "differs": len(told) > 1},
    )


def _facts(event):
    """When, and in which region: the house and the title are for those who take part."""
    place = ", ".join(str(area.label) for area in event.areas.all())
    if event.mode == DeliveryMode.ONLINE:
        place = when.place(event)
    facts = [("calendar", when.days(event)), ("place", place)]
    return [{"icon": icon, "text": text} for icon, text in facts if text]
