"""Stored results of formulas: openpyxl writes formulas without them, so that a file reads as blank until a spreadsheet program saved it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]+)"([^>]*)><f([^>]*)>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
_TYPE = re.compile(rb'\s+t="[^"]*"')


def with_stored_values(data: bytes, sheets: Mapping[int, Mapping[str, Any]]) -> bytes:
    """The bytes of a workbook that openpyxl wrote, with the result of each formula put in: number of the sheet from 1 -> cell -> value.

    Formulas without a value, or with None, stay as they are. Values are numbers, texts, truth values and errors such as `#N/A`.
    """
    finished = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as target:
        parts = {f"xl/worksheets/sheet{number}.xml": values for number, values in sheets.items() if values}
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part, _filled(content, parts[part.filename]) if part.filename in parts else content)
    return finished.getvalue()


def _filled(content: bytes, values: Mapping[str, Any]) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        value = values.get(found[1].decode())
        if value is None:
            return found[0]
        kind, text = _stored(value)
        return b'<c r="%b"%b%b><f%b>%b</f><v>%b</v></c>' % (found[1], _TYPE.sub(b"", found[2]), kind, found[3], found[4], text)

    return _FORMULA.sub(fill, content)


def _stored(value: Any) -> tuple[bytes, bytes]:
    """The type attribute of a cell and the text of its value."""
    if isinstance(value, bool):
        return b' t="b"', str(int(value)).encode()
    if isinstance(value, int | float):
        return b"", repr(value).encode()
    text = str(value)
    return (b' t="e"' if text.startswith("#") and text.isupper() else b' t="str"'), escape(text).encode()
