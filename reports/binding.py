"""What is at its limit, year by year: money, trades, capacity, starts and the case's own limits. 1 marks a year at the limit.

What is at its limit need not be worth more: a limit that nothing presses on can be met by chance. What one more step is worth takes
another solve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.facts import NEAR
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, frame

SHEET = "Binding"
TAB = "output"
HEADS = ("At its limit", "", "")
MONEY, CAPACITY_FULL, PURCHASES, SALES, STARTS, LIMITS = (
    "Money", "Capacity in full use", "Purchases", "Sales", "Starts a year", "Limits",
)  # fmt: skip
CAPEX_LIMIT, MINIMUM_CASH, DEBT_LIMIT = "capex limit", "minimum cash", "debt limit"

Found = tuple[str, str, int]  # section, item, year


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Per limit that is met in some year: 1 in those years, and their count."""
    years: dict[tuple[str, str], dict[int, float]] = {}
    for section, item, year in binding(plan, numbers):
        years.setdefault((section, item), {})[year] = 1.0
    return frame((Line(section, item, at, "", total="sum") for (section, item), at in years.items()), plan.case.years)


def binding(plan: Plan, numbers: Recomputed) -> Iterator[Found]:
    """(section, item, year) of everything at its limit."""
    yield from _money(numbers)
    yield from _trades(plan)
    yield from _capacity(numbers)
    yield from _starts(plan)
    yield from _limits(numbers)


def in_words(plan: Plan, numbers: Recomputed) -> str:
    """`capex limit 2028; grid_connection 2027-2032; ...`, most years first."""
    years: dict[str, list[int]] = {}
    for _, item, year in binding(plan, numbers):
        years.setdefault(item, []).append(year)
    ordered = sorted(years.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return "; ".join(f"{item} {in_spans(sorted(set(found)))}" for item, found in ordered)


def in_spans(years: Sequence[int], to: str = "-") -> str:
    """`2027-2029, 2031` of years in order."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}{to}{last}" for first, last in spans)


def _met(amount: float, limit: float) -> bool:
    return limit > 0 and amount >= limit * (1.0 - NEAR)


def market_name(case: Case, market: str, tier: int) -> str:
    """The market, with its tier where there are several."""
    tiers = sum(1 for name, _ in case.attribute("markets", "side") if name == market)
    return str(market) if tiers == 1 else f"{market} tier {int(tier)}"


def starts_name(project: str) -> str:
    """What a project's starts of a year are called."""
    return f"starts of {project}"


def _money(numbers: Recomputed) -> Iterator[Found]:
    for row in numbers.budget.to_dict("records"):
        if row["unspent"] <= NEAR * max(row["available"], 1.0):
            yield MONEY, CAPEX_LIMIT, int(row["year"])
    for row in numbers.cash_position.to_dict("records"):
        if row["closing"] <= row["minimum"] + NEAR * max(abs(row["minimum"]), 1.0):
            yield MONEY, MINIMUM_CASH, int(row["year"])
    for row in numbers.debt.to_dict("records"):
        if _met(row["closing"], row["limit"]):
            yield MONEY, DEBT_LIMIT, int(row["year"])


def _trades(plan: Plan) -> Iterator[Found]:
    limit = plan.case.series("markets", "limit")
    side = plan.case.attribute("markets", "side")
    for market, tier, year, quantity in plan.trades.itertuples(index=False):
        if _met(float(quantity), limit.get((market, int(tier), int(year)), 0.0)):
            section = PURCHASES if side[market, int(tier)] == "buy" else SALES
            yield section, market_name(plan.case, market, tier), int(year)


def _capacity(numbers: Recomputed) -> Iterator[Found]:
    for row in numbers.capacity.to_dict("records"):
        if _met(row["level"], row["capacity"]):
            yield CAPACITY_FULL, str(row["activity"]), int(row["year"])


def _starts(plan: Plan) -> Iterator[Found]:
    most: dict[Any, float] = plan.case.series("projects", "max_per_year")
    for project, year, modules in plan.starts.itertuples(index=False):
        if year in plan.case.years and _met(float(modules), most.get((project, int(year)), 0.0)):  # some were given before the plan
            yield STARTS, starts_name(project), int(year)


def _limits(numbers: Recomputed) -> Iterator[Found]:
    """Floors, ceilings and targets, in the years in which they have to hold."""
    for row in numbers.limits.to_dict("records"):
        near = abs(row["reached"] - row["bound"]) <= NEAR * max(abs(row["bound"]), 1.0)
        if near and abs(row["bound"]) > NEAR:  # none of none is no pressure
            yield LIMITS, str(row["name"]), int(row["year"])
