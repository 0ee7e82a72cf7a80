"""The rules of operation: capacity, vintages, balances, trades, stocks, gates and sums of measures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from masterplan.reports import live_begun as columns
from masterplan.reports.formula import ZERO, Term, added, compare, number, when
from masterplan.reports.gates import OPEN
from masterplan.reports.live_sheet import Row, year_term
from masterplan.reports.measures import checked_years
from masterplan.reports.tested_rule import Built, Tests, apart, beyond


def negative(built: Built) -> Tests:
    """Nothing that is decided is below zero."""
    for name, rows in built.decided.items():
        for key, row in rows.items():
            yield " ".join(str(part) for part in (name, *key) if part != ""), beyond(ZERO, row.here)


def capacity(built: Built) -> Tests:
    """An activity runs within its capacity."""
    limited = built.facts.attribute("activities", "capacity_limited")
    for activity, row in built.operation.levels.items():
        if limited[activity] == "yes":
            yield activity, beyond(row.here, built.operation.capacity[activity].here)


def vintages(built: Built) -> Tests:
    """Vintages of an activity run no more than the activity, and none outside its life or beyond what was begun."""
    activity = built.facts.attribute("projects", "activity")
    rows: dict[str, list[Row]] = {}
    for (project, _), row in built.decided["vintages"].items():
        rows.setdefault(activity[project], []).append(row)
    for name, own in rows.items():
        yield name, beyond(added([row.here for row in own]), built.operation.levels[name].here)
    year = year_term(built.facts.case.years)
    for (project, start), row in built.decided["vintages"].items():
        block = built.begun.blocks[project]
        begun = Term(f"{row.sheet}!$C{row.number}", np.array(float(start)))
        alive = block.sum_where(columns.NAMEPLATE, (columns.START, "=", begun), (columns.FIRST, "<=", year), (columns.LAST, ">=", year))
        yield f"{project} {start}", beyond(row.here, alive)


def taken(built: Built) -> Tests:
    """No more existing capacity goes than there was."""
    for activity, (existing, taken) in built.operation.taken.items():
        yield activity, beyond(added([row.here for row in taken]), existing.here)


def balance(disposal: str) -> Callable[[Built], Tests]:
    """The balance of resources of one kind: closed, or never short where a surplus may be thrown away."""

    def test(built: Built) -> Tests:
        for resource, answer in built.facts.attribute("resources", "disposal").items():
            rows = list(built.operation.balance[resource].values())
            if answer == disposal and rows:
                scale = np.sum([np.abs(row.values) for row in rows], axis=0)
                block = f"{rows[0].sheet}!@{rows[0].at}:@{rows[-1].at}"
                sizes = Term(f"SUMPRODUCT(ABS({block}))", scale)
                sum_ = Term(f"SUM({block})", np.sum([row.values for row in rows], axis=0))
                yield resource, apart(sum_, ZERO, sizes) if disposal == "no" else beyond(ZERO, sum_, sizes)

    return test


def trade_limit(built: Built) -> Tests:
    """No more is traded than the limit of the tier."""
    for key, row in built.decided["trades"].items():
        if built.inputs.has_any("markets", "limit", key):
            yield f"{key[0]}, tier {key[1]}", beyond(row.here, built.inputs.series("markets", "limit", key))


def trade_minimum(built: Built) -> Tests:
    """No less is traded than the minimum of the tier."""
    for key, row in built.decided["trades"].items():
        if built.inputs.has_any("markets", "minimum", key):
            yield f"{key[0]}, tier {key[1]}", beyond(built.inputs.series("markets", "minimum", key), row.here)


def stock(built: Built) -> Tests:
    """What is in store fits in."""
    for (resource, _), row in built.decided["stocks"].items():
        if built.inputs.has_any("resources", "storage_limit", resource):
            yield resource, beyond(row.here, built.inputs.series("resources", "storage_limit", resource))


def gates(built: Built) -> Tests:
    """Nothing runs behind a gate that is shut."""
    for gate, activity in built.facts.keys("gates"):
        if (gate, "") in built.decided["gates"]:
            opened = built.decided["gates"][gate, ""]
            yield activity, when(compare(opened.here, ">", number(OPEN)), ZERO, built.operation.levels[activity].here)


def limits(built: Built) -> Tests:
    """Sums of measures keep their bound; a target with a penalty may be missed and is no rule."""
    senses, priced = (built.facts.attribute("limits", name) for name in ("sense", "penalty"))
    for limit in built.facts.keys("limits"):
        if limit not in priced and checked_years(built.facts, limit) and built.measured.members(limit):
            reached, bound = built.measured.reached(limit), built.measured.bound(limit)
            broken = beyond(reached, bound) if senses[limit] == "at_most" else beyond(bound, reached)
            yield limit, built.measured.counts(limit, broken, checked=True)
