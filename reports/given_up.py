"""What is given up: capacity that conversions, closures and retirements take out, the level it last ran at, and what that earned.

The margin is what the last level of the old line brought in a year at the plan's average prices of that year, less its bought inputs
and its variable cost; resources that the plan does not trade in that year count nothing. The level given up is the old line's last
level times the share of its capacity that goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, by_year, frame

SHEET = "Given up"
TAB = "output"
HEADS = ("Activity", "Given up to", "")
CAPACITY, LEVEL, MARGIN = "Capacity out of service", "Level it last ran at, a year", "Margin it last earned, a year"


@dataclass(frozen=True)
class Loss:
    """Capacity of an activity that is out of service by year, what took it and in which way: by which project, begun when."""

    activity: str
    taker: str
    out: dict[int, float]
    way: Literal["converted", "closed", "retired"]
    project: str = ""
    start: int = 0

    @property
    def first(self) -> int:
        """First year in which some of it is out."""
        return min(year for year, amount in self.out.items() if amount)


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Per conversion, closure and retirement: capacity out by year, then the level and the margin of the old line the year before."""
    found, units, money = list(last_runs(plan, numbers)), plan.case.attribute("activities", "unit"), money_unit(plan.case)
    lines = [Line(CAPACITY, loss.activity, loss.out, units[loss.activity], loss.taker) for loss, _, _ in found]
    for loss, level, margin in found:
        before = loss.first - 1
        if before not in plan.case.years:
            lines.append(Line(LEVEL, loss.activity, part=loss.taker, style="label", remark="out of service from the first year on"))
            continue
        lines.append(Line(LEVEL, loss.activity, {before: level}, units[loss.activity], loss.taker))
        lines.append(Line(MARGIN, loss.activity, {before: margin}, money, loss.taker))
    sections = (CAPACITY, LEVEL, MARGIN)
    return frame(sorted(lines, key=lambda line: sections.index(line.section)), plan.case.years)


def last_runs(plan: Plan, numbers: Recomputed) -> Iterator[tuple[Loss, float, float]]:
    """Each loss with the level of the year before that it ends, and what that earned; 0 where it is out from the first year on."""
    levels, capacity = (by_year(numbers.capacity, ("activity",), column) for column in ("level", "capacity"))
    for loss in losses(plan):
        before = loss.first - 1
        stood = capacity[loss.activity,].get(before, 0.0)
        level = levels[loss.activity,].get(before, 0.0) * min(1.0, max(loss.out.values()) / stood) if stood > 0 else 0.0
        yield loss, level, level * unit_margin(plan, numbers, loss.activity, before) if before in plan.case.years else 0.0


def losses(plan: Plan) -> list[Loss]:
    """Every conversion, closure and retirement of the plan that takes capacity out of service."""
    found = [*_converted(plan), *_closed(plan), *_retired(plan)]
    return [loss for loss in found if any(loss.out.values())]


def unit_margin(plan: Plan, numbers: Recomputed, activity: str, year: int) -> float:
    """Money that a unit of level earns in a year, at the average prices that the plan trades at [money / activity]."""
    amounts = plan.case.series("recipes", "amount")
    keys = [key for key in plan.case.keys("recipes") if key[0] == activity and key[2] == "level"]
    recipe = {key[1]: amounts[*key, year] for key in keys}
    prices = _prices(plan, year)
    return (
        sum(amount * prices.get(resource, 0.0) for resource, amount in recipe.items())
        - plan.case.series("activities", "variable_cost")[activity, year]
    )


def _prices(plan: Plan, year: int) -> dict[str, float]:
    """resource -> average price of what the plan sells of it in a year, else of what it buys."""
    resource, side, price = (*(plan.case.attribute("markets", name) for name in ("resource", "side")), plan.case.series("markets", "price"))
    money: dict[tuple[str, str], float] = {}
    quantity: dict[tuple[str, str], float] = {}
    for market, tier, traded_in, amount in plan.trades[["market", "tier", "year", "quantity"]].itertuples(index=False):
        if traded_in == year and amount > 0 and (market, tier) in resource:
            key = side[market, tier], resource[market, tier]
            money[key] = money.get(key, 0.0) + amount * price[market, tier, year]
            quantity[key] = quantity.get(key, 0.0) + amount
    bought, sold = ({name: money[way, name] / quantity[way, name] for way, name in money if way == wanted} for wanted in ("buy", "sell"))
    return {**bought, **sold}


def _converted(plan: Plan) -> Iterator[Loss]:
    amount, out_from = (plan.case.attribute("conversions", name) for name in ("amount", "out_from"))
    for project, activity in plan.case.keys("conversions"):
        own = [(int(s), n) for p, s, n in plan.starts[["project", "year", "modules"]].itertuples(index=False) if p == project]
        each, wait = amount[project, activity], out_from[project, activity]
        out = {year: each * sum(n for s, n in own if s + wait <= year) for year in plan.case.years}
        yield Loss(activity, project, out, "converted", project)


def _closed(plan: Plan) -> Iterator[Loss]:
    rows = list(plan.closures[["activity", "year", "capacity"]].itertuples(index=False))
    for activity in dict.fromkeys(str(row[0]) for row in rows):
        out = {year: sum(n for a, y, n in rows if a == activity and y <= year) for year in plan.case.years}
        yield Loss(activity, "closed", out, "closed")


def _retired(plan: Plan) -> Iterator[Loss]:
    """At nameplate, until the life of the modules would have ended."""
    activity, lead, life = (plan.case.attribute("projects", name) for name in ("activity", "lead_time", "life"))
    size = plan.case.series("projects", "module_capacity")
    rows = [
        (str(p), int(s), int(y), n)
        for p, s, y, n in plan.retirements[["project", "start_year", "year", "modules"]].itertuples(index=False)
        if p in activity
    ]
    for project, start in dict.fromkeys(row[:2] for row in rows):
        ends, each = start + lead[project] + life[project], size[project, start]
        out = {
            year: each * sum(n for p, s, y, n in rows if (p, s) == (project, start) and y <= year) if year < ends else 0.0
            for year in plan.case.years
        }
        yield Loss(activity[project], f"{project} {start} retired", out, "retired", project, start)
