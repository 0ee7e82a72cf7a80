"""From an openpyxl workbook to the bytes of a file: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from masterplan.data.sheet_xml import SheetWriter

FIXED_TIME = (2026, 1, 1, 0, 0, 0)


def workbook_bytes(workbook: Workbook) -> bytes:
    """The xlsx file with a fixed time on every part and a fixed date in its properties."""
    workbook.properties.creator = "masterplan"
    workbook.properties.created = workbook.properties.modified = datetime.datetime(*FIXED_TIME)
    finished = io.BytesIO()
    _PackageWriter(workbook, _Timeless(finished, "w", zipfile.ZIP_DEFLATED)).save()
    return finished.getvalue()


class _Timeless(zipfile.ZipFile):
    """An archive whose parts all bear the same time."""

    def writestr(self, name: str, data: str | bytes, *_: Any) -> None:  # type: ignore[override]
        part = zipfile.ZipInfo(name, date_time=FIXED_TIME)
        part.compress_type = self.compression
        super().writestr(part, data)


class _PackageWriter(ExcelWriter):  # type: ignore[misc]
    """openpyxl's writer of a workbook, with sheets by `SheetWriter`."""

    def write_worksheet(self, sheet: Worksheet) -> None:
        sheet._drawing = SpreadsheetDrawing()
        sheet._drawing.charts, sheet._drawing.images = sheet._charts, sheet._images
        writer = SheetWriter(sheet)
        writer.write()
        sheet._rels = writer._rels
        self._archive.writestr(sheet.path[1:], writer.out.getvalue())
        self.manifest.append(sheet)
