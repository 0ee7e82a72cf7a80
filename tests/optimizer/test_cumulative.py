"""The search in modules started so far has the plans, the relaxation and the optimum of the plain problem."""

from dataclasses import replace

import numpy as np
import pytest

import masterplan as mp
from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.cumulative import cumulative
from masterplan.prepared import prepare
from tests.random_cases import random_case

BATCHES = [range(begin, begin + 25) for begin in range(0, 200, 25)]


def _keeps(arrays: Arrays, solution: np.ndarray) -> bool:
    rows = arrays.matrix @ solution
    return bool(
        (rows >= arrays.row_low - 1e-6).all()
        and (rows <= arrays.row_high + 1e-6).all()
        and (solution >= arrays.low - 1e-6).all()
        and (solution <= arrays.high + 1e-6).all()
    )


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_size_relaxation_and_optimum_are_those_of_the_plain_problem(seeds: range) -> None:
    options = SolverOptions(threads=1)
    for seed in seeds:
        try:
            ready = prepare(random_case(seed))
        except InfeasibleModelError:
            continue
        plain = ready.arrays
        turned = cumulative(plain, ready.series())
        assert turned.arrays.size["columns"] == plain.size["columns"]
        assert turned.arrays.size["rows"] == plain.size["rows"] + sum(len(columns) - 1 for columns in turned.series)
        relaxed, relaxed_turned = (
            highs.run(replace(arrays, whole=np.zeros_like(arrays.whole)), options) for arrays in (plain, turned.arrays)
        )
        best, best_turned = highs.run(plain, options), highs.run(turned.arrays, options)
        assert best.quality == best_turned.quality, seed
        if best.solution is None or best_turned.solution is None:
            continue
        assert relaxed_turned.objective == pytest.approx(relaxed.objective, rel=1e-6, abs=1e-6), seed
        assert best_turned.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), seed
        assert _keeps(plain, turned.back(best_turned.solution)), seed
        assert _keeps(turned.arrays, turned.forth(best.solution)), seed
        assert turned.back(turned.forth(best.solution)) == pytest.approx(best.solution)


def test_a_partial_solution_is_known_up_to_the_first_open_year() -> None:
    ready = prepare(random_case(0))
    turned = cumulative(ready.arrays, ready.series())
    columns = turned.series[0]
    partial = np.zeros(len(ready.arrays.variables))
    partial[columns[1]] = np.nan
    found = turned.forth(partial)
    assert found[columns[0]] == 0
    assert np.isnan(found[columns[1:]]).all()


@pytest.mark.parametrize("seed", [3, 11, 27])
def test_both_searches_find_plans_of_equal_worth(seed: int) -> None:
    case = random_case(seed)
    strong, plain = (mp.solve(case, gap=0, threads=1, strong=strong) for strong in (True, False))
    assert strong.status == plain.status == "optimal"
    assert strong.objective == pytest.approx(plain.objective, abs=1e-6)
    assert mp.audit(strong).passed
