"""Diving: a first plan from the relaxation alone, in tenths of a second: round what is nearest to whole, decide the rest anew, go on.

Switches (0/1 columns) come before numbers of modules, and are shut only where the relaxation hardly uses them: a switch that is shut too
early leaves no plan. (A fractional dive as in Berthold (2006), Primal heuristics for mixed integer programs, section 3.2.)
"""

from __future__ import annotations

import time

import numpy as np

from masterplan.arrays import Arrays
from masterplan.highs import Relaxation, SolverOptions

SHARE = 0.25  # of the columns that are not whole yet, rounded at once
UP = 0.3  # a fraction from which on a column is rounded up
WHOLE = 1e-6


def dived(arrays: Arrays, options: SolverOptions) -> tuple[np.ndarray, float] | None:
    """A solution with every whole column whole, and the bound that the relaxation gives (in the model's objective); None where the
    dive ends without one, or the time limit of the options is spent.
    """
    until = time.perf_counter() + options.time_limit
    relaxed = Relaxation(arrays, options)
    whole = np.flatnonzero(arrays.whole)
    switch = arrays.whole & (arrays.low >= 0.0) & (arrays.high <= 1.0)
    found = relaxed.solution()
    bound = np.nan if found is None else arrays.objective(found)
    while found is not None and time.perf_counter() < until:
        left = whole[np.abs(found[whole] - np.round(found[whole])) > WHOLE]
        if len(left) == 0:
            return found, bound
        found = _deeper(relaxed, arrays, found, left[switch[left]] if switch[left].any() else left)
    return None


def _deeper(relaxed: Relaxation, arrays: Arrays, found: np.ndarray, columns: np.ndarray) -> np.ndarray | None:
    """The optimum with some of the columns rounded: as many as go together, or else the first of them the other way."""
    below = np.floor(found[columns])
    rounded = below + (found[columns] - below >= UP)
    order = np.argsort(np.abs(found[columns] - rounded), kind="stable")
    many = int(np.ceil(SHARE * len(columns)))
    while many:
        some = order[:many]
        deeper = _with(relaxed, arrays, columns[some], rounded[some])
        if deeper is not None:
            return deeper
        many //= 2
    first = order[:1]
    return _with(relaxed, arrays, columns[first], 2.0 * below[first] + 1.0 - rounded[first])


def _with(relaxed: Relaxation, arrays: Arrays, columns: np.ndarray, values: np.ndarray) -> np.ndarray | None:
    """The optimum with these columns fixed from now on; None, and nothing fixed, where there is none."""
    relaxed.set_bounds(columns, values, values)
    found = relaxed.solution()
    if found is None:
        relaxed.set_bounds(columns, arrays.low[columns], arrays.high[columns])
    return found
