"""Near best: the search for one more plan that is nearly as good and as unlike the known ones as can be."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from masterplan import highs
from masterplan.answer import Answer, SolverOptions
from masterplan.compiling import InfeasibleModelError, compile_arrays
from masterplan.data.plan import Plan
from masterplan.first_contrast import first_contrast
from masterplan.formulations.contrast import Contrast, Pattern
from masterplan.prepared import Prepared, prepare
from masterplan.solving import reoptimise
from masterplan.study import SolveOptions

Values = dict[int, float]  # id of a model's variable -> value


@dataclass(frozen=True, eq=False)
class Unlike:
    """A plan as unlike the known ones as was found, `apart` from the nearest; `most_apart` is the furthest that one could still be."""

    plan: Plan | None
    pattern: Pattern
    apart: float
    most_apart: float


def most_unlike(best: Plan, asked: Contrast, options: SolveOptions, with_plan: bool = True) -> Unlike | None:
    """The plan of a case most unlike the known ones, worth enough; then, of all plans that begin the same in the same years, the best.

    None where nothing was found in time, or by a Ctrl-C; `with_plan` False looks for the pattern alone.
    """
    try:
        return _searched(best, asked, options, with_plan)
    except KeyboardInterrupt:
        options.interruption.seen = True
        return None


def _searched(best: Plan, asked: Contrast, options: SolveOptions, with_plan: bool) -> Unlike | None:
    try:
        ready = prepare(best.case, last=(asked,))
    except InfeasibleModelError:
        return None
    how = SolverOptions(gap=options.gap, time_limit=options.time_limit, threads=options.threads)
    began = time.perf_counter()
    begin = first_contrast(ready, best, how)
    left = max(how.time_limit - (time.perf_counter() - began), 1.0)
    answer = highs.run(ready.arrays, replace(how, time_limit=left, on_interrupt="answer"), begin)
    options.interruption.seen |= answer.stopped == "interrupted"
    if answer.solution is None or answer.bound is None:
        return None
    values = dict(zip(map(id, ready.arrays.variables), answer.solution, strict=True))
    pattern = _pattern(ready.model, values)
    plan = _best_of_pattern(ready, best, values, replace(how, reference=best.do_nothing)) if with_plan else None
    return Unlike(plan, pattern, float(answer.objective or 0.0), max(answer.bound, 0.0))


def _pattern(m: pyo.ConcreteModel, values: Values) -> dict[str, int]:
    found: dict[str, int] = {}
    for project, year in m.begun:
        if values.get(id(m.begun[project, year]), 0.0) > 0.5:
            found[project] = min(year, found.get(project, year))
    return found


def _best_of_pattern(ready: Prepared, best: Plan, values: Values, how: SolverOptions) -> Plan | None:
    """The plan that is worth most of those that begin the same projects in the same years, with its operation decided exactly."""
    m = ready.model
    m.most_apart.deactivate()
    m.best_plan.activate()
    arrays = compile_arrays(m)
    low, high = arrays.low.copy(), arrays.high.copy()
    solution = np.array([values.get(id(variable), np.nan) for variable in arrays.variables])
    begun = {id(variable) for variable in m.begun.values()}
    for column, variable in enumerate(arrays.variables):
        if id(variable) in begun:
            low[column] = high[column] = round(solution[column])
    fixed = arrays.with_bounds(low, high)
    answer = highs.run(fixed, how, solution)
    solution = solution if answer.solution is None else answer.solution
    exact: Answer = highs.run(arrays.decided(solution), how)
    solution = solution if exact.solution is None else exact.solution
    columns = {id(variable): column for column, variable in enumerate(arrays.variables)}
    plan = reoptimise(replace(best, starts=_starts(m, columns, solution)), how.time_limit, how.threads)
    return plan if plan.found else None


def _starts(m: pyo.ConcreteModel, columns: dict[int, int], solution: np.ndarray) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for project, year in m.start:
        start = m.start[project, year]
        column = columns.get(id(start))
        rows.append((project, year, start.lb if column is None else max(float(solution[column]), start.lb)))
    return pd.DataFrame(rows, columns=["project", "year", "modules"])
