"""The reports of this room in the *Training* menu."""

import django_filters
from django import forms
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from courses import comparison, judging, reports
from courses.checking import views as checking_views
from courses.models import Assessment, Course
from safeguarding.training_menu import DefusedExport, Policy


class RowsReportView(DefusedExport, ReportView):
    """A report whose rows are put together in Python. The filter's form says what is left; the rows say whether they are."""

    any_permission_required = ["add", "change", "delete", "view"]

    def get_rows(self):
        raise NotImplementedError

    def keeps(self, row, chosen):
        raise NotImplementedError

    def get_queryset(self):
        return self.get_rows()

    def get_filterset_kwargs(self):
        # Only its form is used, and a filter set without a model asks for some rows all the same.
        return {**super().get_filterset_kwargs(), "queryset": Course.objects.none()}

    def filter_queryset(self, queryset):
        if not (self.filters and self.filters.is_valid()):
            return queryset
        chosen = {name: value for name, value in self.filters.form.cleaned_data.items() if value}
        return [row for row in queryset if self.keeps(row, chosen)]


def _choice(label, choices):
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=_("All"), widget=forms.RadioSelect
    )


class LanguagesFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(label=_("Course"))
    state = _choice(
        _("State"),
        [
            ("todo", _("Something is missing or out of date")),
            ("outdated", _("Out of date")),
            (reports.ABSENT, _("Not there")),
            (reports.DRAFT, _("Draft")),
            (reports.PUBLISHED, _("Published")),
        ],
    )


class LanguagesReportView(RowsReportView):
    page_title = _("Courses and their languages")
    header_icon = "globe"
    index_url_name = "oberih_courses_languages"
    index_results_url_name = "oberih_courses_languages_results"
    permission_policy = Policy(Course, deeds={"view"})
    filterset_class = LanguagesFilterSet
    columns = [
        TitleColumn("title", label=_("Course"), get_url=lambda row: row.url),
        Column("language", label=_("Language")),
        Column("state_label", label=_("State")),
        Column("lessons_label", label=_("Lessons")),
        Column("outdated", label=_("Out of date")),
        Column("questions_label", label=_("Questions")),
        DateColumn("published_at", label=_("Last published")),
    ]
    list_export = [
        "title",
        "language",
        "state_label",
        "lessons",
        "translated",
        "outdated",
        "questions",
        "worded",
        "published_at",
    ]
    export_headings = {
        "title": _("Course"),
        "language": _("Language"),
        "state_label": _("State"),
        "lessons": _("Lessons"),
        "translated": _("Lessons in this language"),
        "outdated": _("Out of date"),
        "questions": _("Questions"),
        "worded": _("Questions in this language"),
        "published_at": _("Last published"),
    }
    export_filename = "courses-and-languages"

    def get_rows(self):
        return reports.course_languages()

    def keeps(self, row, chosen):
        state = chosen.get("state")
        return chosen.get("title", "").lower() in row.title.lower() and (
            not state
            or (state == "todo" and not row.is_complete)
            or (state == "outdated" and row.outdated > 0)
            or state == row.state
        )


class MissingFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(label=_("Assessment"))
    kind = _choice(_("What is missing"), reports.finding_kinds)


class MissingReportView(RowsReportView):
    page_title = _("Assessments: what is missing")
    header_icon = "tasks"
    index_url_name = "oberih_courses_missing"
    index_results_url_name = "oberih_courses_missing_results"
    permission_policy = Policy(Assessment)
    filterset_class = MissingFilterSet
    columns = [
        TitleColumn("title", label=_("Assessment"), get_url=lambda row: row.url),
        Column("what", label=_("What is missing")),
        Column("language", label=_("Language")),
    ]
    list_export = ["title", "what", "language"]
    export_headings = {
        "title": _("Assessment"),
        "what": _("What is missing"),
        "language": _("Language"),
    }
    export_filename = "assessments-what-is-missing"

    @property
    def no_results_message(self):
        if self.is_filtering:
            return _("Nothing of this kind is missing.")
        return _("Nothing is missing: every assessment stands in a lesson, can be asked and is translated.")

    def get_rows(self):
        return reports.findings()

    def keeps(self, row, chosen):
        return chosen.get("title", "").lower() in row.title.lower() and chosen.get("kind", row.kind) == row.kind


def _taken():
    return [(str(one.pk), str(one)) for one in judging.taken()]


class JudgedFilterSet(WagtailFilterSet):
    assessment = _choice(_("Assessment"), _taken)
    advice = _choice(_("What to look at"), judging.advices)


class JudgedReportView(RowsReportView):
    page_title = _("Questions: how they work")
    header_icon = "help"
    index_url_name = "oberih_courses_judged"
    index_results_url_name = "oberih_courses_judged_results"
    permission_policy = Policy(Assessment)
    filterset_class = JudgedFilterSet
    columns = [
        TitleColumn("text", label=_("Question"), get_url=lambda row: row.url),
        Column("version", label=_("Version")),
        Column("count", label=_("Asked")),
        Column("difficulty_label", label=_("Right")),
        Column("discrimination_label", label=_("Discrimination")),
        Column("wrong_label", label=_("Wrong answers")),
        Column("languages_label", label=_("Right, by language")),
        Column("advice_label", label=_("Advice")),
        Column("assessment", label=_("Assessment")),
    ]
    list_export = [
        "assessment",
        "text",
        "version",
        "count",
        "difficulty",
        "discrimination",
        "wrong_label",
        "languages_label",
        "advice_label",
    ]
    export_headings = {
        "assessment": _("Assessment"),
        "text": _("Question"),
        "version": _("Version"),
        "count": _("Asked"),
        "difficulty": _("Right, in per cent"),
        "discrimination": _("Discrimination"),
        "wrong_label": _("Wrong answers"),
        "languages_label": _("Right, by language"),
        "advice_label": _("Advice"),
    }
    export_filename = "questions-how-they-work"
    no_results_message = _("Nobody has handed in this assessment yet.")

    def get_rows(self):
        """Of the assessment that was chosen; without a choice, of the one that was handed in last."""
        chosen = self.request.GET.get("assessment", "")
        known = {str(one.pk): one for one in judging.taken()} if chosen else {}
        assessment = known.get(chosen) or judging.last_taken()
        return judging.judged_questions(assessment, get_language()) if assessment else []

    def keeps(self, row, chosen):
        return chosen.get("advice", row.judged.advice[0]) in row.judged.advice


class ComparedFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(label=_("Assessment"))


class ComparedReportView(RowsReportView):
    page_title = _("Before and after")
    header_icon = "history"
    index_url_name = "oberih_courses_compared"
    index_results_url_name = "oberih_courses_compared_results"
    permission_policy = Policy(Assessment)
    filterset_class = ComparedFilterSet
    columns = [
        Column("title", label=_("Assessment")),
        Column("text", label=_("Question")),
        Column("pairs", label=_("People who answered both")),
        Column("before_label", label=_("Before")),
        Column("after_label", label=_("After")),
        Column("gain_label", label=_("Gain")),
    ]
    list_export = ["title", "text", "pairs", "unit", "before", "after", "gain"]
    export_headings = {
        "title": _("Assessment"),
        "text": _("Question"),
        "pairs": _("People who answered both"),
        "unit": _("Unit"),
        "before": _("Before"),
        "after": _("After"),
        "gain": _("Gain"),
    }
    export_filename = "before-and-after"
    no_results_message = _("No assessment is compared with one from before the course.")

    def get_rows(self):
        return comparison.rows(get_language())

    def keeps(self, row, chosen):
        return chosen.get("title", "").lower() in row.title.lower()


class CoursesMissingFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(label=_("Course"))


class CoursesMissingReportView(RowsReportView):
    """All courses with how much each lacks; what it is stands on a page of its own."""

    page_title = _("Courses: what is missing")
    header_icon = "tasks"
    index_url_name = "oberih_courses_courses_missing"
    index_results_url_name = "oberih_courses_courses_missing_results"
    permission_policy = Policy(Course, deeds={"view"})
    filterset_class = CoursesMissingFilterSet
    paginate_by = 20
    columns = [
        TitleColumn("title", label=_("Course"), get_url=lambda row: row.url),
        Column("stops", label=_("Stops learners")),
        Column("better", label=_("Should be better")),
    ]
    list_export = ["title", "stops", "better"]
    export_headings = {"title": _("Course"), "stops": _("Stops learners"), "better": _("Should be better")}
    export_filename = "courses-what-is-missing"

    def get_rows(self):
        return checking_views.rows()

    def keeps(self, row, chosen):
        return chosen.get("title", "").lower() in row.title.lower()

    def decorate_paginated_queryset(self, object_list):
        return checking_views.counted(object_list)

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return super().as_spreadsheet(checking_views.counted(queryset), spreadsheet_format)


languages = LanguagesReportView.as_view()
courses_missing = CoursesMissingReportView.as_view()
courses_missing_results = CoursesMissingReportView.as_view(results_only=True)
languages_results = LanguagesReportView.as_view(results_only=True)
missing = MissingReportView.as_view()
missing_results = MissingReportView.as_view(results_only=True)


judged = JudgedReportView.as_view()
judged_results = JudgedReportView.as_view(results_only=True)
compared = ComparedReportView.as_view()
compared_results = ComparedReportView.as_view(results_only=True)


class ReportMenuItem(MenuItem):
    def __init__(self, view, *, order):
        self.view = view
        super().__init__(
            view.page_title,
            reverse(view.index_url_name),
            name=view.index_url_name.replace("_", "-"),
            icon_name=view.header_icon,
            order=order,
        )

    def is_shown(self, request):
        return self.view.permission_policy.user_has_any_permission(request.user, self.view.any_permission_required)


def languages_menu_item():
    return ReportMenuItem(LanguagesReportView, order=810)


def courses_missing_menu_item():
    return ReportMenuItem(CoursesMissingReportView, order=815)


def missing_menu_item():
    return ReportMenuItem(MissingReportView, order=820)


def judged_menu_item():
    return ReportMenuItem(JudgedReportView, order=830)


def compared_menu_item():
    return ReportMenuItem(ComparedReportView, order=840)
