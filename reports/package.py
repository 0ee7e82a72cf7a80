"""From an openpyxl workbook to the bytes of a file: the same workbook always gives the same bytes.

A formula is stored with its value (see `formula`), so that a reader that does not calculate sees numbers. openpyxl writes formulas without
values; they are put into the finished sheets here.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from masterplan.reports.formula import Formula

FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.S)


def workbook_bytes(workbook: Workbook) -> bytes:
    """The xlsx file with a fixed time on every part and a fixed date in its properties."""
    workbook.properties.creator = "masterplan"
    workbook.properties.created = datetime.datetime(*FIXED_TIME)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as unpacked:  # it is packed below
        ExcelWriter(workbook, unpacked).save()
    stored = {f"xl/worksheets/sheet{place}.xml": _values(sheet) for place, sheet in enumerate(workbook.worksheets, start=1)}
    finished = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, date_time=FIXED_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>2026-01-01T00:00:00Z\g<3>", content)
            elif stored.get(name):
                content = _with_values(content, stored[name])
            target.writestr(part, content)
    return finished.getvalue()


def _values(sheet: Any) -> dict[bytes, float | str]:
    """cell -> value of every formula of a sheet."""
    found = {}
    for (row, column), cell in sheet._cells.items():
        if isinstance(cell._value, Formula):
            found[f"{get_column_letter(column)}{row}".encode()] = cell._value.value
    return found


def _with_values(content: bytes, values: Mapping[bytes, float | str]) -> bytes:
    """The sheet with the value of each formula beside it. Raises ValueError where one is left without."""
    used = 0

    def stored(cell: re.Match[bytes]) -> bytes:
        nonlocal used
        used += 1
        value = values[cell[1]]
        if isinstance(value, str):
            return b'<c r="%b"%b t="str"><f>%b</f><v>%b</v></c>' % (cell[1], cell[2], cell[3], escape(value).encode())
        return b'<c r="%b"%b><f>%b</f><v>%b</v></c>' % (cell[1], cell[2], cell[3], repr(float(value)).removesuffix(".0").encode())

    found = _CELL.sub(stored, content)
    if used != len(values):
        raise ValueError(f"{len(values) - used} formulas have no value in the file")
    return found
