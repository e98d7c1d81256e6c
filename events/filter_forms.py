from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from events import listing
from participants.codes import ActivityType
from participants.models import Area
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
