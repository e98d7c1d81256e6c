"""The *Training* menu of Wagtail's admin, and what the viewsets of all rooms share.

It stands in the lowest room that has something for editors, so that a site with some of the rooms has it too. A room adds
to it by naming `MENU_HOOK` as its viewset's `menu_hook`, which the viewsets here do, or as a hook that returns a MenuItem.
"""

import json
from functools import reduce, wraps
from operator import or_

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from modelcluster.fields import ParentalKey
from wagtail import permissions
from wagtail.admin import messages
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView
from wagtail.snippets.views.snippets import SnippetViewSet

from safeguarding import cells
from safeguarding.roles import has_role

MENU_HOOK = "register_oberih_training_menu_item"
DEEDS = frozenset({"add", "change", "delete", "view"})

menu = Menu(register_hook_name=MENU_HOOK, construct_hook_name="construct_oberih_training_menu")


def menu_item():
    return SubmenuMenuItem(
        gettext_lazy("Training"), menu, name="oberih-training", icon_name="oberih-book", order=150
    )


class Policy(ModelPermissionPolicy):
    """Django's permissions, less the deeds that make no sense for a model, and for some models only with a role.

    `roles` None asks for none; an empty tuple is for administrators alone. A permission that a group was given by mistake
    does not suffice then.
    """

    def __init__(self, model, *, deeds=DEEDS, roles=None):
        super().__init__(model)
        self.deeds = frozenset(deeds)
        self.roles = roles

    def user_has_permission(self, user, action):
        return (
            (action in self.deeds or action not in DEEDS)
            and super().user_has_permission(user, action)
            and (self.roles is None or has_role(user, *self.roles))
        )

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.user_has_any_permission(user, actions)


def is_i18n(field):
    return isinstance(field, I18nCharField | I18nTextField)


def _spellings(text):
    """The ways to write a word that a search finds: SQLite knows no capitals beyond ASCII."""
    return {text, text.lower(), text.upper(), text.title(), text[:1].upper() + text[1:]}


def search(model, fields, text):
    """The condition that one of the fields holds the text, in any of its languages."""
    conditions = []
    for name in fields:
        try:
            i18n = is_i18n(model._meta.get_field(name))
        except FieldDoesNotExist:
            i18n = False
        for spelling in _spellings(text):
            # Texts in several languages are stored as JSON, whose letters beyond ASCII are escaped.
            stored = json.dumps(spelling)[1:-1] if i18n else spelling
            conditions.append(Q(**{f"{name}__icontains": stored}))
    return reduce(or_, conditions)


class DefusedExport:
    """Spreadsheets in which no cell is a formula, whatever somebody wrote into a title."""

    def preprocess_field_value(self, field, value, export_format):
        value = super().preprocess_field_value(field, value, export_format)
        return cells.plain(value) if export_format == self.FORMAT_CSV else value


class Listing(DefusedExport):
    """What a list of many rows needs: relations read at once, and a search in all languages."""

    list_select_related = ()
    list_prefetch_related = ()

    def get_base_queryset(self):
        rows = super().get_base_queryset()
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        return rows.prefetch_related(*self.list_prefetch_related)

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(search(queryset.model, self.search_fields, self.search_query))


class IndexView(Listing, generic.IndexView):
    pass


class InspectView(generic.InspectView):
    def get_field_display_value(self, field_name, field):
        value = getattr(self.object, field_name, None)
        if isinstance(value, LazyI18nString) and isinstance(value.data, dict):
            return _in_every_language(value.data)
        if value is None or value == "":
            return "–"
        return super().get_field_display_value(field_name, field)


def _in_every_language(texts):
    order = [code for code, _name in settings.LANGUAGES if code in texts]
    order += [code for code in texts if code not in order]
    return format_html_join(
        "",
        '<p lang="{}" dir="{}">{}</p>',
        (
            (code, "rtl" if get_language_info(code)["bidi"] else "ltr", texts[code])
            for code in order
            if texts[code]
        ),
    )


def users_of(instance):
    """The kinds of rows that rest on this one, by their names; whatever the reference index knows of them."""
    found = []
    for relation in instance._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        if relation.related_model._meta.auto_created or not hasattr(relation, "field"):
            continue
        # What is written on the same form is a part of it, and goes with it.
        if isinstance(relation.field, ParentalKey):
            continue
        name = str(capfirst(relation.related_model._meta.verbose_name_plural))
        rows = relation.related_model._meta.base_manager.filter(**{relation.field.name: instance})
        if name not in found and rows.exists():
            found.append(name)
    return found


class UnusedDeleteView(generic.DeleteView):
    """Deletes what nothing rests on; everything else is said to be in use, and by what."""

    def dispatch(self, request, *args, **kwargs):
        users = users_of(self.object) if self.user_has_permission("delete") else []
        if not users:
            return super().dispatch(request, *args, **kwargs)
        messages.error(
            request,
            _("“%(name)s” is in use and cannot be deleted. It is used by: %(users)s.")
            % {"name": self.object, "users": ", ".join(users)},
        )
        return HttpResponseRedirect(reverse(self.index_url_name))


class _Shared:
    menu_hook = MENU_HOOK
    deeds = DEEDS
    """Which of add, change, delete and view make sense here."""
    roles = None
    """Who must besides hold one of these roles; None: nobody must."""
    list_select_related = ()
    list_prefetch_related = ()
    copy_view_enabled = False

    @cached_property
    def permission_policy(self):
        return Policy(self.model, deeds=self.deeds, roles=self.roles)

    def on_register(self):
        # Wagtail 8 asks its registry for a model's policy; before, the viewset hands it to its views.
        if hasattr(permissions, "register_permission_policy"):
            permissions.register_permission_policy(self.model, self.permission_policy, exact_class=True)
        super().on_register()

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            list_select_related=self.list_select_related,
            list_prefetch_related=self.list_prefetch_related,
            page_title=self.menu_label,
            **kwargs,
        )

    def get_permissions_to_register(self):
        """What the form of a group offers: the deeds that make sense."""
        codenames = [get_permission_codename(deed, self.model._meta) for deed in self.deeds]
        return Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), codename__in=codenames
        )


class TrainingViewSet(_Shared, ModelViewSet):
    """For models that are neither chosen in a StreamField nor translated row by row. No bulk actions, no references."""

    index_view_class = IndexView
    inspect_view_class = InspectView
    delete_view_class = UnusedDeleteView
    # `users_of` asks the rows themselves: the index would cost statements at every save, also of a register.
    add_to_reference_index = False
    # For what can only be read; whoever can write something names an `edit_handler`.
    form_fields = ()

    @cached_property
    def name(self):
        return f"{self.app_label}_{self.model_name}"

    @cached_property
    def url_prefix(self):
        return f"training/{self.model_name}"

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"usage_url_name": self.UNDEFINED, **kwargs})


class SnippetListing(Listing, SnippetIndexView):
    pass


class GuardedChooserViewSet(SnippetChooserViewSet):
    """Wagtail lets everybody who may enter its admin look through what can be chosen; here it takes a deed on the model."""

    def construct_view(self, view_class, **kwargs):
        view, policy = super().construct_view(view_class, **kwargs), Policy(self.model)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not policy.user_has_any_permission(request.user, DEEDS):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded


class TrainingSnippetViewSet(_Shared, SnippetViewSet):
    """For what is chosen in a StreamField, translated row by row or previewed."""

    index_view_class = SnippetListing
    chooser_viewset_class = GuardedChooserViewSet
