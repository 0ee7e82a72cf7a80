"""Generated cases are cases like any other, and mean what they say."""

from __future__ import annotations

import pytest

import masterplan as mp
from tests.benchmarks.sites import SHARED, sites
from tests.benchmarks.wide import wide
from tests.random_cases import random_case


@pytest.mark.parametrize("name", mp.cases())
def test_sites_have_their_own_names_and_share_what_is_shared(name: str) -> None:
    case = mp.load(name)
    doubled = sites(case, 2)
    together = set(SHARED) & set(case.names("resources"))
    assert len(doubled.names("resources")) == 2 * len(case.names("resources")) - len(together)
    assert set(doubled.names("projects")) == {f"{project}_{site}" for project in case.names("projects") for site in (1, 2)}
    assert doubled.series("finance", "baseline_cash") == {
        year: pytest.approx(2 * cash) for year, cash in case.series("finance", "baseline_cash").items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_two_sites_are_worth_twice_as_much_and_more_where_they_help_each_other(seed: int) -> None:
    case = random_case(seed)
    alone, apart = mp.solve(case, gap=0.0), mp.solve(sites(case, 2, shared=(), spread=0.0), gap=0.0)
    shared = mp.solve(sites(case, 2, shared=("ore",), spread=0.0), gap=0.0)
    assert alone.objective is not None
    assert apart.objective >= 2 * alone.objective - 1e-6
    assert shared.objective >= apart.objective - 1e-6


def test_a_wide_case_is_built_and_pays() -> None:
    plan = mp.solve(wide(12, 6), gap=0.01)
    assert plan.status == "optimal"
    assert plan.objective is not None
    assert plan.objective > 0
    assert len(plan.starts) > 0
