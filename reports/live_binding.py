"""The sheet Binding as formulas: 1 in each year in which what it lists is at its limit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from masterplan.reports.binding import (
    CAPACITY_FULL,
    CAPEX_LIMIT,
    DEBT_LIMIT,
    MINIMUM_CASH,
    MONEY,
    PURCHASES,
    SALES,
    STARTS,
    market_name,
    starts_name,
)
from masterplan.reports.cash import ACCOUNT
from masterplan.reports.formula import ONE, ZERO, Term, both, compare, greatest, size, when
from masterplan.reports.live_sheet import TOLERANCE, LiveSheet
from masterplan.reports.live_worth import DEBT
from masterplan.reports.tested_rule import Built
from masterplan.reports.timeline import years_of


def binding(built: Built, table: pd.DataFrame, sheet: LiveSheet) -> None:
    """The lines of the frame `table`, each with the formula that says when it is at its limit."""
    pairs = _pairs(built)
    for record in table.to_dict("records"):
        name = (record["section"], record["item"])
        truth = {year: float(record[year] or 0.0) for year in years_of(table)}
        other = _money if name[0] == MONEY else _limit
        sheet.line(*name, _is_at(*pairs[name]) if name in pairs else other(built, name[1]), truth=truth, total=True)


def _pairs(built: Built) -> Mapping[tuple[str, str], tuple[Term, Term]]:
    """(section, item) -> what is used, and the most that it may be; for cash the least allowed, and what there is."""
    inputs, found = built.inputs, dict[tuple[str, str], tuple[Term, Term]]()
    side = built.facts.attribute("markets", "side")
    for key, row in built.decided["trades"].items():
        if inputs.has_any("markets", "limit", key):
            section = PURCHASES if side[key] == "buy" else SALES
            name = market_name(built.facts.case, str(key[0]), int(key[1]))
            found[section, name] = (row.here, inputs.series("markets", "limit", key))
    for activity, row in built.operation.levels.items():
        found[CAPACITY_FULL, activity] = (row.here, built.operation.capacity[activity].here)
    for (project, _), row in built.decided["starts"].items():
        if inputs.has_any("projects", "max_per_year", project):
            found[STARTS, starts_name(str(project))] = (row.here, inputs.series("projects", "max_per_year", project))
    lines = built.worth.lines
    if f"{DEBT}.limit" in lines:
        found[MONEY, DEBT_LIMIT] = (lines[f"{DEBT}.closing"].here, lines[f"{DEBT}.limit"].here)
    return found


def _is_at(used: Term, most: Term) -> Term:
    """1 where so much is used as there may be, and there may be some."""
    return when(both(compare(most, ">", ZERO), compare(used, ">=", most * (ONE - TOLERANCE))), ONE, ZERO)


def _money(built: Built, item: str) -> Term:
    """1 where nothing is left of the capex limit, or of cash."""
    if item == CAPEX_LIMIT:
        left, most = built.spent.budget["unspent"].here, built.spent.budget["available"].here
        return when(compare(left, "<=", TOLERANCE * greatest(ONE, most)), ONE, ZERO)
    assert item == MINIMUM_CASH, item
    there, least = (built.worth.lines[f"{ACCOUNT}.{name}"].here for name in ("closing", "minimum"))
    return when(compare(there - least, "<=", TOLERANCE * greatest(ONE, size(least))), ONE, ZERO)


def _limit(built: Built, limit: str) -> Term:
    """1 where a limit of the case is met, in the years in which it has to hold."""
    bound, sums = built.measured.bound(limit), built.measured.reached(limit)
    near = both(compare(size(bound), ">", TOLERANCE), compare(size(sums - bound), "<=", TOLERANCE * greatest(ONE, size(bound))))
    return built.measured.counts(limit, when(near, ONE, ZERO), checked=True)
