import argparse
import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from participants.codes import ActivityType
from participants.models import Project, Topic
from participants.places import countries
from reporting import rendering
from reporting.breakdown import DIMENSIONS
from reporting.disclosure import Tier
from reporting.measures import MeasureError, people_trained
from reporting.scope import Filters, Window


def _date(text):
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2022-07-31") from None


class Command(BaseCommand):
    help = "Count the people trained between two dates. Prints the result alone on standard output."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="start", type=_date, required=True, metavar="DATE")
        parser.add_argument("--to", dest="end", type=_date, required=True, metavar="DATE")
        parser.add_argument("--country", default="", metavar="XX")
        parser.add_argument("--topic", default="", metavar="CODE", help="Includes what lies under it.")
        parser.add_argument("--project", default="", metavar="CODE")
        parser.add_argument("--activity-type", default="", metavar="CODE")
        parser.add_argument(
            "--by", default="", metavar="DIMENSIONS", help=f"Separated by commas: {', '.join(DIMENSIONS)}."
        )
        parser.add_argument("--tier", default=Tier.INTERNAL.value, choices=[tier.value for tier in Tier])
        parser.add_argument("--format", default="table", choices=["table", "json", "csv", "xlsx"])

    def handle(self, *, start, end, country, topic, project, activity_type, by, tier, **options):
        if end < start:
            raise CommandError(f"--to {end} is before --from {start}.")
        _check("--country", country, countries)
        _check("--topic", topic, lambda: Topic.objects.values_list("code", flat=True))
        _check("--project", project, lambda: Project.objects.values_list("code", flat=True))
        _check("--activity-type", activity_type, lambda: ActivityType.values)
        dimensions = [name.strip() for name in by.split(",") if name.strip()]
        try:
            report = people_trained(
                Window(start, end), Filters(country, topic, project, activity_type), by=dimensions, tier=Tier(tier)
            )
        except MeasureError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "xlsx":
            self.stdout.flush()
            self.stdout.buffer.write(rendering.as_xlsx(report))
            return
        render = {"table": rendering.as_text, "json": rendering.as_json, "csv": rendering.as_csv}[
            options["format"]
        ]
        self.stdout.write(render(report), ending="" if options["format"] == "csv" else "\n")


def _check(option, value, known):
    if value and value not in known():
        raise CommandError(f"{option} {value}: this code is not known.")
