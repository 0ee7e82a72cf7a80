"""Earnings: operating money of a year, and the debt that it carries."""

from __future__ import annotations

import pytest

from tests.formulations.solved import mine_case, solved
from tests.small_cases import Row


def carried(multiple: float, **finance: float):
    """A mine costs 8 and sells for 12 a year later; 3 a year come from the base business, none is at hand."""
    row: Row = {"minimum_cash": 0, "baseline_cash": 3, "debt_multiple": multiple, **finance}
    return mine_case({"last_year": 2027}, mine={"capex": 8}, world={"price": 12}, finance=[row])


@pytest.mark.parametrize(("multiple", "value"), [(1.6, 6.0), (1.7, 10.0)])
def test_debt_is_within_its_multiple_of_earnings(multiple: float, value: float) -> None:
    """5 are short in 2026, when 3 are earned: 1.6 x 3 are too little, 1.7 x 3 are enough.

    Proves: debt is limited by the earnings of its own year, the base business among them.
    Would otherwise be: 10 for both with the earnings of 2027, 6 for both without the base business.
    """
    assert solved(carried(multiple)).objective == pytest.approx(value, abs=1e-9)


def test_the_tighter_of_two_limits_holds() -> None:
    """Earnings carry 6, the amount allows 4.9: the 5 that are short cannot be borrowed.

    Proves: both limits hold.
    Would otherwise be: 10.
    """
    assert solved(carried(2, debt_limit=4.9)).objective == pytest.approx(6.0, abs=1e-9)


def test_earnings_are_before_capex_and_tax_and_with_production_credits() -> None:
    """In 2026: sales 10 x 1 - variable cost 2 + production credit 1 + baseline 3 = 12, whatever is invested and taxed.

    A limit of 11.9 on earnings takes 0.1 / 9 of the level of 1, which is worth 9 less a quarter of 8 in tax: 7.
    Proves: what counts as earnings, and that a limit can measure them.
    Would otherwise be: no loss of value were the credit or the base business left out.
    """
    stands: Row = {"activity": "dig", "capacity": 1}
    digs: Row = {"activity": "dig", "variable_cost": 2, "production_credit": 1}
    settings: Row = {"last_year": 2026}
    tables = {"activities": [digs], "existing_capacity": [stands], "finance": [{"baseline_cash": 3, "tax_rate": 0.25}]}
    limit = {"limits": [{"limit": "cap", "bound": 11.9}], "limit_members": [{"limit": "cap", "measure": "earnings", "item": "company"}]}
    free, bounded = solved(mine_case(settings, **tables)), solved(mine_case(settings, **tables, **limit))
    assert free.objective == pytest.approx(10.0, abs=1e-9)
    assert bounded.objective == pytest.approx(10.0 - 7 * 0.1 / 9, abs=1e-9)


def test_golden_lp(golden) -> None:
    """A year that sells, pays, earns a credit and borrows against it."""
    digs: Row = {"activity": "dig", "variable_cost": 2, "production_credit": 1}
    finance: Row = {"baseline_cash": 3, "debt_multiple": 2, "minimum_cash": 0}
    stands: Row = {"activity": "dig", "capacity": 1}
    golden("earnings", mine_case({"last_year": 2026}, activities=[digs], existing_capacity=[stands], finance=[finance]))
