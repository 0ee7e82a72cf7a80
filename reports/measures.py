"""Measures: what limits sum, the sums, and how far a plan misses them, recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from masterplan.reports.facts import Facts
from masterplan.reports.funding import debt_by_year, earnings

if TYPE_CHECKING:  # the recomputation itself measures
    from masterplan.reports.recompute import Recomputed

Measures = dict[tuple[str, str, int], float]
Row = tuple[Any, ...]

COMPANY = "company"


def everything(facts: Facts, frames: Mapping[str, pd.DataFrame], earned: Mapping[int, float]) -> Measures:
    """(measure, item, year) -> value of everything that a limit may sum; absent where 0.

    `frames` holds the recomputed capacity, modules, capex and balance.
    """
    values: Measures = {}

    def add(measure: str, item: str, year: int, amount: float) -> None:
        values[measure, item, year] = values.get((measure, item, year), 0.0) + amount

    for row in frames["capacity"].to_dict("records"):
        add("level", row["activity"], row["year"], row["level"])
        add("capacity", row["activity"], row["year"], row["capacity"])
    for row in frames["modules"].to_dict("records"):
        add("starts", row["project"], row["year"], row["started"])
        add("modules", row["project"], row["year"], row["alive"])
    for row in frames["capex"].to_dict("records"):
        add("spend", row["project"], row["year"], row["total"])
    side = facts.attribute("markets", "side")
    for (market, tier, year), quantity in facts.decisions.trades.items():
        add(side[market, tier], market, year, quantity)
    for row in frames["balance"].to_dict("records"):
        if row["entry"] == "production" or (row["entry"] == "presence" and row["amount"] > 0):
            add("production", row["resource"], row["year"], row["amount"])
        elif row["entry"] in ("use", "construction", "standing", "presence"):
            add("use", row["resource"], row["year"], -row["amount"])
    for (resource, year), stock in facts.decisions.stocks.items():
        add("stock", resource, year, stock)
    for year, debt in debt_by_year(facts).items():
        add("debt", COMPANY, year, debt)
        add("earnings", COMPANY, year, earned[year])
    return values


def measures(facts: Facts, found: Recomputed) -> Measures:
    """Everything that a limit may sum, from the recomputed plan."""
    frames = {"capacity": found.capacity, "modules": found.modules, "capex": found.capex, "balance": found.balance}
    return everything(facts, frames, earnings(facts, list(found.cash.itertuples(index=False))))


def counted_years(facts: Facts, limit: str) -> list[int]:
    """The years of the plan that a limit counts."""
    begin = facts.attribute("limits", "from_year").get(limit, facts.case.first_year)
    end = facts.attribute("limits", "to_year").get(limit, facts.case.last_year)
    return [year for year in facts.case.years if begin <= year <= end]


def terms(facts: Facts, measured: Measures, limit: str, year: int) -> list[float]:
    """What the members of a limit add to its sum in a year."""
    coefficient = facts.series("limit_members", "coefficient")
    members = [key for key in facts.keys("limit_members") if key[0] == limit]
    return [coefficient[*key, year] * measured.get((key[1], key[2], year), 0.0) for key in members]


def counted(facts: Facts, measured: Measures, limit: str, year: int) -> list[float]:
    """The terms of a limit's sum at a year: those of the year, or all so far, and what counts already."""
    each_year = facts.attribute("limits", "span")[limit] == "each_year"
    years = [year] if each_year else [other for other in counted_years(facts, limit) if other <= year]
    already = facts.attribute("limits", "already")[limit]
    return [already, *(term for other in years for term in terms(facts, measured, limit, other))]


def checked_years(facts: Facts, limit: str) -> list[int]:
    """The years in which a limit has to hold: all that it counts, or the last for one over all its years."""
    years = counted_years(facts, limit)
    return years[-1:] if facts.attribute("limits", "span")[limit] == "total" else years


def limits(facts: Facts, measured: Measures) -> list[Row]:
    """(limit, year, reached, bound) of every limit in the years in which it has to hold, in its unit."""
    bounds = facts.series("limits", "bound")
    return [
        (limit, year, sum(counted(facts, measured, limit, year)), bounds[limit, year])
        for limit in facts.keys("limits")
        for year in checked_years(facts, limit)
    ]


def targets(facts: Facts, measured: Measures) -> list[Row]:
    """(target, year, reached, bound, missed, penalty) of every floor and every limit with a penalty, in its unit and in money.

    A target over all its years has a row for each, with what is reached so far; only in the last can it be missed.
    """
    bounds, senses, price = facts.series("limits", "bound"), facts.attribute("limits", "sense"), facts.attribute("limits", "penalty")
    rows: list[Row] = []
    for limit in facts.keys("limits"):
        years, checked = counted_years(facts, limit), checked_years(facts, limit)
        if senses[limit] == "at_most" and limit not in price:
            continue
        for year in years:
            bound = bounds[limit, checked[-1] if year not in checked else year]
            reached = sum(counted(facts, measured, limit, year))
            beyond = reached - bound if senses[limit] == "at_most" else bound - reached
            missed = max(0.0, beyond) if year in checked else 0.0
            rows.append((limit, year, reached, bound, missed, missed * price.get(limit, 0.0)))
    return rows
