"""Every floor and every limit with a penalty, what the plan reaches, when for the first time, and what it misses.

Missed amounts are in the target's unit and in money of their year, not discounted. A limit without a penalty cannot be missed.
"""

from __future__ import annotations

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.facts import NEAR
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, frame

SHEET = "Targets"
TAB = "output"
HEADS = ("Measure", "", "")
AT_LEAST, AT_MOST, REACHED, FIRST, MISSED, PENALTY = "At least", "At most", "Reached", "First year reached", "Missed", "Penalty"


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Per target: bound, what is reached, the first year in which it is, and what is missed in its unit and in money."""
    return frame([line for target in targets_of(plan.case) for line in _lines(plan, numbers, target)], plan.case.years)


def targets_of(case: Case) -> list[str]:
    """The limits that ask for something: floors, and those with a penalty."""
    senses, priced = case.attribute("limits", "sense"), case.attribute("limits", "penalty")
    return [limit for limit in case.names("limits") if senses[limit] == "at_least" or limit in priced]


def _lines(plan: Plan, numbers: Recomputed, target: str) -> list[Line]:
    rows = numbers.targets[numbers.targets["target"] == target]
    case, unit, money = plan.case, unit_of(plan.case, target), money_unit(plan.case)
    series = {
        name: dict(zip(rows["year"].tolist(), rows[name].tolist(), strict=True)) for name in ("bound", "reached", "missed", "penalty")
    }
    first = first_reached(rows, case.attribute("limits", "sense")[target] == "at_least")
    word = AT_LEAST if case.attribute("limits", "sense")[target] == "at_least" else AT_MOST
    found = [
        Line(target, word, series["bound"], unit),
        Line(target, REACHED, series["reached"], unit, style="total"),
        Line(target, FIRST, {}, "", total=first, style="year", remark="" if first is not None else "not inside the plan"),
        Line(target, MISSED, series["missed"], unit),
    ]
    priced = target in case.attribute("limits", "penalty")
    return [*found, Line(target, PENALTY, series["penalty"], money, total="sum")] if priced else found


def first_reached(rows: pd.DataFrame, is_floor: bool) -> int | None:
    """The first year in which a target is reached; None where it never is."""
    for year, reached, bound in zip(rows["year"], rows["reached"], rows["bound"], strict=True):
        beyond = bound - reached if is_floor else reached - bound
        if beyond <= NEAR * max(1.0, abs(bound)):
            return int(year)
    return None


def unit_of(case: Case, limit: str) -> str:
    """The unit that all members of a limit share; blank where they do not."""
    units = {_unit(case, measure, item) for name, measure, item in case.keys("limit_members") if name == limit}
    return units.pop() if len(units) == 1 else ""


def _unit(case: Case, measure: str, item: str) -> str:
    if measure in ("starts", "modules"):
        return "modules"
    if measure in ("level", "capacity"):
        return str(case.attribute("activities", "unit").get(item, ""))
    if measure in ("buy", "sell"):
        resource = {market: resource for (market, _), resource in case.attribute("markets", "resource").items()}
        return str(case.attribute("resources", "unit").get(resource.get(item), ""))
    if measure in ("production", "use", "stock"):
        return str(case.attribute("resources", "unit").get(item, ""))
    return money_unit(case)
