"""Prices with builds fixed: what one more unit of everything that binds is worth, while every whole decision of a plan stays.

Whole numbers (starts of whole modules, openings, gates) are fixed and made continuous; what is divisible, and the operation, may
follow. The prices of that LP are exact for a small change and say nothing about a plan that builds otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from masterplan import highs
from masterplan.answer import Duals, SolverOptions
from masterplan.arrays import Arrays
from masterplan.data.plan import Plan
from masterplan.prepared import Prepared

EXACT = SolverOptions(time_limit=60.0)
NEAR = 1e-7


@dataclass(frozen=True, eq=False)
class Priced:
    """A plan of a prepared case with the prices of its LP; `arrays` are those of the case, with the decisions free."""

    ready: Prepared
    duals: Duals

    @property
    def arrays(self) -> Arrays:
        return self.ready.arrays

    def worth_of_rows(self, constraint: pyo.Constraint) -> dict[Any, float]:
        """index -> what a unit more on the right-hand side is worth [money of the objective]."""
        place = {name: row for row, name in enumerate(self.arrays.rows)}
        found = {index: place.get(constraint[index].name) for index in constraint}
        return {index: -float(self.duals.row[row]) for index, row in found.items() if row is not None}

    def worth_of_bounds(self, variable: pyo.Var, upper: bool) -> dict[Any, float]:
        """index -> what a unit more of the upper bound, or a unit less of the lower, is worth where it binds."""
        found = {}
        for index, column in self.ready.columns(variable).items():
            reduced, value = float(self.duals.column[column]), self.duals.solution[column]
            bound = self.arrays.high[column] if upper else self.arrays.low[column]
            if self.arrays.low[column] < self.arrays.high[column] and abs(value - bound) <= NEAR * max(1.0, abs(bound)):
                found[index] = max(-reduced, 0.0) if upper else max(reduced, 0.0)
        return found

    def worth_of_one_more(self, row: int) -> tuple[float, int] | None:
        """What a unit more of a ceiling on starts alone is worth, and the start column that would take it; None where it has room.

        Such a row has no price of its own while its starts are fixed: the best start that the ceiling alone keeps back sets it.
        """
        arrays, x = self.arrays, self.duals.solution
        span = slice(arrays.matrix.indptr[row], arrays.matrix.indptr[row + 1])
        columns, weights = arrays.matrix.indices[span], arrays.matrix.data[span]
        if not arrays.whole[columns].all() or weights @ x[columns] < arrays.row_high[row] - NEAR:
            return None
        opening, best = self._opening(), (0.0, -1)
        for column, weight in zip(columns, weights, strict=True):
            own = arrays.high[column] < arrays.row_high[row] / weight - NEAR if weight > 0 else False  # a limit besides the ceiling
            if weight > 0 and (not own or x[column] < arrays.high[column] - NEAR):
                reduced = self.duals.column[column]
                opened = opening.get(int(column))
                reduced += self.duals.column[opened] if opened is not None and x[opened] < 0.5 else 0.0
                best = max(best, (float(-reduced / weight), int(column)))
        return best if best[0] > 0 else None

    def _opening(self) -> dict[int, int]:
        """start column -> the column that opens its project in that year."""
        starts = self.ready.columns(self.ready.model.start)
        return {starts[index]: column for index, column in self.ready.columns(self.ready.model.open_project).items() if index in starts}


def priced(ready: Prepared, plan: Plan, threads: int | None = None) -> Priced | None:
    """Prices of a plan of the prepared case; None where its builds go with no operation."""
    options, arrays = replace(EXACT, threads=threads), ready.arrays
    whole, said = arrays.whole, ready.start_from(plan)
    starts = np.zeros_like(whole)
    starts[list(ready.columns(ready.model.start).values())] = True
    for known in (whole & ~np.isnan(said), whole & starts):  # a plan of another hand may be in disorder in all but its starts
        low, high = arrays.low.copy(), arrays.high.copy()
        low[known] = high[known] = np.round(said[known])
        solution = said
        if not (known >= whole).all():  # what the plan does not tell is decided anew
            answer = highs.run(arrays.with_bounds(low, high), options)
            if answer.solution is None:
                continue
            solution = answer.solution
        found = highs.duals(arrays.decided(solution), options)
        if found is not None:
            return Priced(ready, _without_prices_of_whole_rows(arrays, found))
    return None


def _without_prices_of_whole_rows(arrays: Arrays, found: Duals) -> Duals:
    """A row of fixed columns alone has a price by accident: it goes to its columns, where it says what one more start is worth."""
    divisible = np.asarray(abs(arrays.matrix)[:, ~arrays.whole].sum(axis=1)).ravel() > 0
    of_whole = np.where(divisible, 0.0, found.row)
    return Duals(found.solution, found.row - of_whole, found.column + arrays.matrix.T @ of_whole)
