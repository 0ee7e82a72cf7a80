"""What looks wrong in the money: scale, trades and modules that earn without end, circles that make something from nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import product
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.links import MEASURED
from masterplan.data.rows import Row, key_text, number, rows

SMALLEST, LARGEST = 1e-4, 1e4
COEFFICIENTS = {
    "recipes": ("amount",),
    "construction_inputs": ("amount",),
    "projects": ("module_capacity", "capex", "fixed_capex"),
    "activities": ("variable_cost",),
    "markets": ("price",),
}
HIGH_RATE = 0.3


def scale(case: Case) -> list[Problem]:
    """Coefficients outside 1e-4 .. 1e4: one problem per column, with its range."""
    problems = []
    for table, columns in COEFFICIENTS.items():
        for column in columns:
            sized = [(abs(row[column]), row) for row in rows(case, table) if row[column]]
            outside = [(size, row) for size, row in sized if not SMALLEST <= size <= LARGEST]
            if outside:
                places = [_place(table, row) for _, row in outside]
                low, high = min(size for size, _ in sized), max(size for size, _ in sized)
                found, allowed = (
                    f"sizes from {number(low)} to {number(high)}",
                    f"sizes between {SMALLEST:g} and {LARGEST:g} suit the solver",
                )
                fix = "Use larger or smaller units"
                problems.append(Problem("W811", table, places[0], column, found, allowed, fix, also=tuple(dict.fromkeys(places[1:]))))
    return problems


def _place(table: str, row: Row) -> str:
    keys = {
        "recipes": ("activity", "resource", "basis"),
        "markets": ("market", "tier"),
        "projects": ("project",),
        "activities": ("activity",),
    }
    names = keys.get(table, ("project", "resource", "when", "years_after_start"))
    return key_text(table, tuple(row[name] for name in names))


def rates(case: Case) -> list[Problem]:
    """A discount rate that is hardly a yearly rate, and cash that is short before the plan begins."""
    problems = []
    if case.setting("discount_rate") > HIGH_RATE:
        allowed, fix = "a yearly rate is rarely that high", "0.08 means 8 % a year"
        problems.append(Problem("W812", "settings", "discount_rate", "value", number(case.setting("discount_rate")), allowed, fix))
    least = case.series("finance", "minimum_cash").get(case.first_year)
    if least is not None and least > case.setting("opening_cash"):
        found, allowed = f"{number(least)} in {case.first_year}", f"opening_cash is {number(case.setting('opening_cash'))}"
        problems.append(
            Problem("W813", "finance", str(case.first_year), "minimum_cash", found, allowed, "The first year must earn the rest")
        )
    return problems


def printing_pairs(case: Case) -> list[Problem]:
    """A market to buy at less than another pays in the same year: money for nothing."""
    price, limit = case.series("markets", "price"), case.series("markets", "limit")
    resource, side = case.attribute("markets", "resource"), case.attribute("markets", "side")
    by_side: dict[tuple[Any, str], list[Any]] = defaultdict(list)
    for key in case.keys("markets"):
        by_side[resource[key], side[key]].append(key)
    problems = []
    for traded in dict.fromkeys(resource.values()):
        for buy, sell in product(by_side[traded, "buy"], by_side[traded, "sell"]):
            gains = {
                year: (price[(*sell, year)] - price[(*buy, year)]) * _traded(limit, buy, sell, year)
                for year in case.years
                if price[(*sell, year)] > price[(*buy, year)] and _traded(limit, buy, sell, year) > 0
            }
            if gains:
                problems.append(_printing(traded, buy, sell, next(iter(gains)), gains, price))
    return problems


def _traded(limit: dict[Any, float], buy: Any, sell: Any, year: int) -> float:
    return min(limit.get((*buy, year), math.inf), limit.get((*sell, year), math.inf))


def _printing(traded: Any, buy: Any, sell: Any, year: int, gains: dict[int, float], price: dict[Any, float]) -> Problem:
    gain = "without end" if math.isinf(gains[year]) else f"{number(gains[year])} in {year}"
    paid, earned = number(price[(*buy, year)]), number(price[(*sell, year)])
    found = f"{traded} bought at {paid} and sold to {key_text('markets', sell)} at {earned} in {year}"
    return Problem(
        "W814", "markets", key_text("markets", buy), "price", found, f"the pair earns {gain} without any activity", "Check both prices"
    )


def endless_sales(case: Case) -> list[Problem]:
    """Activities that buy all they take and sell what they make, both without limit, at a gain that grows with every further module."""
    problems = []
    money_binds = bool(case.series("finance", "minimum_cash"))
    capex_binds = bool(case.series("finance", "capex_limit"))
    margin = _margins(case)
    gated = {row["activity"] for row in rows(case, "gates")}  # their level has a most number, or the case an error
    limited = case.attribute("activities", "capacity_limited")
    for activity in [name for name in margin if name not in gated]:
        if limited[activity] == "no" and any(value > 1e-9 for value in margin[activity].values()):
            year = next(year for year, value in margin[activity].items() if value > 1e-9)
            found = f"a gain of {number(margin[activity][year])} per unit of level in {year}"
            allowed, fix = (
                "its level, its purchases and its sales have no limit: the plan is unbounded",
                "Limit the sales, the purchases or the level",
            )
            problems.append(Problem("W815", "activities", str(activity), "", found, allowed, fix))
    if money_binds:
        return problems
    for project, value in _module_values(case, margin, capex_binds).items():
        if value > 1e-9:
            found = f"a gain of {number(value)} with every further module"
            allowed, fix = (
                "its modules, its purchases and its sales have no limit: the plan is unbounded",
                "Fill max_per_year, or limit the sales",
            )
            problems.append(Problem("W816", "projects", str(project), "", found, allowed, fix))
    return problems


def _margins(case: Case) -> dict[Any, dict[int, float]]:
    """activity -> year -> money per unit of level, for activities that trade everything without limit in every year."""
    worth = _unlimited_prices(case)
    cost, amounts = case.series("activities", "variable_cost"), case.series("recipes", "amount")
    lines: dict[Any, list[Any]] = defaultdict(list)
    for key in case.keys("recipes"):
        lines[key[0]].append(key)
    margins: dict[Any, dict[int, float]] = {}
    for activity, keys in lines.items():
        by_year: dict[int, float] = {}
        for year in case.years:
            prices = [worth["sell" if amounts[(*key, year)] > 0 else "buy"].get((key[1], year)) for key in keys]
            if all(price is not None for price in prices) and all(key[2] == "level" for key in keys):
                by_year[year] = (
                    math.fsum(amounts[(*key, year)] * (price or 0.0) for key, price in zip(keys, prices, strict=True))
                    - cost[activity, year]
                )
        if len(by_year) == len(case.years) and not _has_lag(case, activity):
            margins[activity] = by_year
    return margins


def _has_lag(case: Case, activity: Any) -> bool:
    return any(row["activity"] == activity and row["lag"] for row in rows(case, "recipes"))


def _unlimited_prices(case: Case) -> dict[str, dict[tuple[Any, int], float]]:
    """side -> (resource, year) -> best price without a limit."""
    price, limit = case.series("markets", "price"), case.series("markets", "limit")
    resource, side = case.attribute("markets", "resource"), case.attribute("markets", "side")
    best: dict[str, dict[tuple[Any, int], float]] = {"buy": {}, "sell": {}}
    for key in case.keys("markets"):
        for year in case.years:
            if math.isinf(limit.get((*key, year), math.inf)):
                place, here = (resource[key], year), price[(*key, year)]
                known = best[side[key]].get(place, here)
                best[side[key]][place] = min(known, here) if side[key] == "buy" else max(known, here)
    return best


def _module_values(case: Case, margin: dict[Any, dict[int, float]], capex_binds: bool) -> dict[Any, float]:
    """project -> gain of a module over the plan, discounted to its start; only projects that nothing limits."""
    activity, lead, life = (case.attribute("projects", column) for column in ("activity", "lead_time", "life"))
    first = case.attribute("projects", "first_start")
    size, capex, fixed = (case.series("projects", column) for column in ("module_capacity", "capex", "fixed_cost"))
    upkeep, per_year = case.series("activities", "fixed_cost"), case.series("projects", "max_per_year")
    rate, total = case.setting("discount_rate"), case.attribute("projects", "max_total")
    built_of = {row["project"] for table in ("construction_inputs", "conversions") for row in rows(case, table)}
    ruled = {row["project"] for row in rows(case, "rules")} | {row["item"] for table in MEASURED for row in rows(case, table)}
    ruled |= {row["activity"] for row in rows(case, "gates")} | set(case.attribute("synergies", "per_activity").values())
    profiled = case.attribute("projects", "availability_profile").keys() | case.attribute("projects", "output_profile").keys()
    values: dict[Any, float] = {}
    for project in activity.keys() - built_of - ruled - profiled - total.keys():
        start = first.get(project, case.first_year)
        makes = activity[project]
        if makes not in margin or makes in ruled or (project, start) in per_year or (capex_binds and capex[project, start] > 0):
            continue
        earned = 0.0
        for year in range(start + lead[project], min(case.last_year, start + lead[project] + life[project] - 1) + 1):
            gain = size[project, start] * (max(margin[makes][year], 0.0) - upkeep[makes, year]) - fixed[project, year]
            earned += gain / (1 + rate) ** (year - start)
        values[project] = earned - capex[project, start]
    return values


def circles(case: Case) -> list[Problem]:
    """Two activities that turn one resource into another and back into more of the first, and take nothing else."""
    turns: dict[tuple[Any, Any], tuple[Any, float]] = {}
    by_activity: dict[Any, dict[Any, float]] = defaultdict(dict)
    for row in rows(case, "recipes"):
        if row["amount"]:
            by_activity[row["activity"]].setdefault(row["resource"], row["amount"])
    for activity, amounts in by_activity.items():
        taken = [resource for resource, amount in amounts.items() if amount < 0]
        if len(taken) == 1:
            for resource, amount in amounts.items():
                if amount > 0:
                    turns[taken[0], resource] = (activity, amount / -amounts[taken[0]])
    problems = []
    for (taken, made), (activity, ratio) in turns.items():
        back = turns.get((made, taken))
        if back and str(activity) < str(back[0]) and ratio * back[1] > 1 + 1e-9:
            found = f"a circle with {back[0]} that turns 1 of {taken} into {number(ratio * back[1])}"
            problems.append(
                Problem("W817", "activities", str(activity), "", found, "nothing comes from nothing", "Check the amounts of both recipes")
            )
    return problems
