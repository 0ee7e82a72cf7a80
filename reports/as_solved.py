"""The inputs and decisions as they were solved, cell by cell, beside a count of those that were changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from masterplan.data.plan import Plan
from masterplan.data.schema import TABLES
from masterplan.data.template import FIRST_ROW as TABLE_ROW
from masterplan.data.template import SPARE_ROWS
from masterplan.data.write import CellValue, table_rows
from masterplan.reports.formula import Term
from masterplan.reports.grid import Page
from masterplan.reports.live_begun import Lines
from masterplan.reports.style import number_format
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, HEADER_ROW

SHEET = "AsSolved"
TAB = "check"
INPUTS_CHANGED, DECISIONS_CHANGED = "AsSolved!$C$6", "AsSolved!$C$7"
HEADS = ("Sheet", "Row", "Changed", "As solved")
NOT_SOLVED = ("scenarios", "changes", "sources", "provenance")  # tables that no plan depends on
FROZEN_FROM = 4


@dataclass(frozen=True)
class Frozen:
    """A row as it was solved: where it stands, the formula that counts its changes, and its cells."""

    sheet: str
    row: str
    changed: str
    cells: Sequence[CellValue]


def write(page: Page, plan: Plan, decided: Mapping[str, Lines], early: Sequence[Term] = ()) -> None:
    """Two counts on top, then a row for every row of the case and of the decisions."""
    inputs, decisions = frozen_inputs(plan), frozen_decisions(decided, early)
    for column, head in enumerate(HEADS, start=1):
        page.put(HEADER_ROW, column, head, {3: "header_number", 4: "header_text"}.get(column, "header"))
    begin, middle = FIRST_ROW + 2, FIRST_ROW + 2 + len(inputs)
    for row, label, first, last in (
        (FIRST_ROW, "Inputs changed since the solve", begin, middle - 1),
        (FIRST_ROW + 1, "Decisions changed since the solve", middle, middle + len(decisions) - 1),
    ):
        page.put(row, 1, label, "strong")
        page.put(row, 2, None, "strong")
        page.put(row, 3, 0.0, "total", number_format(0))
        page.formula(row, 3, f"SUM($C${first}:$C${max(first, last)})", 0.0)
    for number, frozen in enumerate((*inputs, *decisions), start=begin):
        page.put(number, 1, frozen.sheet, "label")
        page.put(number, 2, frozen.row, "detail")
        page.put(number, 3, 0.0, "number", number_format(0))
        last_column = get_column_letter(FROZEN_FROM + len(frozen.cells) - 1)
        here = f"$D${number}:${last_column}${number}" if len(frozen.cells) > 1 else f"$D${number}"
        page.formula(number, 3, frozen.changed.replace("#", here), 0.0)
        for column, value in enumerate(frozen.cells, start=FROZEN_FROM):
            page.put(number, column, value, "unit")
    page.widths([30.0, 8.0, 10.0, 24.0, *([14.0] * 15)])


def frozen_inputs(plan: Plan) -> list[Frozen]:
    """Every row of the tables that a plan depends on, and how many cells are filled in each table, so that added rows show."""
    found: list[Frozen] = []
    for table in TABLES:
        if table.name in NOT_SOLVED:
            continue
        rows = list(table_rows(plan.case, table.name))
        last = get_column_letter(len(table.column_names))
        for number, cells in enumerate(rows, start=TABLE_ROW):
            live = f"{table.name}!$A${number}:${last}${number}"
            found.append(Frozen(table.name, str(number), f"SUMPRODUCT(--({live}<>#))", cells))
        if table.name != "settings":
            filled = sum(cell is not None for cells in rows for cell in cells)
            area = f"{table.name}!$A${TABLE_ROW}:${last}${TABLE_ROW + len(rows) + SPARE_ROWS - 1}"
            found.append(Frozen(table.name, "cells", f"ABS(COUNTA({area})-#)", (filled,)))
    return found


def frozen_decisions(decided: Mapping[str, Lines], early: Sequence[Term]) -> list[Frozen]:
    """Every line of the decision sheets, and the cell of each start before the plan."""
    found: list[Frozen] = []
    for lines in decided.values():
        for row in lines.values():
            last = get_column_letter(FIRST_YEAR_COLUMN + len(row.values) - 1)
            live = f"{row.sheet}!$G${row.number}:${last}${row.number}"
            found.append(Frozen(row.sheet.strip("'"), str(row.number), f"SUMPRODUCT(--({live}<>#))", row.values.tolist()))
    for cell in early:
        sheet, place = cell.text.split("!")
        found.append(Frozen(sheet, place.replace("$", ""), f"SUMPRODUCT(--({cell.text}<>#))", (float(cell.values),)))
    return found
