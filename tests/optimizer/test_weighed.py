"""What another case is worth over a plan, on the bakery: as it stands two ovens of 2026 bring 2 x 2 - 3 = 1 each."""

from __future__ import annotations

from pathlib import Path

import pytest

import masterplan as mp
from masterplan.prepared import prepare
from masterplan.study import SolveOptions
from masterplan.weighed import Weighing, allows_less
from tests.optimizer.bakery import bakery

DEARER = "markets.street.price=4"


def test_a_case_is_worth_what_its_best_plan_brings_more() -> None:
    """At a price of 4 two ovens bring 5 each and a third, of 2027, 1: 11 instead of 2."""
    case = bakery()
    found = Weighing(SolveOptions(), print).weighed("dearer", (DEARER,), prepare(case.change(DEARER)), mp.solve(case, gap=0), 0.0)
    assert found is not None
    assert (found.value.value, found.value.low, found.value.high) == pytest.approx((9, 9, 9))


def test_a_search_ends_where_it_cannot_win() -> None:
    """With 10 to beat nobody needs to know that it is 9, but the bound has to say that it is no more than 10."""
    case = bakery()
    told: list[str] = []
    weighing = Weighing(SolveOptions(), told.append)
    found = weighing.weighed("dearer", (DEARER,), prepare(case.change(DEARER)), mp.solve(case, gap=0), 0.0, over=10.0)
    assert found is not None
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
    assert (found.value.value, found.value.high) == pytest.approx((0, 0))
