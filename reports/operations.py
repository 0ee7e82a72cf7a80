"""Operations: modules, capacity, and the balance of every resource, recomputed from the starts, levels, trades and stocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from masterplan.reports.facts import Facts, Vintage

Row = tuple[Any, ...]


def modules(facts: Facts) -> list[Row]:
    """(project, year, started, under construction, alive), in modules."""
    rows = []
    for project in facts.case.names("projects"):
        own = [vintage for vintage in facts.vintages if vintage.project == project]
        for year in facts.case.years:
            started = sum(vintage.modules for vintage in own if vintage.start == year)
            building = sum(vintage.modules for vintage in own if vintage.start <= year < vintage.first_output)
            alive = sum(vintage.left(year) for vintage in own if vintage.is_alive(year))
            rows.append((project, year, started, building, alive))
    return rows


def converted(facts: Facts, activity: str, year: int) -> float:
    """Existing capacity of an activity that conversions have taken by a year [activity unit]."""
    amount, out_from = facts.attribute("conversions", "amount"), facts.attribute("conversions", "out_from")
    taken = 0.0
    for key in facts.keys("conversions"):
        for vintage in facts.vintages:
            if key == (vintage.project, activity) and year >= vintage.start + out_from[key]:
                taken += amount[key] * vintage.modules
    return taken


def closed(facts: Facts, activity: str, year: int) -> float:
    """Existing capacity of an activity that is closed by a year [activity unit]."""
    return sum(amount for (name, begun), amount in facts.decisions.closures.items() if name == activity and begun <= year)


def capacity(facts: Facts) -> list[Row]:
    """(activity, year, existing, converted, closed, built, capacity, level, utilisation), in the activity's unit."""
    existing = facts.series("existing_capacity", "capacity")
    by_activity: dict[str | None, list[Vintage]] = {}
    for vintage in facts.vintages:
        by_activity.setdefault(vintage.activity, []).append(vintage)
    rows = []
    for activity in facts.case.names("activities"):
        for year in facts.case.years:
            stands, gone = existing.get((activity, year), 0.0), converted(facts, activity, year)
            built = sum(facts.vintage_capacity(vintage, year) for vintage in by_activity.get(activity, []))
            shut = closed(facts, activity, year)
            level, total = facts.decisions.levels.get((activity, year), 0.0), stands - gone - shut + built
            rows.append((activity, year, stands, gone, shut, built, total, level, level / total if total > 0 else 0.0))
    return rows


def balance(facts: Facts, capacity_rows: list[Row]) -> list[Row]:
    """(resource, entry, item, year, amount): what comes in (+) and goes out (-), in the resource's unit; no rows of 0."""
    totals: dict[Row, float] = {}
    parts = (_recipes(facts, capacity_rows), _construction(facts), _trades(facts), _stocks(facts), _extra(facts))
    for part in parts:
        for resource, entry, item, year, amount in part:
            if amount and year in facts.case.years:
                totals[resource, entry, item, year] = totals.get((resource, entry, item, year), 0.0) + amount
    return [(*key, amount) for key, amount in totals.items()]


def surplus(facts: Facts, balance_rows: list[Row]) -> list[Row]:
    """(resource, year, sum of the balance, disposal)."""
    totals = dict.fromkeys(((resource, year) for resource in facts.case.names("resources") for year in facts.case.years), 0.0)
    for resource, _, _, year, amount in balance_rows:
        totals[resource, year] += amount
    disposal = facts.attribute("resources", "disposal")
    return [(resource, year, amount, disposal[resource]) for (resource, year), amount in totals.items()]


def _recipes(facts: Facts, capacity_rows: list[Row]) -> Iterator[Row]:
    amounts, lags = facts.series("recipes", "amount"), facts.attribute("recipes", "lag")
    capacities = {row[:2]: row[6] for row in capacity_rows}
    worth = _worth_beyond_level(facts)
    for key in facts.keys("recipes"):
        activity, resource, basis = key
        for year in facts.case.years:
            amount = amounts[*key, year]
            if basis == "capacity":
                yield resource, "presence", activity, year, amount * capacities[activity, year]
                continue
            level = facts.decisions.levels.get((activity, year), 0.0) + worth.get((activity, resource, year), 0.0)
            yield resource, "production" if amount > 0 else "use", activity, year + lags[key], amount * level


def _worth_beyond_level(facts: Facts) -> dict[Row, float]:
    """(activity, output resource, year) -> sum over vintages of level x (worth of one output - 1)."""
    found: dict[Row, float] = {}
    for (project, start, year), level in facts.decisions.vintage_levels.items():
        key = (facts.attribute("projects", "activity").get(project), facts.attribute("projects", "output_resource").get(project), year)
        found[key] = found.get(key, 0.0) + level * (facts.output_worth(project, start, year) - 1.0)
    return found


def _construction(facts: Facts) -> Iterator[Row]:
    amounts = facts.series("construction_inputs", "amount")
    for vintage in facts.vintages:
        for resource, years_after, key in facts.building.get(vintage.project, []):
            yield resource, "construction", vintage.project, vintage.start + years_after, -amounts[*key, vintage.start] * vintage.modules
        for key in facts.keys("construction_inputs"):
            if key[0] == vintage.project and key[2] == "standing":
                for year in range(vintage.first_output, vintage.last_output + 1):
                    yield key[1], "standing", vintage.project, year, -amounts[*key, vintage.start] * vintage.left(year)


def _trades(facts: Facts) -> Iterator[Row]:
    resource, side = facts.attribute("markets", "resource"), facts.attribute("markets", "side")
    for (market, tier, year), quantity in facts.decisions.trades.items():
        traded = market, tier
        yield resource[traded], side[traded], market, year, quantity if side[traded] == "buy" else -quantity


def _stocks(facts: Facts) -> Iterator[Row]:
    """Arrivals from earlier decisions, and what goes from year to year."""
    arrivals, loss, opening = facts.series("resources", "arrivals"), facts.series("resources", "storage_loss"), "opening_stock"
    for resource in facts.case.names("resources"):
        before = facts.attribute("resources", opening)[resource]
        for year in facts.case.years:
            yield resource, "arrivals", "", year, arrivals[resource, year]
            if facts.attribute("resources", "storable")[resource] == "yes":
                stock = facts.decisions.stocks.get((resource, year), 0.0)
                yield resource, "from_stock", "", year, (1.0 - loss[resource, year]) * before
                yield resource, "to_stock", "", year, -stock
                before = stock


def _extra(facts: Facts) -> Iterator[Row]:
    """Entries of the caller's own blocks, taken as given."""
    for (resource, entry, year), amount in facts.claims.get("ledger", {}).items():
        if entry in facts.plan.extra_entries and resource in facts.case.names("resources"):
            yield resource, entry, "", year, amount
