"""How an input sheet looks: cream cells with blue type, columns as wide as what they hold, pages that can be printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from openpyxl.styles import Alignment, PatternFill
from openpyxl.styles import Font as OpenpyxlFont
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.schema import Column
from masterplan.data.write import CellValue

INPUT_FILL, INPUT_FONT, DARK, PALE, GREY = "FFF8DC", "0000FF", "1F3864", "D9E2F3", "595959"
LEAST_WIDTH = {"name": 24, "text": 16, "number": 18, "choice": 16}  # characters; of any other kind `PLAIN_WIDTH`
PLAIN_WIDTH, BLANK_TEXT_WIDTH, WIDEST_TEXT, WIDEST_NAME = 14, 34, 70, 40
LINE_HEIGHT, MOST_LINES, DENSE = 15.0, 12, 1.1  # of a row in points, and of a text; letters that fit where a digit does
INDENT = 2 / DENSE  # characters
UPRIGHT, ACROSS = 110, 320  # characters across an upright page, and across a page that lies and can still be read

Font = partial(OpenpyxlFont, name="Calibri")


def head_alignment(column: Column | None, wrapped: bool) -> Alignment:
    """Over numbers on the right, over texts where these begin."""
    is_number = column is not None and column.is_number
    return Alignment("right" if is_number else "left", "center", wrap_text=wrapped, indent=0 if is_number else 1)


def cell_styles(sheet: Worksheet, column: Column | None) -> dict[bool, Any]:
    """The look of a column's cells, and that of text which a spreadsheet must not take for a formula; None is a column of notes.

    Cells of a look share one style, which is much faster than styling each. It is borrowed from a cell that is empty.
    """
    cell, found = sheet.cell(3, 1), {}
    for quoted in (False, True):
        cell.font = Font(color=INPUT_FONT if column else GREY)
        if column:
            cell.fill = PatternFill("solid", fgColor=INPUT_FILL)
        is_number = column is not None and column.is_number
        cell.alignment = Alignment(None if is_number else "left", "top", wrap_text=_is_wrapped(column), indent=0 if is_number else 1)
        cell.quotePrefix = quoted
        found[quoted] = cell._style
        cell._style = type(cell._style)()
    return found


def width_of(column: Column | None, name: str, values: Sequence[CellValue]) -> float:
    """A column's width in characters: all of a name, as much of a text as leaves the sheet readable; longer texts are wrapped."""
    kind = column.kind if column else "text"
    longest = max((len(value) + 4 for value in values if isinstance(value, str)), default=0)
    if kind == "text" and not longest:
        return max(BLANK_TEXT_WIDTH, len(name) + 4)
    most = {"text": WIDEST_TEXT, "name": WIDEST_NAME}.get(kind, 0)
    return max(LEAST_WIDTH.get(kind, PLAIN_WIDTH), len(name) + 4, min(longest, most))


def lines_of(text: str, width: float) -> int:
    """How many lines a wrapped text needs in a column of so many characters, of those that are shown."""
    return min(MOST_LINES, math.ceil(len(text) / (width * DENSE)))


def row_height(texts: Sequence[object], widths: Sequence[float]) -> float | None:
    """The height of a row whose wrapped texts need more than a line: not every spreadsheet program works it out. None for any other."""
    lines = max((lines_of(text, width - INDENT) for text, width in zip(texts, widths, strict=True) if isinstance(text, str)), default=1)
    return LINE_HEIGHT * lines if lines > 1 else None


def height_of(columns: Sequence[Column | None], row: Sequence[CellValue], widths: Sequence[float]) -> float | None:
    """The height of a row of a table, in which texts are wrapped and names are not."""
    return row_height([value if _is_wrapped(column) else None for column, value in zip(columns, row, strict=True)], widths)


def _is_wrapped(column: Column | None) -> bool:
    return column is None or column.kind == "text"


def fit_page(sheet: Worksheet) -> None:
    """A4, its name and number at the foot, no grid lines; upright where the columns are few, several pages wide where they are many."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    width = sum(dimension.width for dimension in sheet.column_dimensions.values())
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape" if width > UPRIGHT else "portrait", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = math.ceil(width / ACROSS), 0
    if width > ACROSS:
        sheet.print_title_cols = "A:A"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = sheet.title, "Page &P of &N"
