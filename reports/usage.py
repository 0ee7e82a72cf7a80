"""Usage: the share of what there is that a plan uses, year by year: markets, capacity, limits, starts and money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.facts import Facts
from masterplan.reports.measures import checked_years, counted, measures
from masterplan.reports.recompute import Recomputed

LEAST = 1e-9  # of a limit or capacity that is there at all
Found = tuple[str, str, int, float]  # kind, name, year, share


def usage(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """kind, name, a column for each year (its number as text) with use / available; empty where there is nothing to use.

    What is never used is left out; most years at the limit first. A limit that sums up the years shows what is used up so far.
    """
    shares: dict[tuple[str, str], dict[str, float]] = {}
    for kind, name, year, share in _shares(plan, numbers):
        shares.setdefault((kind, name), {})[str(year)] = share
    used = {place: line for place, line in shares.items() if max(line.values()) > LEAST}
    order = sorted(used, key=lambda place: (-sum(share > 1 - 1e-6 for share in used[place].values()), -sum(used[place].values())))
    rows = [{"kind": kind, "name": name, **used[kind, name]} for kind, name in order]
    return pd.DataFrame(rows, columns=["kind", "name", *(str(year) for year in plan.case.years)])


def _shares(plan: Plan, numbers: Recomputed) -> Iterator[Found]:
    yield from _markets(plan)
    for row in numbers.capacity.to_dict("records"):
        if row["capacity"] > LEAST:
            yield "capacity", str(row["activity"]), int(row["year"]), row["level"] / row["capacity"]
    yield from _limits(plan, numbers)
    most = plan.case.series("projects", "max_per_year")
    for (project, year), modules in plan.modules_started.items():
        if year in plan.case.years and most.get((project, year), 0.0) > LEAST:
            yield "starts a year", project, year, modules / most[project, year]
    for row in numbers.budget.to_dict("records"):
        if row["available"] > LEAST:
            yield "money", "capex limit", int(row["year"]), 1.0 - row["unspent"] / row["available"]
    for row in numbers.debt.to_dict("records"):
        if row["limit"] > LEAST:
            yield "money", "debt limit", int(row["year"]), row["closing"] / row["limit"]


def _markets(plan: Plan) -> Iterator[Found]:
    case = plan.case
    limit, side = case.series("markets", "limit"), case.attribute("markets", "side")
    tiers = pd.Series([market for market, _ in case.keys("markets")], dtype=object).value_counts()
    for market, tier, year, quantity in plan.trades.itertuples(index=False):
        most = limit.get((market, int(tier), int(year)), 0.0)
        if most > LEAST:
            kind = "supply" if side[market, int(tier)] == "buy" else "sales"
            yield kind, str(market) if tiers[market] == 1 else f"{market} tier {int(tier)}", int(year), float(quantity) / most


def _limits(plan: Plan, numbers: Recomputed) -> Iterator[Found]:
    facts = Facts(plan)
    bounds: dict[Any, float] = facts.series("limits", "bound")
    senses, measured = facts.attribute("limits", "sense"), measures(facts, numbers)
    for limit in facts.keys("limits"):
        for year in checked_years(facts, limit) if senses[limit] == "at_most" else []:
            if bounds[limit, year] > LEAST:
                yield "limit", str(limit), year, sum(counted(facts, measured, limit, year)) / bounds[limit, year]
