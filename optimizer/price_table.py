"""The prices of a plan with builds fixed as a table: kind, name, year, price in money of that year, unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from masterplan.fixed_prices import Priced

COLUMNS = ("kind", "name", "year", "price", "unit")
LEAST = 1e-7  # money of the year; below it rounding speaks

Found = tuple[str, str, int, float, str]  # kind, name, year, price at the start of the plan, unit of the thing


def price_table(priced: Priced) -> pd.DataFrame:
    """A row for everything that is worth something in a year: what one more unit (one less, of what must be) would bring.

    Prices are money of their year (of the end of the plan, where final cash is maximised) per unit. A negative price of a resource is
    what one unit more would cost. Resources stand last; before them, what weighs most over the years comes first.
    """
    m, case = priced.ready.model, priced.ready.case
    undo = {y: 1.0 if case.setting("objective") == "final_cash" else float(m.discount[y]) for y in case.years}
    money = case.setting("money_unit")
    rows = []
    for kind, name, year, worth, unit in _found(priced):
        factor = undo.get(year, undo[case.first_year])
        if factor and abs(worth / factor) > LEAST:
            rows.append((kind, name, year, worth / factor, f"{money} / {unit}", worth))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "worth"])
    weight = (table["worth"].abs() * _scale(priced, table)).groupby([table["kind"], table["name"]]).transform("sum")
    last = table["kind"] == "resource"
    order = table.assign(last=last, weight=-weight).sort_values(["last", "weight", "kind", "name", "year"], kind="stable")
    return order[list(COLUMNS)].reset_index(drop=True)


def _found(priced: Priced) -> Iterator[Found]:
    yield from _money(priced)
    yield from _trades(priced)
    yield from _capacity(priced)
    yield from _limits(priced)
    yield from _builds(priced)
    yield from _resources(priced)


def _money(priced: Priced) -> Iterator[Found]:
    m = priced.ready.model
    unit = priced.ready.case.setting("money_unit")
    for year, worth in priced.worth_of_rows(m.spend_within_limit).items():
        yield "capex limit", "capex limit", year, worth, unit
    for kind, variable, upper in (
        ("minimum cash", m.cash, False),
        ("debt limit", m.debt, True),
        ("equity limit", m.raised, True),
        ("distributions", m.distributed, False),
    ):
        for year, worth in priced.worth_of_bounds(variable, upper).items():
            yield kind, kind, year, worth, unit
    for year, worth in priced.worth_of_rows(m.debt_within_multiple_of_earnings).items():
        yield "debt limit", "multiple of earnings", year, worth, unit


def _trades(priced: Priced) -> Iterator[Found]:
    m, case = priced.ready.model, priced.ready.case
    resource, units = case.attribute("markets", "resource"), case.attribute("resources", "unit")
    names = case.names("markets")
    tiers = {name: sum(1 for market, _ in case.keys("markets") if market == name) for name in names}
    for kind, upper in (("market limit", True), ("market minimum", False)):
        for (market, tier, year), worth in priced.worth_of_bounds(m.traded, upper).items():
            if upper or float(m.traded[market, tier, year].lb or 0.0) > 0:
                name = market if tiers[market] == 1 else f"{market} tier {tier}"
                yield kind, name, year, worth, units[resource[market, tier]]
    for (market, tier, year), worth in priced.worth_of_rows(m.taken_or_paid).items():
        yield "take or pay", market, year, -worth, units[resource[market, tier]]
    for (name, year), worth in priced.worth_of_bounds(m.stock, upper=True).items():
        yield "storage limit", name, year, worth, units[name]


def _capacity(priced: Priced) -> Iterator[Found]:
    m, units = priced.ready.model, priced.ready.case.attribute("activities", "unit")
    for rows in (m.level_within_capacity, m.rest_within_capacity):
        for (activity, year), worth in priced.worth_of_rows(rows).items():
            yield "capacity", activity, year, worth, units[activity]
    activity_of = priced.ready.case.attribute("projects", "activity")
    columns = priced.ready.columns(m.start)
    for (project, start, year), worth in priced.worth_of_rows(m.vintage_within_capacity).items():
        if priced.duals.solution[columns[project, start]] <= 0:
            continue  # what was never begun holds nothing back
        yield "vintage", f"{project} of {start}", year, worth, units[activity_of[project]]
    for (gate, activity, year), worth in priced.worth_of_rows(m.level_waits_for_gate).items():
        yield "gate", f"{gate} for {activity}", year, worth, units[activity]


def _limits(priced: Priced) -> Iterator[Found]:
    m = priced.ready.model
    for (name, year), worth in priced.worth_of_rows(m.sum_within_limit).items():
        yield "limit", name, year, worth, "unit of the limit"
    for (name, year), worth in priced.worth_of_rows(m.sum_reaches_limit).items():
        yield "limit", name, year, -worth, "unit of the limit"


def _builds(priced: Priced) -> Iterator[Found]:
    m, case = priced.ready.model, priced.ready.case
    most = case.series("projects", "max_per_year")
    for (project, year), worth in priced.worth_of_bounds(m.start, upper=True).items():
        if year in case.years and priced.ready.model.start[project, year].ub == most.get((project, year)):
            yield "starts a year", project, year, worth, "module"
    starts = {column: index for index, column in priced.ready.columns(m.start).items()}
    names = {
        constraint[index].name: index if isinstance(index, str) else index[0]
        for constraint in (m.total_starts_within_limit, m.modules_in_place_within_limit, m.modules_left_in_place_within_limit)
        for index in constraint
    }
    for row, told in enumerate(priced.arrays.rows):
        found = priced.worth_of_one_more(row) if told in names else None
        if found is not None:
            yield "starts in total", names[told], starts[found[1]][1], found[0], "module"


def _resources(priced: Priced) -> Iterator[Found]:
    """A unit that came for nothing would do as one made: it moves the right-hand side of the balance down."""
    m, units = priced.ready.model, priced.ready.case.attribute("resources", "unit")
    for rows in (m.supply_equals_use, m.supply_covers_use):
        for (name, year), worth in priced.worth_of_rows(rows).items():
            yield "resource", name, year, -worth, units[name]


def _scale(priced: Priced, table: pd.DataFrame) -> pd.Series[Any]:
    """How much of each thing there is, so that prices of unlike units can be put in order: the limit, or what runs on the capacity."""
    case, m = priced.ready.case, priced.ready.model
    size: dict[tuple[str, str, int], float] = {}
    for year in m.LIMITED_YEARS:
        size["capex limit", "capex limit", year] = float(m.capex_limit[year])
    for market, tier in case.keys("markets"):
        for year in case.years:
            limit = m.traded[market, tier, year].ub or 1.0
            size["market limit", market, year] = size["market limit", f"{market} tier {tier}", year] = limit
    for (activity, year), column in priced.ready.columns(m.level).items():
        size["capacity", activity, year] = float(priced.duals.solution[column])
    for (project, start, year), column in priced.ready.columns(m.vintage_level).items():
        size["vintage", f"{project} of {start}", year] = float(priced.duals.solution[column])
    places = zip(table["kind"], table["name"], table["year"], strict=True)
    return pd.Series([size.get((str(kind), str(name), int(year)), 1.0) for kind, name, year in places], dtype=float)
