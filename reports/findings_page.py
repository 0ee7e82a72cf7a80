"""Writing the findings of a study on a page: sentences, then each table under its title."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from masterplan.data.findings import Findings, FoundTable
from masterplan.reports.charts import GAP, HEIGHT, anchored
from masterplan.reports.grid import Banner, Page, width_of
from masterplan.reports.names import head_in_words
from masterplan.reports.study_charts import charts_of, study_charts
from masterplan.reports.style import PERCENT, YEAR, number_format
from masterplan.reports.timeline import HEADER_ROW

LINE_HEIGHT, MOST_LINES = 14.0, 12  # of a row in points, and of a text
WIDEST, PAGE, LEAST_PRINTED, CHART_COLUMNS = 60, 240, 8, 6  # characters of a column and of a page, columns
_YEARS = ("year", "start_year", "first_year", "last_year", "from_year", "to_year")


def write_findings(page: Page, found: Findings, banner: Banner) -> list[int]:
    """A page of sentences, charts and tables; numbers of unlike size share a column, so each has the digits it needs.

    Returns the rows of the names of the tables' columns.
    """
    page.head(found.sheet, found.meaning, banner, "output")
    row = HEADER_ROW
    for sentence in found.sentences:
        page.put(row, 1, sentence, "plain")
        row += 1
    drawn, heads = row + 1, []
    row += charts_of([found]) * (HEIGHT + GAP)
    for table in found.tables:
        heads.append(row + 3)
        row = _write_table(page, table, row + 1) + 1
    for number, chart in enumerate(study_charts(page.sheet, found, heads)):
        anchored(chart, page.sheet, (0, CHART_COLUMNS), drawn + number * (HEIGHT + GAP))
    columns = max((len(table.rows.columns) for table in found.tables), default=1)
    widths = [_width(found, place) for place in range(columns)]
    page.widths(widths)
    page.print_setup(banner, max(columns, LEAST_PRINTED), f"A{HEADER_ROW}")
    page.sheet.page_setup.fitToWidth = max(1, math.ceil(sum(widths) / PAGE))
    return heads


def _write_table(page: Page, table: FoundTable, row: int) -> int:
    """The table from this row on; the first row after it."""
    columns = len(table.rows.columns)
    for column in range(1, max(columns, LEAST_PRINTED) + 1):
        page.put(row, column, table.title if column == 1 else None, "section")
    page.put(row + 1, 1, table.meaning, "remark")
    for column, name in enumerate(table.rows.columns, start=1):
        numbers = pd.api.types.is_numeric_dtype(table.rows[name])
        page.put(row + 2, column, head_in_words(str(name)), "header_number" if numbers else "header")
        for place, value in enumerate(table.rows[name].tolist(), start=row + 3):
            _put(page, place, column, str(name), value, table.shares)
    if table.shares and len(table.rows):
        cells = f"A{row + 3}:{get_column_letter(columns)}{row + 2 + len(table.rows)}"
        page.sheet.conditional_formatting.add(cells, ColorScaleRule("num", 0.5, "FFFFFF", end_type="num", end_value=1, end_color="F4A582"))
    return row + 3 + len(table.rows)


def _put(page: Page, row: int, column: int, name: str, value: Any, share: bool = False) -> None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        page.put(row, column, None)
    elif isinstance(value, bool):
        page.put(row, column, "yes" if value else "no")
    elif isinstance(value, int | float):
        page.put(row, column, value, "number", PERCENT if share else YEAR if name in _YEARS else number_format(_digits(value)))
    else:
        lines = math.ceil(len(str(value)) / WIDEST)
        page.put(row, column, str(value), "wrapped" if lines > 1 else "plain")
        if lines > 1:
            known = page.sheet.row_dimensions[row].height or LINE_HEIGHT
            page.sheet.row_dimensions[row].height = max(known, LINE_HEIGHT * min(lines, MOST_LINES))


def _digits(value: float) -> int:
    """About four digits that say something."""
    size = abs(value)
    return 0 if size >= 1000 or value == int(value) else 1 if size >= 100 else 2 if size >= 1 else 4


def _width(found: Findings, place: int) -> float:
    texts: list[Any] = []
    for table in found.tables:
        if place < len(table.rows.columns):
            name = table.rows.columns[place]
            shown = [f"{value:,.2f}" if isinstance(value, float) else value for value in table.rows[name].head(500).tolist()]
            texts += [name, *shown]
    return width_of(texts, least=9, most=WIDEST)
