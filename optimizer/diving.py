"""Diving: a first plan from the relaxation alone, in tenths of a second: round what is nearest to whole, decide the rest anew, go on.

Switches (0/1 columns) come before numbers of modules, and are shut only where the relaxation hardly uses them: a switch that is shut too
early leaves no plan. (A fractional dive as in Berthold (2006), Primal heuristics for mixed integer programs, section 3.2.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.highs import Relaxation

SHARE = 0.25  # of the columns that are not whole yet, rounded at once
UP = 0.3  # a fraction from which on a column is rounded up
WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Dive:
    """What a dive found: a solution with every whole column whole, or None, and the bound of the relaxation, in the model's objective."""

    solution: np.ndarray | None
    bound: float | None
    interrupted: bool = False


def dived(arrays: Arrays, options: SolverOptions) -> Dive:
    """Dive until all is whole, nothing can be rounded any more, the time limit of the options is spent, or Ctrl-C is pressed."""
    whole = np.flatnonzero(arrays.whole)
    switch = arrays.whole & (arrays.low >= 0.0) & (arrays.high <= 1.0)
    with Relaxation(arrays, options) as relaxed:
        found = relaxed.solution()
        bound = None if found is None else arrays.objective(found)
        while found is not None:
            left = whole[np.abs(found[whole] - np.round(found[whole])) > WHOLE]
            if len(left) == 0:
                break
            found = _deeper(relaxed, arrays, found, left[switch[left]] if switch[left].any() else left)
        return Dive(found, bound, relaxed.interrupted)


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
    low, high = arrays.low[columns], arrays.high[columns]
    if (values < low).any() or (values > high).any():
        return None
    relaxed.set_bounds(columns, values, values)
    found = relaxed.solution()
    if found is None:
        relaxed.set_bounds(columns, low, high)
    return found
