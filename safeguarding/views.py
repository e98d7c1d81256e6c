from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from safeguarding import audit, reasons
from safeguarding.forms import ReasonForm
from safeguarding.rights import right_required


@right_required("oberih_safeguarding.give_reason")
@require_http_methods(["GET", "POST"])
def reason(request, token):
    """Ask why somebody needs to see names, write the answer down, and go on to where they were going.

    It opens nothing by itself: whether the reader may have what lies behind is asked there, again.
    """
    try:
        subject, title, back = reasons.read(token)
    except signing.BadSignature:
        raise Http404 from None
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data["reason"]
        reasons.give(request, subject, said)
        audit.record(request.user, "give_reason", subject.partition(":")[0], [subject], reason=said)
        return redirect(back)
    return render(
        request,
        "oberih/safeguarding/reason.html",
        {"form": form, "title": title, "back": back},
        status=400 if form.is_bound else 200,
    )
