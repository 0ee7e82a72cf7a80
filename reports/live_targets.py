"""The sheet Targets as formulas: bound, what is reached, since when, what is missed, and what the penalties of all come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from masterplan.reports import cash
from masterplan.reports.formula import ONE, ZERO, Term, added, compare, greatest, size, when
from masterplan.reports.live_measures import Measured
from masterplan.reports.live_sheet import TOLERANCE, LiveSheet, Row, discounted, first_above
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.targets import AT_LEAST, AT_MOST, FIRST, MISSED, PENALTY, REACHED, targets_of, unit_of

IN_TIME = "Reached (1) or not (0)"


@dataclass(frozen=True, eq=False)
class Targets:
    """What missed targets cost: the lines of the sheet, and their sum as the objective counts it."""

    penalties: tuple[Row, ...] = ()
    cost: Term = ZERO


def targets(measured: Measured, found: Recomputed, sheet: LiveSheet) -> Targets:
    """Every target of the case: each penalty at its year's factor, but as it is where final cash is the objective."""
    case, factor = measured.facts.case, measured.worth.lines[f"{cash.VALUE}.factor"]
    rows = [row for target in targets_of(case) for row in _target(measured, found, sheet, target)]
    if case.setting("objective") == "final_cash":
        return Targets(tuple(rows), added([row.over_all for row in rows]))
    return Targets(tuple(rows), added([discounted(row, factor) for row in rows]))


def _target(measured: Measured, found: Recomputed, sheet: LiveSheet, target: str) -> Iterator[Row]:
    """The lines of a target; yields that of its penalty."""
    case = measured.facts.case
    rows, unit = found.targets[found.targets["target"] == target], unit_of(case, target)
    is_floor = case.attribute("limits", "sense")[target] == "at_least"
    truth = {name: dict(zip(rows["year"].tolist(), rows[name].tolist(), strict=True)) for name in ("bound", "reached", "missed", "penalty")}
    wanted = sheet.line(
        target, AT_LEAST if is_floor else AT_MOST, measured.counts(target, measured.bound(target)), unit, truth=truth["bound"]
    )
    reached = sheet.line(target, REACHED, measured.counts(target, measured.reached(target)), unit, truth=truth["reached"], style="total")
    beyond = wanted.here - reached.here if is_floor else reached.here - wanted.here
    near = compare(beyond, "<=", TOLERANCE * greatest(ONE, size(wanted.here)))
    in_time = sheet.line(target, IN_TIME, measured.counts(target, when(near, ONE, ZERO)))
    sheet.figure(target, FIRST, first_above(in_time, ZERO), "", "– : not inside the plan", style="year")
    short = measured.counts(target, greatest(ZERO, beyond), checked=True)
    missed = sheet.line(target, MISSED, short, unit, truth=truth["missed"])
    if target in case.attribute("limits", "penalty"):
        cost = missed.here * measured.inputs.attribute("limits", "penalty", target)
        yield sheet.line(target, PENALTY, cost, money_unit(case), truth=truth["penalty"], total=True)
