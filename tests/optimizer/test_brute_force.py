"""The solver's answer against every combination of starts, each with its own little linear program."""

import pytest

import masterplan as mp
from tests.oracle import best_by_trying
from tests.random_cases import random_case


@pytest.mark.parametrize("seed", range(40))
def test_no_combination_of_starts_is_better(seed: int) -> None:
    case = random_case(seed)
    best, plan = best_by_trying(case), mp.solve(case, gap=0)
    if best is None:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(best, rel=1e-7, abs=1e-7)
    assert mp.audit(plan).passed, mp.audit(plan).checks.query("not passed")


def test_the_random_cases_are_worth_trying() -> None:
    """Some of them build, some do not, and building pays by more than rounding."""
    plans = [mp.solve(random_case(seed), gap=0) for seed in range(40)]
    gains = [plan.value_added for plan in plans if plan.value_added is not None]
    assert sum(gain > 0.01 for gain in gains) >= 15
    assert any(len(plan.starts) == 0 for plan in plans)
