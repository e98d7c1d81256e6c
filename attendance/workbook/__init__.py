"""Counts that were kept elsewhere: read a workbook, find every error at once, write all of it or nothing."""

from attendance.workbook.actions import import_workbook
from attendance.workbook.reading import CellError, WorkbookError

__all__ = ["CellError", "WorkbookError", "import_workbook"]
