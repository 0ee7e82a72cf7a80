"""Arrays: a Pyomo model as sparse arrays, always a minimisation, with constants kept apart."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_matrix

logging.getLogger("pyomo").setLevel(logging.ERROR)  # Pyomo's own deprecation notes about its templates are not for planners


class InfeasibleModelError(Exception):
    """A row without decisions cannot hold: its message names the row."""


@dataclass(frozen=True, eq=False)
class Arrays:
    """min cost·x, row_low <= matrix x <= row_high, low <= x <= high, some x whole.

    `sign` is -1 where the model maximises: model objective = sign x (cost·x) + constant.
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
    rows: tuple[str, ...]

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns, integers and non-zeros."""
        rows, columns = self.matrix.shape
        return {"rows": rows, "columns": columns, "integers": int(self.whole.sum()), "nonzeros": int(self.matrix.nnz)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns; to be asked for while their model is there."""
        return tuple(variable.name for variable in self.variables)

    def with_bounds(self, low: np.ndarray, high: np.ndarray, whole: np.ndarray | None = None) -> Arrays:
        """The same problem with other column bounds, and perhaps other whole columns."""
        return replace(self, low=low, high=high, whole=self.whole if whole is None else whole)

    def objective(self, solution: np.ndarray) -> float:
        """The model's objective at a solution, constants included."""
        return float(self.sign * (self.cost @ solution) + self.constant)


def compile_arrays(m: pyo.ConcreteModel) -> Arrays:
    """Compile a linear model. Raises InfeasibleModelError for a row of constants that cannot hold."""
    try:
        form = LinearStandardFormCompiler().write(m, mixed_form=True, set_sense=None)
    except InfeasibleConstraintException as error:
        raise InfeasibleModelError(str(error)) from error
    rhs = np.asarray(form.rhs, dtype=float)
    kinds = np.array([row.bound_type for row in form.rows], dtype=int)
    sign = -1.0 if next(m.component_data_objects(pyo.Objective, active=True)).sense == pyo.maximize else 1.0
    bounds = [variable.bounds for variable in form.columns]
    return Arrays(
        matrix=csr_matrix(form.A),
        cost=sign * np.asarray(form.c.toarray(), dtype=float).ravel(),
        row_low=np.where(kinds == 1, -np.inf, rhs),
        row_high=np.where(kinds == -1, np.inf, rhs),
        low=np.array([-np.inf if low is None else low for low, _ in bounds], dtype=float),
        high=np.array([np.inf if high is None else high for _, high in bounds], dtype=float),
        whole=np.array([not variable.is_continuous() for variable in form.columns], dtype=bool),
        constant=float(np.asarray(form.c_offset).ravel()[0]),
        sign=sign,
        variables=tuple(form.columns),
        rows=tuple(row.constraint.name for row in form.rows),
    )
