"""The form of an event without its rows, and that in which it is called off."""

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from courses.models import Course
from events import conf
from events.models import Naming, Programme, RegistrationPolicy
from events.staff import texts
from events.staff.place_form import PlaceForm
from events.wall_time import end_of, first_day, last_day, start_of
from participants.codes import ActivityType
from participants.models import Project
from participants.places import language_name
from safeguarding.models import Role, RoleGrant
from safeguarding.roles import has_role
from ui.fields import DayField

# A course that somebody takes alone is not held at a time.
_KINDS = [choice for choice in ActivityType.choices if choice[0] != ActivityType.SELF_PACED]

_REMINDERS = {
    168: _("A week before"),
    48: _("Two days before"),
    24: _("One day before"),
    3: _("Three hours before"),
}


class ScheduleForm(PlaceForm):
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
    opens_on = DayField(
        label=_("First day to register"),
        required=False,
        help_text=_("Empty: at once."),
    )
    closes_on = DayField(
        label=_("Last day to register"),
        required=False,
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

    # As on the page: what it is, then where.
    field_order = ("kind", "course", "title")
    WHAT = ("kind", "course", "title")
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
        self.offer_places(user)
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
        super().clean()
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
        fields["registration_opens_at"] = self._window("opens_on", "registration_opens_at", first_day, start_of)
        fields["registration_closes_at"] = self._window("closes_on", "registration_closes_at", last_day, end_of)
        fields["venues"] = self.venues()
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

    def _window(self, name, field, day_of, instant_of):
        """One end of the window: to the minute as somebody set it elsewhere, where the day is left as it was."""
        said = self.cleaned_data
        held = self.event and getattr(self.event, field)
        if held and said["zone"] == self.event.zone and said[name] == day_of(held, self.event.tz):
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


class CancelEventForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=500,
        help_text=_(
            "It is sent to everybody who has a place or waits for one, and stands on the event’s public page. Name nobody."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
