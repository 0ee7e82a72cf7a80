"""From an openpyxl workbook to the bytes of a file: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def workbook_bytes(workbook: Workbook) -> bytes:
    """The xlsx file with a fixed time on every part and a fixed date in its properties."""
    workbook.properties.creator = "masterplan"
    workbook.properties.created = datetime.datetime(*FIXED_TIME)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as unpacked:  # it is packed below
        ExcelWriter(workbook, unpacked).save()
    finished = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, date_time=FIXED_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            target.writestr(part, _DATES.sub(rb"\g<1>2026-01-01T00:00:00Z\g<3>", content) if name == "docProps/core.xml" else content)
    return finished.getvalue()
