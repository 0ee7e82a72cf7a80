"""What is at its limit, year by year: money, trades, capacity, starts and the case's own limits. 1 marks a year at the limit.

What is at its limit need not be worth more: a limit that nothing presses on can be met by chance. What one more step is worth takes
another solve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, frame

SHEET = "Binding"
TAB = "output"
HEADS = ("At its limit", "", "")
CAPACITY_FULL, PURCHASES, SALES = "Capacity in full use", "Purchases", "Sales"
NEAR = 1e-6  # share of the limit that is as good as the limit

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
    yield from _targets(plan, numbers)


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


def _money(numbers: Recomputed) -> Iterator[Found]:
    for row in numbers.budget.to_dict("records"):
        if row["unspent"] <= NEAR * max(row["available"], 1.0):
            yield "Money", "capex limit", int(row["year"])
    for row in numbers.cash_position.to_dict("records"):
        if row["closing"] <= row["minimum"] + NEAR * max(abs(row["minimum"]), 1.0):
            yield "Money", "minimum cash", int(row["year"])


def _trades(plan: Plan) -> Iterator[Found]:
    limit = plan.case.series("markets", "limit")
    side = plan.case.attribute("markets", "side")
    for market, tier, year, quantity in plan.trades.itertuples(index=False):
        if _met(float(quantity), limit.get((market, int(tier), int(year)), 0.0)):
            tiers = sum(1 for name, _ in side if name == market)
            section = PURCHASES if side[market, int(tier)] == "buy" else SALES
            yield section, str(market) if tiers == 1 else f"{market} tier {int(tier)}", int(year)


def _capacity(numbers: Recomputed) -> Iterator[Found]:
    for row in numbers.capacity.to_dict("records"):
        if _met(row["level"], row["capacity"]):
            yield CAPACITY_FULL, str(row["activity"]), int(row["year"])


def _starts(plan: Plan) -> Iterator[Found]:
    most: dict[Any, float] = plan.case.series("projects", "max_per_year")
    for project, year, modules in plan.starts.itertuples(index=False):
        if year in plan.case.years and _met(float(modules), most.get((project, int(year)), 0.0)):  # some were given before the plan
            yield "Starts a year", f"starts of {project}", int(year)


def _targets(plan: Plan, numbers: Recomputed) -> Iterator[Found]:
    senses = plan.case.attribute("limits", "sense")
    for row in numbers.targets.to_dict("records"):
        distance = row["bound"] - row["reached"] if senses[row["target"]] == "at_most" else row["reached"] - row["bound"]
        if abs(row["bound"]) > NEAR and abs(distance) <= NEAR * max(abs(row["bound"]), 1.0):  # none of none is no pressure
            yield "Limits", str(row["target"]), int(row["year"])
