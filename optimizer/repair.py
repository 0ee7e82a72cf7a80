"""Repair: the cheapest way in which numbers give way so that a plan exists, as steps, as changes, and as the repaired case."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.change import apply
from masterplan.data.change_target import Change
from masterplan.data.errors import CaseError
from masterplan.elastic import Elastic, Give
from masterplan.prepared import prepare

GAP = 1e-4  # a repair this near to the cheapest is the cheapest
LEAST = 1e-7  # of what may give way, less is rounding
ALL_ROWS = ("rules.at_most", "rules.at_least", "gates.earliest_year")  # numbers that stand in every row of a name
DIGITS, EXACT = 5, 12  # of numbers in changes


@dataclass(frozen=True)
class Step:
    """One number that gives way: by how much, what that weighs in money, and what it becomes where it is set."""

    give: Give
    amount: float
    cost: float
    value: float | str | None = None

    @property
    def sign(self) -> float:
        return -1.0 if self.give.way.operation == "minus" else 1.0


@dataclass(frozen=True, eq=False)
class Repair:
    """What gives way, what it weighs in money, the least that any repair weighs, and the plan's variables by name."""

    steps: tuple[Step, ...]
    cost: float
    bound: float
    found: dict[str, float] | None = None

    @property
    def groups(self) -> set[tuple[str, tuple[str | int, ...]]]:
        return {step.give.group for step in self.steps}


def cheapest(elastic: Elastic, options: SolverOptions, held: Collection[Give] = ()) -> Repair | None:
    """The cheapest repair that holds some numbers as they are; None where there is none, or none in time."""
    arrays = elastic.arrays_with(held)
    options = replace(options, gap=GAP)
    answer = highs.run(arrays, options)
    if answer.solution is None:
        return None
    solution = _exact(arrays, answer.solution, options)
    steps = tuple(step for give in elastic.gives if (step := _step(elastic, give, solution)) is not None)
    names = {variable.name: float(value) for variable, value in zip(arrays.variables, solution, strict=True) if variable is not None}
    cost = sum(step.cost for step in steps)
    return Repair(steps, cost, min(cost, answer.bound if answer.bound is not None else cost), found=names)


def _exact(arrays: Arrays, solution: np.ndarray, options: SolverOptions) -> np.ndarray:
    """Whole numbers made whole, and the rest decided anew as an LP."""
    if not arrays.whole.any():
        return solution
    answer = highs.run(arrays.decided(solution), replace(options, time_limit=max(options.time_limit, 5.0)))
    return solution if answer.solution is None else answer.solution


def _step(elastic: Elastic, give: Give, solution: np.ndarray) -> Step | None:
    values = [max(float(solution[column]), 0.0) for column in give.columns]
    cost = sum(price * value for price, value in zip(give.prices, values, strict=True))
    if sum(values) <= LEAST:
        return None
    used = [about for about, value in zip(give.about, values, strict=True) if value > LEAST]
    set_to: float | str | None = None
    if give.way.name == "resources.disposal":
        set_to = "yes"
    elif give.way.name in ("projects.first_start", "gates.earliest_year"):
        set_to = min(used)
    elif give.way.name == "projects.last_start":
        set_to = max(used)
    elif give.way.name == "finance.debt_multiple":
        set_to = _multiple(elastic, give, solution)
    return Step(give, sum(values), cost, set_to)


def _multiple(elastic: Elastic, give: Give, solution: np.ndarray) -> float:
    """The multiple of earnings that the debt of the year needs; infinite where there are none to carry it."""
    assert give.year is not None
    column = {id(variable): place for place, variable in enumerate(elastic.arrays.variables)}
    debt = float(solution[column[id(elastic.model.debt[give.year])]])
    if debt <= LEAST:
        return 0.0
    earnings = float(solution[column[id(elastic.model.earnings[give.year])]])
    return generous(debt / earnings) if earnings > LEAST else math.inf


def generous(amount: float, digits: int = DIGITS) -> float:
    """The amount with few digits, no less than it is."""
    near = float(f"{amount:.{digits}g}")
    if near >= amount * (1.0 - 1e-8):
        return near
    return float(f"{near + 10.0 ** (math.floor(math.log10(abs(amount))) - digits + 1):.{digits}g}")


# the repaired case


def changes_of(case: Case, repair: Repair, digits: int = DIGITS) -> tuple[Change, ...]:
    """The repair as changes, no less than is needed with so many digits; what drops a rule is none of them (see `dropped_of`)."""
    found = []
    for step in repair.steps:
        way, year = step.give.way, step.give.year
        if way.operation == "drop":
            continue
        key = "/".join([*(str(part) for part in step.give.key), *("*" for _ in range(way.name in ALL_ROWS))])
        if way.operation == "set":
            value = step.value if isinstance(step.value, str) else f"{step.value:.10g}"
            found.append(Change(way.table, key, way.cell, "set", value, year, year))
            continue
        amount = round(step.amount) if step.give.unit == "years" else generous(step.amount, digits)
        lower = way.operation == "minus" or (way.name == "limits.bound" and is_floor(case, step.give))
        found.append(Change(way.table, key, way.cell, "plus", f"{-amount if lower else amount:.12g}", year, year))
    return tuple(found)


def is_floor(case: Case, give: Give) -> bool:
    """Is the number the bound of a limit that says `at_least`?"""
    return give.way.table == "limits" and case.attribute("limits", "sense").get(give.key[0]) == "at_least"


def dropped_of(repair: Repair) -> tuple[tuple[str | int, ...], ...]:
    """The rows of `rules` that the repair drops."""
    return tuple(step.give.key for step in repair.steps if step.give.way.operation == "drop")


def repaired_by(case: Case, repair: Repair, digits: int = DIGITS) -> Case:
    """The case after the repair. Raises CaseError where the changed numbers do not fit the rest of the tables."""
    return apply(_without(case, dropped_of(repair)), changes_of(case, repair, digits))


def tested(case: Case, repair: Repair, options: SolverOptions) -> tuple[tuple[Change, ...], Case] | None:
    """The changes and the repaired case, if it has a plan: with few digits, or as exact as need be where more of something does harm."""
    for digits in (DIGITS, EXACT):
        try:
            repaired = repaired_by(case, repair, digits)
        except CaseError:
            return None
        if has_plan(repaired, options, repair.found):
            return changes_of(case, repair, digits), repaired
    return None


def _without(case: Case, keys: Collection[tuple[str | int, ...]]) -> Case:
    """The case without some rules, and without what scenarios and sources say of them."""
    if not keys:
        return case
    rules, words = case.tables["rules"], {"/".join(str(part) for part in key) for key in keys}
    gone = [(rule, project, other) in keys for rule, project, other in zip(rules["rule"], rules["project"], rules["other"], strict=True)]
    tables = {"rules": rules[~np.array(gone, dtype=bool)].reset_index(drop=True)}
    for name in ("changes", "provenance"):
        frame = case.tables[name]
        about = (frame["table"] == "rules") & frame["key"].map(lambda key: any(word.startswith(str(key or "")) for word in words))
        tables[name] = frame[~about.astype(bool)].reset_index(drop=True)
    return case.with_tables(**tables)


def has_plan(case: Case, options: SolverOptions, found: dict[str, float] | None = None) -> bool:
    """Is there a plan at all? False also where none was found in time. `found` are variables by name to begin from."""
    try:
        ready = prepare(case)
    except InfeasibleModelError:
        return False
    arrays = replace(ready.arrays, cost=np.zeros_like(ready.arrays.cost))
    start = None
    if found is not None:
        start = np.array([found.get(variable.name, np.nan) if _is_whole(variable) else np.nan for variable in arrays.variables])
    return highs.run(arrays, options, start).solution is not None


def _is_whole(variable: pyo.Var) -> bool:
    return not variable.is_continuous()
