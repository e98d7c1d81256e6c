"""From a file that somebody sent to rows of text."""

import io
import zipfile

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.importing.columns import NAMES, column_of
from participants.sheets import BROKEN, csv_records, text_of

MOST_ROWS = 2000
MOST_BYTES = 2 * 1024 * 1024
# What an XLSX of that size may unfold to: it is a ZIP archive, and could hold the same letter a thousand million times.
_MOST_UNFOLDED = 60 * 1024 * 1024
_LONGEST_CELL = 500


class FileError(Exception):
    """The file cannot be read at all; the message says what to do."""


def read(name, content):
    """[(line, {column: text})] of a CSV or XLSX file, without its empty lines. Raises FileError."""
    if len(content) > MOST_BYTES:
        raise FileError(_("The file is larger than 2 MB. Divide the list, and send one part after the other."))
    if content[:4] == b"PK\x03\x04":
        records = _xlsx(content)
    elif name.lower().endswith(".xls") or content[:4] == b"\xd0\xcf\x11\xe0":
        raise FileError(_("This is an old Excel file. Save it as XLSX or CSV."))
    else:
        records = _csv(content)
    return _rows(records)


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


def _xlsx(content):
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
            for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
                if any(cell is not None for cell in row):
                    records.append((line, [text_of(cell) for cell in row[:50]]))
                if len(records) > MOST_ROWS + 1:
                    break
        return records
    except (*BROKEN, KeyError, ValueError):
        raise FileError(_("This file cannot be opened as XLSX. Save it anew, or as CSV.")) from None
    finally:
        book.close()


def _rows(records):
    columns, rows = None, []
    for line, record in records:
        # An apostrophe says to a spreadsheet that what follows is text.
        cells = [cell.strip().removeprefix("'").strip() for cell in record]
        if not any(cells):
            continue
        if columns is None:
            columns = _columns(cells)
            continue
        values = {
            column: cell[:_LONGEST_CELL] for column, cell in zip(columns, cells, strict=False) if column and cell
        }
        if values:
            rows.append((line, values))
        if len(rows) > MOST_ROWS:
            raise FileError(
                ngettext(
                    "The list has more than %(count)d row. Divide it, and send one part after the other.",
                    "The list has more than %(count)d rows. Divide it, and send one part after the other.",
                    MOST_ROWS,
                )
                % {"count": MOST_ROWS}
            )
    if columns is None:
        raise FileError(_("The file is empty. Its first line names the columns."))
    if not rows:
        raise FileError(_("The file holds headings and no people."))
    return rows


def _columns(cells):
    columns = [column_of(cell) for cell in cells]
    for column in columns:
        if column and columns.count(column) > 1:
            raise FileError(_("The column “%(column)s” stands in the file twice.") % {"column": NAMES[column]})
    if "full_name" not in columns:
        raise FileError(
            _("No column is headed “%(name)s”. The first line of the file must name the columns: %(known)s.")
            % {"name": NAMES["full_name"], "known": ", ".join(str(name) for name in NAMES.values())}
        )
    return columns
