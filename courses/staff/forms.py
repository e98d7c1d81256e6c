"""What trainers and managers fill in about learners."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.places import language_name
from ui.fields import DayField

STATES = [
    ("", _("All")),
    ("new", _("Not begun")),
    ("going", _("Under way")),
    ("overdue", _("Overdue")),
    ("done", _("Completed")),
]
# More boxes than this nobody ticks; a group or a search narrows them.
MOST_BOXES = 200
WHOLE = "course"


class MarkForm(forms.Form):
    points = forms.IntegerField(label=_("Points"), min_value=0)
    comment = forms.CharField(
        label=_("What you tell the learner"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it beside their answer."),
    )

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["points"] = forms.IntegerField(
            label=_("Points"), min_value=0, max_value=most, help_text=_("From 0 to %(most)d.") % {"most": most}
        )


class LearnersForm(forms.Form):
    """What narrows the list; a choice that is not understood narrows nothing."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        if groups:
            self.fields["group"].choices = [("", _("All")), *((str(one.uuid), str(one)) for one in groups)]
        else:
            del self.fields["group"]

    def chosen(self):
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}

    def label_of(self, name, value):
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)


class ConfirmForm(forms.Form):
    """What one learner, or several, did on paper."""

    lesson = forms.ChoiceField(label=_("What they did"))
    on = DayField(label=_("On which day"), help_text=_("The last day, if it was several."))
    language = forms.ChoiceField(label=_("In which language"))
    reason = forms.CharField(
        label=_("How you know"),
        max_length=500,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as “Signed list of the session in the shelter, test on paper passed”. Write no names."),
    )

    def __init__(self, *args, course, **kwargs):
        super().__init__(*args, **kwargs)
        self.lessons = {str(one.key): one for one in course.lessons.filter(archived_at=None)}
        self.fields["lesson"].choices = [
            (WHOLE, _("The whole course")),
            *((key, str(one)) for key, one in self.lessons.items()),
        ]
        self.fields["language"].choices = [
            (code, language_name(code)) for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
        ]
        here = get_language()
        if here in dict(self.fields["language"].choices):
            self.fields["language"].initial = here

    def clean_lesson(self):
        """The lesson, or None for all that the course asks."""
        return self.lessons.get(self.cleaned_data["lesson"])

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."), code="future")
        return on


class ConfirmManyForm(ConfirmForm):
    learners = forms.MultipleChoiceField(label=_("Who"), required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.CharField(
        label=_("Others, one on each line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Name, e-mail or phone of somebody who was at one of your trainings. Whoever does not take the course yet "
            "is enrolled."
        ),
    )

    field_order = ("learners", "others", "lesson", "on", "language", "reason")

    def __init__(self, *args, choices, find, **kwargs):
        super().__init__(*args, **kwargs)
        self.find = find
        self.fields["learners"].choices = choices
        if not choices:
            del self.fields["learners"]

    def clean_others(self):
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        found, errors = self.find(lines)
        if errors:
            raise forms.ValidationError(errors)
        return found

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("learners") or cleaned.get("others")):
            raise forms.ValidationError(_("Choose somebody, or write who it was."), code="nobody")
        return cleaned


class ExtraTimeForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Extra time in per cent"),
        min_value=0,
        max_value=400,
        help_text=_("In every assessment with a time limit: 50 is half as much again."),
    )


class DueForm(forms.Form):
    due_on = DayField(label=_("Due on"), required=False, help_text=_("Empty: as long as they need."))
