from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from courses import trees
from courses.exchange import archive
from courses.exchange.exceptions import ExchangeError
from courses.models import Course
from courses.pages import CoursePageMixin


class Command(BaseCommand):
    help = "Write a course with everything that belongs to it into one file, for another site."

    def add_arguments(self, parser):
        parser.add_argument("course", help="The course's code, or the number of one of its pages.")
        parser.add_argument("path", type=Path, help="The file to write.")

    def handle(self, *, course, path, **options):
        page = self._page(course)
        if page is None:
            raise CommandError(f"There is no course {course}.")
        try:
            with path.open("wb") as out:
                left_out = archive.write(page, out)
        except ExchangeError as error:
            raise CommandError(str(error)) from None
        for name in left_out:
            self.stderr.write(f"Left out: {name}")
        if options["verbosity"]:
            self.stdout.write(f"{page.title}: {path}")

    def _page(self, course):
        known = Course.objects.filter(code=course).first()
        for model in trees.concrete(CoursePageMixin):
            rows = model.objects.filter(alias_of=None)
            if known is not None:
                found = list(rows.filter(translation_key=known.key).select_related("locale"))
                if found:
                    return trees.source(found)
            if course.isdigit() and (page := rows.filter(pk=course).first()):
                return page
        return None
