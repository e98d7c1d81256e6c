"""A report as a table of text, CSV, XLSX or JSON. Nothing is counted here."""

import csv
import io
import json

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from safeguarding.cells import plain

MEASURES = ("unique_persons", "participations", "person_minutes")
_PLAIN_TOTALS = (
    *("unique_persons", "participations", "attendances", "person_minutes", "new_persons", "returning_persons"),
    *("completions", "certificates", "activities", "sessions", "sites", "areas", "organisations"),
)


def table(report):
    """The report's main table: the cells if it is broken down, its totals if not. A header and rows of plain values."""
    if report.by:
        header = [*report.by, *MEASURES]
        return header, [[cell[name] for name in header] for cell in report.cells]
    return list(_PLAIN_TOTALS), [[report.totals[name] for name in _PLAIN_TOTALS]]


def sheets(*reports):
    """All of these reports of one window as named tables: each breakdown, then what they share."""
    report = reports[0]
    window = [report.window.start.isoformat(), report.window.end.isoformat()]
    totals = [[name, report.totals[name], "", *window] for name in _PLAIN_TOTALS]
    headcount = report.totals["headcount"]
    totals.append(["headcount_persons", headcount["value"], headcount["qualifier"], *window])
    totals += [
        [f"headcount_{figure['unit']}", figure["value"], figure["qualifier"], *window]
        for figure in report.totals["other_counts"]
    ]
    totals += [
        [f"follow_ups: {figure['kind']}", figure["value"], "", *window] for figure in report.totals["follow_ups"]
    ]
    totals += [
        [f"distributed: {figure['item']} ({figure['unit']})", figure["value"], figure["qualifier"], *window]
        for figure in report.totals["distributions"]
    ]
    broken_down = {f"by {', '.join(report.by)}": table(report) for report in reports if report.by}
    return {
        **broken_down,
        "totals": (["measure", "value", "qualifier", "from", "to"], totals),
        "overlapping": (
            ["activity", "value", "qualifier", "unit", "from", "to"],
            [list(figure.values()) for figure in report.overlapping],
        ),
        "missing_numbers": (["activity"], [[code] for code in report.missing_numbers]),
    }


def as_json(report):
    return json.dumps(report.as_json(), ensure_ascii=False, indent=2)


def as_csv(report):
    """CSV of the main table; an empty cell is unknown or not shown. Cells that a spreadsheet would run are neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    header, rows = table(report)
    writer.writerow(header)
    writer.writerows(["" if value is None else plain(value) for value in row] for row in rows)
    return out.getvalue()


def as_xlsx(*reports):
    """These reports of one window as a workbook. Text is written as text, so that none of it is a formula."""
    book = openpyxl.Workbook(write_only=True)
    for name, (header, rows) in sheets(*reports).items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_typed(sheet, title, bold=True) for title in header])
        for row in rows:
            sheet.append([_typed(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(sheet, value, *, bold=False):
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def as_text(report):
    """Aligned columns for a terminal."""
    lines = [f"{report.window.start} – {report.window.end}  {report.tier.value}"]
    if given := report.filters.given():
        lines.append("  ".join(f"{name}={value}" for name, value in given.items()))
    for name, (header, rows) in sheets(report).items():
        if not rows:
            continue
        texts = [header, *[["–" if value is None else str(value) for value in row] for row in rows]]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        lines += ["", name]
        lines += [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts
        ]
    if report.suppressed:
        lines += ["", f"suppressed cells: {report.suppressed}"]
    return "\n".join(lines)
