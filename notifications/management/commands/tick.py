from django.core.management.base import BaseCommand

from notifications import work


class Command(BaseCommand):
    help = "Do what is due by the clock and what lost hints left over. Run it every minute; running it twice does no harm."

    def handle(self, **options):
        done = work.run_sweeps()
        for name, count in done.items():
            if count is None:
                self.stderr.write(f"{name}: failed, see the log")
            elif count and options["verbosity"]:
                self.stdout.write(f"{name}: {count}")
        if None in done.values():
            raise SystemExit(1)
