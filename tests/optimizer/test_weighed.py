"""What another case is worth over a plan, on the bakery: as it stands two ovens of 2026 bring 2 x 2 - 3 = 1 each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import masterplan as mp
from masterplan import highs
from masterplan.answer import Answer, SolverOptions
from masterplan.data.case import Case
from masterplan.prepared import Prepared, prepare
from masterplan.study import SolveOptions
from masterplan.weighed import Weighing, allows_less
from tests.benchmarks.hard import knapsack
from tests.optimizer.bakery import bakery
from tests.small_cases import small_case

DEARER = "markets.street.price=4"


def test_a_case_is_worth_what_its_best_plan_brings_more() -> None:
    """At a price of 4 two ovens bring 5 each and a third, of 2027, 1: 11 instead of 2."""
    case = bakery()
    found = Weighing(SolveOptions(), print).weighed("dearer", (DEARER,), prepare(case.change(DEARER)), mp.solve(case, gap=0), 0.0)
    assert found is not None
    assert found.value is not None
    assert (found.value.value, found.value.low, found.value.high) == pytest.approx((9, 9, 9))


def test_a_search_ends_where_it_cannot_win() -> None:
    """With 10 to beat nobody needs to know that it is 9, but the bound has to say that it is no more than 10."""
    case = bakery()
    told: list[str] = []
    weighing = Weighing(SolveOptions(), told.append)
    found = weighing.weighed("dearer", (DEARER,), prepare(case.change(DEARER)), mp.solve(case, gap=0), 0.0, over=10.0)
    assert found is not None
    assert found.value is not None
    assert found.value.value <= 9 + 1e-6 <= found.value.high + 2e-6 <= 10 + 3e-6
    assert told[0].endswith("which is not the most")
    assert not weighing.interrupted


def test_what_was_found_is_kept(tmp_path: Path) -> None:
    case = bakery()
    plan, told = mp.solve(case, gap=0), list[str]()
    for _ in range(2):
        weighing = Weighing(SolveOptions(keep=tmp_path), told.append)
        found = weighing.weighed("dearer", (DEARER,), prepare(case.change(DEARER)), plan, 0.0)
        assert found is not None
        assert found.value is not None
        assert found.value.value == pytest.approx(9)
    assert told[1] == "dearer: known from before"


def test_a_case_that_allows_less_has_the_proof_of_the_plan() -> None:
    """One bread less may be sold in 2028 at most: two a year are what the ovens make, so nothing is lost."""
    case, fewer = bakery(), "markets.street.limit=2"
    plan, now, after = mp.solve(case, gap=0), prepare(case).arrays, prepare(case.change(fewer))
    assert allows_less(after.arrays, now)
    assert not allows_less(now, after.arrays)
    assert not allows_less(prepare(case.change(DEARER)).arrays, now)
    found = Weighing(SolveOptions(), print).weighed("fewer", (fewer,), after, plan, 0.0, now=now)
    assert found is not None
    assert found.value is not None
    assert (found.value.value, found.value.high) == pytest.approx((0, 0))


# what ends a search, and what bounds it


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_search_ends_at_a_bound_that_is_enough(sign: float) -> None:
    """More is better, and less is. The bound of the relaxation is there before the first branch: a search for which it is enough proves
    nothing more, and one that has to prove more goes on.
    """
    arrays = replace(prepare(knapsack(1, 0.0, projects=6, years=6)).arrays, sign=sign)
    nothing = np.zeros(len(arrays.variables))
    relaxed = highs.run(arrays.relaxed(), SolverOptions()).objective
    assert relaxed is not None
    ended = highs.run(arrays, SolverOptions(enough=relaxed, time_limit=60.0), nothing)
    assert (ended.quality, ended.stopped) == ("feasible", "gap")
    assert ended.objective is not None
    assert ended.bound is not None
    assert abs(ended.bound - ended.objective) > 1e-3 * abs(relaxed)
    never = highs.run(arrays, SolverOptions(enough=sign * np.inf, time_limit=60.0), nothing)
    assert (never.quality, never.stopped) == ("optimal", "proof")
    assert never.objective == pytest.approx(never.bound)


class Searched:
    """A search that finds the plan itself and proves little; it keeps what it was asked."""

    def __init__(self, objective: float, bound: float | None, quality: str = "feasible") -> None:
        self.objective, self.bound, self.quality = objective, bound, quality
        self.asked = SolverOptions()

    def __call__(self, ready: Prepared, options: SolverOptions, *more: object, **wishes: object) -> Answer:
        self.asked = options
        if self.bound is None:
            return Answer(self.quality, "time_limit", None, None, None, 0, 0.0)
        return Answer(self.quality, "time_limit", np.zeros(len(ready.arrays.variables)), self.objective, self.bound, 0, 0.0)


def thrifty() -> Case:
    """A baker who owes five breads a year for three years; two may be bought at 1, the rest at 3: 3 x (2 x 1 + 3 x 3) = 33."""
    return small_case(
        {"objective": "least_cost"},
        markets=[
            {"market": "cheap", "resource": "bread", "side": "buy", "price": 1, "limit": 2},
            {"market": "dear", "resource": "bread", "side": "buy", "price": 3, "limit": 9},
            {"market": "owed", "resource": "bread", "side": "sell", "price": 0, "limit": 5, "minimum": 5},
        ],
    )


@pytest.mark.parametrize(
    ("case", "less", "proven", "loose"),
    [(bakery(), "markets.street.limit=2", 4.0, 9.0), (thrifty(), "markets.dear.limit=8", 31.0, 20.0)],
    ids=["more is better", "least cost"],
)
def test_the_proof_of_a_plan_bounds_a_case_that_allows_less(
    case: Case, less: str, proven: float, loose: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of 2 of which at most 4 is proven, or a cost of 33 of which at least 31 is: a case that allows less is worth at most 2 more.

    Its own search finds the same plan and leaves 7, or 13, open. At a gap of 0 it may end at the proof of the plan.
    """
    plan = replace(mp.solve(case, gap=0), bound=proven)
    assert plan.objective is not None
    search = Searched(plan.objective, loose)
    monkeypatch.setattr("masterplan.weighed.searched", search)
    now, after, weighing = prepare(case).arrays, prepare(case.change(less)), Weighing(SolveOptions(), print)
    found = weighing.weighed("less", (less,), after, plan, 0.0, now=now)
    assert found is not None
    assert found.value is not None
    assert (found.value.value, found.value.low, found.value.high) == pytest.approx((0, -2, 2))
    assert search.asked.target == pytest.approx(proven)
    alone = weighing.weighed("alone", (less,), after, plan, 0.0)
    assert alone is not None
    assert alone.value is not None
    assert alone.value.high == pytest.approx(abs(loose - plan.objective))
    assert search.asked.target is None


@pytest.mark.parametrize(("case", "enough"), [(bakery(), 2 + 10.0), (thrifty(), 33 - 10.0)], ids=["more is better", "least cost"])
def test_to_win_by_ten_is_to_earn_more_or_to_cost_less(case: Case, enough: float, monkeypatch: pytest.MonkeyPatch) -> None:
    search = Searched(0.0, 0.0)
    monkeypatch.setattr("masterplan.weighed.searched", search)
    Weighing(SolveOptions(), print).weighed("same", (), prepare(case), mp.solve(case, gap=0), 0.0, over=10.0)
    assert search.asked.enough == pytest.approx(enough)


@pytest.mark.parametrize(
    ("quality", "why"), [("infeasible", "no plan keeps every limit"), ("none", "no plan was found in this time")], ids=["proven", "in time"]
)
def test_only_a_proof_says_that_there_is_no_plan(quality: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, told = bakery(), list[str]()
    monkeypatch.setattr("masterplan.weighed.searched", Searched(0.0, None, quality))
    found = Weighing(SolveOptions(), told.append).weighed("dearer", (DEARER,), prepare(case), mp.solve(case, gap=0), 0.0)
    assert found is not None
    assert found.value is None
    assert (found.why, told) == (why, [f"dearer: {why}"])
    steps = mp.bottlenecks(thrifty().change("markets.dear.limit=7"), gap=0, rungs=0, step_limits=None).steps
    assert why in set(steps["told"])
