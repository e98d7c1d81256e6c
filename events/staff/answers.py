"""What people answered to an event's own questions, for its trainers alone."""

from collections import Counter
from pathlib import Path

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from i18nfield.strings import LazyI18nString

from events import questions
from events.models import QuestionKind, RegistrationAnswer, Status
from events.question_fields import TYPES
from events.staff.access import trainers_only
from safeguarding import audit


def rows(user, registration):
    """Question and answer as a summary list shows them. That they were seen is written down."""
    answers = _answers(user).filter(registration=registration).order_by("question__position", "question__pk")
    found = [_row(answer, registration) for answer in answers]
    if found:
        audit.record(user, "see", "answers", [registration.uuid])
    return found


def chosen(user, event):
    """How many of those who have a seat chose what, as rows of a summary list. That it was seen is written down.

    What to order is read here at once, and not from one person's page after the other's.
    """
    found = _answers(user).filter(
        registration__event=event,
        registration__status=Status.CONFIRMED,
        question__kind__in=[QuestionKind.CHOICE, QuestionKind.SEVERAL],
    )
    found = list(found.select_related("registration").order_by("question__position", "question__pk", "pk"))
    if found:
        audit.record(user, "see", "answers", list({answer.registration.uuid for answer in found}))
    asked = {answer.question_id: answer.question for answer in found}
    counts = Counter((answer.question_id, key) for answer in found for key in answer.chosen)
    return [{"label": str(one), "value": _counted(one, counts)} for one in asked.values()]


def _counted(question, counts):
    said = [
        _("%(answer)s: %(count)s")
        % {
            "answer": f"\u2068{LazyI18nString(option['text'])}\u2069",
            "count": localize(counts[question.pk, option["key"]]),
        }
        for option in question.options
        if counts[question.pk, option["key"]]
    ]
    return " · ".join(said)


def _answers(user):
    return RegistrationAnswer.objects.for_trainer(user).select_related("question")


def _row(answer, registration):
    row = {"label": str(answer.question), "value": answer.text or questions.words(answer)}
    if not answer.file:
        return row
    keys = {"uuid": registration.event.uuid, "registration": registration.uuid, "pk": answer.pk}
    return row | {
        "value": answer.file_name,
        "url": reverse("oberih_events:answer", kwargs=keys),
        "action": _("Download"),
        "hidden": answer.file_name,
    }


@never_cache
@trainers_only
@require_GET
def file(request, uuid, registration, pk):
    """A file that somebody sent. It comes from outside, so it is saved and never opened within this site."""
    asked = _answers(request.user).filter(registration__event__uuid=uuid, registration__uuid=registration)
    answer = get_object_or_404(asked.exclude(file=""), pk=pk)
    try:
        content = answer.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    audit.record(request.user, "see", "answers", [registration])
    ending = Path(answer.file_name).suffix.lower()
    _begins, kind = TYPES.get(ending, (b"", "application/octet-stream"))
    return FileResponse(
        content,
        as_attachment=True,
        filename=answer.file_name,
        content_type=kind,
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"},
    )
