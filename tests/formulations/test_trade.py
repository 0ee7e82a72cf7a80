"""Trade: tiers, minima, and contracts that are paid whether taken or not."""

from __future__ import annotations

import pytest

from tests.formulations.solved import STANDS, cash, mine_case, solved
from tests.small_cases import small_case


def test_the_better_tier_is_sold_first_and_within_its_limit() -> None:
    """4 a year: 2 at 10, the other 2 at 5.

    Proves: tiers with their own price and limit.
    Would otherwise be: 120 at the first price, 75 with the worse tier first, 60 without the second.
    """
    second = {"market": "world", "tier": 2, "resource": "ore", "side": "sell", "price": 5, "limit": 3}
    case = mine_case(world={"tier": 1, "limit": 2}, markets=[second], existing_capacity=[{**STANDS, "capacity": 4}])
    assert solved(case).objective == pytest.approx(90.0, abs=1e-9)


def test_a_minimum_is_traded_even_at_a_loss() -> None:
    """1 must be bought at 2 in each year, and is thrown away.

    Proves: the minimum holds in each year.
    Would otherwise be: 0.
    """
    contract = {"market": "contract", "resource": "gas", "side": "buy", "price": 2, "minimum": 1}
    case = small_case(markets=[contract], resources=[{"resource": "gas", "disposal": "yes"}])
    assert solved(case).objective == pytest.approx(-6.0, abs=1e-9)


def test_take_or_pay_is_paid_and_need_not_be_taken() -> None:
    """1 a year is burnt to earn 10, 3 a year are paid at 2; what is not taken cannot be thrown away, and need not be: 10 - 6.

    Proves: the shortfall is paid for, on a line of its own.
    Would otherwise be: 24 if only what is taken were paid, infeasible if all had to be taken.
    """
    gas = {"market": "contract", "resource": "gas", "side": "buy", "price": 2, "take_or_pay": 3}
    case = mine_case(recipes=[{"activity": "dig", "resource": "gas", "amount": -1}], markets=[gas], existing_capacity=[STANDS])
    plan = solved(case)
    assert plan.objective == pytest.approx(12.0, abs=1e-9)
    assert cash(plan, "purchases") == {2026: -2, 2027: -2, 2028: -2}
    assert cash(plan, "take_or_pay") == {2026: -4, 2027: -4, 2028: -4}


def test_above_the_contract_only_what_is_taken_is_paid() -> None:
    """4 a year are burnt to earn 40, 3 are under contract: 40 - 4 x 2.

    Proves: the price is paid once.
    Would otherwise be: 78 if contract and purchase were both paid.
    """
    gas = {"market": "contract", "resource": "gas", "side": "buy", "price": 2, "take_or_pay": 3}
    case = mine_case(
        recipes=[{"activity": "dig", "resource": "gas", "amount": -1}], markets=[gas], existing_capacity=[{**STANDS, "capacity": 4}]
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(96.0, abs=1e-9)
    assert cash(plan, "take_or_pay") == {}


def test_golden_lp(golden) -> None:
    """Two tiers of a sale, and a contract to buy: bounds, balance and money."""
    markets = [
        {"market": "world", "tier": 1, "resource": "ore", "side": "sell", "price": 9, "limit": 2},
        {"market": "world", "tier": 2, "resource": "ore", "side": "sell", "price": 5, "limit": 3, "minimum": 1},
        {"market": "mill", "resource": "ore", "side": "buy", "price": 4, "take_or_pay": 6, "limit": 8},
    ]
    golden("trade", small_case({"last_year": 2027}, markets=markets), "balance")
