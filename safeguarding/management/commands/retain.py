from django.core.management.base import BaseCommand

from safeguarding import retention


class Command(BaseCommand):
    help = (
        "Let go what has been kept long enough, as `tick` does once a day. Each line is a class of data, its days and "
        "how many rows were due; --verbosity 2 names their keys, never contents."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="List what is due, change nothing.")

    def handle(self, *, dry_run, **options):
        for done in retention.run(dry_run=dry_run):
            self.stdout.write(f"{done.rule.name}: {done.days} days, {len(done.keys)} due")
            if options["verbosity"] > 1:
                for key in done.keys:
                    self.stdout.write(f"  {key}")
        for name, days in sorted(retention.by_sweeps().items()):
            self.stdout.write(f"{name}: {days} days, by a sweep of its room")
        if dry_run:
            self.stdout.write("This was a dry run; nothing was changed.")
