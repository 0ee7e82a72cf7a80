"""Extreme: the most or the least that a measure can be in any plan of a case, the plan that reaches it, and the bound that proves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.compiling import InfeasibleModelError
from masterplan.data.added_rows import with_rows
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.rows import number
from masterplan.harvest import decisions
from masterplan.measured import Measured
from masterplan.prepared import prepare
from masterplan.study import SolveOptions

LIMIT = "studied measure"


@dataclass(frozen=True)
class Extreme:
    """The value reached, the most (or least) that it could still be, and a plan that has it: feasible, its worth not looked at."""

    value: float
    bound: float
    plan: Plan


def extreme(case: Case, measure: Measured, most: bool, options: SolveOptions | None = None) -> Extreme:
    """Find the most (or the least) of a measure.

    Raises ValueError where no decision moves it, where it has no end, or where the case has no plan; KeyboardInterrupt on Ctrl-C.
    """
    options = options or SolveOptions()
    try:
        ready = prepare(with_rows(case, measure.limit(LIMIT, "at_least", 0.0)))
    except InfeasibleModelError as error:
        raise ValueError(f"No plan can keep every limit of the case: {error}") from None
    arrays = ready.arrays
    row = next((place for place, name in enumerate(arrays.rows) if name.startswith(f"sum_reaches_limit[{LIMIT},")), None)
    if row is None:
        raise ValueError(f"No decision moves {measure}: it is the same in every plan")
    low, high = arrays.row_low.copy(), arrays.row_high.copy()
    fixed = -(low[row] if np.isfinite(low[row]) else high[row])  # what is in the sum in every plan
    low[row], high[row] = -np.inf, np.inf
    sign = -1.0 if most else 1.0
    cost = sign * np.asarray(arrays.matrix[row].toarray(), dtype=float).ravel()
    asked = replace(arrays, cost=cost, constant=fixed, sign=sign, row_low=low, row_high=high)
    answer = highs.run(asked, SolverOptions(options.gap, options.time_limit, options.threads_each))
    if answer.stopped == "interrupted":
        raise KeyboardInterrupt
    if answer.solution is None or answer.objective is None or answer.bound is None:
        raise ValueError(f"{'The most' if most else 'The least'} of {measure} was not found: {_why(answer.quality)}")
    ready.put(answer.solution)
    frames: dict[str, Any] = decisions(ready.model)
    return Extreme(answer.objective, answer.bound, Plan(case, "feasible", answer.stopped, **frames))


def _why(quality: str) -> str:
    known = {
        "none": "the time limit was reached",
        "infeasible": "no plan can keep every limit of the case",
        "unbounded": "it grows without limit",
        "infeasible_or_unbounded": "it grows without limit, or no plan can keep every limit of the case",
    }
    return known.get(quality, "the solver stopped on a numerical error")


def told(found: Extreme) -> str:
    """`12` where it is proven, else `12 (could be 12.4)`."""
    near = abs(found.value - found.bound) <= 1e-6 * max(1.0, abs(found.value))
    return number(found.value) if near else f"{found.value:.4g} (could be {found.bound:.4g})"
