"""What editors find under "Training" in Wagtail's admin."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.admin_forms import AssessmentForm
from courses.models import Assessment, Course, Question


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    list_display = ["__str__", "kind", "version"]
    list_filter = ["kind"]
    search_fields = ["text"]


class AssessmentViewSet(SnippetViewSet):
    model = Assessment
    icon = "form"
    menu_label = _("Assessments")
    list_display = ["title", "pass_percent", "draw", "attempts_allowed"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("intro"),
            FieldPanel("pass_percent"),
            FieldPanel("questions"),
            FieldPanel("draw"),
            FieldPanel("attempts_allowed"),
            FieldPanel("is_required"),
        ],
        base_form_class=AssessmentForm,
    )


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Courses follow their pages: editing the row would be undone at the next publication."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)


class CourseViewSet(SnippetViewSet):
    model = Course
    icon = "open-book"
    menu_label = _("Courses")
    list_display = ["title", "code", "archived_at"]
    inspect_view_enabled = True
    inspect_view_fields = ["title", "code", "topics", "project", "archived_at"]

    @cached_property
    def permission_policy(self):
        return ReadOnlyPolicy(self.model)


class TrainingGroup(SnippetViewSetGroup):
    items = (CourseViewSet, AssessmentViewSet, QuestionViewSet)
    menu_label = _("Training")
    menu_icon = "open-book"
    menu_order = 150
