"""A dive ends in a plan, or says that it found none; its bound is one."""

from dataclasses import replace

import numpy as np
import pytest

from masterplan import highs
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.diving import dived
from masterplan.highs import SolverOptions
from masterplan.prepared import prepare
from tests.benchmarks.hard import knapsack, with_opening_costs
from tests.random_cases import random_case

OPTIONS = SolverOptions(threads=1)
BATCHES = [range(begin, begin + 40) for begin in range(0, 240, 40)]


def _is_a_plan(arrays: Arrays, solution: np.ndarray) -> bool:
    rows, whole = arrays.matrix @ solution, solution[arrays.whole]
    return bool(
        (rows >= arrays.row_low - 1e-6).all()
        and (rows <= arrays.row_high + 1e-6).all()
        and (solution >= arrays.low - 1e-6).all()
        and (solution <= arrays.high + 1e-6).all()
        and (np.abs(whole - np.round(whole)) <= 1e-6).all()
    )


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_what_a_dive_finds_is_a_plan_between_nothing_and_its_bound(seeds: range) -> None:
    found, possible = 0, 0
    for seed in seeds:
        try:
            arrays = prepare(random_case(seed)).arrays
        except InfeasibleModelError:
            continue
        best, dive = highs.run(arrays, OPTIONS), dived(arrays, OPTIONS)
        if best.objective is None:
            assert dive is None, seed
            continue
        possible += 1
        if dive is None:
            continue
        found += 1
        solution, bound = dive
        room = 1e-6 * max(1.0, abs(best.objective))
        assert _is_a_plan(arrays, solution), seed
        assert arrays.sign * (best.objective - bound) >= -room, seed
        assert arrays.sign * (arrays.objective(solution) - best.objective) >= -room, seed
    assert found > 0.8 * possible > 0


@pytest.mark.parametrize("case", [knapsack(3, 0.0), with_opening_costs(knapsack(2, 1.0, opening=0.0), 0.5)], ids=lambda case: case.name)
def test_switches_come_first_so_that_openings_stand_in_no_ones_way(case: Case) -> None:
    """Rounding numbers of modules first can spend the budget before their openings are paid: then no plan is found."""
    arrays = prepare(case).arrays
    dive = dived(arrays, OPTIONS)
    assert dive is not None
    assert _is_a_plan(arrays, dive[0])


def test_no_time_means_no_plan() -> None:
    arrays = prepare(knapsack(1, 0.0)).arrays
    assert dived(arrays, replace(OPTIONS, time_limit=0.0)) is None
