"""Slack of supply: resources that are bought elsewhere, thrown away or stored, markets, and general limits."""

from __future__ import annotations

from masterplan.elastic import Draft
from masterplan.give_way import EMERGENCY, WAYS


def add(draft: Draft) -> None:
    """Let balances, storage, markets and hard limits give way."""
    _balances(draft)
    _storage(draft)
    _markets(draft)
    _contracts(draft)
    _limits(draft)


def _balances(draft: Draft) -> None:
    case, unit = draft.case, draft.case.attribute("resources", "unit")
    for resource in case.names("resources"):
        surplus: dict[int, int] = {}
        for year in case.years:
            price = EMERGENCY * draft.weights.resource(resource, year)
            equal, covers = (draft.row(family, resource, year) for family in ("supply_equals_use", "supply_covers_use"))
            row = equal if equal is not None else covers
            if row is None:
                continue
            column = draft.slack(price)
            draft.put(row, column, 1.0)
            draft.give(WAYS["resources.arrivals"], (resource,), year, {year: column}, unit[resource])
            if equal is not None:
                surplus[year] = draft.slack(price)
                draft.put(row, surplus[year], -1.0)
        draft.give(WAYS["resources.disposal"], (resource,), None, surplus, unit[resource])


def _storage(draft: Draft) -> None:
    unit = draft.case.attribute("resources", "unit")
    for (resource, year), column in draft.columns("stock").items():
        most = draft.high[column]
        if most < float("inf"):
            draft.high[column] = float("inf")
            slack = draft.slack(draft.weights.resource(resource, year))
            draft.limit({column: 1.0, slack: -1.0}, high=most)
            draft.give(WAYS["resources.storage_limit"], (resource,), year, {year: slack}, unit[resource])


def _markets(draft: Draft) -> None:
    case, unit = draft.case, draft.case.attribute("resources", "unit")
    limit, least, resource = case.series("markets", "limit"), case.series("markets", "minimum"), case.attribute("markets", "resource")
    for (market, tier, year), column in draft.columns("traded").items():
        what = resource[market, tier]
        price = draft.weights.resource(what, year)
        if (market, tier, year) in limit:
            draft.high[column] = float("inf")
            slack = draft.slack(price)
            draft.limit({column: 1.0, slack: -1.0}, high=limit[market, tier, year])
            draft.give(WAYS["markets.limit"], (market, tier), year, {year: slack}, unit[what])
        if minimum := least[market, tier, year]:
            draft.low[column] = 0.0
            slack = draft.slack(price, minimum)
            draft.limit({column: 1.0, slack: 1.0}, low=minimum)
            draft.give(WAYS["markets.minimum"], (market, tier), year, {year: slack}, unit[what])


def _contracts(draft: Draft) -> None:
    case, unit = draft.case, draft.case.attribute("resources", "unit")
    price, resource = case.series("markets", "price"), case.attribute("markets", "resource")
    for market, tier, year in draft.model.CONTRACTED:
        row = draft.row("taken_or_paid", market, tier, year)
        if row is not None:
            what = resource[market, tier]
            slack = draft.slack(
                abs(price[market, tier, year]) or draft.weights.resource(what, year), draft.model.take_or_pay[market, tier, year]
            )
            draft.relax(row, slack)
            draft.give(WAYS["markets.take_or_pay"], (market, tier), year, {year: slack}, unit[what])


def _limits(draft: Draft) -> None:
    case = draft.case
    soft, span = case.attribute("limits", "penalty"), case.attribute("limits", "span")
    for limit in case.names("limits"):
        found = {
            year: row
            for year in case.years
            for family in ("sum_within_limit", "sum_reaches_limit")
            if limit not in soft and (row := draft.row(family, limit, year)) is not None
        }
        for year, row in found.items():
            slack = draft.slack(draft.weights.limit(limit, year))
            draft.relax(row, slack)
            draft.give(WAYS["limits.bound"], (limit,), year, {year: slack}, "")
        if span[limit] == "cumulative" and found:  # what a sum is beyond once, it is in all years that follow
            last = max(found)
            slack = draft.slack(draft.weights.limit(limit, last))
            for row in found.values():
                draft.relax(row, slack)
            draft.give(WAYS["limits.bound"], (limit,), None, {last: slack}, "")
