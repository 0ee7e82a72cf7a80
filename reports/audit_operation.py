"""Audit of the operation: levels within what stands, vintages within their own, balances closed, stocks and trades within limits."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check, equal
from masterplan.reports.facts import Facts, Vintage
from masterplan.reports.recompute import Recomputed


def checks(facts: Facts, found: Recomputed) -> list[Check]:
    """Every rule on levels, stocks and trades."""
    return [
        check("The level of an activity is within its capacity", _level_within_capacity(facts, found)),
        check("A vintage runs only from its first output to the end of its life", _vintage_in_life(facts)),
        check("A vintage runs within its own capacity", _vintage_within_capacity(facts)),
        check("The vintages of an activity run no more than the activity", _vintages_within_level(facts)),
        check("What runs outside the vintages is within the remaining capacity", _rest_within_capacity(facts, found)),
        check("Conversions and closures take no more than the existing capacity", _taken_exists(found)),
        check("The balance of every resource closes", _balance(found, "no")),
        check("A resource that may be disposed of is never short", _balance(found, "yes")),
        check("Stock is within its storage limit", _stock_within_limit(facts)),
        check("What cannot be stored is not in stock", _storable(facts)),
        check("A trade is at least its minimum", _trade_minimum(facts)),
        check("A trade is within its limit", _trade_limit(facts)),
    ]


def _by_vintage(facts: Facts) -> frozenset[str]:
    """Activities that run by vintage, because a project of theirs has an output profile."""
    activity = facts.attribute("projects", "activity")
    return frozenset(activity[project] for project in facts.attribute("projects", "output_profile") if project in activity)


def _vintage(facts: Facts, project: str, start: int) -> Vintage | None:
    return next((vintage for vintage in facts.vintages if (vintage.project, vintage.start) == (project, start)), None)


def _level_within_capacity(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    limited, by_vintage = facts.attribute("activities", "capacity_limited"), _by_vintage(facts)
    for row in found.capacity.to_dict("records"):
        if limited[row["activity"]] == "yes" and row["activity"] not in by_vintage:
            scale = abs(row["level"]) + row["existing"] + abs(row["converted"]) + abs(row["closed"]) + abs(row["built"])
            yield at_most((row["activity"], row["year"]), row["level"], row["capacity"], scale)


def _vintage_in_life(facts: Facts) -> Iterator[Tested]:
    for (project, start, year), level in facts.decisions.vintage_levels.items():
        begin = start + facts.attribute("projects", "lead_time")[project]
        alive = begin <= year < begin + facts.attribute("projects", "life")[project]
        yield at_most((project, start, year), 0.0 if alive else level, 0.0)


def _vintage_within_capacity(facts: Facts) -> Iterator[Tested]:
    for (project, start, year), level in facts.decisions.vintage_levels.items():
        begin = start + facts.attribute("projects", "lead_time")[project]
        if begin <= year < begin + facts.attribute("projects", "life")[project]:
            vintage = _vintage(facts, project, start)
            yield at_most((project, start, year), level, 0.0 if vintage is None else facts.vintage_capacity(vintage, year))


def _vintage_sums(facts: Facts) -> dict[tuple[str, int], float]:
    activity = facts.attribute("projects", "activity")
    totals = {(name, year): 0.0 for name in sorted(_by_vintage(facts)) for year in facts.case.years}
    for (project, _, year), level in facts.decisions.vintage_levels.items():
        if project in activity:
            totals[activity[project], year] += level
    return totals


def _vintages_within_level(facts: Facts) -> Iterator[Tested]:
    for key, vintages in _vintage_sums(facts).items():
        yield at_most(key, vintages, facts.decisions.levels.get(key, 0.0))


def _rest_within_capacity(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    limited, sums = facts.attribute("activities", "capacity_limited"), _vintage_sums(facts)
    for row in found.capacity.to_dict("records"):
        activity, year = row["activity"], row["year"]
        if (activity, year) in sums and limited[activity] == "yes":
            profiled = sum(
                facts.vintage_capacity(vintage, year)
                for vintage in facts.vintages
                if vintage.activity == activity and facts.output_profile(vintage.project) is not None
            )
            rest = row["level"] - sums[activity, year]
            scale = (
                abs(row["level"])
                + abs(sums[activity, year])
                + row["existing"]
                + abs(row["converted"])
                + abs(row["closed"])
                + abs(row["built"])
            )
            yield at_most((activity, year), rest, row["capacity"] - profiled, scale)


def _taken_exists(found: Recomputed) -> Iterator[Tested]:
    for row in found.capacity.to_dict("records"):
        if row["converted"] or row["closed"]:
            yield at_most((row["activity"], row["year"]), row["converted"] + row["closed"], row["existing"])


def _balance(found: Recomputed, disposal: str) -> Iterator[Tested]:
    sizes: dict[tuple[str, int], float] = {}
    for resource, year, amount in zip(found.balance["resource"], found.balance["year"], found.balance["amount"], strict=True):
        sizes[resource, year] = sizes.get((resource, year), 0.0) + abs(amount)
    for row in found.surplus.to_dict("records"):
        if row["disposal"] == disposal:
            where = row["resource"], row["year"]
            yield (equal if disposal == "no" else at_least)(where, row["amount"], 0.0, sizes.get(where, 0.0))


def _stock_within_limit(facts: Facts) -> Iterator[Tested]:
    limit = facts.series("resources", "storage_limit")
    for key, stock in facts.decisions.stocks.items():
        if key in limit:
            yield at_most(key, stock, limit[key])


def _storable(facts: Facts) -> Iterator[Tested]:
    storable = facts.attribute("resources", "storable")
    for (resource, year), stock in facts.decisions.stocks.items():
        if storable[resource] == "no":
            yield at_most((resource, year), stock, 0.0)


def _trade_minimum(facts: Facts) -> Iterator[Tested]:
    minimum = facts.series("markets", "minimum")
    for market, tier in facts.keys("markets"):
        for year in facts.case.years:
            if minimum[market, tier, year] > 0.0:
                quantity = facts.decisions.trades.get((market, tier, year), 0.0)
                yield at_least((market, "tier", tier, year), quantity, minimum[market, tier, year])


def _trade_limit(facts: Facts) -> Iterator[Tested]:
    limit = facts.series("markets", "limit")
    for (market, tier, year), quantity in facts.decisions.trades.items():
        if (market, tier, year) in limit:
            yield at_most((market, "tier", tier, year), quantity, limit[market, tier, year])
