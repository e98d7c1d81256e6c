from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import questions, seats
from events.models import Event, EventState, Registration, RegistrationList
from events.registrations import cancel_registration
from notifications.models import Message
from participants import erasing, lists
from participants.models import random_code
from participants.places import language_name
from safeguarding import retention
from safeguarding.personal_data import PersonalData, before_erasing, declare_free
from safeguarding.personal_data import register as register_models


def register():
    register_models(
        PersonalData(
            "oberih_events.Confidential",
            owner="registration__participant",
            title=_("What you told the trainers in confidence"),
            fields=(
                "access_needs",
                "guardian_name",
                "guardian_relation",
                "guardian_email",
                "guardian_phone",
                "relative_name",
                "relative_relation",
            ),
            delete=True,
            retain_days=1,
        ),
        PersonalData(
            "oberih_events.RegistrationAnswer",
            owner="registration__participant",
            title=_("What you answered when you registered"),
            fields=("question", "text", "chosen", "file_name"),
            labels={"question": _("question"), "file_name": _("file")},
            show={"question": lambda row: str(row.question), "chosen": questions.words},
            related=("question",),
            # `events.sweeps` deletes them after the days that the settings name.
            erase=questions.forget,
        ),
        PersonalData(
            "oberih_events.Registration",
            owner="participant",
            title=_("Your registrations"),
            fields=(
                "event",
                "status",
                "source",
                "sex",
                "age_band",
                "category",
                "organisation",
                "origin_area",
                "displacement",
                "disability",
                "language",
                "guardian_consent",
                "ticket_code",
                "created_at",
                "confirmed_at",
                "ended_at",
                "declined_reason",
            ),
            labels={
                "event": _("event"),
                "origin_area": _("Area you come from"),
                "created_at": _("registered at"),
            },
            show={"language": lambda row: language_name(row.language) if row.language else ""},
            key="uuid",
            # The participation stays and is counted; what could lead back to a contact, a name or a ticket goes.
            blank={
                "contact_digest": "",
                "name_digest": "",
                "submission": None,
                "party": None,
                "ticket_code": lambda row: random_code(),
                "declined_reason": "",
            },
        ),
    )
    declare_free("oberih_events.Event", "It names its trainers, who are staff and known by their work.")
    declare_free("oberih_events.EventRevision", "It names the member of staff who changed an event.")
    declare_free(
        "oberih_events.Announcement",
        "It names the member of staff who wrote it; the text is for everybody registered and about nobody of them.",
    )
    declare_free("oberih_events.CalendarLink", "A number that makes the address of a trainer's own calendar.")
    declare_free(
        "oberih_events.RegistrationList",
        "It leads to staff alone: whoever made the list. Its rows go when they are registered, with anybody in it who is "
        "erased, and all of it after a day.",
    )
    before_erasing(_give_places_back)
    before_erasing(_forget_lists)
    before_erasing(_forget_messages)
    retention.register(
        retention.Rule(
            name="oberih_events.registrationlist",
            days=1,
            due=lambda before: RegistrationList.objects.filter(made_at__lt=before),
            let_go=lambda rows: rows.delete(),
            key="uuid",
        )
    )
    erasing.active(_came_since)


def _give_places_back(people, **wishes):
    """Cancel what is still to come, so that the next in line gets the seat."""
    now = timezone.now()
    theirs = Registration.objects.active().filter(participant__in=people, event__state=EventState.SCHEDULED)
    events = {event.pk: event for event in Event.objects.with_times().filter(registrations__in=theirs)}
    # In one order everywhere, since each cancellation locks its event.
    for registration in theirs.select_related("event").order_by("event_id", "pk"):
        if _is_coming(events[registration.event_id], now):
            cancel_registration(registration=registration, now=now)


def _is_coming(event, now):
    if event.first_start is None:
        return event.starts_on > timezone.localdate(now, event.tz)
    return not seats.has_started(event, now)


def _forget_messages(people, **wishes):
    """Also those to somebody else about a registration of theirs, such as a parent."""
    uuids = Registration.objects.filter(participant__in=people).values_list("uuid", flat=True)
    Message.objects.filter(subject_key__in=[str(uuid) for uuid in uuids]).delete()


def _forget_lists(people, **wishes):
    """A list goes whole if it names one of them, done or not: whoever made it knows whom they registered."""
    waiting = list(RegistrationList.objects.all())
    traces = lists.traces(people) if waiting else set()
    for batch in waiting:
        cells = [value for _line, row in batch.rows for value in row.values()]
        if lists.holds(traces, [*cells, *(name for _line, name, _fate, _why in batch.results)]):
            batch.delete()


def _came_since(since):
    return Exists(
        Registration.objects.filter(participant=OuterRef("pk"), event__ends_on__gte=erasing.since_day(since))
    ) | Exists(Registration.objects.filter(participant=OuterRef("pk"), created_at__gte=since))
