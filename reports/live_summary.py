"""The lines of the Summary that are formulas: figures, capex, starts and cash, linked to the sheets that work them out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import cash, live_begun, stages_page
from masterplan.reports.formula import Term, added
from masterplan.reports.formula import number as constant
from masterplan.reports.gates import OPEN
from masterplan.reports.grid import Page
from masterplan.reports.live_book import Live, row_numbers
from masterplan.reports.live_page import put_row
from masterplan.reports.live_result import result_terms
from masterplan.reports.live_sheet import ROUNDING, TOLERANCE, Row, first_above, resolved, total_of
from masterplan.reports.names import project_systems
from masterplan.reports.summary import (
    ADDED,
    ADDED_WITHOUT,
    CAPACITIES,
    CAPEX,
    CAPEX_LIMIT,
    CASH,
    FULL,
    GAP,
    GAP_MONEY,
    GATES,
    LEFT,
    MARKETS,
    RESULT,
    STARTS,
)
from masterplan.reports.timeline_page import TOTAL


def link_summary(page: Page, table: pd.DataFrame, plan: Plan, live: Live, first: int) -> None:
    """Puts formulas over the values of the lines that the workbook works out; the others keep the look of a value."""
    rows, totals = _rows(plan, live), _totals(plan, live, table, first)
    for number, record in zip(row_numbers(table, first), table.to_dict("records"), strict=True):
        key = (record["section"], record["item"])
        if key in rows:
            put_row(page, number, resolved(rows[key].text, live.marks), rows[key].values)
            for column in range(TOTAL + 1, TOTAL + 1 + len(plan.case.years)):
                page.look(number, column, "total" if record["style"] == "total" else "number")
            if record["total"] is not None:
                last = live.spent.total.last if live.spent.total else "G"
                page.formula(number, TOTAL, f"SUM($G{number}:${last}{number})", float(rows[key].values.sum()))
                page.look(number, TOTAL, "total" if record["style"] == "total" else "sum")
        elif key in totals and _gives(plan, totals[key], record):
            page.formula(number, TOTAL, resolved(totals[key].text, live.marks), float(np.ravel(totals[key].values)[-1]))
            page.look(number, TOTAL, "number")


def lines_of(table: pd.DataFrame, section: str, first: int) -> dict[str, int]:
    """Item -> row of the lines of a section."""
    numbers = zip(table["section"], table["item"], row_numbers(table, first), strict=True)
    return {item: number for name, item, number in numbers if name == section}


def _rows(plan: Plan, live: Live) -> dict[tuple[str, str], Term]:
    found: dict[tuple[str, str], Term] = {}
    for project, row in live.ages.started.items():
        found[STARTS, project] = live.decided["starts"][project, ""].here
        assert row
    systems = project_systems(plan.case)
    for system in dict.fromkeys(systems.values()):
        own = [row.here for project, row in live.spent.projects.items() if systems[project] == system]
        found[CAPEX, system] = added(own)
    if live.spent.total is not None:
        found[CAPEX, "Capex"] = live.spent.total.here
    if "limit" in live.spent.budget:
        found[CAPEX, CAPEX_LIMIT] = live.spent.budget["limit"].here
    lines = live.worth.lines
    found[CASH, "Net cash of the year"] = lines[f"{cash.ACCOUNT}.net"].here
    found[CASH, "Cash at the end of the year"] = lines[f"{cash.ACCOUNT}.closing"].here
    return found | _full(live)


def _full(live: Live) -> dict[tuple[str, str], Term]:
    """How many shares of the sheet In use are all of what there is, as near as the checks want it."""
    sheet = live.sheets.get(stages_page.IN_USE)
    blocks: dict[str, list[Row]] = {CAPACITIES: [], MARKETS: []}
    for section, rows in sheet.sections.items() if sheet else ():
        blocks[MARKETS if section == stages_page.MARKETS else CAPACITIES] += rows
    found = {}
    for label, rows in blocks.items():
        if rows:
            area = f"'{stages_page.IN_USE}'!@${rows[0].number}:@${rows[-1].number}"
            counts = np.sum([row.values >= 1.0 - TOLERANCE.values for row in rows], axis=0).astype(float)
            found[FULL, label] = Term(f"SUMPRODUCT(--({area}>=1-{TOLERANCE.text}))", counts)
    return found


def _totals(plan: Plan, live: Live, table: pd.DataFrame, first: int) -> dict[tuple[str, str], Term]:
    places = lines_of(table, RESULT, first)
    found = {(RESULT, label): term for label, term in result_terms(plan, live, places).items()}
    factor = total_of(live.worth.figures["terminal_factor"])
    for project, block in live.begun.blocks.items():
        found[LEFT, project] = block.total(live_begun.ENDS) * factor
    found |= {(GATES, str(gate)): first_above(row, constant(OPEN)) for (gate, _), row in live.decided["gates"].items()}
    left = lines_of(table, LEFT, first)
    if ADDED_WITHOUT in left and (RESULT, ADDED) in found:
        own = {item: row for item, row in left.items() if item in live.begun.blocks}
        worth = sum(float(table.loc[(table["section"] == LEFT) & (table["item"] == item), "total"].iloc[0]) for item in own)
        before, added_ = f"$F${places[ADDED]}", float(np.ravel(found[RESULT, ADDED].values)[-1])
        found[LEFT, ADDED_WITHOUT] = Term(f"{before}-SUM($F${min(own.values())}:$F${max(own.values())})", np.array(added_ - worth))
    return found


def _gives(plan: Plan, term: Term, record: Mapping[Hashable, Any]) -> bool:
    """Is the formula worth what is told? Where given starts are left out of the number, it is not, and the number stays.

    What compares with the bound is a small difference of large numbers: it is as near as these are.
    """
    value, told, scale = float(np.ravel(term.values)[-1]), record["total"], 0.0
    if record["item"] in (GAP, GAP_MONEY):
        moved = plan.objective if plan.value_added is None else plan.value_added
        scale = max(1.0, abs(plan.objective or 0.0)) / (abs(moved or 1.0) if record["item"] == GAP else 1.0)
    return told is not None and abs(value - told) <= ROUNDING * max(1.0, abs(told), scale)
