"""Cumulative: the same problem with "modules started so far" in the place of "modules started in the year".

start[y] = so_far[y] - so_far[y - 1]. Plans, worth and relaxation are the same; what differs is the search: to branch on what is started by
a year decides early or late, where to branch on one year only moves a start by a year. (Known from scheduling as "by" variables, e.g.
Lambert, Brickey, Newman, Eurek (2014), Open-pit block-sequencing formulations: a tutorial, doi:10.1287/inte.2013.0731.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, identity, vstack

from masterplan.arrays import Arrays


@dataclass(frozen=True, eq=False)
class Cumulative:
    """Arrays in cumulative columns, and the way to and fro. `series` are lists of columns of the original, in the order of years."""

    arrays: Arrays
    series: tuple[np.ndarray, ...]

    def forth(self, solution: np.ndarray) -> np.ndarray:
        """A full or partial solution (NaN where open) of the original in cumulative columns; open from the first open year on."""
        found = solution.copy()
        for columns in self.series:
            found[columns] = np.cumsum(solution[columns])
        return found

    def back(self, solution: np.ndarray) -> np.ndarray:
        """A solution in cumulative columns as a solution of the original."""
        found = solution.copy()
        for columns in self.series:
            found[columns] = np.diff(solution[columns], prepend=0.0)
        return found


def cumulative(arrays: Arrays, series: Sequence[Sequence[int]]) -> Cumulative:
    """Put sums so far in the place of the columns of each series of whole columns with finite bounds.

    The bounds of the columns become rows below the others, which no constraint of the model stands for.
    """
    used = tuple(np.array(columns, dtype=int) for columns in series if len(columns) > 1 and _fits(arrays, list(columns)))
    size = len(arrays.variables)
    change = identity(size, format="lil")
    low, high = arrays.low.copy(), arrays.high.copy()
    for columns in used:
        change[columns[1:], columns[:-1]] = -1.0
        low[columns], high[columns] = np.cumsum(arrays.low[columns]), np.cumsum(arrays.high[columns])
    later = np.concatenate([columns[1:] for columns in used]) if used else np.zeros(0, dtype=int)
    to_original = csr_matrix(change)
    matrix = csr_matrix(vstack([arrays.matrix @ to_original, to_original[later]]))
    matrix.eliminate_zeros()
    turned = replace(
        arrays,
        matrix=matrix,
        cost=to_original.T @ arrays.cost,
        row_low=np.concatenate([arrays.row_low, arrays.low[later]]),
        row_high=np.concatenate([arrays.row_high, arrays.high[later]]),
        low=low,
        high=high,
    )
    return Cumulative(turned, used)


def _fits(arrays: Arrays, columns: list[int]) -> bool:
    finite = np.isfinite(arrays.low[columns]) & np.isfinite(arrays.high[columns])
    return bool(arrays.whole[columns].all() and finite.all())
