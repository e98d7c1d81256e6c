"""From files to rows of text that still know where they stood."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from django.utils.translation import gettext as _

from participants.sheets import BROKEN, CellError, Row, csv_records, text_of

SHEETS = {
    "activities": (
        "code", "title", "activity_type", "delivery_mode", "country", "areas", "venues", "starts_on", "ends_on",
        "topics", "languages", "sessions", "co_organisers", "not_counted_reason", "project",
    ),
    "participations": (
        "activity", "person", "full_name", "email", "phone", "sex", "birth_year", "age_band", "category",
        "organisation", "displacement", "disability", "origin_area", "language", "first_present_on",
        "sessions_present", "minutes", "completed_on",
    ),
    "headcounts": (
        "activity", "category", "sex", "age_band", "value", "qualifier", "method", "unit", "part_of", "note",
    ),
    "organisations": ("activity", "organisation", "role", "base_area", "persons_sent"),
    "follow_ups": ("cohort", "held_from", "held_to", "kind", "value", "note"),
    "distributions": ("item", "country", "area", "value", "qualifier", "unit", "from", "to", "note"),
}  # fmt: skip


class WorkbookError(Exception):
    """The workbook has errors, all of them in `errors`; nothing was written."""

    def __init__(self, errors):
        self.errors = sorted(errors, key=lambda error: (error.file, error.line or 0))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass
class Sheets:
    rows: dict = field(default_factory=lambda: {name: [] for name in SHEETS})
    errors: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def read(path):
    """Read the folder of CSV files or the XLSX at `path` into Sheets."""
    path = Path(path)
    sheets = Sheets()
    if path.is_dir():
        found = _read_folder(path, sheets)
    elif path.is_file() and path.suffix.lower() in {".xlsx", ".xlsm"}:
        found = _read_xlsx(path, sheets)
    else:
        message = _("There is no folder of CSV files and no XLSX file here.")
        sheets.errors.append(CellError(str(path), None, "", "", message))
        return sheets
    if "activities" not in found:
        # A file that is there but cannot be read has an error of its own already.
        message = _("The sheet “activities” is missing; it is the one that must be there.")
        sheets.errors.append(CellError(path.name or str(path), None, "", "", message))
    return sheets


def _sheet_name(text):
    return text.strip().lower().replace("-", "_").replace(" ", "_")


def _known_sheet(text, file, sheets):
    """The sheet that a file or tab of this name is, or None with a word to the reader about it."""
    name = _sheet_name(text)
    if name in SHEETS:
        return name
    close = difflib.get_close_matches(name, SHEETS, n=1, cutoff=0.75)
    if close:
        message = _("There is no sheet “%(name)s”. Is “%(close)s” meant?") % {"name": text, "close": close[0]}
        sheets.errors.append(CellError(file, None, "", "", message))
    else:
        sheets.notes.append(_("%(file)s was not read: no sheet of this name is known.") % {"file": file})
    return None


def _read_folder(folder, sheets):
    found = set()
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() != ".csv" or not file.is_file():
            continue
        name = _known_sheet(file.stem, file.name, sheets)
        if name is None:
            continue
        if name in found:
            message = _("The sheet “%(name)s” stands in this folder twice.") % {"name": name}
            sheets.errors.append(CellError(file.name, None, "", "", message))
            continue
        found.add(name)
        text = _decode(file, sheets)
        if text is not None:
            _take(name, file.name, csv_records(file.name, text, sheets.errors), sheets)
    return found


def _decode(file, sheets):
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:200]:
        message = _("This file is UTF-16. Save it as “CSV UTF-8”.")
    else:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            message = _("This file is not UTF-8. Save it as “CSV UTF-8”.")
            sheets.errors.append(CellError(file.name, line, "", "", message))
            return None
    sheets.errors.append(CellError(file.name, 1, "", "", message))
    return None


def _read_xlsx(path, sheets):
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (*BROKEN, KeyError, ValueError, OSError):
        return _not_xlsx(path, sheets)
    try:
        return _read_tabs(book, path, sheets)
    except BROKEN:
        return _not_xlsx(path, sheets)
    finally:
        book.close()


def _not_xlsx(path, sheets):
    message = _("This file cannot be opened as XLSX.")
    sheets.errors.append(CellError(path.name, None, "", "", message))
    return {"activities"}


def _read_tabs(book, path, sheets):
    found = set()
    for tab in book.worksheets:
        file = f"{path.name} [{tab.title}]"
        name = _known_sheet(tab.title, file, sheets)
        if name is None:
            continue
        found.add(name)
        rows = ([text_of(cell) for cell in row] for row in tab.iter_rows(values_only=True))
        _take(name, file, enumerate(rows, start=1), sheets)
    return found


def _take(name, file, records, sheets):
    """Put the records of one file into `sheets`, after its header."""
    header = None
    for line, record in records:
        cells = [cell.strip() for cell in record]
        if header is None:
            header = _header(name, file, line, cells, sheets)
            continue
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            message = _("This line has %(given)d cells, the first line names %(named)d columns.") % {
                "given": len(cells),
                "named": len(header),
            }
            sheets.errors.append(CellError(file, line, "", "", message))
            continue
        values = {column: cell for column, cell in zip(header, cells, strict=False) if column and cell}
        sheets.rows[name].append(Row(file, line, values))
    if header is None:
        message = _("This sheet is empty: its first line must name the columns.")
        sheets.errors.append(CellError(file, 1, "", "", message))


def _header(name, file, line, cells, sheets):
    header = [cell.lower().replace(" ", "_").replace("-", "_") for cell in cells]
    seen = set()
    for column, given in zip(header, cells, strict=True):
        if not column:
            continue
        if column in seen:
            message = _("This column stands here twice.")
            sheets.errors.append(CellError(file, line, given, "", message))
        seen.add(column)
        if column not in SHEETS[name]:
            close = difflib.get_close_matches(column, SHEETS[name], n=1)
            message = (
                _("There is no such column. Is “%(close)s” meant?") % {"close": close[0]}
                if close
                else _("There is no such column; known are %(known)s.") % {"known": ", ".join(SHEETS[name])}
            )
            sheets.errors.append(CellError(file, line, given, "", message))
    return header
