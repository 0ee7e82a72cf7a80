"""Compiling in one go gives what Pyomo's own standard form gives, row by row, and says which blocks it cannot take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

import masterplan as mp
from masterplan.compiling import InfeasibleModelError, compile_arrays, containers_by_row
from masterplan.formulations import formulate
from masterplan.formulations.templates import constraint_templates
from tests.formulations.rich import TERMINAL_VALUES, rich_case
from tests.random_cases import random_case

PUBLISHED = Path(__file__).resolve().parents[1] / "cases" / "published"
CASES: dict[str, Any] = {
    **{name: lambda name=name: mp.load(name) for name in mp.cases()},
    **{folder.name: lambda folder=folder: mp.load(folder) for folder in sorted(PUBLISHED.iterdir())},
    **{f"rich_{terminal}": lambda terminal=terminal: rich_case(terminal) for terminal in TERMINAL_VALUES},
    "rich_final_cash": lambda: rich_case(objective="final_cash", flow_timing="end_of_year"),
    "rich_least_cost": lambda: rich_case(objective="least_cost"),
    **{f"random_{seed}": lambda seed=seed: random_case(seed) for seed in range(12)},
}


def compare(m: pyo.ConcreteModel, by_rule: pyo.ConcreteModel) -> None:
    """Rows, columns and numbers of a model with templates against those that Pyomo finds for the same model without."""
    fast, form = compile_arrays(m), LinearStandardFormCompiler().write(by_rule, mixed_form=True, set_sense=None)
    assert fast.rows == tuple(row.constraint.name for row in form.rows)
    place = {variable.name: column for column, variable in enumerate(form.columns)}
    names = [variable.name for variable in fast.variables]
    assert sorted(names) == sorted(place)
    order = np.array([place[name] for name in names], dtype=int)
    plain = form.A.tocsr()[:, order]
    plain.sort_indices()
    fast.matrix.sort_indices()
    np.testing.assert_array_equal(fast.matrix.indptr, plain.indptr)
    np.testing.assert_array_equal(fast.matrix.indices, plain.indices)
    np.testing.assert_allclose(fast.matrix.data, plain.data, rtol=1e-12)
    np.testing.assert_allclose(fast.sign * fast.cost, form.c.toarray().ravel()[order], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fast.constant, form.c_offset[0], rtol=1e-9)
    kinds, rhs = np.array([row.bound_type for row in form.rows], dtype=int), np.asarray(form.rhs, dtype=float)
    np.testing.assert_allclose(fast.row_low, np.where(kinds == 1, -np.inf, rhs), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(fast.row_high, np.where(kinds == -1, np.inf, rhs), rtol=1e-12, atol=1e-12)
    bounds = [form.columns[column].bounds for column in order]
    np.testing.assert_array_equal(fast.low, [-np.inf if low is None else low for low, _ in bounds])
    np.testing.assert_array_equal(fast.high, [np.inf if high is None else high for _, high in bounds])
    np.testing.assert_array_equal(fast.whole, [not form.columns[column].is_continuous() for column in order])


@pytest.mark.parametrize("name", CASES)
def test_arrays_equal_those_of_pyomo(name: str) -> None:
    case = CASES[name]()
    (m, _), (by_rule, _) = formulate(case), formulate(case, templates=False)
    compare(m, by_rule)


@pytest.mark.parametrize("name", [*mp.cases(), *(f"rich_{terminal}" for terminal in TERMINAL_VALUES)])
def test_no_block_goes_row_by_row(name: str) -> None:
    assert containers_by_row(formulate(CASES[name]())[0]) == []


def model(templates: bool, rule: Any) -> pyo.ConcreteModel:
    """Two decisions by name and year, with one family of rows."""
    m = pyo.ConcreteModel()
    m.NAMES, m.YEARS = pyo.Set(initialize=["a", "b"]), pyo.Set(initialize=[2026, 2027])
    m.PAIRS = pyo.Set(m.NAMES, dimen=2, initialize={"a": [("a", 2026), ("b", 2027)], "b": []})
    m.weight = pyo.Param(m.NAMES, m.YEARS, initialize={("a", 2026): 2.0}, default=0.5)
    m.x = pyo.Var(m.NAMES, m.YEARS, bounds=(0, 9))
    m.x["b", 2027].fix(3.0)
    m.cost = pyo.Objective(expr=sum(m.x[key] for key in m.x) + 1.0)
    with constraint_templates(templates):
        m.row = pyo.Constraint(m.NAMES, m.YEARS, rule=rule)
    return m


RULES: dict[str, tuple[Any, list[str]]] = {
    "a share of a sum": (lambda m, n, y: m.x[n, y] <= m.weight[n, y] * (1 - sum(m.weight[k, t] * m.x[k, t] for k, t in m.PAIRS[n])), []),
    "divided": (lambda m, n, y: m.x[n, y] / m.weight[n, y] - 1 >= -m.x[n, 2026], []),
    "fixed": (lambda m, n, y: m.x[n, y] + sum(m.x[k, y] for k in m.NAMES) == 12 + m.weight[n, y], []),
    "the year as a number": (lambda m, n, y: m.x[n, y] <= 0.5 * (y - 2020), []),
    "between two bounds": (lambda m, n, y: pyo.inequality(1, m.x[n, y], 4), ["row"]),
}


@pytest.mark.parametrize("kind", RULES)
def test_small_models_equal_those_of_pyomo_and_unknown_shapes_go_row_by_row(kind: str) -> None:
    rule, by_row = RULES[kind]
    compare(model(True, rule), model(False, rule))
    assert containers_by_row(model(True, rule)) == by_row


def test_a_row_without_decisions_that_cannot_hold_is_named() -> None:
    m = model(True, lambda m, n, y: sum(m.x[k, t] for k, t in m.PAIRS[n]) >= 1)
    with pytest.raises(InfeasibleModelError, match=r"row\[b,2026\]"):
        compile_arrays(m)
