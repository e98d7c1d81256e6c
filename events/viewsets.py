"""Events, venues, programmes and what is given out in the *Training* menu. When and where an event is held stays with its trainer."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic

from events import schedule
from events.exceptions import EventsError
from events.models import Distribution, Event, EventState, Programme, Venue
from events.when import days, span
from participants.admin_forms import country_choices
from participants.codes import Unit, qualified
from participants.models import Area, Project, Topic
from participants.places import country_name
from safeguarding.i18n_admin import I18nFieldPanel, I18nModelForm
from safeguarding.models import Role
from safeguarding.training_menu import IndexView, TrainingViewSet, UnusedDeleteView


def may_change(event):
    return event.state in {EventState.DRAFT, EventState.SCHEDULED} and not event.is_imported


class EventForm(I18nModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("project", "topics"):
            offered = self.fields[name].queryset.filter(is_active=True)
            held = self.initial.get(name) or []
            held = [getattr(row, "pk", row) for row in (held if isinstance(held, list) else [held])]
            self.fields[name].queryset = (
                offered | self.fields[name].queryset.model.objects.filter(pk__in=held)
            ).distinct()

    def save(self, commit=True):
        """Those registered are told of another title, as when a trainer changes it."""
        if not commit:
            return super().save(commit=False)
        return schedule.change(event=self.instance, by=self.for_user, **self.cleaned_data)


class PlanningPanel(Panel):
    """Where the rest of the event is changed, and where it can be seen."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "oberih/events/admin/planning.html"

        def get_context_data(self, parent_context=None):
            event, user = self.instance, self.request.user
            context = super().get_context_data(parent_context)
            context["event"] = event
            try:
                if Event.objects.listed().filter(pk=event.pk).exists():
                    context["public_url"] = reverse("oberih_events:detail", args=[event.code])
                if Event.objects.for_staff(user).filter(pk=event.pk).exists():
                    context["staff_url"] = reverse("oberih_events:training", args=[event.uuid])
            except NoReverseMatch:
                # A site may leave the pages of this room out.
                pass
            return context


class EventIndexView(IndexView):
    def get_edit_url(self, instance):
        return super().get_edit_url(instance) if may_change(instance) else None


class EventEditView(generic.EditView):
    def dispatch(self, request, *args, **kwargs):
        event = self.get_object()
        if may_change(event) or not self.user_has_permission("change"):
            return super().dispatch(request, *args, **kwargs)
        messages.warning(
            request, _now("This event was cancelled, closed or imported, so it can no longer be changed here.")
        )
        return HttpResponseRedirect(reverse(self.inspect_url_name, args=[event.pk]))

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except EventsError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)


class EventFilterSet(WagtailFilterSet):
    starts_on = django_filters.DateFromToRangeFilter(label=_("First day"), widget=DateRangePickerWidget)
    project = django_filters.ModelChoiceFilter(queryset=Project.objects.all(), label=_("Project"))
    topics = django_filters.ModelChoiceFilter(queryset=Topic.objects.all(), label=_("Topic"))

    class Meta:
        model = Event
        fields = ["starts_on", "state", "kind", "project", "topics"]


class EventViewSet(TrainingViewSet):
    """What an editor words and sorts. Events are made, moved and called off by trainers, on pages of their own."""

    model = Event
    icon = "calendar-alt"
    menu_label = _("Events")
    menu_order = 300
    deeds = frozenset({"change", "view"})
    index_view_class = EventIndexView
    edit_view_class = EventEditView
    list_display = [
        "__str__",
        Column("days", label=_("Days"), accessor=days, sort_key="starts_on"),
        "state",
        "kind",
        "project",
        "course",
    ]
    list_select_related = ["project", "course"]
    filterset_class = EventFilterSet
    list_export = ["code", "title", "kind", "state", "starts_on", "ends_on", "project", "course", "programme"]
    search_fields = ["title", "code"]
    ordering = ["-starts_on", "code"]
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_fields = [
        "title",
        "summary",
        "code",
        "kind",
        "state",
        "starts_on",
        "ends_on",
        "topics",
        "project",
        "course",
        "programme",
    ]
    edit_handler = ObjectList(
        [
            PlanningPanel(heading=_("Planning")),
            I18nFieldPanel(
                "title",
                help_text=_("Those registered are told when it changes. Write it in each language of the event."),
            ),
            I18nFieldPanel(
                "summary", help_text=_("Who it is for and what it is about, in two or three sentences.")
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("course", help_text=_("Whoever gets a seat is enrolled in it.")),
                            FieldPanel("programme", help_text=_("The series that this event belongs to.")),
                        ]
                    ),
                    FieldPanel("project", help_text=_("What funds it; reports are made by project.")),
                ],
                heading=_("What it belongs to"),
            ),
            FieldPanel("topics"),
        ],
        base_form_class=EventForm,
    )


class VenueForm(I18nModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].widget.choices = country_choices(_("Choose a country"))
        self.fields["area"].queryset = Area.objects.filter(is_active=True).order_by("country", "position")

    def clean(self):
        cleaned = super().clean()
        area, country = cleaned.get("area"), cleaned.get("country")
        if area and country and area.country != country:
            self.add_error("area", ValidationError(_("This area lies in another country."), code="country"))
        return cleaned


class VenueViewSet(TrainingViewSet):
    model = Venue
    icon = "home"
    menu_label = _("Venues")
    menu_order = 320
    list_display = ["__str__", Column("address", label=_("Address")), "area", "country"]
    list_select_related = ["area"]
    list_filter = ["country"]
    list_export = ["name", "address", "area", "country", "access_notes"]
    search_fields = ["name", "address"]
    ordering = ["country", "name"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("country"), FieldPanel("area")]),
                    I18nFieldPanel("address", help_text=_("Never the address of a shelter: this page is public.")),
                ],
                heading=_("Where it is"),
            ),
            I18nFieldPanel("access_notes"),
        ],
        base_form_class=VenueForm,
    )


class ProgrammeForm(I18nModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Events that are held again and again have one title: the day tells them apart.
        events = self.formsets["steps"].form.base_fields["event"]
        events.label_from_instance = lambda event: f"{event.title} ({days(event)})"


class ProgrammeViewSet(TrainingViewSet):
    model = Programme
    icon = "list-ol"
    menu_label = _("Programmes")
    menu_order = 310
    list_display = ["__str__", "code", BooleanColumn("is_public", label=_("On the site"))]
    list_export = ["code", "title", "is_public"]
    search_fields = ["title", "code"]
    ordering = ["code"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("title"),
            I18nFieldPanel("summary"),
            FieldPanel("code", help_text=_("Short and lasting, in Latin letters: reports and exports name it.")),
            FieldPanel("is_public"),
            InlinePanel(
                "steps",
                [FieldPanel("course"), FieldPanel("event"), FieldPanel("is_alternative")],
                heading=_("Steps"),
                label=_("Step"),
                help_text=_(
                    "A course or an event, in the order in which people take them. Events by invitation are "
                    "shown to nobody who is not registered for them."
                ),
            ),
        ],
        base_form_class=ProgrammeForm,
    )


def _counted(given_out):
    return qualified(given_out.qualifier, f"{localize(given_out.value)} {given_out.get_unit_display()}")


def _given_out_on(given_out):
    return span(given_out.held_from, given_out.held_to)


def _country(given_out):
    return country_name(given_out.country)


class DistributionForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        countries = Distribution.objects.countries_of(self.for_user)
        offered = [
            choice
            for choice in country_choices(_("Choose a country"))
            if countries is None or choice[0] in {"", *countries}
        ]
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=offered)
        self.fields["area"].queryset = Area.objects.filter(is_active=True).order_by("country", "position")
        self.fields["unit"].choices = [(unit, unit.label) for unit in (Unit.COPIES, Unit.SETS)]
        if self.instance.unit not in dict(self.fields["unit"].choices):
            self.fields["unit"].choices = Unit.choices

    def clean(self):
        cleaned = super().clean()
        area, country = cleaned.get("area"), cleaned.get("country")
        if area and country and area.country != country:
            self.add_error("area", ValidationError(_("This area lies in another country."), code="country"))
        if self._is_recorded(cleaned):
            self.add_error(
                "item",
                ValidationError(
                    _("This is recorded already for this place and these days. Correct that entry."), code="twice"
                ),
            )
        return cleaned

    def _is_recorded(self, said):
        names = ("item", "country", "unit", "held_from", "held_to")
        if not all(said.get(name) for name in names):
            return False
        same = Distribution.objects.filter(area=said.get("area"), **{name: said[name] for name in names})
        return same.exclude(pk=self.instance.pk).exists()


class OwnDistributions:
    """Whoever manages a country keeps what was given out there."""

    def get_base_queryset(self):
        return super().get_base_queryset().for_staff(self.request.user)

    def get_queryset(self):
        return super().get_queryset().for_staff(self.request.user)


class DistributionIndexView(OwnDistributions, IndexView):
    pass


class DistributionEditView(OwnDistributions, generic.EditView):
    pass


class DistributionDeleteView(OwnDistributions, UnusedDeleteView):
    pass


class DistributionViewSet(TrainingViewSet):
    """Materials and the like, which reports name beside what was held."""

    model = Distribution
    icon = "doc-full"
    menu_label = _("Given out")
    menu_order = 330
    roles = (Role.MANAGER,)
    index_view_class = DistributionIndexView
    edit_view_class = DistributionEditView
    delete_view_class = DistributionDeleteView
    list_display = [
        "item",
        Column("value", label=_("How many"), accessor=_counted, sort_key="value"),
        Column("days", label=_("Days"), accessor=_given_out_on, sort_key="held_from"),
        Column("country", label=_("Country"), accessor=_country, sort_key="country"),
        "area",
    ]
    list_select_related = ["area"]
    list_filter = ["country"]
    list_export = ["item", "value", "qualifier", "unit", "held_from", "held_to", "country", "area", "note"]
    search_fields = ["item", "note"]
    ordering = ["-held_from", "item"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "Reports name it in the quarter in which its days lie. Where it came from an imported list, correct "
                    "it there too: the next import writes the number of the list."
                )
            ),
            FieldPanel("item", heading=_("What was given out"), help_text=_("As a report should name it.")),
            FieldRowPanel(
                [
                    FieldPanel("value", heading=_("How many")),
                    FieldPanel("unit", heading=_("Counted in")),
                    FieldPanel("qualifier", heading=_("How exact the number is")),
                ]
            ),
            FieldRowPanel(
                [FieldPanel("held_from", heading=_("First day")), FieldPanel("held_to", heading=_("Last day"))]
            ),
            FieldRowPanel([FieldPanel("country", heading=_("Country")), FieldPanel("area", heading=_("Area"))]),
            FieldPanel("note", heading=_("Note"), help_text=_("What a reader of the figure must know. No names.")),
        ],
        base_form_class=DistributionForm,
    )


def all_viewsets():
    return [EventViewSet(), ProgrammeViewSet(), VenueViewSet(), DistributionViewSet()]
