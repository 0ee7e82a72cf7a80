"""Objective: value, cost, or cash at the end."""

from __future__ import annotations

import pytest

from tests.formulations.solved import AT_A_QUARTER, mine_case, solved, starts
from tests.small_cases import small_case

TWO_YEARS = {**AT_A_QUARTER, "last_year": 2027}


@pytest.mark.parametrize(("objective", "value", "begun"), [("npv", 0.0, {}), ("final_cash", 3.0, {("mine", 2026): 1.0})])
def test_cash_at_the_end_does_not_discount(objective: str, value: float, begun: dict) -> None:
    """10 for 12 a year later at 25 %: -8 + 7.68 is no value, yet 1 at hand becomes 3.

    Proves: NPV discounts, final cash does not and has the opening cash in it.
    Would otherwise be: 2 without the opening cash.
    """
    plan = solved(mine_case({**TWO_YEARS, "objective": objective, "opening_cash": 1}, mine={"capex": 10}, world={"price": 12}))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == begun


def supplied(objective: str):
    """1 a year must be delivered: bought at 3, or dug by a mine of capex 1 from the second year."""
    buy = {"market": "trader", "resource": "ore", "side": "buy", "price": 3}
    return mine_case({**TWO_YEARS, "objective": objective}, mine={"capex": 1}, world={"price": 0, "minimum": 1}, markets=[buy])


@pytest.mark.parametrize(("objective", "value"), [("least_cost", 3.2), ("npv", -3.2)])
def test_least_cost_is_the_negative_of_npv(objective: str, value: float) -> None:
    """Bought in 2026 and a mine begun: (3 + 1) x 0.8, then free; buying twice would cost 4.32.

    Proves: cost is told as a positive number, and it is minimised; value added is what is saved.
    Would otherwise be: 4.32 if it were not, -3.2 if it were NPV.
    """
    plan = solved(supplied(objective))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert plan.npv == pytest.approx(-3.2, abs=1e-9)
    assert plan.value_added == pytest.approx(1.12, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Cost to be minimised: every line at its factor, and what falls after the plan."""
    mine = {"project": "mine", "activity": "dig", "capex": 10, "lead_time": 2, "fixed_cost": 4, "last_start": 2027}
    case = small_case(
        {**TWO_YEARS, "objective": "least_cost", "terminal_value": "book_value"},
        projects=[mine],
        recipes=[{"activity": "dig", "resource": "ore", "amount": 1}],
        markets=[
            {"market": "world", "resource": "ore", "side": "sell", "price": 3},
            {"market": "trader", "resource": "ore", "side": "buy", "price": 5},
        ],
        finance=[{"baseline_cash": 100, "external_capital": 7}],
    )
    golden("objective", case)
