from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from courses.exchange import importing, planning
from courses.exchange.archive import Bundle
from courses.exchange.exceptions import ExchangeError
from courses.exchange.views import places


class Command(BaseCommand):
    help = "Make drafts of a course that was exported from a site like this one. All of it is made, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="The file that export_course wrote.")
        parser.add_argument(
            "--parent",
            type=int,
            help="The number of the page it goes below; without it, the first that can have it.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be made, and make nothing.")

    def handle(self, *, path, parent, dry_run, **options):
        below = next((page for page in places(lambda page: parent in {None, page.pk})), None)
        if below is None:
            raise CommandError("A course cannot stand there." if parent else "No page can have a course below it.")
        try:
            with path.open("rb") as file:
                bundle = Bundle(file)
                bundle.check_files()
                plan = planning.plan(bundle.manifest, below, None)
                if plan["errors"]:
                    raise CommandError(" ".join(plan["errors"]))
                self._say(plan)
                if dry_run:
                    return
                page = importing.import_course(file=file, parent=below)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except ExchangeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{page.title}: page {page.pk}, a draft.")

    def _say(self, plan):
        counts = ", ".join(f"{number} {name}" for name, number in plan["counts"].items() if number)
        self.stdout.write(f"{plan['title']} ({', '.join(plan['languages'])}): {counts}")
        if plan["is_known"]:
            self.stdout.write("It is here already; it comes as another course beside it.")
        for sentence in plan["missing"]:
            self.stderr.write(sentence)
