from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import register_snippet

from courses import copying, report_views, views
from courses.checking import views as checking_views
from courses.exchange import views as exchange_views
from courses.models import Assessment, AssessmentQuestion, Package, Question
from courses.package_admin import PackageViewSet
from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin
from courses.viewsets import AssessmentViewSet, CourseViewSet, EnrolmentKeyViewSet, QuestionViewSet
from safeguarding.training_menu import MENU_HOOK

hooks.register("register_admin_viewset", CourseViewSet)
hooks.register("register_admin_viewset", EnrolmentKeyViewSet)
register_snippet(AssessmentViewSet)
register_snippet(QuestionViewSet)
register_snippet(PackageViewSet)


@hooks.register("register_admin_urls")
def report_urls():
    return [
        path("training/reports/languages/", report_views.languages, name="oberih_courses_languages"),
        path(
            "training/reports/languages/results/",
            report_views.languages_results,
            name="oberih_courses_languages_results",
        ),
        path(
            "training/reports/courses-missing/",
            report_views.courses_missing,
            name="oberih_courses_courses_missing",
        ),
        path(
            "training/reports/courses-missing/results/",
            report_views.courses_missing_results,
            name="oberih_courses_courses_missing_results",
        ),
        path(
            "training/courses/<int:pk>/missing/",
            checking_views.MissingView.as_view(),
            name="oberih_courses_course_missing",
        ),
        path("training/reports/missing/", report_views.missing, name="oberih_courses_missing"),
        path(
            "training/reports/missing/results/",
            report_views.missing_results,
            name="oberih_courses_missing_results",
        ),
        path("training/media/<path:name>", views.library_file, name="oberih_library_file"),
        path("training/reports/questions/", report_views.judged, name="oberih_courses_judged"),
        path(
            "training/reports/questions/results/",
            report_views.judged_results,
            name="oberih_courses_judged_results",
        ),
        path("training/reports/before-and-after/", report_views.compared, name="oberih_courses_compared"),
        path(
            "training/reports/before-and-after/results/",
            report_views.compared_results,
            name="oberih_courses_compared_results",
        ),
    ]


@hooks.register("register_admin_urls")
def exchange_urls():
    return [
        path("training/courses/<int:pk>/copy/", exchange_views.CopyView.as_view(), name="oberih_courses_copy"),
        path(
            "training/courses/<int:pk>/export/", exchange_views.ExportView.as_view(), name="oberih_courses_export"
        ),
        path("training/courses/import/", exchange_views.ImportView.as_view(), name="oberih_courses_import"),
        path(
            "training/courses/import/<uuid:uuid>/",
            exchange_views.ImportStateView.as_view(),
            name="oberih_courses_import_state",
        ),
    ]


hooks.register(MENU_HOOK, exchange_views.ImportMenuItem)


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None):
    yield from exchange_views.buttons(page, user)
    yield from checking_views.buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None):
    yield from exchange_views.buttons(page, user)


@hooks.register("before_publish_page")
def say_what_is_missing(request, page):
    checking_views.warn(request, page)


@hooks.register("before_copy_page")
def copy_the_whole_course(request, page):
    """Wagtail copies one language and shares the assessments; a course is copied by us, with all that is its own."""
    if issubclass(page.specific_class or object, CoursePageMixin):
        return HttpResponseRedirect(reverse("oberih_courses_copy", args=[page.pk]))
    return None


@hooks.register("after_copy_page")
def own_what_was_copied(request, page, new_page):
    if issubclass(page.specific_class or object, ModulePageMixin | LessonPageMixin) and not new_page.alias_of_id:
        copying.own_assessments(page=new_page, user=request.user)


hooks.register(MENU_HOOK, report_views.languages_menu_item)
hooks.register(MENU_HOOK, report_views.courses_missing_menu_item)
hooks.register(MENU_HOOK, report_views.missing_menu_item)
hooks.register(MENU_HOOK, report_views.judged_menu_item)
hooks.register(MENU_HOOK, report_views.compared_menu_item)


@hooks.register("before_delete_snippet")
def keep_what_is_used(request, instances):
    """An assessment that somebody took is a fact, and a question of an assessment would leave a gap in it."""
    used = [instance for instance in instances if _is_used(instance, going=instances)]
    if not used:
        return None
    messages.error(
        request,
        _(
            "“%(name)s” is in use and cannot be deleted. Questions can be taken out of their assessments first; "
            "an assessment or a package that stands in a lesson or that somebody took stays."
        )
        % {"name": used[0]},
    )
    return HttpResponseRedirect(reverse(used[0].snippet_viewset.get_url_name("list")))


def _is_used(instance, going):
    if isinstance(instance, Assessment):
        return bool(instance.lesson_id) or instance.attempts.exists()
    if isinstance(instance, Package):
        # Blocks of lessons are found by Wagtail's index, whatever revision or language they stand in.
        return instance.runs.exists() or ReferenceIndex.get_references_to(instance).exists()
    if isinstance(instance, Question):
        others = Question.objects.filter(translation_key=instance.translation_key)
        others = others.exclude(pk__in=[row.pk for row in going])
        # One language of several may go; the others then stand in for it.
        return (
            not others.exists()
            and AssessmentQuestion.objects.filter(question_key=instance.translation_key).exists()
        )
    return False
