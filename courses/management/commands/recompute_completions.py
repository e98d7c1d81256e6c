from django.core.management.base import BaseCommand
from django.utils.translation import override

from courses import recomputing


class Command(BaseCommand):
    help = (
        "Complete the lessons and courses that the recorded facts complete, as after a change of a course. "
        "Nothing is ever taken back, and a second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--course", metavar="CODE", help="only this course")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *, course, dry_run, verbosity, **options):
        lessons = courses = 0
        with override(None):
            for change in recomputing.changes(course_code=course or ""):
                lessons += len(change.lessons)
                courses += change.completes_course
                if not dry_run:
                    change.record()
                if verbosity > 1 or dry_run:
                    self.stdout.write(str(change))
        done = "would be completed" if dry_run else "completed"
        self.stdout.write(f"{lessons} lessons and {courses} courses {done}.")
