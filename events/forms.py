"""The public's forms."""

import unicodedata

from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import listing
from events.people import Person
from participants.codes import ActivityType, Displacement, Sex
from participants.contacts import normal_phone
from participants.forms import ORGANISATIONS_IN_A_SELECT
from participants.models import Area, Category, Organisation, Purpose
from participants.places import language_name


class FilterForm(forms.Form):
    """What a reader narrows the list of events by. Each field offers only what the list holds."""

    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Everywhere"),
        to_field_name="code",
    )
    online = forms.BooleanField(
        label=_("Held online"),
        required=False,
        help_text=_("Chosen together with an area: what is near you, and what you can join from anywhere."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False)

    def __init__(self, *args, events, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.filter(events__in=events).distinct()
        held = list(events.order_by().values_list("kind", "languages"))
        languages = sorted({code for _kind, codes in held for code in codes})
        self.fields["language"].choices = [
            ("", _("All languages")),
            *((code, language_name(code)) for code in languages),
        ]
        kinds = {kind for kind, _codes in held}
        self.fields["kind"].choices = [
            ("", _("All types")),
            *((value, label) for value, label in ActivityType.choices if value in kinds),
        ]

    def narrow(self, events):
        """`events` as far as the filters are understood; one that is not (an old link) narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        where = Q()
        if chosen.get("area"):
            where |= listing.held_in([chosen["area"].pk])
        if chosen.get("online"):
            where |= Q(mode__in=listing.ONLINE)
        events = events.filter(where)
        if chosen.get("kind"):
            events = events.filter(kind=chosen["kind"])
        if chosen.get("language"):
            # As text, since SQLite cannot look into a list.
            events = events.annotate(spoken=Cast("languages", TextField())).filter(
                spoken__contains=f'"{chosen["language"]}"'
            )
        return events

    def in_use(self):
        """(name, label) of each filter that narrows the list, once `narrow` has understood them."""
        chosen = self.cleaned_data
        labels = {
            "area": lambda area: str(area.label),
            "online": lambda _chosen: str(self.fields["online"].label),
            "language": language_name,
            "kind": lambda kind: ActivityType(kind).label,
        }
        return [(name, labels[name](chosen[name])) for name in self.fields if chosen.get(name)]


class RegistrationForm(forms.Form):
    """Everything that is asked of somebody who registers. Only the name, a contact and one consent are needed."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    full_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("First name and surname, as you write them."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    latin_name = forms.CharField(
        label=_("Your name in Latin letters"),
        max_length=200,
        required=False,
        help_text=_(
            "For the certificate. Leave it empty and we write it by the national rules: Олена Коваль becomes Olena Koval."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    agree = forms.BooleanField(
        label=_("I agree"),
        error_messages={
            "required": _("Without this agreement we cannot keep your name, and so cannot register you.")
        },
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        min_value=1900,
        help_text=_("Four digits, such as 1990."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[(Sex.UNKNOWN, _("Prefer not to say")), *Sex.choices[:-1]], required=False
    )
    category = forms.ModelChoiceField(
        label=_("What you do"),
        queryset=Category.objects.filter(is_active=True),
        required=False,
        empty_label=_("Not stated"),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Another one, or none"),
    )
    origin_area = forms.ModelChoiceField(
        label=_("Area you come from"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Not stated"),
    )
    displacement = forms.ChoiceField(
        label=_("Which describes you best"),
        choices=[(Displacement.UNKNOWN, _("Prefer not to say")), *Displacement.choices[:-1]],
        required=False,
    )
    may_be_counted = forms.BooleanField(
        label=_("My answers may be counted"),
        required=False,
        help_text=_("Without this tick none of the answers above is kept."),
    )

    WHO = ("full_name", "latin_name", "email", "phone")
    ABOUT = ("birth_year", "sex", "category", "organisation", "origin_area", "displacement")

    def __init__(self, *args, event, participant=None, **kwargs):
        self.event, self.participant = event, participant
        super().__init__(*args, **kwargs)
        # Kept together, since a line that runs to the left would turn its groups of digits round.
        example = '<bdi dir="ltr">+380 67 123 45 67</bdi>'
        self.fields["phone"].help_text = _("With the country’s code, such as %(number)s.") % {"number": example}
        areas = Area.objects.filter(is_active=True, country=event.country, level=1)
        self.fields["origin_area"].queryset = areas
        organisations = Organisation.objects.filter(is_active=True)
        if 0 < organisations.count() <= ORGANISATIONS_IN_A_SELECT:
            self.fields["organisation"].queryset = organisations
        else:
            del self.fields["organisation"]
        if participant is not None:
            for name in self.WHO:
                del self.fields[name]

    def names(self):
        return [self[name] for name in ("full_name", "latin_name")]

    def contacts(self):
        return [self[name] for name in ("email", "phone")]

    def about(self):
        return [self[name] for name in self.ABOUT if name in self.fields]

    def clean_full_name(self):
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_latin_name(self):
        name = " ".join(self.cleaned_data["latin_name"].split())
        if any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in name):
            raise forms.ValidationError(
                _("Write this name in Latin letters only, or leave the field empty."), code="not_latin"
            )
        return name

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        return normal_phone(phone, self.event.country or "UA") if phone else ""

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if year is not None and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year has not come yet."), code="future")
        return year

    def clean(self):
        if self.participant is None and not (
            self.cleaned_data.get("email")
            or self.cleaned_data.get("phone")
            or self.has_error("email")
            or self.has_error("phone")
        ):
            self.add_error(
                "email",
                forms.ValidationError(
                    _("Give an e-mail address or a phone number, so that we can reach you."), code="contact"
                ),
            )

    def person(self, language):
        """What was said, for the action."""
        said = self.cleaned_data
        if self.participant is not None:
            known = self.participant
            who = {
                "full_name": known.full_name,
                "latin_name": known.latin_name,
                "email": known.email,
                "phone": known.phone,
            }
        else:
            who = {name: said[name] for name in self.WHO}
        about = {name: said[name] for name in self.ABOUT if name in self.fields}
        return Person(
            **who,
            **{
                **about,
                "sex": about["sex"] or Sex.UNKNOWN,
                "displacement": about["displacement"] or Displacement.UNKNOWN,
            },
            language=language,
            consents={Purpose.REGISTER: True, Purpose.STATISTICS: said["may_be_counted"]},
        )
