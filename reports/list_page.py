"""Writing a plain list on a page: column names in row 5, a row per record from row 6 on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from openpyxl.worksheet.table import Table, TableStyleInfo

from masterplan.reports.grid import LAST_ROW, Page, width_of
from masterplan.reports.timeline import FIRST_ROW, HEADER_ROW

LONGEST_LIST = 1_000_000


@dataclass(frozen=True)
class ColumnLook:
    """How a column looks: a look and a number format (see `style`)."""

    look: str = "plain"
    number: str = "General"


PLAIN = ColumnLook()
HEADS = {"number": "header_number", "unit": "header_text", "place": "header_text"}
WIDEST_LAST = 90  # characters of the last column, which nothing stands beside


def write_list(page: Page, table: pd.DataFrame, columns: Mapping[str, ColumnLook] | None = None, most: float = 60) -> None:
    """The frame's columns from column A on, each as `columns` says, else plain."""
    for column, name in enumerate(table.columns, start=1):
        style = (columns or {}).get(name, PLAIN)
        page.put(HEADER_ROW, column, str(name), HEADS.get(style.look, "header"))
        for row, value in enumerate(table[name].tolist(), start=FIRST_ROW):
            page.put(row, column, value, style.look, style.number)
    sample = table.head(2000)
    last = len(table.columns) - 1
    page.widths([width_of([name, *sample[name].tolist()], 9, WIDEST_LAST if at == last else most) for at, name in enumerate(table.columns)])


def name_as_table(page: Page, table: pd.DataFrame, name: str) -> None:
    """Makes the list an Excel Table, so that Power Query and people can filter and find it by name."""
    if table.empty:
        return
    reference = f"A{HEADER_ROW}:{page.sheet.cell(HEADER_ROW, len(table.columns)).column_letter}{HEADER_ROW + len(table)}"
    made = Table(displayName=name, ref=reference)
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.sheet.add_table(made)


def parts_of(table: pd.DataFrame, longest: int = LONGEST_LIST) -> list[pd.DataFrame]:
    """A long list cut into pieces that fit on a sheet; at least one piece."""
    assert longest + HEADER_ROW <= LAST_ROW
    return [table.iloc[begin : begin + longest] for begin in range(0, max(len(table), 1), longest)]
