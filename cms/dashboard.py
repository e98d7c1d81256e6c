"""What an editor finds when Wagtail's admin opens: what waits for them, and what is coming."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.permissions import page_permission_policy

from cms.models import CoursePage, LessonPage, ModulePage
from courses import reports
from courses.report_views import LanguagesReportView
from events.models import Event, EventState
from events.when import days

LIMIT = 5


class TrainingPanel(Component):
    name = "oberih_training"
    order = 20
    template_name = "oberih/cms/admin/dashboard.html"

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        site = Site.find_for_request(parent_context["request"])
        return {
            "groups": [group for group in (drafts(user), languages(user), events(user)) if group],
            "front_url": site.root_page.get_url(parent_context["request"]) if site else "/",
        }


def drafts(user):
    if not page_permission_policy.user_has_permission(user, "change"):
        return None
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    waiting = editable.type(CoursePage, ModulePage, LessonPage).filter(has_unpublished_changes=True)
    pages = waiting.select_related("locale").order_by("-latest_revision_created_at", "pk")[: LIMIT + 1]
    return {
        "title": _("Not published yet"),
        "empty": _("Every change to a course is published."),
        "more_url": "",
        "has_more": len(pages) > LIMIT,
        "rows": [
            {
                "title": page.draft_title or page.title,
                "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
                "note": (_("Changes, %(language)s") if page.live else _("Draft, %(language)s"))
                % {"language": page.locale.get_display_name()},
            }
            for page in pages[:LIMIT]
        ],
    }


def languages(user):
    if not LanguagesReportView.permission_policy.user_has_permission(user, "view"):
        return None
    rows = [row for row in reports.course_languages() if row.state == reports.PUBLISHED and not row.is_complete]
    return {
        "title": _("Translations out of date"),
        "empty": _("Every published language says what the original says."),
        "more_url": reverse("oberih_courses_languages"),
        "has_more": len(rows) > LIMIT,
        "rows": [
            {"title": row.title, "url": row.url, "note": f"{row.language}: {_what_is_open(row)}"}
            for row in rows[:LIMIT]
        ],
    }


def _what_is_open(row):
    parts = []
    if row.outdated:
        parts.append(ngettext("%(count)d page is out of date", "%(count)d pages are out of date", row.outdated))
        parts[-1] %= {"count": row.outdated}
    if missing := row.lessons - row.translated:
        parts.append(ngettext("%(count)d lesson is missing", "%(count)d lessons are missing", missing))
        parts[-1] %= {"count": missing}
    if missing := row.questions - row.worded:
        parts.append(ngettext("%(count)d question is missing", "%(count)d questions are missing", missing))
        parts[-1] %= {"count": missing}
    return ", ".join(parts)


def events(user):
    may_change = user.has_perm("oberih_events.change_event")
    if not (may_change or user.has_perm("oberih_events.view_event")):
        return None
    coming = Event.objects.filter(state=EventState.SCHEDULED).upcoming().prefetch_related("areas")
    rows = coming.order_by("starts_on", "pk")[: LIMIT + 1]
    deed = "edit" if may_change else "inspect"
    return {
        "title": _("Next events"),
        "empty": _("No event is scheduled. Trainers schedule them under “My trainings” on the site."),
        "more_url": reverse("oberih_events_event:index"),
        "has_more": len(rows) > LIMIT,
        "rows": [
            {
                "title": str(event.title),
                "url": reverse(f"oberih_events_event:{deed}", args=[event.pk]),
                "note": ", ".join([days(event), *(str(area) for area in event.areas.all())]),
            }
            for event in rows[:LIMIT]
        ],
    }
