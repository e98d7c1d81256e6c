"""Where an event is held: online, at a venue that is known or is new, in an area."""

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events import conf
from events.models import Venue
from events.staff.access import scope_countries
from participants.codes import DeliveryMode
from participants.models import Area
from participants.places import country_name

# What somebody does alone is held nowhere.
_MODES = [choice for choice in DeliveryMode.choices if choice[0] != DeliveryMode.SELF_PACED]


class PlaceForm(forms.Form):
    """A part of the form of an event, whose `event`, `source` and `language` it reads."""

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

    WHERE = ("mode", "venue")
    NEW_VENUE = ("venue_name", "venue_address", "venue_access")
    AREA = ("area", "online_link")
    COUNTRY = ("country", "zone")

    def offer_places(self, user):
        scope = scope_countries(user)
        countries = scope
        if scope is None:
            held = Area.objects.order_by().values_list("country", flat=True).distinct()
            countries = list(dict.fromkeys([*conf.countries(), *sorted(set(held))]))
        if self.event is not None and self.event.country and self.event.country not in countries:
            countries = [*countries, self.event.country]
        self.fields["country"].choices = [(code, country_name(code)) for code in countries]
        areas = Area.objects.filter(is_active=True, country__in=countries).order_by("country", "position", "code")
        self.fields["area"].queryset = areas
        self.fields["area"].choices = [("", self.fields["area"].empty_label), *_by_country(areas, countries)]
        self.fields["venue"].queryset = Venue.objects.filter(country__in=countries).select_related("area")
        zones = conf.zones()
        if self.source is not None and self.source.zone not in zones:
            zones = [*zones, self.source.zone]
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]

    def clean(self):
        said = self.cleaned_data
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

    def venues(self):
        """Those of the event. A new venue is made here, in the caller's transaction."""
        said = self.cleaned_data
        if said["venue_name"]:
            return [
                Venue.objects.create(
                    name=LazyI18nString({self.language: said["venue_name"]}),
                    address=LazyI18nString({self.language: said["venue_address"]}),
                    access_notes=LazyI18nString({self.language: said["venue_access"]}),
                    country=said["country"],
                    area=said["area"],
                )
            ]
        return [said["venue"]] if said["venue"] else []


def _by_country(areas, countries):
    groups = {code: [] for code in countries}
    for area in areas:
        groups[area.country].append((area.pk, str(area.label)))
    return [(country_name(code), choices) for code, choices in groups.items() if choices]
