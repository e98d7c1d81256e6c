"""Rows of text out of spreadsheets that people filled in, which still know where they stood."""

import csv
import datetime as dt
import io
import zipfile
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

# What a damaged XLSX raises when it is opened, or not before a tab's rows are read: broken XML is a SyntaxError.
BROKEN = (zipfile.BadZipFile, zlib.error, SyntaxError)


@dataclass(frozen=True)
class CellError:
    """What is wrong, and where: `column` and `value` are empty where a whole file or line is meant."""

    file: str
    line: int | None
    column: str
    value: str
    message: str

    def __str__(self):
        place = [self.file]
        if self.line is not None:
            place.append(_("line %(line)s") % {"line": self.line})
        if self.column:
            place.append(_("column %(column)s") % {"column": self.column})
        said = f" “{self.value}”" if self.value or self.column else ""
        return f"{', '.join(place)}:{said} {self.message}"


@dataclass
class Row:
    """One line of a sheet: text by column name, without the columns that are empty or missing."""

    file: str
    line: int
    cells: dict

    def error(self, column, message):
        return CellError(self.file, self.line, column, self.cells.get(column, ""), message)


def csv_records(file, text, errors):
    """(line, cells) for each record; the line is where the record begins."""
    header = text.split("\n", 1)[0]
    # Where a comma separates decimals, spreadsheets write semicolons.
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("This line cannot be read as CSV: %(reason)s.") % {"reason": error}
            errors.append(CellError(file, line, "", "", message))
            return
        yield line, cells
        line = reader.line_num + 1


def text_of(cell):
    """A cell of XLSX as somebody would have typed it into a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
