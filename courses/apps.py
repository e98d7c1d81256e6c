from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    label = "oberih_courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from courses import menus, participations, personal_data, receivers, rights, sweeps  # noqa: F401
        from courses.models import Assessment, Course, Lesson
        from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin
        from participants import participations as people
        from ui import hooks, page_cache

        receivers.connect()
        personal_data.register_all()
        rights.register()
        people.register(told=participations.told)
        hooks.register("account", menus.my_learning, order=10)
        hooks.register("start", menus.start, order=90)
        page_cache.forget_with(page_cache.SITE, CoursePageMixin, ModulePageMixin, LessonPageMixin)
        page_cache.forget_with(page_cache.SITE, Course, Lesson, Assessment)
