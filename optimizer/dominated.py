"""Dominated: what a proven bound of one problem says about another with the same columns and rows, after some numbers changed.

Every plan x of the new problem is turned into a plan x + d_0 + sum of x_j d_j of the old one: d_j mends, by columns that may grow without
limit (cash kept, income taxed, money unspent), what the new numbers of column j change in the rows; d_0 what new right-hand sides change.
Where all these repairs exist, the old bound holds at the mended plan, and that is a row for the new problem:
cost · (x + d_0 + sum of x_j d_j) >= old bound. Prices that fall, costs that rise and limits that shrink have such repairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays

SAME = 1e-12  # numbers nearer than this are equal
MOST_COLUMNS = 200  # with changed numbers; with more, a search is the quicker way


@dataclass(frozen=True, eq=False)
class KnownRow:
    """weights · x >= least, in minimised cost without constants: a row that every plan of the new problem keeps."""

    weights: np.ndarray
    least: float


def known_row(old: Arrays, new: Arrays, bound: float, options: SolverOptions) -> KnownRow | None:
    """What the proven bound of the old problem (its objective, constants included) says about the new one; None: nothing."""
    if not _alike(old, new):
        return None
    gone = (old.matrix - new.matrix).tocsc()
    gone.data[np.abs(gone.data) < SAME] = 0.0
    gone.eliminate_zeros()
    changed = np.flatnonzero(np.diff(gone.indptr))
    if len(changed) > MOST_COLUMNS or (old.low[changed] < 0).any() or (new.low[changed] < 0).any():
        return None
    weights, least = old.cost.copy(), old.sign * (bound - old.constant)
    sides = _sides(old, new)
    if sides is None:
        return None
    movable = _movable(old)
    for column in (None, *changed):
        moved = sides if column is None else gone[:, [column]].toarray().ravel()
        price = _repair(movable, moved, options)
        if price is None:
            return None
        if column is None:
            least -= price
        else:
            weights[column] += price
    return KnownRow(weights, least)


def bound_with(new: Arrays, row: KnownRow, options: SolverOptions) -> float | None:
    """A bound of the new problem (its objective, constants included) from its relaxation with the known row."""
    answer = highs.run(_with_row(new.relaxed(), row), replace(options, gap=0.0, reference=None))
    return answer.bound if answer.quality == "optimal" else None


def _with_row(arrays: Arrays, row: KnownRow) -> Arrays:
    """The problem with the known row as one more row, which no constraint of the model stands for."""
    return replace(
        arrays,
        matrix=csr_matrix(vstack([arrays.matrix, csr_matrix(row.weights)])),
        row_low=np.append(arrays.row_low, row.least - 1e-7 * max(1.0, abs(row.least))),
        row_high=np.append(arrays.row_high, np.inf),
    )


def _alike(old: Arrays, new: Arrays) -> bool:
    """Same columns and rows, of the same kinds, with the new columns within the bounds of the old ones."""
    return (
        old.sign == new.sign
        and [str(column) for column in old.variables] == [str(column) for column in new.variables]
        and old.rows == new.rows
        and bool((old.whole <= new.whole).all())
        and bool((new.low >= old.low - SAME).all())
        and bool((new.high <= old.high + SAME).all())
        and bool((np.isinf(old.row_low) == np.isinf(new.row_low)).all())
        and bool((np.isinf(old.row_high) == np.isinf(new.row_high)).all())
    )


def _sides(old: Arrays, new: Arrays) -> np.ndarray | None:
    """By how much the new right-hand sides exceed the old ones; None for a range whose sides moved apart."""
    low = np.where(np.isinf(old.row_low), 0.0, new.row_low) - np.where(np.isinf(old.row_low), 0.0, old.row_low)
    high = np.where(np.isinf(old.row_high), 0.0, new.row_high) - np.where(np.isinf(old.row_high), 0.0, old.row_high)
    both = ~np.isinf(old.row_low) & ~np.isinf(old.row_high)
    if (np.abs(low - high)[both] > SAME).any():
        return None
    return np.where(np.isinf(old.row_low), high, low)


def _movable(old: Arrays) -> Arrays:
    """Directions of the old problem: columns that have a finite bound move only away from it, whole ones and those with two not at all."""
    free = ~old.whole & (np.isinf(old.low) | np.isinf(old.high))
    return replace(
        old,
        matrix=csr_matrix(old.matrix[:, free]),
        cost=old.cost[free],
        low=np.where(np.isinf(old.low[free]), -np.inf, 0.0),
        high=np.where(np.isinf(old.high[free]), np.inf, 0.0),
        whole=np.zeros(int(free.sum()), dtype=bool),
        variables=tuple(variable for variable, moves in zip(old.variables, free, strict=True) if moves),
        constant=0.0,
        sign=1.0,
    )


def _repair(movable: Arrays, moved: np.ndarray, options: SolverOptions) -> float | None:
    """Least cost of a direction d with matrix · d + moved = 0 in equations and no worse in other rows; None without one."""
    if not moved.any():
        return 0.0
    row_low, row_high = (np.where(np.isinf(sides), sides, -moved) for sides in (movable.row_low, movable.row_high))
    direction = replace(movable, row_low=row_low, row_high=row_high)
    answer = highs.run(direction, replace(options, gap=0.0, reference=None, time_limit=10.0))
    return answer.objective if answer.quality == "optimal" else None
