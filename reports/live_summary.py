"""The lines of the Summary that are formulas: worth, capex, starts and cash, linked to the sheets that work them out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import cash, live_begun, live_portfolio, stages_page
from masterplan.reports.checks_page import LIMIT, TOLERANCE
from masterplan.reports.formula import Term, added
from masterplan.reports.grid import Page
from masterplan.reports.live_book import Live
from masterplan.reports.live_page import put_row
from masterplan.reports.live_sheet import NEAR, Row, resolved, total_of
from masterplan.reports.names import project_systems
from masterplan.reports.summary import CAPACITIES, CAPEX, CAPEX_LIMIT, CASH, FULL, LEFT, MARKETS, RESULT, STARTS
from masterplan.reports.timeline_page import TOTAL


def link_summary(page: Page, table: pd.DataFrame, plan: Plan, live: Live, numbers: Sequence[int]) -> None:
    """Puts formulas over the values of the lines that the workbook works out; the others keep the look of a value."""
    rows, totals = _rows(plan, live), _totals(plan, live)
    for number, record in zip(numbers, table.to_dict("records"), strict=True):
        key = (record["section"], record["item"])
        if key in rows:
            put_row(page, number, resolved(rows[key].text, live.marks), rows[key].values)
            for column in range(TOTAL + 1, TOTAL + 1 + len(plan.case.years)):
                page.look(number, column, "total" if record["style"] == "total" else "number")
            if record["total"] is not None:
                last = live.spent.total.last if live.spent.total else "G"
                page.formula(number, TOTAL, f"SUM($G{number}:${last}{number})", float(rows[key].values.sum()))
                page.look(number, TOTAL, "total" if record["style"] == "total" else "sum")
        elif key in totals and _gives(totals[key], record["total"]):
            page.formula(number, TOTAL, resolved(totals[key].text, live.marks), float(totals[key].values.flat[0]))
            page.look(number, TOTAL, "number")


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
            counts = np.sum([row.values >= 1.0 - TOLERANCE for row in rows], axis=0).astype(float)
            found[FULL, label] = Term(f"SUMPRODUCT(--({area}>=1-Checks!{LIMIT}))", counts)
    return found


def _totals(plan: Plan, live: Live) -> dict[tuple[str, str], Term]:
    figures = live.worth.figures
    found = {
        (RESULT, "NPV with terminal value"): total_of(figures["npv"]),
        (RESULT, "NPV without terminal value"): total_of(figures["npv_without_terminal"]),
    }
    if live.spent.total is not None:
        found[RESULT, "Capex in total"] = live.spent.total.over_all
    closing = live.worth.lines[f"{cash.ACCOUNT}.closing"]
    lowest = Term(f"MIN({closing.range})", closing.values.min(keepdims=True))
    found[RESULT, "Lowest cash"] = lowest
    year = np.array([plan.case.years[int(closing.values.argmin())]], dtype=float)
    found[RESULT, "Year of the lowest cash"] = Term(f"INDEX($G$5:${closing.last}$5,MATCH({lowest.text},{closing.range},0))", year)
    gains = live.sheets[live_portfolio.TITLE].section(live_portfolio.RESULT)
    found |= {(RESULT, row.item): total_of(row) for row in gains if row.item == live_portfolio.ADDED}
    factor = total_of(figures["terminal_factor"])
    for project, block in live.begun.blocks.items():
        found[LEFT, project] = block.total(live_begun.ENDS) * factor
    return found


def _gives(term: Term, told: float | None) -> bool:
    """Is the formula worth what is told? Where given starts are left out of the number, it is not, and the number stays."""
    value = float(term.values.flat[0])
    return told is not None and abs(value - told) <= NEAR * max(1.0, abs(told))
