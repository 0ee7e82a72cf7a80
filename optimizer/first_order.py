"""First order: what a changed case is worth by the prices of a plan, and by what its whole numbers could do if they were divisible.

Both are cheap and rank the ways to relieve a limit; what one is worth when everything may be re-decided takes a solve.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from masterplan import highs
from masterplan.arrays import Arrays
from masterplan.fixed_prices import EXACT, NEAR, Priced

Places = tuple[np.ndarray, np.ndarray]  # where the same rows, or columns, stand in two problems


def like(one: Arrays, other: Arrays) -> bool:
    """Have both the same rows and columns, so that they differ in numbers alone?"""
    return one.rows == other.rows and one.names == other.names


def apart(now: Arrays, after: Arrays, before: Arrays) -> bool:
    """Do the two changes of `before` touch no number of the model in common, so that their sum is a fair guess? All three are alike.

    A guess: where a number is the least of two, each change alone may leave it as it is, and both together move it.
    """
    for name in ("row_low", "row_high", "low", "high", "cost"):
        old = getattr(before, name)
        if ((getattr(now, name) != old) & (getattr(after, name) != old)).any():
            return False
    return bool(abs(now.matrix - before.matrix).multiply(abs(after.matrix - before.matrix)).nnz == 0)


def with_difference(now: Arrays, after: Arrays, before: Arrays) -> Arrays:
    """`now`, changed as `before` was to become `after`; all three are alike, the changes apart."""

    def moved(mine: np.ndarray, new: np.ndarray, old: np.ndarray) -> np.ndarray:
        finite = np.isfinite(new) & np.isfinite(old)
        by = np.where(finite, new, 0.0) - np.where(finite, old, 0.0)
        return np.where(finite | (new == old), mine + by, new)

    return replace(
        now,
        matrix=csr_matrix(now.matrix + after.matrix - before.matrix),
        cost=now.cost + after.cost - before.cost,
        constant=now.constant + after.constant - before.constant,
        row_low=moved(now.row_low, after.row_low, before.row_low),
        row_high=moved(now.row_high, after.row_high, before.row_high),
        low=moved(now.low, after.low, before.low),
        high=moved(now.high, after.high, before.high),
    )


def divisible_worth(arrays: Arrays, threads: int | None = None) -> float | None:
    """The best objective if modules could be parts [money, more is better]; None where there is none.

    Raises KeyboardInterrupt on Ctrl-C.
    """
    answer = highs.run(arrays.relaxed(), replace(EXACT, threads=threads))
    if answer.stopped == "interrupted":
        raise KeyboardInterrupt
    return None if answer.objective is None or answer.quality != "optimal" else -arrays.sign * answer.objective


def first_order_worth(priced: Priced, after: Arrays) -> float:
    """What the case of `after` is worth more to the plan, by its prices [money of the objective].

    The plan's own amounts at the new coefficients, its prices on what becomes free or short: the change of the Lagrangian. Rows and
    columns that only one of the two cases has count for nothing.
    """
    now, duals = priced.arrays, priced.duals
    rows, columns = _common(now.rows, after.rows), _common(now.names, after.names)
    x, shadow, reduced = duals.solution[columns[0]], duals.row[rows[0]], duals.column[columns[0]]
    used = [arrays.matrix[r][:, c] @ x for arrays, r, c in ((now, rows[0], columns[0]), (after, rows[1], columns[1]))]
    cost = (after.cost[columns[1]] - now.cost[columns[0]]) @ x + now.sign * (after.constant - now.constant)
    cost -= shadow @ (used[1] - used[0])
    higher = _moved(now.row_high, after.row_high, rows)
    cost += np.minimum(shadow, 0.0) @ higher + np.maximum(shadow, 0.0) @ _moved(now.row_low, after.row_low, rows)
    at_top, at_bottom = x >= now.high[columns[0]] - NEAR, x <= now.low[columns[0]] + NEAR
    more, counted = _ceilings(priced, rows[0], higher)
    at_top &= ~counted[columns[0]]
    cost += np.where(at_top, np.minimum(reduced, 0.0), 0.0) @ _moved(now.high, after.high, columns)
    cost += np.where(at_bottom, np.maximum(reduced, 0.0), 0.0) @ _moved(now.low, after.low, columns)
    return float(more - cost)


def _common(mine: tuple[str, ...], its: tuple[str, ...]) -> Places:
    """Where the names that both have stand in either."""
    if mine == its:
        return np.arange(len(mine)), np.arange(len(mine))
    place = {name: at for at, name in enumerate(its)}
    pairs = [(at, place[name]) for at, name in enumerate(mine) if name in place]
    return np.array([at for at, _ in pairs], dtype=int), np.array([at for _, at in pairs], dtype=int)


def _moved(old: np.ndarray, new: np.ndarray, places: Places) -> np.ndarray:
    """By how much sides of rows or bounds of columns moved; 0 where either is without limit."""
    old, new = old[places[0]], new[places[1]]
    finite = np.isfinite(old) & np.isfinite(new)
    return np.where(finite, new, 0.0) - np.where(finite, old, 0.0)


def _ceilings(priced: Priced, rows: np.ndarray, higher: np.ndarray) -> tuple[float, np.ndarray]:
    """What higher ceilings on starts alone are worth, which have no price while the starts are fixed, and the columns under them."""
    worth, counted = 0.0, np.zeros(len(priced.arrays.names), dtype=bool)
    for at in np.flatnonzero(higher > 0):
        found = priced.worth_of_one_more(int(rows[at]))
        if found is not None:
            worth += found[0] * float(higher[at])
            counted[priced.arrays.matrix[int(rows[at])].indices] = True
    return worth, counted
