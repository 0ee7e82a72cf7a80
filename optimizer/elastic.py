"""Elastic model: a case in which every number that may give way can, each unit of that at its price in money; everything else holds.

The case is formulated with these numbers far enough away that no row hides behind them (`loosened`), then each number comes back as a
row or bound of its own with a column for how far it gives way. Whole numbers stay whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn
from scipy.sparse import coo_matrix, csr_matrix, vstack

from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError, compile_arrays
from masterplan.data.case import Case
from masterplan.formulations import Ledger, formulate
from masterplan.give_way import Way
from masterplan.money_weights import Weights
from masterplan.prepared import Prepared

FAR, LEAST_FAR = 10.0, 100.0  # a number that gives way does so up to so many times itself, and so much more


@dataclass(frozen=True)
class Give:
    """One number that may give way: its way, the key of its row, its year (None: it has none, or gives way in all), the columns that say
    by how much, a price for each [money per unit], what each is about (a year of the plan), and its unit.
    """

    way: Way
    key: tuple[str | int, ...]
    year: int | None
    columns: tuple[int, ...]
    prices: tuple[float, ...]
    about: tuple[int, ...]
    unit: str

    @property
    def group(self) -> tuple[str, tuple[str | int, ...]]:
        """The same number in all its years."""
        return self.way.name, self.key


@dataclass(frozen=True, eq=False)
class Elastic:
    """The arrays of the elastic model, whose cost is the money of what gives way, and what its columns mean."""

    case: Case
    model: pyo.ConcreteModel
    arrays: Arrays
    gives: tuple[Give, ...]

    def arrays_with(self, held: Collection[Give] = (), free: Collection[Give] = ()) -> Arrays:
        """The arrays where some numbers hold as they are, and others give way at no price."""
        high, cost = self.arrays.high.copy(), self.arrays.cost.copy()
        high[[column for give in held for column in give.columns]] = 0.0
        cost[[column for give in free for column in give.columns]] = 0.0
        return replace(self.arrays, high=high, cost=cost)


class Draft:
    """The elastic model while its numbers are put in, block by block."""

    def __init__(self, case: Case) -> None:
        self.case, self.loose, self.weights = case, loosened(case), Weights(case)
        self.model, self._ready = _compiled(self.loose)
        arrays = self._ready.arrays
        self._row = {name: row for row, name in enumerate(arrays.rows)}
        self._columns, self._rows = arrays.matrix.shape[1], arrays.matrix.shape[0]
        self.low, self.high = arrays.low.copy(), arrays.high.copy()
        self._row_low, self._row_high = list(arrays.row_low), list(arrays.row_high)
        self._entries: list[tuple[int, int, float]] = []
        self._slacks: list[tuple[float, float, bool]] = []
        self.gives: list[Give] = []

    def columns(self, variable: str) -> dict[Any, int]:
        """index -> column of a variable of the model."""
        return self._ready.columns(self.model.component(variable))

    def row(self, family: str, *index: str | int | None) -> int | None:
        """The row of a constraint; None where it always holds."""
        constraint = self.model.component(family)
        at = index if len(index) > 1 else index[0]
        return self._row.get(constraint[at].name) if at in constraint else None

    def coefficient(self, row: int, column: int) -> float:
        """What a column counts in a row."""
        return float(self._ready.arrays.matrix[row, column])

    def terms(self, row: int) -> dict[int, float]:
        """column -> coefficient of a row."""
        line = self._ready.arrays.matrix[row]
        return dict(zip(line.indices.tolist(), line.data.tolist(), strict=True))

    def slack(self, price: float, most: float = np.inf, whole: bool = False) -> int:
        """A column more, from 0 to `most`."""
        self._slacks.append((price, most, whole))
        return int(self._columns) + len(self._slacks) - 1

    def put(self, row: int, column: int, value: float) -> None:
        """A column in a row."""
        self._entries.append((row, column, value))

    def relax(self, row: int, column: int, per_unit: float = 1.0) -> None:
        """Let a column loosen a row that has one side."""
        self.put(row, column, per_unit if np.isinf(self._row_high[row]) else -per_unit)

    def tighten(self, row: int, by: float) -> None:
        """Take back by how much a row was loosened, on each side that it has."""
        self._row_low[row] -= by
        self._row_high[row] -= by

    def limit(self, terms: Mapping[int, float], low: float = -np.inf, high: float = np.inf) -> int:
        """A row more."""
        self._row_low.append(low)
        self._row_high.append(high)
        row = len(self._row_low) - 1
        self._entries.extend((row, column, value) for column, value in terms.items())
        return row

    def give(self, way: Way, key: tuple[str | int, ...], year: int | None, slacks: Mapping[int, int], unit: str) -> None:
        """Name the columns of a number: year that each is about -> column."""
        if slacks:
            prices = tuple(self._slacks[column - self._columns][0] for column in slacks.values())
            self.gives.append(Give(way, key, year, tuple(slacks.values()), prices, tuple(slacks), unit))

    def finish(self) -> Elastic:
        """The elastic model with all that was put in."""
        old, more = self._ready.arrays, len(self._slacks)
        prices, most, whole = (np.array([slack[place] for slack in self._slacks], dtype=float) for place in range(3))
        shape = len(self._row_low), self._columns + more
        rows, columns, values = (np.array([entry[place] for entry in self._entries]) for place in range(3))
        added = coo_matrix((values.astype(float), (rows.astype(int), columns.astype(int))), shape=shape)
        below = csr_matrix((shape[0] - self._rows, self._columns))
        left = vstack([old.matrix, below]).tocoo()
        matrix = csr_matrix(coo_matrix((left.data, (left.row, left.col)), shape=shape) + added)
        arrays = Arrays(
            matrix=matrix,
            cost=np.concatenate([np.zeros(self._columns), prices]),
            row_low=np.array(self._row_low, dtype=float),
            row_high=np.array(self._row_high, dtype=float),
            low=np.concatenate([self.low, np.zeros(more)]),
            high=np.concatenate([self.high, most]),
            whole=np.concatenate([old.whole, whole.astype(bool)]),
            constant=0.0,
            sign=1.0,
            variables=old.variables + (None,) * more,
            constraints=old.constraints + ("",) * (shape[0] - self._rows),
        )
        return Elastic(self.case, self.model, arrays, tuple(self.gives))


def _compiled(case: Case) -> tuple[pyo.ConcreteModel, Prepared]:
    """The model and its arrays, with a row without columns for every row of constants that cannot hold."""
    model, ledger = formulate(case, templates=False)
    try:
        return model, Prepared(case, model, ledger, compile_arrays(model), 0.0)
    except InfeasibleModelError:
        return model, _with_constant_rows(case, model, ledger)


def _with_constant_rows(case: Case, model: pyo.ConcreteModel, ledger: Ledger) -> Prepared:
    kept: dict[str, tuple[float, float]] = {}
    for row in model.component_data_objects(pyo.Constraint, active=True):
        low, body, high = row.to_bounded_expression(evaluate_bounds=True)
        form = generate_standard_repn(body)
        if form.is_constant():
            least, most = -np.inf if low is None else low, np.inf if high is None else high
            kept[row.name] = least - form.constant, most - form.constant
            row.deactivate()
    arrays = compile_arrays(model)
    arrays = replace(
        arrays,
        matrix=csr_matrix(vstack([arrays.matrix, csr_matrix((len(kept), arrays.matrix.shape[1]))])),
        row_low=np.concatenate([arrays.row_low, [low for low, _ in kept.values()]]),
        row_high=np.concatenate([arrays.row_high, [high for _, high in kept.values()]]),
        constraints=(*arrays.constraints, *kept),
    )
    return Prepared(case, model, ledger, arrays, 0.0)


# loosening


def far(value: float) -> float:
    """How far a number may give way."""
    return FAR * abs(value) + LEAST_FAR


def loosened(case: Case) -> Case:
    """The case with the numbers far away from which bounds of other rows are worked out, and its start windows and gates wide open."""
    projects, gates, finance, markets = (case.tables[name].copy() for name in ("projects", "gates", "finance", "markets"))
    for frame, columns in (
        (projects, ("max_per_year", "max_total")),
        (gates, ("most",)),
        (finance, ("capex_limit",)),
        (markets, ("limit",)),
    ):
        for column in columns:
            frame[column] = frame[column].map(lambda value: value + far(value), na_action="ignore").astype(float)
    lead = case.attribute("projects", "lead_time")
    natural = projects["project"].map(lambda project: case.last_year - lead[project])
    projects["first_start"] = np.nan
    projects["last_start"] = projects["last_start"].where(projects["last_start"] > natural, np.nan)
    gates["earliest_year"] = np.nan
    return case.with_tables(projects=projects, gates=gates, finance=finance, markets=markets)
