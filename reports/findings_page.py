"""Writing the findings of a study on a page: sentences, then each table under its title."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pandas as pd
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from masterplan.data.findings import Findings, FoundTable
from masterplan.data.input_look import lines_of
from masterplan.reports.charts import GAP, HEIGHT, anchored
from masterplan.reports.grid import Banner, Page, width_of
from masterplan.reports.names import head_in_words
from masterplan.reports.study_charts import charts_of, study_charts
from masterplan.reports.style import PERCENT, YEAR, number_format
from masterplan.reports.timeline import HEADER_ROW

LINE_HEIGHT = 14.0  # points
NARROWEST, WIDEST, PAGE, CHART, LEAST_PRINTED = 10, 48, 240, 90, 8  # characters of a column, a page and a chart; columns
LONG = 30  # characters of a text that stands behind the numbers
MOST_DIGITS, UNSEEN = 4, 1e-6  # decimals, and what is as good as zero
_YEARS = ("year", "start_year", "first_year", "last_year", "from_year", "to_year")


def write_findings(page: Page, found: Findings, banner: Banner) -> list[int]:
    """A page of sentences, charts and tables, which share their columns; `found` is arranged for it.

    Returns the rows of the names of the tables' columns.
    """
    columns = max((len(table.rows.columns) for table in found.tables), default=1)
    printed, widths = max(columns, LEAST_PRINTED), [_width(found, place) for place in range(columns)]
    page.head(found.sheet, found.meaning, banner, "output")
    page.widths([*widths, *([NARROWEST] * (printed - columns))])
    pages = max(1, math.ceil(sum(widths) / PAGE))
    row = HEADER_ROW
    for sentence in found.sentences:
        _sentence(page, row, sentence, widths, printed if pages == 1 else _reach(widths, sum(widths) / pages))
        row += 1
    drawn, heads = row + 1, []
    row += charts_of([found]) * (HEIGHT + GAP)
    for table in found.tables:
        heads.append(row + 3)
        row = _write_table(page, table, row + 1, widths) + 1
    for number, chart in enumerate(study_charts(page.sheet, found, heads)):
        anchored(chart, page.sheet, (0, _reach(widths, CHART)), drawn + number * (HEIGHT + GAP))
    page.print_setup(banner, printed, f"A{HEADER_ROW}")
    page.sheet.print_title_rows = f"1:{HEADER_ROW - 1}"
    page.sheet.page_setup.fitToWidth = pages
    if pages > 1:
        page.sheet.print_title_cols = "A:A"
    return heads


def arranged(found: Findings) -> Findings:
    """The findings with the columns of their tables in the order in which a page shows them."""
    return replace(found, tables=tuple(replace(table, rows=_arranged(table.rows)) for table in found.tables))


def _arranged(rows: pd.DataFrame) -> pd.DataFrame:
    """Without columns that say nothing, and with long texts behind the numbers, so that numbers stand in narrow columns in every table."""
    said = (
        [name for name in rows.columns if not rows[name].isna().all() and not (rows[name] == "").all()] if len(rows) else list(rows.columns)
    )
    long = [name for name in said[1:] if any(isinstance(value, str) and len(value) > LONG for value in rows[name])]
    return rows[[*(name for name in said if name not in long), *long]]


def _reach(widths: Sequence[float], width: float) -> int:
    """How many columns fill a width, at least one."""
    filled = list(accumulate(widths))
    return max(1, sum(end <= width for end in filled))


def _sentence(page: Page, row: int, sentence: str, widths: Sequence[float], columns: int) -> None:
    """A sentence across the page, in as many lines as it needs."""
    page.put(row, 1, sentence, "wrapped")
    page.sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    _heighten(page, row, sentence, sum(widths[:columns]) + NARROWEST * max(0, columns - len(widths)))


def _write_table(page: Page, table: FoundTable, row: int, widths: Sequence[float]) -> int:
    """The table from this row on; the first row after it."""
    columns = len(table.rows.columns)
    for column in range(1, max(columns, LEAST_PRINTED) + 1):
        page.put(row, column, table.title if column == 1 else None, "section")
    page.put(row + 1, 1, table.meaning, "remark")
    for column, name in enumerate(table.rows.columns, start=1):
        values, width = table.rows[name].tolist(), widths[column - 1]
        numbers = pd.api.types.is_numeric_dtype(table.rows[name])
        head = head_in_words(str(name))
        page.put(row + 2, column, head, "header_wrapped" if numbers else "header_text" if column > 1 else "header")
        _heighten(page, row + 2, head, width)
        shape = PERCENT if table.shares else YEAR if name in _YEARS else ""
        for place, value in enumerate(values, start=row + 3):
            _put(page, place, column, value, shape or number_format(_digits(values, value)))
            if isinstance(value, str):
                _heighten(page, place, value, width)
    if table.shares and len(table.rows):
        cells = f"A{row + 3}:{get_column_letter(columns)}{row + 2 + len(table.rows)}"
        page.sheet.conditional_formatting.add(cells, ColorScaleRule("num", 0.5, "FFFFFF", end_type="num", end_value=1, end_color="F4A582"))
    return row + 3 + len(table.rows)


def _put(page: Page, row: int, column: int, value: Any, shape: str) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        page.put(row, column, None)
    elif isinstance(value, bool):
        page.put(row, column, "yes" if value else "no", "text")
    elif isinstance(value, int | float):
        page.put(row, column, value, "number", shape)
    else:
        page.put(row, column, str(value), "wrapped" if column == 1 else "text")


def _heighten(page: Page, row: int, text: str, width: float) -> None:
    """Room for all lines of a text in its row."""
    lines = lines_of(text, width)
    if lines > 1:
        known = page.sheet.row_dimensions[row].height or LINE_HEIGHT
        page.sheet.row_dimensions[row].height = max(known, LINE_HEIGHT * lines)


def _digits(values: Sequence[Any], value: Any) -> int:
    """As many decimals as the numbers of a column need, and more for one that would not be seen with these."""
    sizes = [abs(one) for one in values if isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) and one]
    if not sizes or all(float(size).is_integer() for size in sizes):
        return 0
    most = 0 if max(sizes) >= 1000 else 1 if max(sizes) >= 100 else MOST_DIGITS
    digits = min(most, max(2, 1 - math.floor(math.log10(min(sizes)))))
    own = abs(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
    return digits if own < UNSEEN or own >= 10.0**-digits else min(2 * MOST_DIGITS, 1 - math.floor(math.log10(own)))


def _width(found: Findings, place: int) -> float:
    """Of a column of all tables: its texts and numbers, and the longest word over them."""
    shown: list[Any] = []
    for table in found.tables:
        if place < len(table.rows.columns):
            name = table.rows.columns[place]
            shown += (
                max(head_in_words(str(name)).split(" "), key=len),
                *(f"{value:,.2f}" if isinstance(value, float) else value for value in table.rows[name].head(500).tolist()),
            )
    return width_of(shown, least=NARROWEST, most=WIDEST)
