"""The form of somebody who registers others: a child, an elder without e-mail, a family, a few people who come together."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from events import question_fields, seats
from events.forms import (
    AboutForm,
    AccessNeedsField,
    AgeForm,
    AgreementForm,
    ContactForm,
    GroupField,
    QuestionsForm,
)
from events.people import Guardian, Person, Relative
from participants.contacts import normal_email
from participants.fields import NameField
from participants.models import Purpose

# A larger group is registered by its organisation.
MOST_TOGETHER = 8


class SizeForm(forms.Form):
    """For how many people the form is asked for."""

    people = forms.IntegerField(required=False, min_value=1, max_value=MOST_TOGETHER)


class RelativeForm(AgreementForm, ContactForm):
    """Who registers, how they are reached, and what they agree to for all of them."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    full_name = NameField(label=_("Your name"), help_text=_("First name and surname, as you write them."))
    relation = forms.CharField(
        label=_("Who you are to them"),
        max_length=100,
        help_text=_("Such as mother, grandson or neighbour."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    comes_too = forms.BooleanField(label=_("I come too, and am of age"), required=False)
    group = GroupField()
    certificate = forms.BooleanField(label=_("Make a certificate for everybody"), required=False)
    agree = forms.BooleanField(
        label=_("I agree for all of them"),
        error_messages={
            "required": _("Without this agreement we cannot keep the names, and so cannot register anybody.")
        },
    )
    may_be_counted = forms.BooleanField(
        label=_("These answers may be counted"),
        required=False,
        help_text=_("Without this tick none of the answers about people is kept."),
    )

    # As on the page, so that the summary of errors goes through it from the top.
    field_order = ("submission", "full_name", "relation", "email", "phone")
    # Photographs and letters are each person's own to decide.
    ASKED = {"agree": Purpose.REGISTER, "may_be_counted": Purpose.STATISTICS, "certificate": Purpose.CERTIFICATE}

    def __init__(self, *args, event, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.call_from(event.country)
        if asked.groups:
            self.fields["group"].offer_groups(event, asked.groups, with_words=seats.words(event)[1])
        else:
            del self.fields["group"]
        self.ask_consents(event, asked.texts)

    def who(self):
        return [self[name] for name in ("full_name", "relation", "email", "phone", "comes_too")]


class MemberForm(AgeForm, AboutForm, QuestionsForm):
    """One of those who are registered by somebody else."""

    full_name = NameField(autocomplete="off")
    access_needs = AccessNeedsField(label=_("Is there anything we should prepare?"))

    def __init__(self, *args, number, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["full_name"].label = _("Name of person %(number)s") % {"number": localize(number)}
        self.fields["birth_year"].help_text = _("Needed if they are younger, such as 2015.")
        self.fields["birth_year"].widget.attrs["autocomplete"] = "off"
        self.fields["category"].label = _("What they do")
        self.fields["origin_area"].label = _("Area they come from")
        self.fields["displacement"].label = _("Which describes them best")
        self.offer(asked)
        self.ask(asked.questions)
        questions = [question_fields.name_of(question) for question in asked.questions]
        self.order_fields(["full_name", "of_age", "birth_year", *questions])

    def of_age_words(self):
        return _("This person is %(age)s or older on the first day of the event")

    def who(self):
        return [self[name] for name in ("full_name", "of_age", "birth_year")]

    def opens_more(self):
        return self.is_bound and any(self.has_error(name) for name in (*self.ABOUT, "access_needs"))


class OwnAnswersForm(QuestionsForm):
    """What the event asks of whoever registers others, if they come too."""

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask(asked.questions)
        self.needed = [name for name, field in self.fields.items() if field.required]
        for name in self.needed:
            self.fields[name].required = False

    def need(self):
        for name in self.needed:
            if not (self.cleaned_data.get(name) or self.has_error(name)):
                self.add_error(name, forms.ValidationError(_("Answer this, if you come too."), code="required"))


class Party:
    """The form as a whole: a RelativeForm, and a MemberForm for each. It can be drawn and judged as one form can."""

    def __init__(self, data=None, files=None, *, event, asked, size, allocation=None, initial=None):
        self.event, self.asked_of_all, self.allocation = event, asked, allocation
        self.is_bound = data is not None
        self.relative = RelativeForm(data, event=event, asked=asked, initial=initial)
        self.members = [
            MemberForm(
                data,
                files,
                prefix=f"person{number}",
                number=number,
                event=event,
                asked=asked,
                # Whoever asked for too many places leaves the last ones empty.
                empty_permitted=number > 1,
                use_required_attribute=False,
            )
            for number in range(1, size + 1)
        ]
        self.own = OwnAnswersForm(data, files, prefix="own", asked=asked)
        self.forms = [self.relative, self.own, *self.members]
        if (
            self.is_bound
            and self.relative.is_valid()
            and self.relative.cleaned_data["comes_too"]
            and self.own.is_valid()
        ):
            self.own.need()

    @classmethod
    def as_typed(cls, data, **kwargs):
        """The same form with all that was typed and nothing judged; a file cannot be kept."""
        drawn = cls(**kwargs)
        for form in drawn.forms:
            for name, field in form.fields.items():
                if not isinstance(field, forms.FileField):
                    form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        # The one who was added: far down on the page, which otherwise opens at its top.
        drawn.members[-1].fields["full_name"].widget.attrs["autofocus"] = True
        return drawn

    def __iter__(self):
        for form in self.forms:
            yield from form

    @property
    def asked(self):
        return self.relative.asked

    def parts(self):
        """Each form with the words that tell its fields from those of the others; "" for the reader's own."""
        people = [(_("Person %(number)s") % {"number": localize(one.number)}, one) for one in self.members]
        return [("", self.relative), ("", self.own), *people]

    @property
    def errors(self):
        return {form.add_prefix(name): errors for form in self.forms for name, errors in form.errors.items()}

    def non_field_errors(self):
        return [error for form in self.forms for error in form.non_field_errors()]

    def is_valid(self):
        return self.is_bound and not self.errors

    def is_multipart(self):
        return any(form.is_multipart() for form in self.forms)

    def add_error(self, field, error):
        self.relative.add_error(field or NON_FIELD_ERRORS, error)

    def lose_files(self):
        for form in self.forms[1:]:
            form.lose_files()

    @property
    def size(self):
        return len(self.members)

    @property
    def may_grow(self):
        return self.size < MOST_TOGETHER

    @property
    def submitted(self):
        return self.relative.cleaned_data["submission"]

    @property
    def contact(self):
        said = self.relative.cleaned_data
        return said["email"] or said["phone"]

    def told(self):
        """The contact once for all of them, and once more where a parent or guardian is asked: that is a message each."""
        asks = any(form.is_young for form in self.members if form.has_changed())
        return [self.contact.lower()] * (1 + asks)

    def speaks_of(self, user):
        """The user who is logged in, if they come too: the first of the people is then they themselves."""
        said = self.relative.cleaned_data
        is_theirs = user.is_authenticated and said["email"].lower() == user.email.lower()
        return user if is_theirs and said["comes_too"] else None

    def people(self, language):
        """Who is registered, for the action: whoever fills in the form first, if they come too."""
        said = self.relative.cleaned_data
        members = [self._member(form, language) for form in self.members if form.has_changed()]
        if not said["comes_too"]:
            return members
        of_all = self._of_all(language)
        mine = Person(full_name=said["full_name"], is_of_age=True, replies=self.own.replies(), **of_all)
        return [mine, *members]

    def _of_all(self, language):
        said = self.relative.cleaned_data
        return {
            "email": said["email"],
            "phone": said["phone"],
            "language": language,
            **self.relative.consents(),
            "group": said.get("group"),
            "organisation": self.allocation.organisation if self.allocation else None,
        }

    def _member(self, form, language):
        said, relative = form.cleaned_data, self.relative.cleaned_data
        return Person(
            full_name=said["full_name"],
            birth_year=said["birth_year"],
            is_of_age=said["of_age"],
            access_needs=said["access_needs"],
            relative=Relative(relative["full_name"], relative["relation"]),
            guardian=self._guardian() if form.is_young else None,
            replies=form.replies(),
            **form.answers(),
            **self._of_all(language),
        )

    def _guardian(self):
        said = self.relative.cleaned_data
        return Guardian(
            name=said["full_name"],
            relation=said["relation"],
            email=normal_email(said["email"]),
            phone=said["phone"],
        )
