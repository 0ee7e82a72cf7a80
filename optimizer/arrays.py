"""Arrays: a Pyomo model as sparse arrays, always a minimisation, with constants kept apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from masterplan.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class Arrays:
    """min cost·x, row_low <= matrix x <= row_high, low <= x <= high, some x whole.

    `sign` is -1 where the model maximises: model objective = sign x (cost·x) + constant. `constraints` are those of the model, or names
    of rows that it does not have.
    """

    matrix: csr_matrix
    cost: np.ndarray
    row_low: np.ndarray
    row_high: np.ndarray
    low: np.ndarray
    high: np.ndarray
    whole: np.ndarray
    constant: float
    sign: float
    variables: tuple[Any, ...]
    constraints: tuple[Any, ...]

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The names of the rows, as long as the model lives."""
        return tuple(constraint if isinstance(constraint, str) else constraint.name for constraint in self.constraints)

    def named(self) -> Arrays:
        """The same with names in the place of the model's columns and rows: they outlive the model."""
        return replace(self, variables=self.names, constraints=self.rows)

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns, integers and non-zeros."""
        rows, columns = self.matrix.shape
        return {"rows": rows, "columns": columns, "integers": int(self.whole.sum()), "nonzeros": int(self.matrix.nnz)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, as long as the model lives."""
        return tuple(variable if isinstance(variable, str) else variable.name for variable in self.variables)

    def with_bounds(self, low: np.ndarray, high: np.ndarray) -> Arrays:
        """The same problem with other column bounds."""
        return replace(self, low=low, high=high)

    def relaxed(self) -> Arrays:
        """The same problem with nothing that has to be whole."""
        return replace(self, whole=np.zeros_like(self.whole))

    def decided(self, solution: np.ndarray) -> Arrays:
        """What is left when the whole columns stand as in a solution, made whole: a linear problem."""
        low, high, whole = self.low.copy(), self.high.copy(), self.whole
        low[whole] = high[whole] = np.round(solution[whole])
        return self.with_bounds(low, high).relaxed()

    def objective(self, solution: np.ndarray) -> float:
        """The model's objective at a solution, constants included."""
        return float(self.sign * (self.cost @ solution) + self.constant)
