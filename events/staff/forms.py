"""The forms in which trainers schedule events."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from courses.models import Course
from events import conf, guardians
from events.models import Naming, Programme, RegistrationPolicy, Venue
from events.models.event import usual_reminders
from events.people import Guardian
from events.staff import texts
from events.wall_time import instant
from participants.codes import ActivityType, DeliveryMode
from participants.contacts import normal_email
from participants.fields import NameField, PhoneField
from participants.models import Area, Project
from participants.places import country_name, language_name
from safeguarding.models import Role, RoleGrant
from safeguarding.roles import grants_of, has_role
from ui.widgets import DateInput

# A course that somebody takes alone is not held at a time.
_KINDS = [choice for choice in ActivityType.choices if choice[0] != ActivityType.SELF_PACED]
_MODES = [choice for choice in DeliveryMode.choices if choice[0] != DeliveryMode.SELF_PACED]


_REMINDERS = {
    168: _("A week before"),
    48: _("Two days before"),
    24: _("One day before"),
    3: _("Three hours before"),
}


# What somebody who holds trainings rarely changes from one to the next.
_REMEMBERED = ("country", "zone", "languages", "project", "naming")
_REMEMBERED_PLACE = ("area", "venue")


def scope_countries(user):
    """The countries a trainer or manager may schedule in; None where there is no limit."""
    if has_role(user):
        return None
    granted = [grant.country for grant in grants_of(user) if grant.role in {Role.TRAINER, Role.MANAGER}]
    return None if "" in granted else sorted(set(granted))


class ScheduleForm(forms.Form):
    """An event without its rows. `source` is the event whose values it began with: the one it changes or repeats."""

    kind = forms.ChoiceField(label=_("Type"), choices=_KINDS)
    course = forms.ModelChoiceField(
        label=_("Course it delivers"),
        queryset=Course.objects.filter(archived_at=None),
        required=False,
        empty_label=_("None"),
        help_text=_("Whoever gets a seat is enrolled in it."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        required=False,
        help_text=_("Empty: the title of the course, in all its languages."),
    )
    mode = forms.ChoiceField(label=_("How"), choices=_MODES)
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        queryset=Venue.objects.all(),
        required=False,
        empty_label=_("None, or a new one below"),
        help_text=_("Left out where the training is only online."),
    )
    venue_name = forms.CharField(label=_("Name of a new venue"), max_length=300, required=False)
    venue_address = forms.CharField(label=_("Address of the new venue"), max_length=300, required=False)
    venue_access = forms.CharField(
        label=_("Access to the new venue"),
        max_length=1000,
        required=False,
        help_text=_("Steps, lift, shelter, how to get there without a car."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.filter(is_active=True),
        required=False,
        empty_label=_("That of the venue, or none"),
    )
    online_link = forms.URLField(
        label=_("Online link"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown only to those who have a seat."),
    )
    country = forms.ChoiceField(label=_("Country"))
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("The times of the sessions are those of this place.")
    )
    capacity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, required=False, help_text=_("Empty: as many as come.")
    )
    summary = forms.CharField(
        label=_("Who it is for and what it is about"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    second_language = forms.ChoiceField(label=_("Second language"), required=False)
    second_title = forms.CharField(label=_("Title in the second language"), max_length=300, required=False)
    second_summary = forms.CharField(
        label=_("The same text in the second language"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    policy = forms.ChoiceField(label=_("Who may register"), choices=RegistrationPolicy.choices)
    has_waiting_list = forms.BooleanField(
        label=_("Keep a waiting list"),
        required=False,
        help_text=_("Whoever comes when all seats are taken waits, and is offered the next one that is free."),
    )
    opens_on = forms.DateField(
        label=_("First day to register"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        help_text=_("Empty: at once."),
    )
    closes_on = forms.DateField(
        label=_("Last day to register"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        help_text=_("Empty: until the first session begins."),
    )
    naming = forms.ChoiceField(
        label=_("What messages and calendars call it"),
        choices=Naming.choices,
        widget=forms.RadioSelect,
        help_text=_("Others may see it on a screen or in a shared calendar."),
    )
    reminder_hours = forms.TypedMultipleChoiceField(
        label=_("Reminders"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=None,
        required=False,
        help_text=_("They find the event under “My trainings” and take its registers."),
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(label=_("Languages it is held in"), widget=forms.CheckboxSelectMultiple)
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.filter(is_active=True),
        required=False,
        empty_label=_("None"),
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.order_by("code"), required=False, empty_label=_("None")
    )
    attendance_threshold = forms.IntegerField(
        label=_("Attendance that a certificate takes, in per cent"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Empty: this event gives no certificate."),
    )

    WHAT = ("kind", "course", "title")
    WHERE = ("mode", "venue")
    NEW_VENUE = ("venue_name", "venue_address", "venue_access")
    AREA = ("area", "online_link")
    COUNTRY = ("country", "zone")
    SEATS = ("capacity",)
    TEXTS = ("summary", "second_language", "second_title", "second_summary")
    WHO = ("policy", "has_waiting_list", "opens_on", "closes_on")
    MESSAGES = ("naming", "reminder_hours")
    TRAINERS = ("trainers",)
    REST = ("languages", "attendance_threshold", "project", "programme")
    PARTS = (
        "WHAT",
        "WHERE",
        "NEW_VENUE",
        "AREA",
        "COUNTRY",
        "SEATS",
        "TEXTS",
        "WHO",
        "MESSAGES",
        "TRAINERS",
        "REST",
    )

    def __init__(self, *args, user, event=None, source=None, **kwargs):
        self.event = event
        self.source = source = source or event
        self.language = texts.main_language(source)
        super().__init__(*args, **kwargs)
        scope = scope_countries(user)
        countries = scope
        if scope is None:
            held = Area.objects.order_by().values_list("country", flat=True).distinct()
            countries = list(dict.fromkeys([*conf.countries(), *sorted(set(held))]))
        if event is not None and event.country and event.country not in countries:
            countries = [*countries, event.country]
        self.fields["country"].choices = [(code, country_name(code)) for code in countries]
        areas = Area.objects.filter(is_active=True, country__in=countries).order_by("country", "position", "code")
        self.fields["area"].queryset = areas
        self.fields["area"].choices = [("", self.fields["area"].empty_label), *_by_country(areas, countries)]
        self.fields["venue"].queryset = Venue.objects.filter(country__in=countries).select_related("area")
        zones = conf.zones()
        if source is not None and source.zone not in zones:
            zones = [*zones, source.zone]
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        if has_role(user, Role.MANAGER):
            self.fields["trainers"].queryset = _trainers(source)
            self.fields["trainers"].label_from_instance = lambda trainer: trainer.get_full_name() or trainer.email
        else:
            del self.fields["trainers"]
        codes = conf.languages()
        self.fields["languages"].choices = [
            (code, language_name(code)) for code in dict.fromkeys([*codes, *(source.languages if source else [])])
        ]
        self.fields["second_language"].choices = [
            ("", _("None")),
            *((code, language_name(code)) for code, _name in settings.LANGUAGES if code != self.language),
        ]
        hours = dict.fromkeys([*_REMINDERS, *(source.reminder_hours if source else [])])
        self.fields["reminder_hours"].choices = [(one, _ahead(one)) for one in hours]

    def group(self, name):
        """The fields of one part of the page, by the name that the part has in the template."""
        return [self[field] for field in getattr(self, name) if field in self.fields]

    @property
    def second(self):
        """The code of the second language, as far as one is chosen."""
        value = self["second_language"].value()
        return value if value in dict(self.fields["second_language"].choices) else ""

    def in_words(self, name):
        """What is chosen in a field of choices, for the summary of the part that it is folded into."""
        return str(dict(self.fields[name].choices).get(self[name].value(), ""))

    def clean(self):
        said = self.cleaned_data
        if (said.get("second_title") or said.get("second_summary")) and not said.get("second_language"):
            self.add_error(
                "second_language", forms.ValidationError(_("Say which language this is."), code="language")
            )
        if not (said.get("title") or said.get("course") or self.has_error("title")):
            self.add_error(
                "title", forms.ValidationError(_("Write a title, or choose the course it delivers."), code="title")
            )
        if said.get("second_language") and said.get("title") and not said.get("second_title"):
            self.add_error(
                "second_title", forms.ValidationError(_("Write the title in this language."), code="title")
            )
        self._clean_place(said)

    def _clean_place(self, said):
        online = said.get("mode") == DeliveryMode.ONLINE
        if online and said.get("venue"):
            # It stands there from the last training, and nobody shall travel to a webinar.
            said["venue"] = None
        if online and said.get("venue_name"):
            self.add_error(
                "venue_name",
                forms.ValidationError(
                    _("It is only online. Leave the venue out, or choose another way."), code="mode"
                ),
            )
        area, venue = said.get("area"), said.get("venue")
        if venue and not area:
            area = said["area"] = venue.area
        if venue and said.get("country") and venue.country != said["country"]:
            self.add_error(
                "venue", forms.ValidationError(_("This venue lies in another country."), code="country")
            )
        elif area and said.get("country") and area.country != said["country"]:
            self.add_error("area", forms.ValidationError(_("This area lies in another country."), code="country"))
        if said.get("venue") and said.get("venue_name"):
            self.add_error(
                "venue_name", forms.ValidationError(_("Choose a venue or name a new one, not both."), code="both")
            )
        if (said.get("venue_address") or said.get("venue_access")) and not said.get("venue_name"):
            self.add_error("venue_name", forms.ValidationError(_("Name the new venue."), code="name"))
        if online or area or said.get("venue"):
            return
        if not said.get("venue_name"):
            self.add_error(
                "area", forms.ValidationError(_("Say in which area or at which venue it is."), code="where")
            )
        elif self.fields["area"].queryset.filter(country=said.get("country")).exists():
            self.add_error(
                "area",
                forms.ValidationError(_("Say in which area the new venue is: reports count by it."), code="where"),
            )

    def fields_of_the_event(self):
        """What the actions take, without the sessions. A new venue is made here, in the caller's transaction."""
        said = self.cleaned_data
        fields = {
            name: said[name]
            for name in (
                "kind",
                "course",
                "project",
                "programme",
                "languages",
                "mode",
                "country",
                "online_link",
                "zone",
                "capacity",
                "policy",
                "has_waiting_list",
                "naming",
                "attendance_threshold",
            )
        }
        fields["reminder_hours"] = sorted(said["reminder_hours"], reverse=True)
        fields["title"] = self._title()
        fields["summary"] = self._texts("summary")
        fields["registration_opens_at"] = self._window("opens_on", "registration_opens_at", start_of)
        fields["registration_closes_at"] = self._window("closes_on", "registration_closes_at", end_of)
        fields["venues"] = [said["venue"]] if said["venue"] else []
        if said["venue_name"]:
            fields["venues"] = [
                Venue.objects.create(
                    name=LazyI18nString({self.language: said["venue_name"]}),
                    address=LazyI18nString({self.language: said["venue_address"]}),
                    access_notes=LazyI18nString({self.language: said["venue_access"]}),
                    country=said["country"],
                    area=said["area"],
                )
            ]
        # A new event without anybody named has its maker as the trainer.
        if "trainers" in said and (said["trainers"] or self.event is not None):
            fields["trainers"] = list(said["trainers"])
        fields["areas"] = [said["area"]] if said["area"] else []
        if self.event is None and self.source is not None:
            fields["topics"] = list(self.source.topics.all())
        if self.source is not None:
            # An event in several areas or venues keeps them as long as the one shown here is not changed.
            for name in ("areas", "venues"):
                held = list(getattr(self.source, name).all())
                if held[:1] == fields[name]:
                    fields[name] = held
        return fields

    def _window(self, name, field, instant_of):
        """One end of the window: to the minute as somebody set it elsewhere, where the day is left as it was."""
        said = self.cleaned_data
        held = self.event and getattr(self.event, field)
        if held and said["zone"] == self.event.zone and said[name] == initial_of(self.event)[name]:
            return held
        return instant_of(said[name], said["zone"])

    def _title(self):
        """The title as it is written, otherwise that of the course."""
        if self.cleaned_data["title"]:
            return self._texts("title")
        titles = dict(texts.by_language(self.cleaned_data["course"].title, self.language))
        if self.cleaned_data["second_language"] and self.cleaned_data["second_title"]:
            titles[self.cleaned_data["second_language"]] = self.cleaned_data["second_title"]
        return LazyI18nString(titles)

    def _texts(self, name):
        """The text in its two languages, beside those the event holds besides."""
        held = (
            dict(texts.by_language(getattr(self.source, name), self.language)) if self.source is not None else {}
        )
        said = self.cleaned_data
        held[self.language] = said[name]
        if said["second_language"]:
            held[said["second_language"]] = said[f"second_{name}"]
        return LazyI18nString({language: text for language, text in held.items() if text})


def start_of(day, zone):
    """The instant at which a day begins; None for no day."""
    return instant(day, dt.time(), zone) if day else None


def end_of(day, zone):
    """The instant until which something lasts whose last day this is; None for no day."""
    return start_of(day + dt.timedelta(days=1), zone) if day else None


def last_day(end, tz):
    """The day that `end_of` makes this instant of."""
    return (end - dt.timedelta(seconds=1)).astimezone(tz).date() if end else None


def _ahead(hours):
    if hours in _REMINDERS:
        return _REMINDERS[hours]
    return ngettext("%(count)s hour before", "%(count)s hours before", hours) % {"count": localize(hours)}


def _trainers(event):
    """Who may be named: whoever holds the role, and those who are named already."""
    may = Q(pk__in=RoleGrant.objects.filter(role=Role.TRAINER).values("user"))
    if event is not None:
        may |= Q(pk__in=event.trainers.values("pk"))
    return get_user_model().objects.filter(may, is_active=True).order_by("last_name", "first_name", "email")


def _by_country(areas, countries):
    groups = {code: [] for code in countries}
    for area in areas:
        groups[area.country].append((area.pk, str(area.label)))
    return [(country_name(code), choices) for code, choices in groups.items() if choices]


def initial_of(event):
    """The form's values of an event."""
    language = texts.main_language(event)
    title, summary = texts.by_language(event.title, language), texts.by_language(event.summary, language)
    second = next((code for code, _name in settings.LANGUAGES if code != language and title.get(code)), "")
    opens_at = event.registration_opens_at
    area, venue = event.areas.first(), event.venues.first()
    return {
        "kind": event.kind,
        "title": title.get(language, ""),
        "summary": summary.get(language, ""),
        "second_language": second,
        "second_title": title.get(second, ""),
        "second_summary": summary.get(second, ""),
        "course": event.course_id,
        "project": event.project_id,
        "programme": event.programme_id,
        "languages": event.languages,
        "mode": event.mode,
        "country": event.country,
        # An area that is the venue's is left to it: whoever chooses another venue would forget to change both.
        "area": area.pk if area is not None and not (venue is not None and venue.area_id == area.pk) else None,
        "venue": venue and venue.pk,
        "online_link": event.online_link,
        "zone": event.zone,
        "capacity": event.capacity,
        "policy": event.policy,
        "has_waiting_list": event.has_waiting_list,
        "opens_on": opens_at.astimezone(event.tz).date() if opens_at else None,
        "closes_on": last_day(event.registration_closes_at, event.tz),
        "naming": event.naming,
        "reminder_hours": event.reminder_hours,
        "attendance_threshold": event.attendance_threshold,
        "trainers": list(event.trainers.values_list("pk", flat=True)),
    }


def initial_for(user):
    """The values of a new event: what is the same as in the newest that this trainer holds, otherwise the usual."""
    countries = scope_countries(user) or conf.countries()
    usual = {
        "country": countries[0],
        "zone": conf.zones()[0],
        "languages": [get_language()],
        "policy": RegistrationPolicy.OPEN,
        "has_waiting_list": True,
        "naming": Naming.KIND,
        "reminder_hours": usual_reminders(),
        "attendance_threshold": 80,
    }
    held = user.oberih_events.filter(is_imported=False).order_by("-created_at", "-pk")
    last, last_on_site = held.first(), held.filter(venues__isnull=False).first()
    for event, names in ((last, _REMEMBERED), (last_on_site, _REMEMBERED_PLACE)):
        if event is not None and event.country == last.country:
            values = initial_of(event)
            usual |= {name: values[name] for name in names if values[name]}
    return usual


class DecisionForm(forms.Form):
    do = forms.ChoiceField(
        choices=[("approve", ""), ("decline", ""), ("cancel", ""), ("first", ""), ("in_line", "")]
    )


class GroupForm(forms.Form):
    """Which of the event's parallel groups somebody is put into."""

    group = forms.ModelChoiceField(label=_("Group"), queryset=None, empty_label=None)

    def __init__(self, *args, registration, **kwargs):
        super().__init__(*args, **kwargs)
        groups = registration.event.groups.all()
        # The one that they are in is not offered, but may come from a page that is older than a colleague's choice.
        self.fields["group"].queryset = groups if self.is_bound else groups.exclude(pk=registration.group_id)


class CancelEventForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=500,
        help_text=_(
            "It is sent to everybody who has a place or waits for one, and stands on the event’s public page. Name nobody."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GuardianContactForm(forms.Form):
    """Who is asked about somebody under age, as a trainer corrects it."""

    name = NameField(label=_("Name of the parent or guardian"), autocomplete="off")
    relation = forms.CharField(label=_("Who they are to the young person"), max_length=100)
    email = forms.EmailField(label=_("Their e-mail"), required=False)
    phone = PhoneField(label=_("Their phone"), autocomplete="off")

    def __init__(self, *args, country, participant, **kwargs):
        self.participant = participant
        super().__init__(*args, **kwargs)
        self.fields["phone"].country = country or "UA"

    def clean_email(self):
        return normal_email(self.cleaned_data["email"])

    def clean(self):
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) or self.has_error(name) for name in ("email", "phone")):
            self.add_error(
                "email", forms.ValidationError(_("Give an e-mail address or a phone number."), code="contact")
            )
        for kind in guardians.own_contacts(self.guardian(), {}, self.participant):
            self.add_error(
                kind,
                forms.ValidationError(
                    _("This is a contact of the young person’s own. Give one of their parent or guardian."),
                    code="own",
                ),
            )
        return cleaned

    def guardian(self):
        said = self.cleaned_data
        return Guardian(*(said.get(name, "") for name in ("name", "relation", "email", "phone")))


class GuardianDeedForm(forms.Form):
    do = forms.ChoiceField(choices=[("paper", ""), ("withdraw", ""), ("send", "")])
