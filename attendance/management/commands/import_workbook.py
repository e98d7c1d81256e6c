from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.workbook import WorkbookError, import_workbook


class Command(BaseCommand):
    help = (
        "Import counts that were kept elsewhere: a folder of CSV files or one XLSX with the same sheets. Every error "
        "is shown at once and nothing is written if there is any; importing a workbook twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="Check everything, write nothing.")

    def handle(self, *, path, dry_run, **options):
        try:
            written, notes = import_workbook(path, dry_run=dry_run)
        except WorkbookError as error:
            for problem in error.errors:
                self.stderr.write(str(problem), self.style.NOTICE)
            count = len(error.errors)
            self.stderr.write(
                ngettext("%(count)d error; nothing was written.", "%(count)d errors; nothing was written.", count)
                % {"count": count}
            )
            raise SystemExit(1) from None
        for note in notes:
            self.stderr.write(note)
        if options["verbosity"]:
            for what, count in sorted(written.items()):
                self.stdout.write(f"{what}: {count}")
            if not written:
                self.stdout.write(_("Nothing changed: all of it is here already."))
            elif dry_run:
                self.stdout.write(_("This was a dry run; nothing was written."))
