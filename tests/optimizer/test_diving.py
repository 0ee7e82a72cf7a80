"""A dive ends in a plan, or says that it found none; its bound is one. What is found near a plan is a plan, and no worse."""

import signal
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import masterplan as mp
from masterplan import diving, highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.diving import dived
from masterplan.nearby import between
from masterplan.prepared import prepare
from masterplan.searching import searched
from masterplan.stopwatch import Stopwatch
from tests.benchmarks.hard import knapsack, with_opening_costs
from tests.random_cases import random_case
from tests.small_cases import small_case

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
            assert dive.solution is None, seed
            continue
        possible += 1
        if dive.solution is None or dive.bound is None:
            continue
        found += 1
        room = 1e-6 * max(1.0, abs(best.objective))
        assert _is_a_plan(arrays, dive.solution), seed
        assert arrays.sign * (best.objective - dive.bound) >= -room, seed
        assert arrays.sign * (arrays.objective(dive.solution) - best.objective) >= -room, seed
    assert found > 0.8 * possible > 0


@pytest.mark.parametrize("case", [knapsack(3, 0.0), with_opening_costs(knapsack(2, 1.0, opening=0.0), 0.5)], ids=lambda case: case.name)
def test_switches_come_first_so_that_openings_stand_in_no_ones_way(case: Case) -> None:
    """Rounding numbers of modules first can spend the budget before their openings are paid: then no plan is found."""
    arrays = prepare(case).arrays
    dive = dived(arrays, OPTIONS)
    assert dive.solution is not None
    assert _is_a_plan(arrays, dive.solution)


def test_no_time_means_no_plan() -> None:
    arrays = prepare(knapsack(1, 0.0)).arrays
    assert dived(arrays, replace(OPTIONS, time_limit=0.0)).solution is None


def test_a_dive_worse_than_the_start_is_not_begun_from() -> None:
    """Among the random cases some dives end below doing nothing: the search then begins from doing nothing."""
    worse = 0
    for seed in (30, 36, 62, 100, 116):
        ready = prepare(random_case(seed))
        idle = highs.run(ready.without_free_starts(), OPTIONS)
        dive = dived(ready.arrays, OPTIONS)
        if idle.solution is None or idle.objective is None or dive.solution is None:
            continue
        gain = ready.arrays.sign * (idle.objective - ready.arrays.objective(dive.solution))
        worse += gain < 0
        told: list[float | None] = []
        options = replace(OPTIONS, reference=idle.objective)
        searched(ready, options, idle.solution, Stopwatch(), lambda event, told=told: told.append(event.incumbent))  # type: ignore[misc]
        told_better = [value for value in told if value is not None and ready.arrays.sign * (idle.objective - value) < -1e-6]
        assert not told_better, seed
    assert worse > 0


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_what_is_found_near_a_plan_is_a_plan_no_worse_and_no_better_than_the_best(seeds: range) -> None:
    """From doing nothing; on some cases that is better than what it began from. The whole search near a start has the same optimum."""
    better = 0
    for seed in seeds:
        try:
            ready = prepare(random_case(seed))
        except InfeasibleModelError:
            continue
        arrays, idle = ready.arrays, highs.run(ready.without_free_starts(), OPTIONS)
        if idle.solution is None or idle.objective is None or not arrays.whole.any():
            continue
        best, near = highs.run(arrays, OPTIONS), between(arrays, idle.solution, OPTIONS)
        assert best.objective is not None
        assert near.solution is not None
        assert near.objective is not None
        room = 1e-6 * max(1.0, abs(best.objective))
        assert _is_a_plan(arrays, near.solution), seed
        assert arrays.sign * (near.objective - best.objective) >= -room, seed
        assert arrays.sign * (near.objective - idle.objective) <= room, seed
        better += arrays.sign * (near.objective - idle.objective) < -room
        searched_there = searched(ready, replace(OPTIONS, reference=idle.objective), idle.solution, Stopwatch(), near_start=True)
        assert searched_there.objective == pytest.approx(best.objective, abs=room), seed
    assert better > 0


def test_whole_numbers_stay_between_the_plan_and_the_relaxation() -> None:
    """The plan has no oven; of ovens for 3 that bring 2 a year a budget of 5 pays for 5 / 3, or for one."""
    case = small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 9, "max_total": 9, "last_start": 2026}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 9}],
        finance=[{"capex_limit": 5}],
    )
    ready = prepare(case)
    arrays = ready.arrays
    column = ready.columns(ready.model.start)["oven", 2026]
    idle = highs.run(ready.without_free_starts(), OPTIONS)
    assert idle.solution is not None
    relaxed = highs.run(arrays.relaxed(), OPTIONS)
    assert relaxed.solution is not None
    assert relaxed.solution[column] == pytest.approx(5 / 3)
    near = between(arrays, idle.solution, OPTIONS)
    assert near.solution is not None
    assert near.solution[column] == pytest.approx(1)


def test_ctrl_c_while_diving_ends_the_search_with_what_there_was(monkeypatch: pytest.MonkeyPatch) -> None:
    deeper = diving._deeper

    def pressing(*arguments: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return deeper(*arguments)

    monkeypatch.setattr(diving, "_deeper", pressing)
    case = knapsack(1, 0.0)
    plan = mp.solve(case)
    assert plan.stopped_because == "interrupted"
    assert plan.found
    assert plan.objective == plan.do_nothing
    assert len(plan.starts[plan.starts["modules"] > 0]) == 0
