"""The cells of a sheet as XML, written as text: openpyxl builds a tree for each cell, which takes many times as long.

Numbers, texts, formulas and blanks are written here: numbers with all their digits, formulas with the value that they give (openpyxl
stores none). Every other kind of cell, and everything around the cells, is left to openpyxl.
"""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell._writer import etree_write_cell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import tostring


class Formula(str):
    """The text of a formula, with its equals sign, and the value that the file stores beside it."""

    value: object
    __slots__ = ("value",)

    def __new__(cls, text: str, value: object) -> Formula:
        made = super().__new__(cls, text)
        made.value = value
        return made


def store(cell: Any, value: object) -> None:
    """Give a formula in a cell its value, None where nobody knows it."""
    if isinstance(cell._value, str):
        cell._value = Formula(cell._value, value)
    else:  # array formulas and data tables are objects of openpyxl
        cell._value.value = value


class SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """openpyxl's writer of a sheet, into memory and with cells of our own."""

    out: io.BytesIO

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet, io.BytesIO())
        self._styles: dict[int, str] = {}

    def get_stream(self) -> Generator[None, Any, None]:
        """Takes what stands around the cells, an element at a time."""
        while True:
            element = yield
            if element is not None:
                self.out.write(tostring(element))

    def write(self) -> None:
        """The whole sheet, into `out`."""
        self.out.write(f'<worksheet xmlns="{SHEET_MAIN_NS}">'.encode())
        self.write_top()
        self.write_rows()
        self.write_tail()
        self.close()
        self.out.write(b"</worksheet>")

    def write_rows(self) -> None:
        """Every row that has cells or a shape of its own."""
        rows: dict[int, list[Any]] = defaultdict(list)
        for (number, _), cell in sorted(self.ws._cells.items()):
            rows[number].append(cell)
        shapes = self.ws.row_dimensions
        written = ["<sheetData>"]
        for number in sorted(rows.keys() | shapes.keys()):
            shape = "".join(f" {name}={quoteattr(value)}" for name, value in shapes.get(number, ()))
            written += (f'<row r="{number}"{shape}>', *self._cells(rows[number]), "</row>")
        written.append("</sheetData>")
        self.out.write("".join(written).encode())

    def _cells(self, cells: Iterable[Any]) -> Iterator[str]:
        for cell in cells:
            if cell._comment is not None:
                self.ws._comments.append(CommentRecord.from_cell(cell))
            style = self._styles.get(id(cell._style))
            if style is None:  # cells of a look share one object; `id` tells it far sooner than its numbers do
                style = self._styles[id(cell._style)] = f' s="{cell.style_id}"' if cell.has_style else ""
            if cell._value is None and not style and cell._comment is None:
                continue
            head = f'<c r="{get_column_letter(cell.column)}{cell.row}"{style}'
            ours = _content(cell._value, cell.data_type)
            if ours is None:
                yield self._by_openpyxl(cell)
                continue
            if cell.hyperlink:
                self.ws._hyperlinks.append(cell.hyperlink)
            yield head + ours

    def _by_openpyxl(self, cell: Any) -> str:
        """Dates, truth values, errors, texts of several looks, array formulas."""
        made: list[Any] = []
        etree_write_cell(SimpleNamespace(write=made.append), self.ws, cell, cell.has_style)
        value = getattr(cell._value, "value", None) if cell.data_type == "f" else None
        if value is not None:
            kind, made[0].find("v").text = _stored(value)
            if kind:
                made[0].set("t", kind)
        return str(tostring(made[0]).decode())


def _content(value: object, kind: str) -> str | None:
    """What follows the place and the style of a cell, None where openpyxl has to say it."""
    if value is None or value == "":
        return "/>"
    if kind == "s" and isinstance(value, str):
        space = "" if value == value.strip() else ' xml:space="preserve"'
        return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
    if kind == "f" and isinstance(value, str):
        known = value.value if isinstance(value, Formula) else None
        kind, stored = ("", "") if known is None else _stored(known)
        told = f' t="{kind}"' if kind else ""
        return f"{told}><f>{escape(value[1:])}</f><v>{escape(stored)}</v></c>"
    if kind == "n" and isinstance(value, int | float) and math.isfinite(value):
        return f"><v>{_digits(value)}</v></c>"
    return None


def _stored(value: object) -> tuple[str, str]:
    """The kind of a formula's value ("" for a number), and its text."""
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, date | time | timedelta):
        value = to_excel(value)
    if isinstance(value, int | float):
        return "", _digits(value)
    return ("e" if value in ERROR_CODES else "str"), str(value)


def _digits(value: float) -> str:
    """All digits of a number, and no more."""
    return str(value) if isinstance(value, int) else float.__repr__(value).removesuffix(".0")
