"""The forms in which trainers schedule events."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from courses.models import Course
from events import conf, guardians
from events.models import RegistrationPolicy, Venue
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


def scope_countries(user):
    """The countries a trainer or manager may schedule in; None where there is no limit."""
    if has_role(user):
        return None
    granted = [grant.country for grant in grants_of(user) if grant.role in {Role.TRAINER, Role.MANAGER}]
    return None if "" in granted else sorted(set(granted))


class ScheduleForm(forms.Form):
    kind = forms.ChoiceField(label=_("Type"), choices=_KINDS)
    title = forms.CharField(label=_("Title"), max_length=300)
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
    course = forms.ModelChoiceField(
        label=_("Course it delivers"),
        queryset=Course.objects.filter(archived_at=None),
        required=False,
        empty_label=_("None"),
        help_text=_("Whoever gets a seat is enrolled in it."),
    )
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.filter(is_active=True),
        required=False,
        empty_label=_("None"),
    )
    languages = forms.MultipleChoiceField(label=_("Languages it is held in"), widget=forms.CheckboxSelectMultiple)
    mode = forms.ChoiceField(label=_("How"), choices=_MODES)
    country = forms.ChoiceField(label=_("Country"))
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.filter(is_active=True), required=False, empty_label=_("None")
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        queryset=Venue.objects.all(),
        required=False,
        empty_label=_("None, or a new one below"),
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
    online_link = forms.URLField(
        label=_("Online link"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown only to those who have a seat."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("The times of the sessions are those of this place.")
    )
    capacity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, required=False, help_text=_("Empty: as many as come.")
    )
    policy = forms.ChoiceField(label=_("Who may register"), choices=RegistrationPolicy.choices)
    closes_on = forms.DateField(
        label=_("Last day to register"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        help_text=_("Empty: until the first session begins."),
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=None,
        required=False,
        help_text=_("They find the event under “My trainings” and take its registers."),
        widget=forms.CheckboxSelectMultiple,
    )
    attendance_threshold = forms.IntegerField(
        label=_("Attendance that a certificate takes, in per cent"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Empty: this event gives no certificate."),
    )

    WHAT = ("kind", "title", "summary", "course", "project", "languages")
    SECOND = ("second_language", "second_title", "second_summary")
    WHERE = ("mode", "country", "area", "venue", "zone", "online_link")
    NEW_VENUE = ("venue_name", "venue_address", "venue_access")
    WHO = ("trainers", "policy", "capacity", "closes_on", "attendance_threshold")

    def __init__(self, *args, user, event=None, **kwargs):
        self.event = event
        self.language = texts.main_language(event)
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
        self.fields["area"].choices = [("", _("None")), *_by_country(areas, countries)]
        venues = Venue.objects.filter(country__in=countries)
        self.fields["venue"].queryset = venues
        zones = conf.zones()
        if event is not None and event.zone not in zones:
            zones = [*zones, event.zone]
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        if has_role(user, Role.MANAGER):
            self.fields["trainers"].queryset = _trainers(event)
            self.fields["trainers"].label_from_instance = lambda trainer: trainer.get_full_name() or trainer.email
        else:
            del self.fields["trainers"]
        codes = conf.languages()
        self.fields["languages"].choices = [
            (code, language_name(code)) for code in dict.fromkeys([*codes, *(event.languages if event else [])])
        ]
        self.fields["second_language"].choices = [
            ("", _("None")),
            *((code, language_name(code)) for code, _name in settings.LANGUAGES if code != self.language),
        ]

    def group(self, name):
        return [self[field] for field in getattr(self, name) if field in self.fields]

    def what(self):
        return self.group("WHAT")

    def second(self):
        return self.group("SECOND")

    def where(self):
        return self.group("WHERE")

    def new_venue(self):
        return self.group("NEW_VENUE")

    def who(self):
        return self.group("WHO")

    @property
    def second_is_open(self):
        return any(self[name].value() for name in self.SECOND)

    @property
    def new_venue_is_open(self):
        return any(self[name].value() for name in self.NEW_VENUE)

    def clean(self):
        said = self.cleaned_data
        if (said.get("second_title") or said.get("second_summary")) and not said.get("second_language"):
            self.add_error(
                "second_language", forms.ValidationError(_("Say which language this is."), code="language")
            )
        if said.get("second_language") and not said.get("second_title"):
            self.add_error(
                "second_title", forms.ValidationError(_("Write the title in this language."), code="title")
            )
        area = said.get("area")
        if area and said.get("country") and area.country != said["country"]:
            self.add_error("area", forms.ValidationError(_("This area lies in another country."), code="country"))
        if said.get("venue") and said.get("venue_name"):
            self.add_error(
                "venue_name", forms.ValidationError(_("Choose a venue or name a new one, not both."), code="both")
            )
        if (said.get("venue_address") or said.get("venue_access")) and not said.get("venue_name"):
            self.add_error("venue_name", forms.ValidationError(_("Name the new venue."), code="name"))
        online = said.get("mode") == DeliveryMode.ONLINE
        if not online and not (area or said.get("venue") or said.get("venue_name")):
            self.add_error(
                "area", forms.ValidationError(_("Say in which area or at which venue it is."), code="where")
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
                "languages",
                "mode",
                "country",
                "online_link",
                "zone",
                "capacity",
                "policy",
                "attendance_threshold",
            )
        }
        fields["title"] = self._texts("title")
        fields["summary"] = self._texts("summary")
        fields["registration_closes_at"] = None
        if said["closes_on"]:
            fields["registration_closes_at"] = instant(
                said["closes_on"] + dt.timedelta(days=1), dt.time(), said["zone"]
            )
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
        if self.event is not None:
            # An event in several areas or venues keeps them as long as the one shown here is not changed.
            for name in ("areas", "venues"):
                held = list(getattr(self.event, name).all())
                if held[:1] == fields[name]:
                    fields[name] = held
        return fields

    def _texts(self, name):
        """The text in its two languages, beside those the event holds besides."""
        held = dict(texts.by_language(getattr(self.event, name), self.language)) if self.event is not None else {}
        said = self.cleaned_data
        held[self.language] = said[name]
        if said["second_language"]:
            held[said["second_language"]] = said[f"second_{name}"]
        return LazyI18nString({language: text for language, text in held.items() if text})


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
    second = next((code for code in title if code != language and title[code]), "")
    closes_on = None
    if event.registration_closes_at is not None:
        closes_on = (event.registration_closes_at - dt.timedelta(seconds=1)).astimezone(event.tz).date()
    return {
        "kind": event.kind,
        "title": title.get(language, ""),
        "summary": summary.get(language, ""),
        "second_language": second,
        "second_title": title.get(second, ""),
        "second_summary": summary.get(second, ""),
        "course": event.course_id,
        "project": event.project_id,
        "languages": event.languages,
        "mode": event.mode,
        "country": event.country,
        "area": event.areas.values_list("pk", flat=True).first(),
        "venue": event.venues.values_list("pk", flat=True).first(),
        "online_link": event.online_link,
        "zone": event.zone,
        "capacity": event.capacity,
        "policy": event.policy,
        "closes_on": closes_on,
        "attendance_threshold": event.attendance_threshold,
        "trainers": list(event.trainers.values_list("pk", flat=True)),
    }


class DecisionForm(forms.Form):
    do = forms.ChoiceField(choices=[("approve", ""), ("decline", ""), ("cancel", "")])


class CancelEventForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=500,
        help_text=_("Everybody who is registered or on the waiting list reads this."),
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
