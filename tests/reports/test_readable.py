"""Nothing in a workbook is cut off: texts have room up to the next cell and inside the printed area, numbers in their column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from masterplan.reports.timeline import HEADER_ROW
from tests.reports.live_plans import EMBEDDED, Written

pytestmark = pytest.mark.xdist_group("workbooks")
DENSE = 1.25  # letters of running text for each digit that a column has room for
COPIED = ("AsSolved", "Data", "RunLog")  # cells as they are, for programs


def printed(sheet: Any) -> int:
    """The last column of the printed area."""
    return int(range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2])


def texts(sheet: Any) -> Iterator[tuple[Any, float]]:
    """(cell, room for it in characters) of every text of one line below the head; an empty cell beside it is room too."""
    widths = {column: sheet.column_dimensions[get_column_letter(column)].width for column in range(1, printed(sheet) + 1)}
    for row in sheet.iter_rows(min_row=HEADER_ROW, max_col=printed(sheet)):
        for cell in row:
            if isinstance(cell.value, str) and not cell.alignment.wrap_text and cell.alignment.horizontal in (None, "left"):
                after = next((other.column for other in row[cell.column :] if other.value is not None), printed(sheet) + 1)
                yield cell, sum(widths[column] for column in range(cell.column, after))


@pytest.mark.parametrize("name", EMBEDDED)
def test_texts_have_room(written: dict[str, Written], name: str) -> None:
    cut = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in written[name].stored
        if sheet.title not in COPIED
        for cell, room in texts(sheet)
        if len(cell.value) > room * DENSE
    ]
    assert not cut


def shown(value: float, code: str) -> str:
    """A number as its format shows it, about."""
    code = code.split(";")[0]
    if code.endswith("%"):
        value *= 100
    if "E+" in code:
        return f"{value:.1e}"
    digits = len(code.partition(".")[2].rstrip("%"))
    return f"{value:,.{digits}f}" if "," in code else f"{value:.{digits}f}"


@pytest.mark.parametrize("name", EMBEDDED)
def test_numbers_have_room(written: dict[str, Written], name: str) -> None:
    """Where they have not, a spreadsheet program shows #####."""
    cut = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in written[name].stored
        for row in sheet.iter_rows(min_row=HEADER_ROW)
        for cell in row
        if isinstance(cell.value, int | float) and cell.number_format != "General"
        if len(shown(cell.value, cell.number_format)) > sheet.column_dimensions[cell.column_letter].width
    ]
    assert not cut


@pytest.mark.parametrize("name", EMBEDDED)
def test_no_format_leaves_a_point_without_digits(written: dict[str, Written], name: str) -> None:
    """Excel shows 3 as `3.` in a format such as 0.##."""
    formats = {cell.number_format for sheet in written[name].book for row in sheet.iter_rows() for cell in row}
    axes = [
        axis.number_format.formatCode for sheet in written[name].book for chart in sheet._charts for axis in (chart.x_axis, chart.y_axis)
    ]
    assert not [code for code in (*formats, *axes) if re.search(r"\.#", code)]


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_page_says_what_it_is(written: dict[str, Written], name: str) -> None:
    """The sheet and the page at its foot, the run at its head, and the head of a table again on each of its pages."""
    for sheet in written[name].book:
        assert sheet.oddFooter.left.text == sheet.title
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert sheet.oddHeader.right.text.startswith(written[name].plan.case.name)
        assert sheet.print_title_rows
