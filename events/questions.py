"""The answers to an event's own questions."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from i18nfield.strings import LazyI18nString

from events import conf
from events.models import RegistrationAnswer, Status


def keep(replies):
    """Write down answers: `replies` are (registration, question, Reply). An earlier one is replaced, an empty one deleted."""
    rows, gone = [], Q()
    for registration, question, reply in replies:
        if not reply or reply.file is not None:
            gone |= Q(registration=registration, question=question)
        if not reply:
            continue
        row = RegistrationAnswer(
            registration=registration, question=question, text=reply.text, chosen=list(reply.chosen)
        )
        if reply.file is not None:
            row.file_name = reply.file.name[-200:]
            # A name of its own: what somebody called their file is for the trainers alone, and no path.
            row.file.save(f"{registration.uuid}-{question.key}", reply.file, save=False)
        rows.append(row)
    if gone:
        forget(RegistrationAnswer.objects.filter(gone))
    if rows:
        RegistrationAnswer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["registration", "question"],
            update_fields=["text", "chosen", "file", "file_name"],
        )


def words(answer):
    """The options that were chosen, in the reader's language."""
    texts = {option["key"]: str(LazyI18nString(option["text"])) for option in answer.question.options}
    return ", ".join(texts[key] for key in answer.chosen if key in texts)


def outdated(today):
    """Answers that nobody needs any more: long after the event, or of places that were given back."""
    over = today - dt.timedelta(days=conf.answer_days())
    return RegistrationAnswer.objects.filter(
        Q(registration__event__ends_on__lt=over) | Q(registration__status__in=[Status.CANCELLED, Status.DECLINED])
    )


def forget(rows):
    """Delete answers, and after the commit their files. Returns how many."""
    files = [(row.file.storage, row.file.name) for row in rows.exclude(file="")]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files], robust=True)
    return rows.delete()[0]
