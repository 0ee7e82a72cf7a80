"""Capital expenditure by project and year against the capex limit; unspent limit carries over as far as the case allows."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.names import in_order, money_unit, project_systems
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, Look, by_year, frame

SHEET = "Capex"
TAB = "output"
HEADS = ("Project", "", "")
BUDGET = "Capex limit"
PARTS = {"own": "By module", "fixed": "By year with a start", "capitalised": "Inputs that count as capex", "total": "Capex"}
# row of the budget -> its label and style
BUDGET_LINES: dict[str, tuple[str, Look]] = {
    "limit": ("Limit of the year", "number"),
    "carried_over": ("Carried over", "number"),
    "available": ("Available", "number"),
    "committed_inside": ("Committed, inside the limit", "number"),
    "spend": ("Spent on projects", "number"),
    "unspent": ("Unspent", "total"),
}


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per project, the total, what it is made of, and the limit with what is left of it."""
    case, spend = plan.case, numbers.capex
    money, of_project = money_unit(case), by_year(spend, ("project",), "total")
    lines = [
        Line(system, project, of_project.get((project,), {}), money, total="sum") for system, project in in_order(project_systems(case))
    ]
    for part, label in PARTS.items():
        values = _summed(spend, part, case.years)
        lines.append(Line("All projects", label, values, money, total="sum", style="total" if part == "total" else "number"))
    for column, (label, style) in BUDGET_LINES.items():
        rows = numbers.budget
        if len(rows) and rows[column].notna().any():
            values = {int(year): float(value) for year, value in zip(rows["year"], rows[column], strict=True)}
            lines.append(Line(BUDGET, label, values, money, style=style))
    return frame(lines, case.years)


def _summed(spend: pd.DataFrame, part: str, years: tuple[int, ...]) -> dict[int, float]:
    found = spend.groupby("year")[part].sum()
    return {year: float(found.get(year, 0.0)) for year in years}
