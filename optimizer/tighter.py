"""Tighter: the same problem with each switch (a 0/1 column that lets another column grow) allowed no more than the relaxation can reach.

Rows x <= most · b with a binary b stand for openings, gates and synergies. Their `most` comes from the tables, one row at a time; how far x
can really go with b = 1 is a linear program over all rows: money of the years, inputs, what else must be there first. With the lesser
`most` the relaxation needs more of b for the same x. A switch that cannot be 1 in the relaxation is 0 in every plan. No plan is lost and
none is added, so bound and gap stay those of the full problem; only the relaxation shrinks.

Source: bound tightening by optimisation, with a filter (one program that lets all x grow at once settles many of them), as in Gleixner,
Berthold, Müller, Weltge (2017), Three enhancements for optimization-based bound tightening, doi:10.1007/s10898-016-0450-4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from masterplan.arrays import Arrays
from masterplan.highs import Relaxation, SolverOptions

ROOM = 1e-6  # share by which a most stays above what the relaxation reached, for its tolerance
LESS = 0.99  # a most that shrinks by less is left as it is
NEAR = 3  # at most this many modules: a switch is nearly as tight as it can be
EFFORT = 3  # programs of one switch end after this many times the simplex iterations of the first program
FILTERS = 5  # programs that let all columns grow at once


@dataclass(frozen=True)
class Switch:
    """factor · x[column] - most · x[binary] <= 0; the row may stand in the problem with the opposite sign."""

    row: int
    column: int
    binary: int
    factor: float
    most: float
    turned: float


def tighter(arrays: Arrays, options: SolverOptions) -> Arrays:
    """The problem with lesser `most` of its switches, and those shut that never open; as it was where nothing is found."""
    found = switches(arrays)
    if not found:
        return arrays
    relaxed = Relaxation(arrays, options)
    high, matrix = arrays.high.copy(), arrays.matrix.copy()
    undecided, first = _undecided(found, relaxed)
    for switch in undecided:
        if relaxed.iterations > EFFORT * first:
            break
        if high[switch.binary] == 0.0:
            continue
        reached = relaxed.greatest({switch.column: 1.0}, {switch.binary: (1.0, 1.0)})
        if reached is None:
            high[switch.binary] = 0.0
            relaxed.set_bounds(switch.binary, 0.0, 0.0)
            continue
        most = _most(arrays, switch, reached.value)
        if most < LESS * switch.most:
            _set(matrix, switch, most)
            relaxed.set_coefficient(switch.row, switch.binary, -switch.turned * most)
    return replace(arrays, matrix=matrix, high=high)


def switches(arrays: Arrays) -> list[Switch]:
    """The rows of two columns that let one grow with a binary, where `most` may be far from the truth."""
    matrix, found = arrays.matrix, []
    binary = arrays.whole & (arrays.low == 0.0) & (arrays.high == 1.0)
    for row in np.flatnonzero(np.diff(matrix.indptr) == 2):
        upper = arrays.row_high[row] == 0.0 and np.isinf(arrays.row_low[row])
        lower = arrays.row_low[row] == 0.0 and np.isinf(arrays.row_high[row])
        if not upper and not lower:
            continue
        turned = 1.0 if upper else -1.0
        cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
        pair = list(zip(matrix.indices[cells], turned * matrix.data[cells], strict=True))
        for (column, factor), (switch, most) in (pair, pair[::-1]):
            near = arrays.whole[column] and -most <= NEAR * factor
            if binary[switch] and most < 0.0 < factor and arrays.low[column] >= 0.0 and not near:
                found.append(Switch(int(row), int(column), int(switch), float(factor), float(-most), turned))
    return found


def _undecided(found: Sequence[Switch], relaxed: Relaxation) -> tuple[list[Switch], int]:
    """The switches whose column does not reach `most` in programs that let all such columns grow at once; iterations of the first."""
    left, first = list(found), 0
    for _ in range(FILTERS):
        answer = relaxed.greatest({switch.column: switch.factor / switch.most for switch in left}, {})
        first = first or relaxed.iterations
        if answer is None or answer.solution is None:
            break
        fewer = [switch for switch in left if switch.factor * answer.solution[switch.column] < LESS * switch.most]
        if not fewer or len(fewer) == len(left):
            return fewer, first
        left = fewer
    return left, first


def _most(arrays: Arrays, switch: Switch, reached: float) -> float:
    if arrays.whole[switch.column]:
        reached = float(np.floor(reached + ROOM))
    return switch.factor * max(reached, 0.0) * (1.0 + ROOM) + ROOM * switch.most * 1e-3


def _set(matrix: csr_matrix, switch: Switch, most: float) -> None:
    cells = range(matrix.indptr[switch.row], matrix.indptr[switch.row + 1])
    for cell in cells:
        if matrix.indices[cell] == switch.binary:
            matrix.data[cell] = -switch.turned * most
