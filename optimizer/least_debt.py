"""Least debt: among plans of equal worth, the one that owes and raises least, so that no money is borrowed that nothing needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.prepared import Prepared


def with_least_debt(ready: Prepared, arrays: Arrays, solution: np.ndarray, options: SolverOptions) -> np.ndarray:
    """The solution with the same operation and objective, and the least sum of debt and equity raised over the years.

    All that has a part in the objective stays as it is; so does the solution in a case that decides on no money.
    """
    m = ready.model
    owed = [*ready.columns(m.debt).values(), *ready.columns(m.raised).values()]
    if not owed:
        return solution
    open_ones = [*owed, *(column for flow in (m.drawn, m.repaid, m.cash) for column in ready.columns(flow).values())]
    free = np.zeros(len(solution), dtype=bool)
    free[open_ones] = arrays.cost[open_ones] == 0.0
    cost = np.zeros_like(arrays.cost)
    cost[owed] = 1.0
    low, high = np.where(free, arrays.low, solution), np.where(free, arrays.high, solution)
    relaxed = replace(arrays.with_bounds(low, high).relaxed(), cost=cost, sign=1.0, constant=0.0)
    answer = highs.run(relaxed, replace(options, gap=0.0, time_limit=60.0, reference=None, on_interrupt="wait"))
    return solution if answer.solution is None else np.where(free, answer.solution, solution)
