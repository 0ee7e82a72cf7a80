"""Horizon: discounting, and the given lines of the finance table."""

from __future__ import annotations

import pytest

from tests.formulations.solved import STANDS, cash, mine_case, solved
from tests.small_cases import small_case

QUARTER = {"last_year": 2027, "discount_rate": 0.25}
TEN_A_YEAR = {"existing_capacity": [STANDS]}


@pytest.mark.parametrize(("timing", "npv"), [("start_of_year", 18.0), ("mid_year", 18 / 1.25**0.5), ("end_of_year", 14.4)])
def test_a_flow_counts_from_when_in_its_year_it_falls(timing: str, npv: float) -> None:
    """10 in each of two years at 25 %: from the start 10 + 8, from the end 8 + 6.4, from the middle in between.

    Proves: each timing has its own factors.
    Would otherwise be: 16.0997 for all three, were the default always taken.
    """
    plan = solved(mine_case({**QUARTER, "flow_timing": timing}, **TEN_A_YEAR))
    assert plan.objective == pytest.approx(npv, abs=1e-9)


def test_given_factors_stand_before_the_rate() -> None:
    """Factors 0.5 and 0.25: 5 + 2.5.

    Proves: given factors are taken as they are.
    Would otherwise be: 16.0997 by the rate.
    """
    factors = [{"year": 2026, "discount_factor": 0.5}, {"year": 2027, "discount_factor": 0.25}]
    assert solved(mine_case(QUARTER, finance=factors, **TEN_A_YEAR)).objective == pytest.approx(7.5, abs=1e-9)


@pytest.mark.parametrize(("objective", "value"), [("npv", 9.0), ("final_cash", 110.0)])
def test_given_money_counts_as_it_should(objective: str, value: float) -> None:
    """Baseline 5 less committed 2 in each of three years; 100 of equity in the first; 1 at hand.

    Proves: equity moves cash (1 + 9 + 100) and not NPV (9).
    Would otherwise be: an NPV of 109.
    """
    finance = [
        {"year": 2026, "baseline_cash": 5, "committed_capex": 2, "external_capital": 100},
        {"year": 2027, "external_capital": 0},
    ]
    plan = solved(small_case({"objective": objective, "opening_cash": 1}, finance=finance))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert cash(plan, "committed_capex") == {2026: -2, 2027: -2, 2028: -2}
    assert cash(plan, "external_capital") == {2026: 100}


def test_golden_lp(golden) -> None:
    """The given lines are constants of the objective and of the cash rows."""
    finance = [{"baseline_cash": 5, "committed_capex": 2, "external_capital": 3, "minimum_cash": 0}]
    golden("horizon", small_case({**QUARTER, "flow_timing": "end_of_year"}, finance=finance), "cash")
