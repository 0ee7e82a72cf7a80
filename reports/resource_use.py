"""Use of each resource against what is available: what its makers can make at full capacity, what may be bought, what comes from stock.

Available = what the makers' whole capacity would make + purchase limits + what stands in stock or arrives. A maker without a capacity
limit, or a purchase without a limit, has no end: then there is no share. What goes back into stock is no use.
"""

from __future__ import annotations

import math

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.recompute import Recomputed

COLUMNS = ("resource", "year", "use", "available", "share")
NOISE = 1e-9
Keyed = dict[tuple[str, int], float]


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """resource, year, use, available (infinite where nothing limits it) and their share (NaN there, and where there is nothing)."""
    used, there = _used(numbers), _available(plan, numbers)
    rows = []
    for resource in plan.case.names("resources"):
        for year in plan.case.years:
            use, available = used.get((resource, year), 0.0), there.get((resource, year), 0.0)
            share = use / available if NOISE < available < math.inf else math.nan
            rows.append((resource, year, use, available, share))
    types = {"year": int, **dict.fromkeys(("use", "available", "share"), float)}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(types)


def _used(numbers: Recomputed) -> Keyed:
    found: Keyed = {}
    for resource, entry, _, year, amount in numbers.balance.itertuples(index=False):
        if amount < 0 and entry != "to_stock":
            found[resource, year] = found.get((resource, year), 0.0) - amount
    return found


def _available(plan: Plan, numbers: Recomputed) -> Keyed:
    found: Keyed = {}
    for resource, entry, _, year, amount in numbers.balance.itertuples(index=False):
        if amount > 0 and entry not in ("production", "buy"):
            found[resource, year] = found.get((resource, year), 0.0) + amount
    for part in (_makeable(plan.case, numbers), _for_sale(plan.case)):
        for key, amount in part.items():
            found[key] = found.get(key, 0.0) + amount
    return found


def _makeable(case: Case, numbers: Recomputed) -> Keyed:
    """What each resource's makers would make with all their capacity: what they make, x capacity / level where they run."""
    made = {(item, resource, year): amount for resource, entry, item, year, amount in _positive(numbers) if entry == "production"}
    state = {(row["activity"], int(row["year"])): (row["level"], row["capacity"]) for row in numbers.capacity.to_dict("records")}
    amounts, lags = case.series("recipes", "amount"), case.attribute("recipes", "lag")
    limited = case.attribute("activities", "capacity_limited")
    found: Keyed = {}
    for key in case.keys("recipes"):
        activity, resource, basis = key
        for year in case.years if basis == "level" else ():
            level, capacity = state[activity, year]
            arrives = year + int(lags[key])
            if amounts[*key, year] <= 0 or arrives > case.last_year:
                continue
            actual = made.get((activity, resource, arrives), 0.0)
            most = actual * capacity / level if level > NOISE else amounts[*key, year] * max(0.0, capacity)
            most = most if limited[activity] == "yes" else math.inf
            found[resource, arrives] = found.get((resource, arrives), 0.0) + most
    return found


def _positive(numbers: Recomputed) -> list[tuple[str, str, str, int, float]]:
    return [row for row in numbers.balance.itertuples(index=False, name=None) if row[4] > 0]


def _for_sale(case: Case) -> Keyed:
    side, resource, limit = case.attribute("markets", "side"), case.attribute("markets", "resource"), case.series("markets", "limit")
    found: Keyed = {}
    for key in case.keys("markets"):
        for year in case.years if side[key] == "buy" else ():
            found[resource[key], year] = found.get((resource[key], year), 0.0) + limit.get((*key, year), math.inf)
    return found
