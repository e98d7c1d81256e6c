"""Lists of learners as files. No cell of them is a formula, whatever somebody wrote as their name."""

import csv
import datetime as dt
import io

import openpyxl
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from safeguarding.cells import plain

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def learners(rows):
    head = [
        _("Name"),
        _("Group"),
        _("State"),
        _("Lessons done"),
        _("Lessons"),
        _("Tries at assessments"),
        _("Enrolled on"),
        _("Last active on"),
        _("Due on"),
        _("Completed on"),
        _("Completed in"),
    ]
    return head, [
        [
            row.name,
            row.group,
            row.state_label,
            row.done,
            row.lessons,
            row.enrolment.attempts_made,
            _day(row.enrolment.enrolled_at),
            _day(row.last_at),
            row.enrolment.due_on,
            _day(row.enrolment.completed_at),
            row.language,
        ]
        for row in rows
    ]


def _day(moment):
    return timezone.localdate(moment) if moment else None


def answer(kind, name, head, rows):
    """The table as a download."""
    content = as_csv(head, rows) if kind == "csv" else as_xlsx(head, rows)
    return HttpResponse(
        content,
        content_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def as_csv(head, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else plain(value) for value in row] for row in rows)
    # With the mark by which spreadsheets know that it is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(head, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, title, bold=True) for title in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value, *, bold=False):
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def day_in_words(value):
    """A date, or the day of a moment, as a sentence has it."""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    return date_format(value, "DATE_FORMAT")
