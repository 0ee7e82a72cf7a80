"""Writing the findings of a study on a page: sentences, then each table under its title."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from masterplan.data.findings import Findings, FoundTable
from masterplan.reports.grid import Banner, Page, width_of
from masterplan.reports.names import head_in_words
from masterplan.reports.style import PERCENT, YEAR, number_format
from masterplan.reports.timeline import HEADER_ROW

WIDEST, LEAST_PRINTED = 48, 8  # characters, columns
_YEARS = ("year", "start_year", "first_year", "last_year", "from_year", "to_year")


def write_findings(page: Page, found: Findings, banner: Banner) -> None:
    """A page of sentences and tables; numbers of unlike size share a column, so each has the digits it needs."""
    page.head(found.sheet, found.meaning, banner, "output")
    row = HEADER_ROW
    for sentence in found.sentences:
        page.put(row, 1, sentence, "plain")
        row += 1
    for table in found.tables:
        row = _write_table(page, table, row + 1) + 1
    columns = max((len(table.rows.columns) for table in found.tables), default=1)
    page.widths([_width(found, place) for place in range(columns)])
    page.print_setup(banner, max(columns, LEAST_PRINTED), f"A{HEADER_ROW}")


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
        page.put(row, column, str(value))


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
