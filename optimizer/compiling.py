"""Compiling: from a Pyomo model to arrays, container by container.

A container that is one template is worked out in one go (`vectorised`); what is not, or has a shape that is not known there, goes
through Pyomo's own expression walkers row by row. Order of rows and columns is that of Pyomo's standard form.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InvalidConstraintError
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.base.constraint import TemplateConstraintData, TemplateScalarConstraint
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression
from pyomo.repn.linear import LinearRepnVisitor
from pyomo.repn.util import TemplateVarRecorder

from masterplan.arrays import Arrays
from masterplan.data.pause import no_garbage
from masterplan.sparse import coo_matrix, csr_matrix
from masterplan.vectorised import Linear, Templates, UnknownShapeError

logging.getLogger("pyomo").setLevel(logging.ERROR)  # Pyomo's own deprecation notes about its templates are not for planners

TEMPLATED = (TemplateConstraintData, TemplateScalarConstraint)


class InfeasibleModelError(Exception):
    """A row without decisions cannot hold: its message names the row."""


def compile_arrays(m: pyo.ConcreteModel) -> Arrays:
    """Compile a linear model. Raises InfeasibleModelError for a row of constants that cannot hold."""
    with no_garbage():
        return _Compiler().compile(m)


def containers_by_row(m: pyo.ConcreteModel) -> list[str]:
    """The containers of constraints that are compiled row by row."""
    compiler = _Compiler()
    compiler.compile(m)
    return compiler.by_row


class _Compiler:
    """The rows of one model, gathered block by block."""

    def __init__(self) -> None:
        self._columns: dict[int, Any] = {}
        self._recorder = TemplateVarRecorder(self._columns, None)
        self._templates = Templates(self._recorder)
        self._walking = LinearRepnVisitor({}, var_recorder=self._recorder)
        self._count = 0
        self._terms: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []  # rows, columns, values
        self._bounds: list[tuple[np.ndarray, np.ndarray]] = []
        self._constraints: list[Any] = []
        self.by_row: list[str] = []

    def compile(self, m: pyo.ConcreteModel) -> Arrays:
        objective = next(m.component_data_objects(pyo.Objective, active=True))
        constant, at, weights = self._objective(objective)
        for container in m.component_objects(pyo.Constraint, active=True):
            if not self._whole(container):
                self.by_row.append(container.name)
                self._by_row([data for data in container.values() if data.active])
        return self._arrays(1.0 if objective.sense == pyo.minimize else -1.0, constant, at, weights)

    # the objective

    def _objective(self, objective: Any) -> tuple[float, np.ndarray, np.ndarray]:
        """Constant, columns and weights."""
        if hasattr(objective, "template_expr"):
            try:
                found = self._templates.over(objective.template_expr()[0], (), [None])
            except UnknownShapeError:
                pass
            else:
                return float(np.sum(found.constant)), *_joined(found)[1:]
        constant, columns, values = self._walked(objective, objective.expr)
        return constant, np.array(columns, dtype=np.int64), np.array(values, dtype=float)

    # constraints

    def _whole(self, container: Any) -> bool:
        """Work a container out in one go; False where it has to go row by row."""
        rows = list(container.values())
        if not rows or any(row.__class__ not in TEMPLATED or not row.active for row in rows):
            return not rows
        expression, indices = rows[0].template_expr()
        if any(row.template_expr()[0] is not expression for row in rows):
            return False
        before = len(self._columns)
        try:
            body, low, high = _sides(expression)
            found = self._templates.over(body, indices, list(container.keys()))
            ends = [None if end is None else self._templates.over(end, indices, list(container.keys())) for end in (low, high)]
        except UnknownShapeError:
            assert before <= len(self._columns)
            return False
        bounds = [np.full(len(rows), sign * np.inf) for sign in (-1, 1)]
        for bound, end in zip(bounds, ends, strict=True):
            if end is not None:
                bound[:] = end.constant - np.asarray(found.constant)
        self._take(rows, _joined(found), bounds[0], bounds[1])
        return True

    def _take(self, rows: list[Any], terms: tuple[np.ndarray, np.ndarray, np.ndarray], low: np.ndarray, high: np.ndarray) -> None:
        """Add rows; those without decisions are checked and left out."""
        places, columns, values = terms
        filled = np.bincount(places, minlength=len(rows)) > 0
        for place in np.flatnonzero(~filled):
            if low[place] > 0 or high[place] < 0:
                raise InfeasibleModelError(f"model contains a trivially infeasible constraint, '{rows[place].name}'")
        if not filled.all():
            rows = [row for row, kept in zip(rows, filled, strict=True) if kept]
            places, low, high = (np.cumsum(filled) - 1)[places], low[filled], high[filled]
        self._terms.append((places + self._count, columns, values))
        self._bounds.append((low, high))
        self._constraints.extend(rows)
        self._count += len(rows)

    def _by_row(self, rows: Sequence[Any]) -> None:
        kept: list[Any] = []
        places: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        bounds: list[tuple[float, float]] = []
        for row in rows:
            if row.__class__ in TEMPLATED:
                _ = row.expr  # from here on it is a row like any other
            low, body, high = row.to_bounded_expression()
            constant, at, weights = self._walked(row, body)
            low, high = (None if end is None else float(pyo.value(end)) - constant for end in (low, high))
            ends = [(low, low)] if low == high else [(None, high), (low, None)]  # two rows for a range, as Pyomo's standard form has
            for least, most in ends:
                if least is not None or most is not None:
                    places.extend([len(kept)] * len(at))
                    columns.extend(at)
                    values.extend(weights)
                    kept.append(row)
                    bounds.append((-np.inf if least is None else least, np.inf if most is None else most))
        terms = np.array(places, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(values, dtype=float)
        ends_of = np.array(bounds, dtype=float).reshape(-1, 2)
        self._take(kept, terms, ends_of[:, 0], ends_of[:, 1])

    def _walked(self, owner: Any, body: Any) -> tuple[float, list[int], list[float]]:
        """Constant, columns and weights of an expression."""
        found = self._walking.walk_expression(body)
        if found.nonlinear is not None:
            raise InvalidConstraintError(f"{owner.name} is not linear")
        order = self._recorder.var_order
        return found.constant, [order[variable] for variable in found.linear], list(found.linear.values())

    # putting it together

    def _arrays(self, sign: float, constant: float, at: np.ndarray, weights: np.ndarray) -> Arrays:
        rows, columns, values = (np.concatenate([terms[part] for terms in self._terms] or [np.zeros(0)]) for part in range(3))
        shape = self._count, len(self._columns)
        matrix = csr_matrix(coo_matrix((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=shape))
        matrix.eliminate_zeros()
        low, high = (np.concatenate([bounds[end] for bounds in self._bounds] or [np.zeros(0)]) for end in (0, 1))
        cost = np.bincount(at, weights, shape[1]) if shape[1] else np.zeros(0)
        variables, least, most, whole, fixed = _described(list(self._columns.values()))
        if not np.isnan(fixed).all():
            held = np.where(np.isnan(fixed), 0.0, fixed)
            moved = matrix @ held
            low, high, constant = low - moved, high - moved, constant + float(cost @ held)
        used = (np.bincount(matrix.indices, minlength=shape[1]) > 0) | (cost != 0.0)
        used &= np.isnan(fixed)
        return Arrays(
            matrix=csr_matrix(matrix[:, used]),
            cost=sign * cost[used],
            row_low=low,
            row_high=high,
            low=least[used],
            high=most[used],
            whole=whole[used],
            constant=float(constant),
            sign=sign,
            variables=tuple(variable for variable, kept in zip(variables, used, strict=True) if kept),
            constraints=tuple(self._constraints),
        )


def _sides(expression: Any) -> tuple[Any, Any, Any]:
    """Body, lower and upper end of a relation: a side without decisions is an end. Raises UnknownShapeError."""
    if not isinstance(expression, EqualityExpression | InequalityExpression):
        raise UnknownShapeError(expression.__class__.__name__)
    left, right = expression.args
    both = isinstance(expression, EqualityExpression)
    if not _decides(right):
        return left, right if both else None, right
    if not _decides(left):
        return right, left, left if both else None
    return left - right, 0.0 if both else None, 0.0


def _decides(side: Any) -> bool:
    return hasattr(side, "is_potentially_variable") and side.is_potentially_variable()


def _joined(found: Linear) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All terms as one."""
    if not found.terms:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    return tuple(np.concatenate([terms[part] for terms in found.terms]) for part in range(3))  # type: ignore[return-value]


def _described(variables: list[Any]) -> tuple[list[Any], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lower and upper bounds, whole or not, and the value where fixed (else NaN) of variables."""
    domains: dict[int, tuple[float, float, bool]] = {}
    found: list[tuple[float, float, bool, float]] = []
    for variable in variables:
        domain = variable.domain
        known = domains.get(id(domain))
        if known is None:
            low, high = domain.bounds()
            known = -np.inf if low is None else low, np.inf if high is None else high, not variable.is_continuous()
            domains[id(domain)] = known
        low, high = variable._lb, variable._ub  # as they were given: the properties build an expression of them and the domain
        if low is None:
            low = known[0]
        elif low < known[0] if low.__class__ in native_numeric_types else True:
            low = max(known[0], pyo.value(low))
        if high is None:
            high = known[1]
        elif high > known[1] if high.__class__ in native_numeric_types else True:
            high = min(known[1], pyo.value(high))
        found.append((low, high, known[2], variable.value if variable.fixed else np.nan))
    low, high, whole, fixed = np.array(found, dtype=float).reshape(-1, 4).T
    return variables, low, high, whole.astype(bool), fixed
