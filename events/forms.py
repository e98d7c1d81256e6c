"""What is asked of somebody who registers."""

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from events import guardians
from events.people import Guardian, Person, is_surely_young, may_be_young
from participants.codes import Displacement, Sex
from participants.conf import adult_age
from participants.contacts import normal_email
from participants.fields import BirthYearField, LatinNameField, NameField, PhoneField
from participants.forms import ORGANISATIONS_IN_A_SELECT
from participants.models import Area, Category, Organisation, Purpose


class AgeForm(forms.Form):
    """Asks whether somebody is of age where the event is held: by a tick, or by the year of birth of whoever is not.

    It is asked of everybody and whether or not their answers may be counted, since a child has to be protected.
    """

    of_age = forms.BooleanField(required=False)
    birth_year = BirthYearField()

    def __init__(self, *args, event, known_year=None, **kwargs):
        self.event, self.known_year = event, known_year
        self.age = adult_age(event.country)
        super().__init__(*args, **kwargs)
        self.fields["of_age"].label = self.of_age_words() % {"age": localize(self.age)}
        if known_year is not None and event.starts_on.year - known_year != self.age:
            # What is known decides; only in the year of the birthday it does not.
            del self.fields["of_age"]

    def of_age_words(self):
        return _("I am %(age)s or older on the first day of the event")

    def clean(self):
        cleaned = super().clean()
        self.is_young = False
        if self.has_error("birth_year"):
            return cleaned
        of_age = self.cleaned_data.get("of_age", False)
        years = [year for year in (self.cleaned_data.get("birth_year"), self.known_year) if year is not None]
        if of_age and any(is_surely_young(year, self.event) for year in years):
            self.add_error(
                "birth_year",
                forms.ValidationError(
                    _(
                        "By this year it is less than %(age)s years. Correct the year, or take away the tick above."
                    ),
                    code="contradiction",
                    params={"age": localize(self.age)},
                ),
            )
        elif not (of_age or years):
            self.add_error(
                "of_age",
                forms.ValidationError(
                    _("Tick this, or give the year of birth below if it is not so."), code="age"
                ),
            )
        else:
            self.is_young = not of_age and any(may_be_young(year, self.event) for year in years)
        return cleaned


class RegistrationForm(AgeForm):
    """Everything that is asked of somebody who registers.

    Only the name, a contact, one consent and whether they are of age are needed; of whoever is not, their guardian, too.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    full_name = NameField(label=_("Your name"), help_text=_("First name and surname, as you write them."))
    latin_name = LatinNameField(
        help_text=_(
            "For the certificate. Leave it empty and we write it by the national rules: Олена Коваль becomes Olena Koval."
        )
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = PhoneField(label=_("Phone"))
    agree = forms.BooleanField(
        label=_("I agree"),
        error_messages={
            "required": _("Without this agreement we cannot keep your name, and so cannot register you.")
        },
    )
    guardian_name = NameField(label=_("Name of a parent or guardian"), required=False, autocomplete="off")
    guardian_relation = forms.CharField(
        label=_("Who they are to you"),
        max_length=100,
        required=False,
        help_text=_("Such as mother, father or guardian."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_email = forms.EmailField(
        label=_("Their e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    guardian_phone = PhoneField(
        label=_("Their phone"),
        help_text=_("Their e-mail or their phone is needed, one of them."),
        autocomplete="off",
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

    access_needs = forms.CharField(
        label=_("Is there anything we should prepare for you?"),
        max_length=1000,
        required=False,
        help_text=_(
            "Such as a place without steps, a sign-language interpreter, food. Only the trainers of this event read "
            "it, and it is deleted the day after."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    certificate = forms.BooleanField(label=_("Make me a certificate"), required=False)
    further_training = forms.BooleanField(label=_("Write to me about other trainings"), required=False)
    photographs = forms.BooleanField(label=_("I may be on photographs"), required=False)
    # The versions of the texts that stood on the page: an agreement is to what was read, and to nothing else.
    texts = forms.CharField(widget=forms.HiddenInput, required=False)

    WHO = ("full_name", "latin_name", "email", "phone")
    ABOUT = ("birth_year", "sex", "category", "organisation", "origin_area", "displacement")
    GUARDIAN = ("guardian_name", "guardian_relation", "guardian_email", "guardian_phone")
    ASKED = {
        "agree": Purpose.REGISTER,
        "may_be_counted": Purpose.STATISTICS,
        "certificate": Purpose.CERTIFICATE,
        "further_training": Purpose.FURTHER_TRAINING,
        "photographs": Purpose.PHOTO,
    }
    CHOICES = ("certificate", "further_training", "photographs")

    # As they stand on the page, so that the summary of errors goes through it from the top.
    field_order = ("submission", *WHO, "agree", "of_age", "birth_year", *GUARDIAN)

    def __init__(self, *args, event, texts, participant=None, **kwargs):
        self.participant = participant
        known_year = participant.birth_year if participant is not None else None
        super().__init__(*args, event=event, known_year=known_year, **kwargs)
        for name in ("phone", "guardian_phone"):
            self.fields[name].country = event.country or "UA"
        if event.attendance_threshold is None:
            del self.fields["certificate"]
        self.asked = {name: texts[purpose] for name, purpose in self.ASKED.items() if name in self.fields}
        self.shown = " ".join(f"{text.purpose}:{text.version}" for text in self.asked.values())
        self.fields["texts"].initial = self.shown
        for name in self.CHOICES:
            if name in self.fields:
                self.fields[name].help_text = str(self.asked[name].text)
        self.fields["birth_year"].help_text = _(
            "Needed if you are younger, such as 2010. Otherwise you may leave it empty."
        )
        # Between isolating signs, since a line that runs to the left would turn its groups of digits round.
        example = "\u2066+380 67 123 45 67\u2069"
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

    def age_fields(self):
        return [self[name] for name in ("of_age", "birth_year") if name in self.fields]

    def guardian_fields(self):
        return [self[name] for name in self.GUARDIAN]

    def asks_guardian(self):
        """Whether the part for a guardian stands open: somebody young has to fill it in."""
        return self.is_bound and (self.is_young or any(self.has_error(name) for name in self.GUARDIAN))

    def about(self):
        return [self[name] for name in self.ABOUT if name in self.fields and name != "birth_year"]

    def choices(self):
        return [self[name] for name in self.CHOICES if name in self.fields]

    def clean(self):
        cleaned = super().clean()
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
        if self.is_young:
            self._need_guardian()
        if self.cleaned_data.get("texts") != self.shown:
            self._ask_again()
        return cleaned

    def _need_guardian(self):
        needed = {
            "guardian_name": _("Somebody of your age needs the agreement of a parent or guardian. Who is that?"),
            "guardian_relation": _("Write who they are to you."),
        }
        for name, message in needed.items():
            if not (self.cleaned_data.get(name) or self.has_error(name)):
                self.add_error(name, forms.ValidationError(message, code="guardian"))
        if not any(
            self.cleaned_data.get(name) or self.has_error(name) for name in ("guardian_email", "guardian_phone")
        ):
            self.add_error(
                "guardian_email",
                forms.ValidationError(
                    _("Give their e-mail or their phone, so that we can ask them."), code="guardian"
                ),
            )
        guardian = Guardian(
            name="",
            email=normal_email(self.cleaned_data.get("guardian_email", "")),
            phone=self.cleaned_data.get("guardian_phone", ""),
        )
        typed = {
            "email": normal_email(self.cleaned_data.get("email", "")),
            "phone": self.cleaned_data.get("phone", ""),
        }
        for kind in guardians.own_contacts(guardian, typed, self.participant):
            self.add_error(
                f"guardian_{kind}",
                forms.ValidationError(_("Give a contact of your parent or guardian, not your own."), code="own"),
            )

    def _ask_again(self):
        """The words have changed since the page was drawn: all stays as it was typed but the ticks below them."""
        self.data = self.data.copy()
        self.data["texts"] = self.shown
        for name in self.asked:
            self.data.pop(name, None)
        self.add_error(
            None,
            forms.ValidationError(
                _("The words of what you agree to have changed meanwhile. Read them and tick them again."),
                code="texts",
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
            consents={text.purpose: said[name] for name, text in self.asked.items()},
            texts={text.purpose: text for text in self.asked.values()},
            is_of_age=said.get("of_age", False),
            guardian=self._guardian() if self.is_young else None,
            access_needs=said["access_needs"],
        )

    def _guardian(self):
        said = self.cleaned_data
        return Guardian(
            name=said["guardian_name"],
            relation=said["guardian_relation"],
            email=normal_email(said["guardian_email"]),
            phone=said["guardian_phone"],
        )
