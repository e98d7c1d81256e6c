"""Lists of people as files: from one that somebody sent to rows of text, and empty ones to fill in."""

import csv
import io
import zipfile

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.styles import Font

from participants.models import Participant
from participants.names import fold
from participants.sheets import BROKEN, csv_records, text_of
from safeguarding.cells import plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 2 * 1024 * 1024
# What an XLSX of that size may unfold to: it is a ZIP archive, and could hold the same letter a thousand million times.
_MOST_UNFOLDED = 60 * 1024 * 1024
# One sign more than the longest that any column takes: what is too long is refused, and not cut in silence.
_LONGEST_CELL = 2001
_MOST_COLUMNS = 50
# A file may say that its one cell stands in the last line there is, and every line above is then gone through.
_LAST_LINE = 50_000


class FileError(Exception):
    """The file cannot be read at all; the message says what to do."""


def read(name, content, columns, *, most):
    """[(line, {column: text})] of a CSV or XLSX file, without its empty lines. Raises FileError.

    `columns` are a `headings.Columns`, `most` is how many rows may be in it.
    """
    if len(content) > MOST_BYTES:
        raise FileError(_("The file is larger than 2 MB. Divide the list, and send one part after the other."))
    if content[:4] == b"PK\x03\x04":
        records = _xlsx(content, most)
    elif name.lower().endswith(".xls") or content[:4] == b"\xd0\xcf\x11\xe0":
        raise FileError(_("This is an old Excel file. Save it as XLSX or CSV."))
    else:
        records = _csv(content)
    return _rows(records, columns, most)


def decoded(content):
    """Text of a CSV file as spreadsheets save it: UTF-8, UTF-16, or the Windows code page for Cyrillic."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(_("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX."))


def _csv(content):
    text = decoded(content)
    if "\x00" in text:
        raise FileError(_("This is neither a CSV nor an XLSX file."))
    errors = []
    # `sep=;`, which Excel understands and writes, is no heading.
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        text = rest
    records = list(csv_records("", text, errors))
    if errors:
        raise FileError(str(errors[0]).lstrip(", "))
    return records


def _xlsx(content, most):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNFOLDED:
                raise FileError(_("This XLSX file holds too much. Keep the list alone in it."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (*BROKEN, KeyError, ValueError, OSError):
        raise FileError(_("This file cannot be opened as XLSX. Save it anew, or as CSV.")) from None
    try:
        records = []
        if book.worksheets:
            for line, row in enumerate(
                book.worksheets[0].iter_rows(values_only=True, max_col=_MOST_COLUMNS), start=1
            ):
                if line > _LAST_LINE:
                    raise FileError(_("This XLSX file holds too much. Keep the list alone in it."))
                if any(cell is not None for cell in row):
                    records.append((line, [text_of(cell) for cell in row]))
                if len(records) > most + 1:
                    break
        return records
    except (*BROKEN, KeyError, ValueError):
        raise FileError(_("This file cannot be opened as XLSX. Save it anew, or as CSV.")) from None
    finally:
        book.close()


def _rows(records, known, most):
    columns, rows = None, []
    for line, record in records:
        # An apostrophe says to a spreadsheet that what follows is text.
        cells = [cell.strip().removeprefix("'").strip() for cell in record]
        if not any(cells):
            continue
        if columns is None:
            columns = _columns(cells, known)
            continue
        values = {
            column: cell[:_LONGEST_CELL] for column, cell in zip(columns, cells, strict=False) if column and cell
        }
        if values:
            rows.append((line, values))
        if len(rows) > most:
            raise FileError(
                ngettext(
                    "The list has more than %(count)d row. Divide it, and send one part after the other.",
                    "The list has more than %(count)d rows. Divide it, and send one part after the other.",
                    most,
                )
                % {"count": most}
            )
    if columns is None:
        raise FileError(_("The file is empty. Its first line names the columns."))
    if not rows:
        raise FileError(_("The file holds headings and no people."))
    return rows


def _columns(cells, known):
    columns = [known.of(cell) for cell in cells]
    for column in columns:
        if column and columns.count(column) > 1:
            raise FileError(
                _("The column “%(column)s” stands in the file twice.") % {"column": known.names[column]}
            )
    for needed in known.needed:
        if needed not in columns:
            raise FileError(
                _("No column is headed “%(name)s”. The first line of the file must name the columns: %(known)s.")
                % {"name": known.names[needed], "known": ", ".join(str(name) for name in known.names.values())}
            )
    return columns


def traces(people):
    """What a list would name the participants with these keys by."""
    rows = Participant.objects.filter(pk__in=people)
    found = {
        value for row in rows.values_list("email", "phone", "external_ref", "full_name") for value in row if value
    }
    return found | {fold(trace) for trace in found}


def holds(traces, cells):
    """Whether one of these cells names somebody by one of the traces."""
    return bool(traces & {form for cell in cells for form in (cell, fold(cell), cell.lower())})


def validate_size(file):
    """Of an uploaded file, before it is read."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than 2 MB. Divide the list, and send one part after the other."), code="size"
        )


def empty_csv(columns):
    """A list without rows, headed in the language of the reader, as bytes."""
    out = io.StringIO()
    csv.writer(out).writerow([plain(str(name)) for name in columns.names.values()])
    return out.getvalue().encode("utf-8-sig")


def empty_workbook(columns, *, codes, hints=None):
    """The same as XLSX. A second sheet says what may stand in a column: `hints` {column: sentence}, and `codes`
    {column: [(code, label)]} of those that are closed lists."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "people"
    sheet.append([plain(str(name)) for name in columns.names.values()])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 24
    beside = book.create_sheet("codes")
    for column, hint in (hints or {}).items():
        beside.append([plain(str(columns.names[column])), "", plain(str(hint))])
    for column, known in codes.items():
        for code, label in known:
            beside.append([plain(str(columns.names[column])), plain(str(code)), plain(str(label))])
    for letter, width in zip("ABC", (24, 24, 60), strict=True):
        beside.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
