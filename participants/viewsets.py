"""The code lists, the consent texts and the roles of staff in the *Training* menu. People are not here, nor will they be."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic

from participants.admin_forms import (
    AreaForm,
    CodeListForm,
    ConsentTextForm,
    OrganisationForm,
    RoleGrantForm,
    TopicForm,
)
from participants.models import Area, Category, ConsentText, Organisation, Project, Topic
from participants.places import country_name
from safeguarding import audit
from safeguarding.i18n_admin import I18nFieldPanel
from safeguarding.models import RoleGrant
from safeguarding.training_menu import IndexView, TrainingViewSet, UnusedDeleteView

# A submenu of its own: the lists are many, and seldom needed.
LISTS_HOOK = "register_oberih_lists_menu_item"
lists = Menu(register_hook_name=LISTS_HOOK, construct_hook_name="construct_oberih_lists_menu")


def lists_menu_item():
    return SubmenuMenuItem(_("Lists"), lists, name="oberih-lists", icon_name="list-ul", order=700)


CODE = FieldPanel(
    "code", help_text=_("Short and lasting: reports and exports name it. It cannot be changed later.")
)
IN_LISTS = MultiFieldPanel(
    [
        FieldRowPanel(
            [
                FieldPanel("position", help_text=_("The lowest number stands first.")),
                FieldPanel(
                    "is_active",
                    help_text=_("Take the mark away to offer it no longer; what was recorded stays."),
                ),
            ]
        )
    ],
    heading=_("In lists"),
)


class CodeListViewSet(TrainingViewSet):
    menu_hook = LISTS_HOOK
    list_display = ["__str__", "code", BooleanColumn("is_active", label=_("Active")), "position"]
    list_filter = ["is_active"]
    list_export = ["code", "label", "position", "is_active"]
    search_fields = ["label", "code"]
    ordering = ["position", "code"]
    list_per_page = 50


class CategoryViewSet(CodeListViewSet):
    model = Category
    icon = "group"
    menu_label = _("Categories")
    menu_order = 520
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "What somebody is professionally. Never make a category of survivors or of victims: "
                    "a list that names them endangers them."
                )
            ),
            I18nFieldPanel("label"),
            CODE,
            IN_LISTS,
        ],
        base_form_class=CodeListForm,
    )


class TopicViewSet(CodeListViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 510
    list_display = [
        "__str__",
        "code",
        Column("parent", label=_("Part of"), sort_key="parent__position"),
        BooleanColumn("is_active", label=_("Active")),
        "position",
    ]
    list_select_related = ["parent"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("label"),
            FieldRowPanel(
                [
                    CODE,
                    FieldPanel(
                        "parent", heading=_("Part of"), help_text=_("The wider topic that this one is part of.")
                    ),
                ]
            ),
            IN_LISTS,
        ],
        base_form_class=TopicForm,
    )


class AreaViewSet(CodeListViewSet):
    """Areas are official: they come with the product, and here they are only given other names."""

    model = Area
    icon = "globe"
    menu_label = _("Areas")
    menu_order = 560
    deeds = frozenset({"change", "view"})
    list_display = [
        "__str__",
        "code",
        "country",
        BooleanColumn("is_active", label=_("Active")),
        "position",
    ]
    list_filter = ["country", "is_active"]
    list_export = ["code", "label", "country", "pcode", "iso3166_2", "is_active"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("label"),
            FieldRowPanel(
                [
                    FieldPanel("code", read_only=True),
                    FieldPanel("country", read_only=True),
                    FieldPanel("iso3166_2", read_only=True),
                ]
            ),
            IN_LISTS,
        ],
        base_form_class=AreaForm,
    )


class ProjectViewSet(CodeListViewSet):
    model = Project
    icon = "folder-open-inverse"
    menu_label = _("Projects")
    menu_order = 540
    edit_handler = ObjectList(
        [
            HelpPanel(
                _("What funds courses and events. Managers report by it, and a manager’s role can end with it.")
            ),
            I18nFieldPanel("label"),
            CODE,
            IN_LISTS,
        ],
        base_form_class=CodeListForm,
    )


class OrganisationViewSet(CodeListViewSet):
    model = Organisation
    icon = "site"
    menu_label = _("Organisations")
    menu_order = 530
    list_display = [
        "__str__",
        "code",
        "country",
        Column("base_area", label=_("Seat"), sort_key="base_area__position"),
        "workplace_type",
        BooleanColumn("is_active", label=_("Active")),
    ]
    list_select_related = ["base_area"]
    list_filter = ["country", "workplace_type", "is_active"]
    list_export = ["code", "label", "country", "base_area", "workplace_type", "is_active"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("label"),
            CODE,
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("country"),
                            FieldPanel(
                                "base_area",
                                heading=_("Seat"),
                                help_text=_("Where the organisation itself is, not where it works."),
                            ),
                        ]
                    ),
                    FieldPanel("workplace_type"),
                ],
                heading=_("Where and what it is"),
            ),
            IN_LISTS,
        ],
        base_form_class=OrganisationForm,
    )


class ConsentTextIndexView(IndexView):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.add_url:
            url = f"{self.add_url}?purpose={instance.purpose}"
            buttons.append(MenuItem(_("Write a new version"), url=url, icon_name="copy", priority=15))
        return buttons


class ConsentTextCreateView(generic.CreateView):
    """Begins with the words that are asked now."""

    def get_initial_form_instance(self):
        current = ConsentText.objects.filter(purpose=self.request.GET.get("purpose")).order_by("version").last()
        return ConsentText(purpose=current.purpose, text=current.text) if current else None


class ConsentTextViewSet(TrainingViewSet):
    """Written once: what somebody agreed to never changes under them. Other words are a new version."""

    model = ConsentText
    icon = "clipboard-list"
    menu_label = _("Consent texts")
    menu_order = 620
    deeds = frozenset({"add", "view"})
    index_view_class = ConsentTextIndexView
    add_view_class = ConsentTextCreateView
    list_display = ["purpose", "version", Column("text", label=_("Text"))]
    list_filter = ["purpose"]
    list_export = ["purpose", "version", "text"]
    search_fields = ["text"]
    ordering = ["purpose", "-version"]
    inspect_view_enabled = True
    inspect_view_fields = ["purpose", "version", "text"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "A text is never changed, because people have agreed to these very words. What you write here "
                    "becomes a new version: from now on it is asked, and earlier answers stay with the version they "
                    "were given to."
                )
            ),
            FieldPanel("purpose"),
            I18nFieldPanel("text", help_text=_("Say what is kept, for what, and who sees it. Plain words.")),
        ],
        base_form_class=ConsentTextForm,
    )


def scope(grant):
    parts = [country_name(grant.country) if grant.country else "", grant.project, grant.organisation]
    return ", ".join(filter(None, parts)) or _("Everywhere")


class RoleGrantCreateView(generic.CreateView):
    def save_instance(self):
        self.form.instance.granted_by = self.request.user
        instance = super().save_instance()
        audit.record(self.request.user, "grant", "role", [instance.pk], reason=str(instance))
        return instance


class RoleGrantDeleteView(UnusedDeleteView):
    def delete_action(self):
        audit.record(self.request.user, "take", "role", [self.object.pk], reason=str(self.object))
        super().delete_action()


class RoleGrantViewSet(TrainingViewSet):
    """Given and taken, never changed, so that the audit log tells who could see what and when. Administrators only."""

    model = RoleGrant
    icon = "key"
    menu_label = _("Roles of staff")
    menu_order = 910
    deeds = frozenset({"add", "delete", "view"})
    roles = ()
    add_view_class = RoleGrantCreateView
    delete_view_class = RoleGrantDeleteView
    list_display = ["user", "role", Column("scope", label=_("Where"), accessor=scope), "granted_at", "granted_by"]
    list_select_related = ["user", "granted_by"]
    list_filter = ["role", "country"]
    list_export = ["user", "role", "country", "project", "organisation", "granted_at", "granted_by"]
    ordering = ["-granted_at"]
    inspect_view_enabled = True
    inspect_view_fields = ["user", "role", "country", "project", "organisation", "granted_at", "granted_by"]
    edit_handler = ObjectList(
        [
            FieldPanel("account"),
            FieldPanel("role"),
            MultiFieldPanel(
                [FieldPanel("country"), FieldPanel("project"), FieldPanel("organisation")],
                heading=_("Where it ends"),
                help_text=_("Everything empty: everywhere. A role in one project does not reach into another."),
            ),
        ],
        base_form_class=RoleGrantForm,
    )


def all_viewsets():
    classes = (
        TopicViewSet,
        CategoryViewSet,
        OrganisationViewSet,
        ProjectViewSet,
        AreaViewSet,
        ConsentTextViewSet,
        RoleGrantViewSet,
    )
    return [viewset() for viewset in classes]
