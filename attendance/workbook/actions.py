"""Write a checked workbook: what is new is added, what differs is changed, what is equal is left alone."""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from attendance.models import Headcount, ReportedPresence
from attendance.workbook.checking import Checker
from attendance.workbook.reading import WorkbookError, read
from events.models import (
    CountBasis,
    Distribution,
    Event,
    EventState,
    FollowUp,
    OrganisationAttendance,
    OrganisationRole,
    Registration,
    Source,
    Status,
    Venue,
)
from participants.actions import contact_digests
from participants.codes import Unit
from participants.erasing import erased_references
from participants.models import ContactKey, Organisation, Participant, Project
from participants.names import fold, latin
from participants.places import capital_zone

_BATCH = 500

_FROZEN = ("sex", "category_id", "origin_area_id", "displacement", "disability", "language", "age_band")
_PRESENCE = ("first_present_on", "sessions_present", "minutes", "completed_on")


def import_workbook(path, *, dry_run=False):
    """Import the folder of CSV files or the XLSX at `path`. Raises WorkbookError with every error there is.

    Returns a Counter of what was written, such as {"participants added": 61}; it is empty where the workbook said
    nothing new. The second value are notes to the reader. Nothing is written if there is any error, or on a dry run.
    """
    sheets = read(path)
    checker = Checker(sheets)
    plan = checker.check()
    if checker.errors:
        raise WorkbookError(checker.errors)
    with transaction.atomic():
        writer = _Writer(plan)
        written = writer.write()
        if dry_run:
            transaction.set_rollback(True)
    return written, [*sheets.notes, *writer.notes()]


class _Writer:
    def __init__(self, plan):
        self.plan = plan
        self.written = Counter()
        self.erased = 0

    def write(self):
        self.projects = self._coded(Project, {a["project"] for a in self.plan.activities.values()})
        self.organisations = self._coded(
            Organisation,
            {entry["organisation"] for entry in [*self.plan.participations, *self.plan.organisations]}
            | {name for a in self.plan.activities.values() for name in a["co_organisers"]},
        )
        self._activities()
        self._participants()
        self._participations()
        self._headcounts()
        self._organisations()
        self._follow_ups()
        self._distributions()
        self._close()
        return +self.written

    def notes(self):
        if not self.erased:
            return []
        return [
            ngettext(
                "%(count)d person of this workbook was erased; nothing was added to them.",
                "%(count)d persons of this workbook were erased; nothing was added to them.",
                self.erased,
            )
            % {"count": self.erased}
        ]

    def _coded(self, model, names):
        """Keys of the rows that these cells name, by code or by label; rows that no one has are made."""
        names = {name for name in names if name}
        if not names:
            return {}
        keys = {}
        for row in model.objects.all():
            keys[row.code] = row.pk
            for label in (row.label.data or {}).values() if isinstance(row.label.data, dict) else [str(row.label)]:
                keys.setdefault(label, row.pk)
        for name in sorted(names - keys.keys()):
            code = slugify(latin(name))[:90] or f"{model.__name__.lower()}-{len(keys)}"
            if name.isascii() and " " not in name:
                code = name
            while code in keys:
                code = f"{code}-2"
            row = model.objects.create(code=code, label=LazyI18nString({_language(): name}))
            keys[code] = keys[name] = row.pk
            self.written[f"{model._meta.model_name}s added"] += 1
        return keys

    def _activities(self):
        held = Event.objects.filter(code__in=self.plan.activities).prefetch_related("areas", "topics", "venues")
        held = {event.code: event for event in held}
        venues = {(venue.country, _own(venue.name)): venue for venue in Venue.objects.all()}
        named = {entry["part_of"] for entry in self.plan.headcounts if entry["part_of"]}
        self.events = {
            event.code: event for event in Event.objects.filter(Q(is_imported=True) | Q(code__in=named))
        }
        for code, activity in self.plan.activities.items():
            fields = {
                name: activity[name]
                for name in (
                    "kind", "mode", "country", "starts_on", "ends_on", "languages", "sessions_reported",
                    "not_counted_reason",
                )
            } | {"project_id": self.projects.get(activity["project"])}  # fmt: skip
            event = held.get(code)
            if event is None:
                event = Event.objects.create(
                    code=code,
                    title=LazyI18nString({_language(): activity["title"]}),
                    zone=capital_zone(activity["country"]),
                    state=EventState.CLOSED,
                    counted_by=CountBasis.NOT_STATED,
                    attendance_threshold=None,
                    is_imported=True,
                    **fields,
                )
                self.written["activities added"] += 1
            else:
                if _own(event.title) != activity["title"]:
                    titles = event.title.data if isinstance(event.title.data, dict) else {}
                    fields["title"] = LazyI18nString({**titles, _language(): activity["title"]})
                if not fields["not_counted_reason"] and event.counted_by == CountBasis.NOT_COUNTED:
                    # The reason was taken back; until the counts are looked at below, nobody says.
                    fields["counted_by"] = CountBasis.NOT_STATED
                self.written["activities changed"] += _change(event, fields)
            self.events[code] = event
            keys = []
            for name in activity["venues"]:
                place = (activity["country"], name)
                if place not in venues:
                    area = activity["areas"][0] if len(activity["areas"]) == 1 else None
                    venues[place] = Venue.objects.create(
                        country=activity["country"], name=LazyI18nString({_language(): name}), area_id=area
                    )
                    self.written["venues added"] += 1
                keys.append(venues[place].pk)
            is_known = code in held
            _relate(event.areas, activity["areas"], is_known)
            _relate(event.topics, activity["topics"], is_known)
            _relate(event.venues, keys, is_known)

    def _participants(self):
        # What a person's last activity says of them are the defaults for their next participation.
        entries = sorted(self.plan.participations, key=lambda entry: self.events[entry["activity"]].starts_on)
        persons = {}
        for entry in entries:
            given = {
                "full_name": entry["full_name"],
                "email": entry["email"],
                "phone": entry["phone"],
                "birth_year": entry["birth_year"],
                "organisation_id": self.organisations.get(entry["organisation"]),
                **{name: entry[name] for name in _FROZEN if name != "age_band"},
            }
            persons.setdefault(entry["person"], {}).update(
                {name: value for name, value in given.items() if value not in {None, "", "U"}}
            )
        self.participants = {}
        for chunk in _chunks(list(persons), _BATCH):
            # Whoever was erased is found by what stands for their reference, so that they are not counted anew.
            stands_for = {kept: ref for ref in chunk for kept in [ref, *erased_references(ref)]}
            for participant in Participant.objects.filter(external_ref__in=stands_for):
                self.participants[stands_for[participant.external_ref]] = participant
        added, changed, keys_of, moved = [], [], [], []
        for ref, given in persons.items():
            participant = self.participants.get(ref)
            if participant is None:
                participant = Participant(external_ref=ref)
                self.participants[ref] = participant
                added.append(participant)
                self._describe(participant, given)
                if participant.email or participant.phone:
                    keys_of.append(participant)
            elif participant.erased_at is not None:
                self.erased += 1
            elif any(getattr(participant, name) != value for name, value in given.items()):
                if any(
                    getattr(participant, name) != given.get(name, getattr(participant, name))
                    for name in ("email", "phone")
                ):
                    # A link that was sent to the old address must not prove the new one.
                    participant.link_version += 1
                    keys_of.append(participant)
                    moved.append(participant.pk)
                self._describe(participant, given)
                changed.append(participant)
        Participant.objects.bulk_create(added, batch_size=_BATCH)
        Participant.objects.bulk_update(
            changed,
            ["full_name", "latin_name", "name_key", "email", "phone", "birth_year", "sex", "category", "organisation",
             "origin_area", "displacement", "disability", "language", "link_version"],
            batch_size=100,
        )  # fmt: skip
        for chunk in _chunks(moved, _BATCH):
            ContactKey.objects.filter(participant__in=chunk).delete()
        ContactKey.objects.bulk_create(
            (
                ContactKey(participant=participant, kind=kind, key_version=version, digest=value)
                for participant in keys_of
                for kind, version, value in contact_digests(email=participant.email, phone=participant.phone)
            ),
            batch_size=_BATCH,
        )
        self.written["participants added"] += len(added)
        self.written["participants changed"] += len(changed)

    def _describe(self, participant, given):
        for name, value in given.items():
            setattr(participant, name, value)
        participant.latin_name = latin(participant.full_name)[:200]
        participant.name_key = fold(participant.full_name)[:200]

    def _participations(self):
        codes = {entry["activity"] for entry in self.plan.participations}
        held = {}
        for registration in Registration.objects.filter(
            event__in=[self.events[code].pk for code in codes], source=Source.IMPORT
        ).select_related("reported_presence"):
            held[registration.event_id, registration.participant_id] = registration
        added, changed, presences_added, presences_changed = [], [], [], []
        for entry in self.plan.participations:
            event, participant = self.events[entry["activity"]], self.participants[entry["person"]]
            if participant.erased_at is not None:
                continue
            frozen = {name: entry[name] for name in _FROZEN} | {
                "organisation_id": self.organisations.get(entry["organisation"]),
                "project_id": event.project_id,
            }
            presence = {name: entry[name] for name in _PRESENCE}
            registration = held.get((event.pk, participant.pk))
            if registration is None:
                registration = Registration(
                    event=event,
                    participant=participant,
                    status=Status.CONFIRMED,
                    source=Source.IMPORT,
                    confirmed_at=event.created_at,
                    **frozen,
                )
                added.append(registration)
                presences_added.append(ReportedPresence(registration=registration, **presence))
                continue
            if _assign(registration, frozen):
                changed.append(registration)
            if _assign(registration.reported_presence, presence):
                presences_changed.append(registration.reported_presence)
        Registration.objects.bulk_create(added, batch_size=_BATCH)
        ReportedPresence.objects.bulk_create(presences_added, batch_size=_BATCH)
        Registration.objects.bulk_update(
            changed,
            ["sex", "category", "origin_area", "displacement", "disability", "language", "age_band", "organisation",
             "project"],
            batch_size=100,
        )  # fmt: skip
        ReportedPresence.objects.bulk_update(presences_changed, _PRESENCE, batch_size=100)
        self.written["participations added"] += len(added)
        self.written["participations changed"] += len(
            {r.pk for r in changed} | {p.registration_id for p in presences_changed}
        )

    def _headcounts(self):
        """A sheet says all headcounts of the activities that it names; a line that is gone is a count taken back."""
        names = ("value", "qualifier", "method", "unit", "sex", "age_band", "category_id", "note", "part_of_id")
        wanted = {}
        for entry in self.plan.headcounts:
            part_of = self.events[entry["part_of"]].pk if entry["part_of"] else None
            values = {**entry, "part_of_id": part_of}
            wanted.setdefault(entry["activity"], []).append(tuple(values[name] for name in names))
        held = {}
        for headcount in Headcount.objects.filter(event__code__in=wanted, is_imported=True).select_related(
            "event"
        ):
            held.setdefault(headcount.event.code, []).append(headcount)
        added = []
        for code, rows in wanted.items():
            missing = Counter(rows)
            for headcount in held.get(code, []):
                key = tuple(getattr(headcount, name) for name in names)
                if missing[key]:
                    missing[key] -= 1
                else:
                    headcount.delete()
                    self.written["headcounts removed"] += 1
            added += [
                Headcount(event=self.events[code], is_imported=True, **dict(zip(names, key, strict=True)))
                for key in missing.elements()
            ]
        Headcount.objects.bulk_create(added, batch_size=_BATCH)
        self.written["headcounts added"] += len(added)

    def _organisations(self):
        wanted = {
            (self.events[code].pk, self.organisations[name], OrganisationRole.CO_ORGANISER.value): {
                "base_area_id": None,
                "persons_sent": None,
            }
            for code, activity in self.plan.activities.items()
            for name in activity["co_organisers"]
        }
        for entry in self.plan.organisations:
            key = (self.events[entry["activity"]].pk, self.organisations[entry["organisation"]], entry["role"])
            wanted[key] = {"base_area_id": entry["base_area_id"], "persons_sent": entry["persons_sent"]}
        events = {key[0] for key in wanted}
        held = {
            (row.event_id, row.organisation_id, row.role): row
            for row in OrganisationAttendance.objects.filter(event__in=events)
        }
        self._upsert(
            OrganisationAttendance,
            ("event_id", "organisation_id", "role"),
            wanted,
            held,
            "organisations at activities",
        )

    def _follow_ups(self):
        names = ("cohort_id", "held_from", "held_to", "kind", "note")
        wanted = {
            (self.events[entry["cohort"]].pk, *(entry[name] for name in names[1:])): {"value": entry["value"]}
            for entry in self.plan.follow_ups
        }
        held = {
            tuple(getattr(row, name) for name in names): row
            for row in FollowUp.objects.filter(cohort__in={key[0] for key in wanted})
        }
        self._upsert(FollowUp, names, wanted, held, "follow-up actions")

    def _distributions(self):
        names = ("item", "country", "area_id", "unit", "held_from", "held_to")
        wanted = {
            tuple(entry[name] for name in names): {name: entry[name] for name in ("value", "qualifier", "note")}
            for entry in self.plan.distributions
        }
        held = {
            tuple(getattr(row, name) for name in names): row
            for row in Distribution.objects.filter(item__in={key[0] for key in wanted})
        }
        self._upsert(Distribution, names, wanted, held, "distributions")

    def _upsert(self, model, names, wanted, held, what):
        for key, values in wanted.items():
            row = held.get(key)
            if row is None:
                model.objects.create(**dict(zip(names, key, strict=True)), **values)
                self.written[f"{what} added"] += 1
            else:
                self.written[f"{what} changed"] += _change(row, values)

    def _close(self):
        """How each activity of the workbook was counted, from what is now written about it."""
        events = [self.events[code] for code in self.plan.activities]
        touched = {entry["activity"] for entry in [*self.plan.participations, *self.plan.headcounts]}
        events += [self.events[code] for code in touched - self.plan.activities.keys()]
        attended, counted = set(), set()
        for chunk in _chunks([event.pk for event in events], _BATCH):
            attended |= set(
                Registration.objects.filter(
                    ~Q(reported_presence__sessions_present=0),
                    Q(reported_presence__sessions_present__gt=0)
                    | Q(reported_presence__first_present_on__isnull=False)
                    | Q(reported_presence__completed_on__isnull=False),
                    event__in=chunk,
                ).values_list("event_id", flat=True)
            )
            counted |= set(
                Headcount.objects.filter(event__in=chunk, unit=Unit.PERSONS).values_list("event_id", flat=True)
            )
        for event in events:
            if event.pk in attended:
                basis = CountBasis.ATTENDANCE
            elif event.pk in counted:
                basis = CountBasis.HEADCOUNT
            else:
                basis = CountBasis.NOT_COUNTED if event.not_counted_reason else CountBasis.NOT_STATED
            _change(event, {"counted_by": basis.value})


def _language():
    """The language a workbook's texts are taken to be in: the site's own."""
    return settings.LANGUAGE_CODE.split("-")[0]


def _own(text):
    """An I18n text in the workbook's language."""
    return text.data.get(_language(), "") if isinstance(text.data, dict) else str(text)


def _assign(row, values):
    """Set what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return list(different)


def _change(row, values):
    """Save what differs; 1 if anything did."""
    if different := _assign(row, values):
        row.save(update_fields=different)
    return int(bool(different))


def _relate(relation, keys, is_known):
    if is_known and {row.pk for row in relation.all()} == set(keys):
        return
    relation.set(keys)


def _chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]
