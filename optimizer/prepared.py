"""Prepared: a case as model and arrays, with the few looks at its columns that solving needs."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo

from masterplan.arrays import Arrays
from masterplan.compiling import compile_arrays
from masterplan.data.case import Case
from masterplan.data.plan import DECISIONS, Plan
from masterplan.formulations import Account, Block, Ledger, formulate
from masterplan.formulations.learn import is_full
from masterplan.formulations.vintages import vintages


@dataclass(frozen=True, eq=False)
class Prepared:
    """A case ready to be solved, perhaps several times."""

    case: Case
    model: pyo.ConcreteModel
    ledger: Ledger
    arrays: Arrays
    seconds: float
    extra_entries: tuple[str, ...] = ()

    @cached_property
    def _column(self) -> dict[int, int]:
        return {id(variable): column for column, variable in enumerate(self.arrays.variables)}

    def columns(self, variable: pyo.Var) -> dict[Any, int]:
        """index -> column of a variable; indices that no row or objective knows are absent."""
        found = {index: self._column.get(id(variable[index])) for index in variable}
        return {index: column for index, column in found.items() if column is not None}

    def series(self) -> list[list[int]]:
        """The columns of the starts of each project, in the order of years."""
        found: dict[str, list[tuple[int, int]]] = {}
        for (project, year), column in self.columns(self.model.start).items():
            found.setdefault(project, []).append((year, column))
        return [[column for _, column in sorted(starts)] for starts in found.values()]

    def fixed_starts(self, modules: dict[tuple[str, int], float]) -> Arrays:
        """The arrays with every start fixed; a start that is not named is zero."""
        low, high = self.arrays.low.copy(), self.arrays.high.copy()
        for start, column in self.columns(self.model.start).items():
            low[column] = high[column] = modules.get(start, 0.0)
        return self.arrays.with_bounds(low, high)

    def without_free_starts(self) -> Arrays:
        """The do-nothing problem: given starts only; whether to cancel, retire or close what may be stays open."""
        low, high = self.arrays.low.copy(), self.arrays.high.copy()
        given = vintages(self.case).given
        for start, column in self.columns(self.model.start).items():
            kind, modules, _ = given.get(start, ("free", 0.0, 0.0))
            high[column] = modules if kind == "cancellable" else low[column]
        return self.arrays.with_bounds(low, high)

    def start_from(self, plan: Plan) -> np.ndarray:
        """A partial solution (NaN where open) with the starts of another plan of the same or a like case."""
        solution = np.full(len(self.arrays.variables), np.nan)
        modules = plan.modules_started
        for start, column in self.columns(self.model.start).items():
            solution[column] = min(max(modules.get(start, 0.0), self.arrays.low[column]), self.arrays.high[column])
        for start, column in self.columns(self.model.open_project).items():
            solution[column] = 1.0 if modules.get(start, 0.0) > 0 else 0.0
        for variable, rows in ((self.model.opened, plan.gates), (self.model.synergy_active, plan.synergies)):
            said = {(name, int(year)): float(value) for name, year, value in rows.itertuples(index=False)}
            for index, column in self.columns(variable).items():
                if index in said:
                    solution[column] = min(max(said[index], self.arrays.low[column]), self.arrays.high[column])
        started = {project for (project, _), number in modules.items() if number > 0}
        for project, column in self.columns(self.model.chosen).items():
            solution[column] = 1.0 if project in started else 0.0
        for segment, column in self.columns(self.model.segment_full).items():
            solution[column] = 1.0 if is_full(self.model, segment, modules) else 0.0
        retired = {(p, int(s), int(y)): float(n) for p, s, y, n in plan.retirements[list(DECISIONS["retirements"])].itertuples(index=False)}
        for vintage, column in self.columns(self.model.retired).items():
            solution[column] = min(retired.get(vintage, 0.0), modules.get(vintage[:2], 0.0))
        losses = {int(year): float(pool) for year, pool in plan.loss_pool[["year", "losses"]].itertuples(index=False)}
        for year, column in self.columns(self.model.profitable).items():
            before = losses.get(year - 1, self.model.opening_losses if year == self.case.first_year else math.inf)
            solution[column] = 0.0 if losses.get(year, 0.0) > before + 1e-9 else 1.0
        return solution

    def put(self, solution: np.ndarray) -> None:
        """Write a solution into the model's variables; what no row knows goes to the value nearest zero that it may have."""
        for variable in self.model.component_data_objects(pyo.Var):
            low, high = variable.bounds
            variable.set_value(max(low or 0.0, 0.0) if high is None or high >= 0 else high, skip_validation=True)
        for variable, value in zip(self.arrays.variables, solution, strict=True):
            variable.set_value(float(value), skip_validation=True)


KEPT = 2  # arrays of the last cases, for what-ifs about them
MOST_KEPT = 100_000  # non-zeros; larger arrays are built again instead of kept
_kept: OrderedDict[str, Arrays] = OrderedDict()
_keeping = threading.Lock()


def prepare(case: Case, extra: Sequence[Block] = (), last: Sequence[Block] = (), keep: bool = True) -> Prepared:
    """Formulate and compile a case. Raises InfeasibleModelError if a row without decisions cannot hold.

    `keep` its arrays for what-ifs about its plan; not for one of many that only a study sees.
    """
    begun = time.perf_counter()
    model, ledger = formulate(case, extra, last=last)
    arrays = compile_arrays(model)
    if keep and not extra and not last:
        _keep(case, arrays)
    return Prepared(case, model, ledger, arrays, time.perf_counter() - begun, _entries_of(case, ledger) if extra else ())


def arrays_of(case: Case) -> Arrays:
    """The arrays of a case, named, perhaps kept from when it was prepared. Raises InfeasibleModelError as `prepare` does."""
    with _keeping:
        known = _kept.get(case.input_hash)
        if known is not None:
            _kept.move_to_end(case.input_hash)
            return known
    ready = prepare(case)
    return ready.arrays.named()


def _keep(case: Case, arrays: Arrays) -> None:
    """Keep the arrays, without the model, and drop those that were not asked for longest."""
    if arrays.matrix.nnz > MOST_KEPT:
        return
    named = arrays.named()
    with _keeping:
        _kept[case.input_hash] = named
        _kept.move_to_end(case.input_hash)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _entries_of(case: Case, ledger: Ledger) -> tuple[str, ...]:
    """Names of the lines that a caller's own blocks posted."""
    _, ordinary = formulate(case)
    return tuple(entry for account in Account for entry in ledger.entries(account) if entry not in ordinary.entries(account))
