"""Templates are a faster way to say the same: with and without them a model compiles to equal arrays, and no rule fails quietly."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

import masterplan as mp
from masterplan.arrays import Arrays
from masterplan.compiling import compile_arrays
from masterplan.data.case import Case
from masterplan.formulations import formulate
from tests.formulations.rich import TERMINAL_VALUES, rich_case
from tests.small_cases import small_case

PUBLISHED = Path(__file__).resolve().parents[1] / "cases" / "published"

CASES: dict[str, Any] = {
    **{f"rich_{terminal}": lambda terminal=terminal: rich_case(terminal) for terminal in TERMINAL_VALUES},
    "rich_final_cash": lambda: rich_case(objective="final_cash", flow_timing="end_of_year"),
    "rich_least_cost": lambda: rich_case(objective="least_cost"),
    "empty": small_case,
    "base": lambda: mp.load("base"),
    "steel": lambda: mp.load("steel"),
    "williams_mining": lambda: mp.load(PUBLISHED / "williams_mining"),
    "petersen_1967_5": lambda: mp.load(PUBLISHED / "petersen_1967_5"),
}


def compiled(case: Case, templates: bool) -> tuple[pyo.ConcreteModel, Arrays]:
    """The model too: its variables have names only as long as it lives."""
    m, _ = formulate(case, templates=templates)
    return m, compile_arrays(m)


def columns(arrays: Arrays) -> dict[str, tuple[float, ...]]:
    """name -> bounds, whole or not, and cost."""
    values = zip(arrays.low, arrays.high, arrays.whole, np.round(arrays.cost, 9), strict=True)
    return {variable.name: tuple(map(float, value)) for variable, value in zip(arrays.variables, values, strict=True)}


def rows(arrays: Arrays) -> dict[str, tuple[float, float, dict[str, float]]]:
    """name -> bounds and coefficients by column."""
    names = [variable.name for variable in arrays.variables]
    matrix, found = arrays.matrix.tocsr(), {}
    for row, name in enumerate(arrays.rows):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = {names[column]: round(float(value), 9) for column, value in zip(matrix.indices[span], matrix.data[span], strict=True)}
        bounds = float(np.round(arrays.row_low[row], 9)), float(np.round(arrays.row_high[row], 9))
        found[name] = (*bounds, {column: value for column, value in terms.items() if value})
    return found


@pytest.mark.parametrize("name", CASES)
def test_templates_change_nothing_and_none_fails(name: str, caplog: pytest.LogCaptureFixture) -> None:
    case = CASES[name]()
    with caplog.at_level(logging.ERROR, logger="pyomo"):
        m, fast = compiled(case, templates=True)
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]

    other, plain = compiled(case, templates=False)
    assert m is not other
    assert columns(fast) == columns(plain)
    assert rows(fast) == rows(plain)
    assert len(fast.rows) == len(rows(fast))
    assert fast.constant == pytest.approx(plain.constant, abs=1e-9)
    assert fast.sign == plain.sign
