"""The form of somebody who registers, and the one in which they change their answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events import guardians, question_fields, seats
from events.forms import (
    AboutForm,
    AccessNeedsField,
    AgeForm,
    AgreementForm,
    ContactForm,
    GroupField,
    QuestionsForm,
    RowField,
)
from events.people import Guardian, Person, may_be_young
from participants.contacts import normal_email
from participants.fields import BirthYearField, LatinNameField, NameField, PhoneField
from participants.models import Purpose


class RegistrationForm(AgreementForm, ContactForm, AgeForm, AboutForm, QuestionsForm):
    """Everything that is asked of somebody who registers.

    Only the name, a contact, one consent and whether they are of age are needed; of whoever is not, their guardian, too;
    and what an event asks and has to know.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    full_name = NameField(label=_("Your name"), help_text=_("First name and surname, as you write them."))
    latin_name = LatinNameField(
        help_text=_(
            "For the certificate. Leave it empty and we write it by the national rules: Олена Коваль becomes Olena Koval."
        )
    )
    group = GroupField()
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
    # Of whoever is of age. Somebody younger has to give it, in the part for their parent or guardian.
    own_year = BirthYearField()
    organisation = RowField(label=_("Organisation"), empty_label=_("Another one, or none"))
    may_be_counted = forms.BooleanField(
        label=_("My answers may be counted"),
        required=False,
        help_text=_("Without this tick none of the answers above is kept."),
    )

    access_needs = AccessNeedsField(label=_("Is there anything we should prepare for you?"))
    certificate = forms.BooleanField(label=_("Make me a certificate"), required=False)
    further_training = forms.BooleanField(label=_("Write to me about other trainings"), required=False)
    photographs = forms.BooleanField(label=_("I may be on photographs"), required=False)

    YEARS = ("birth_year", "own_year")
    WHO = ("full_name", "latin_name", "email", "phone")
    ABOUT = ("sex", "own_year", "category", "organisation", "origin_area", "displacement")
    GUARDIAN = ("guardian_name", "guardian_relation", "guardian_email", "guardian_phone")
    ASKED = {
        "agree": Purpose.REGISTER,
        "may_be_counted": Purpose.STATISTICS,
        "certificate": Purpose.CERTIFICATE,
        "further_training": Purpose.FURTHER_TRAINING,
        "photographs": Purpose.PHOTO,
    }
    CHOICES = ("further_training", "photographs")

    def __init__(self, *args, event, asked, participant=None, allocation=None, **kwargs):
        self.participant, self.allocation = participant, allocation
        known_year = participant.birth_year if participant is not None else None
        super().__init__(*args, event=event, known_year=known_year, **kwargs)
        self.call_from(event.country)
        self.fields["guardian_phone"].country = event.country or "UA"
        self.ask_consents(event, asked.texts)
        self.fields["birth_year"].help_text = _("Four digits, such as 2010.")
        self.offer(asked)
        if asked.organisations and allocation is None:
            self.fields["organisation"].offer(asked.organisations)
        else:
            del self.fields["organisation"]
        if participant is not None:
            for name in self.WHO:
                del self.fields[name]
        if asked.groups:
            self.fields["group"].offer_groups(event, asked.groups, with_words=seats.words(event)[1])
        else:
            del self.fields["group"]
        self.ask(asked.questions)
        self.order_fields(self._as_they_stand())

    def ask_consents(self, event, texts):
        super().ask_consents(event, texts)
        for name in ("certificate", *self.CHOICES):
            if name in self.fields:
                self.fields[name].help_text = str(self.asked[name].text)

    def _as_they_stand(self):
        """As on the page, so that the summary of errors goes through it from the top."""
        questions = [question_fields.name_of(question) for question in self.asked_questions]
        who = [name for name in self.WHO if name != "latin_name"]
        return [
            "submission",
            *who,
            "of_age",
            "birth_year",
            *self.GUARDIAN,
            "group",
            *questions,
            "certificate",
            "agree",
        ]

    def contacts(self):
        return [self[name] for name in ("email", "phone")]

    def guardian_fields(self):
        return [self[name] for name in ("birth_year", *self.GUARDIAN)]

    def asks_guardian(self):
        """Whether the part for somebody young stands open: they have to fill it in, or have not said how old they are."""
        parts = ("of_age", "birth_year", *self.GUARDIAN)
        return self.is_bound and (self.is_young or any(self.has_error(name) for name in parts))

    def opens_about(self):
        """Whether the part about somebody stands open: what they wrote there has to be corrected, or ticked again."""
        return self._has_to_look_at(*self.ABOUT, "may_be_counted")

    def opens_needs(self):
        return self._has_to_look_at("access_needs")

    def opens_choices(self):
        return self._has_to_look_at("latin_name", *self.CHOICES)

    def _has_to_look_at(self, *names):
        consents_are_gone = bool(self.asked.keys() & names) and self.has_error(None, "texts")
        return self.is_bound and (consents_are_gone or any(self.has_error(name) for name in names))

    def choices(self):
        return [self[name] for name in (*self.CHOICES, "latin_name") if name in self.fields]

    def age_is_missing(self):
        return _("Tick this, or give the year of your birth below.")

    def clean(self):
        cleaned = super().clean()
        if self.is_young:
            self._need_guardian()
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

    def people(self, language):
        """Who registers, for the action."""
        return [self.person(language)]

    def told(self):
        """What the form's messages go to, as keys for counting: the person, and the parent or guardian who is asked."""
        said = self.cleaned_data
        if self.participant is not None:
            contacts = [f"participant {self.participant.pk}"]
        else:
            contacts = [said["email"].lower() or said["phone"]]
        if self.is_young:
            contacts.append(said["guardian_email"].lower() or said["guardian_phone"])
        return contacts

    @property
    def submitted(self):
        return self.cleaned_data["submission"]

    @property
    def contact(self):
        """Where the answer goes, of somebody who is not recognised."""
        return self.cleaned_data["email"] or self.cleaned_data["phone"]

    def speaks_of(self, user):
        """The user who is logged in, if they gave their own address: staff register others from their own account."""
        is_theirs = user.is_authenticated and self.cleaned_data.get("email", "").lower() == user.email.lower()
        return user if is_theirs else None

    def person(self, language):
        """What was said, for the action."""
        said = self.cleaned_data
        if self.participant is not None:
            known = self.participant
            who = {name: getattr(known, name) for name in self.WHO}
        else:
            who = {name: said[name] for name in self.WHO}
        about = self.answers()
        own_year = about.pop("own_year")
        if self.allocation is not None:
            about["organisation"] = self.allocation.organisation
        return Person(
            **who,
            **about,
            birth_year=own_year if said["birth_year"] is None else said["birth_year"],
            language=language,
            **self.consents(),
            is_of_age=said.get("of_age", False),
            guardian=self._guardian() if self.is_young else None,
            access_needs=said["access_needs"],
            group=said.get("group"),
            replies=self.replies(),
        )

    def _guardian(self):
        said = self.cleaned_data
        return Guardian(
            name=said["guardian_name"],
            relation=said["guardian_relation"],
            email=normal_email(said["guardian_email"]),
            phone=said["guardian_phone"],
        )

    @classmethod
    def known(cls, participant, event):
        """What a form begins with for somebody who is recognised."""
        known = {name: getattr(participant, name) for name in cls.ABOUT if name != "own_year"}
        # Whoever is young finds the year where it is needed, everybody else among what may stay empty.
        year = "birth_year" if may_be_young(participant.birth_year, event) else "own_year"
        return {**known, year: participant.birth_year}


class AnswersForm(QuestionsForm):
    """What somebody may change of what they answered."""

    group = GroupField()
    access_needs = AccessNeedsField(
        label=_("Is there anything we should prepare for you?"),
        help_text=_("Only the trainers of this event read it, and it is deleted the day after."),
    )

    def __init__(self, *args, event, groups, questions, answers, **kwargs):
        super().__init__(*args, **kwargs)
        if groups:
            self.fields["group"].offer_groups(event, groups)
        else:
            del self.fields["group"]
        self.ask(questions, answers)
        self.order_fields(["group", *(question_fields.name_of(question) for question in questions)])
