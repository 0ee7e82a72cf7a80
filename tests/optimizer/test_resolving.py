"""A what-if from a plan and its proof is what solving the changed case from nothing would be."""

import numpy as np
import pytest

import masterplan as mp
from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.dominated import bound_with, known_row
from masterplan.prepared import arrays_of, prepare
from tests.random_cases import random_case
from tests.small_cases import small_case

CHANGES = (
    "projects.new_mill.capex*=1.1",
    "projects.new_mill.capex*=0.7",
    "markets.steel/1.price*=0.9",
    "markets.steel/1.price*=1.3",
    "markets.steel/1.limit*=0.5",
    "finance.baseline_cash+=-0.5",
    "finance.tax_rate=0.3",
    "projects.new_mine.max_per_year=0",
    "projects.new_mill.lead_time=1",
)
SHOP = {
    "recipes": [{"activity": "shop", "resource": "bread", "amount": 1}],
    "projects": [{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}],
    "markets": [{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
    "finance": [{"capex_limit": 9, "carry_over_share": 1}],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_what_if_is_worth_what_a_solve_finds(change: str) -> None:
    for seed in (2, 5):
        parent = mp.solve(random_case(seed), gap=0, threads=1)
        there, cold = mp.what_if(parent, change, gap=0, threads=1), mp.solve(parent.case.change(change), gap=0, threads=1)
        assert there.status == cold.status, (seed, change)
        if cold.objective is not None:
            assert there.objective == pytest.approx(cold.objective, abs=1e-5), (seed, change)
            assert mp.audit(there).passed


@pytest.mark.parametrize("change", CHANGES)
def test_a_bound_that_is_carried_over_never_cuts_off_the_optimum(change: str) -> None:
    """Would otherwise be: a proof that is none."""
    options = SolverOptions(threads=1)
    for seed in range(8):
        case = random_case(seed)
        old, new = prepare(case), prepare(case.change(change))
        before, after = highs.run(old.arrays, options), highs.run(new.arrays, options)
        if before.bound is None or after.solution is None or after.objective is None:
            continue
        row = known_row(old.arrays, new.arrays, before.bound, options)
        if row is not None:
            assert row.weights @ after.solution >= row.least - 1e-6, (seed, change)
            bound = bound_with(new.arrays, row, options)
            assert bound is not None
            assert new.arrays.sign * (after.objective - bound) >= -1e-6, (seed, change)


def test_capex_that_rises_is_paid_from_money_unspent() -> None:
    """What a dearer oven costs more is unspent and kept in the old problem, so its bound holds as it stands: at the old cost of an oven."""
    case = small_case(**SHOP)
    old, new = arrays_of(case), arrays_of(case.change("projects.oven.capex=3.5"))
    options = SolverOptions(threads=1)
    row = known_row(old, new, 10.0, options)
    assert row is not None
    assert row.least == pytest.approx(old.sign * (10.0 - old.constant))
    assert row.weights == pytest.approx(old.cost)
    assert np.abs(new.cost - old.cost).max() == pytest.approx(0.5)


def test_a_limit_that_grows_carries_no_proof_over() -> None:
    case = small_case(**SHOP)
    old, new = arrays_of(case), arrays_of(case.change("finance.capex_limit=20"))
    assert known_row(old, new, 10.0, SolverOptions(threads=1)) is None


def test_a_limit_that_never_bound_is_proven_without_a_search() -> None:
    parent = mp.solve(small_case(**SHOP), gap=0, threads=1)
    there = mp.what_if(parent, "finance.capex_limit=8.9", gap=0.01, threads=1)
    assert there.run["proof"] == "reused"
    assert there.objective == pytest.approx(parent.objective)
    assert there.status == "optimal"
    assert set(there.run["seconds"]) == {"build", "do_nothing", "reuse", "proof", "polish", "results", "solve"}
