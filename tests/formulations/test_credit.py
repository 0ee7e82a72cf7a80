"""Credit: a share of capex that comes back in the first output year, untaxed."""

from __future__ import annotations

import pytest

from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved
from tests.small_cases import small_case


def test_the_credit_is_paid_in_the_first_output_year() -> None:
    """Capex 10 at 0.8; 10 a year from 2027 and 2.5 of credit, at 0.64 and 0.512: 11.52 - 8 + 1.6.

    Proves: when it is paid.
    Would otherwise be: 5.52 in the start year, 3.52 without it.
    """
    plan = solved(mine_case(AT_A_QUARTER, mine={"capex": 10, "credit": 0.25}))
    assert plan.objective == pytest.approx(5.12, abs=1e-9)
    assert cash(plan, "investment_credit") == {2027: 2.5}


@pytest.mark.parametrize(("last", "value"), [(2026, 5.0), (2027, 7.5)])
def test_only_starts_in_time_earn_the_credit(last: int, value: float) -> None:
    """A start in 2027, capex 10 for 15 in 2028.

    Proves: the last start year that earns it.
    Would otherwise be: 7.5 for both.
    """
    mine = {"capex": 10, "credit": 0.25, "credit_last_start": last, "first_start": 2027}
    assert solved(mine_case(mine=mine, world={"price": 15})).objective == pytest.approx(value, abs=1e-9)


def test_the_credit_is_not_taxed() -> None:
    """20 of sales, 10 of capex, 25 % tax on 10; credit 2.5.

    Proves: it stays out of the tax base.
    Would otherwise be: 9.375.
    """
    plan = solved(mine_case(mine={"capex": 10, "credit": 0.25}, finance=[{"tax_rate": 0.25}]))
    assert plan.objective == pytest.approx(10.0, abs=1e-9)


def test_fixed_capex_earns_the_credit_too() -> None:
    """20 of sales, 8 per module and 4 for the year: credit of 25 % on 12.

    Proves: the share is of all capex of the start.
    Would otherwise be: 10.
    """
    plan = solved(mine_case(mine={"capex": 8, "fixed_capex": 4, "credit": 0.25}))
    assert plan.objective == pytest.approx(11.0, abs=1e-9)


def test_a_credit_due_after_the_plan_counts_at_its_end() -> None:
    """Given for 2027, lead time 2, capex 8: 4 at 0.64, 4 at 0.512; the credit of 2 comes in 2029: 2 x 0.512 x 0.8.

    Proves: it is not lost, and it is not reduced by the tax rate of 25 % (nothing is earned: no tax is paid, no loss used).
    Would otherwise be: -4.608 without it, -3.9936 less tax.
    """
    given = [{"project": "mine", "year": 2027, "modules": 1}]
    plan = solved(
        mine_case(AT_A_QUARTER, mine={"capex": 8, "lead_time": 2, "credit": 0.25}, given_starts=given, finance=[{"tax_rate": 0.25}])
    )
    assert plan.objective == pytest.approx(-3.7888, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Credits of modules and of the fixed sum, in the plan and after it: cash rows and objective."""
    mine = {"project": "mine", "capex": 8, "fixed_capex": 4, "credit": 0.25, "max_per_year": 2, "last_start": 2027}
    golden("credit", small_case({**AT_A_QUARTER, "last_year": 2027}, projects=[mine], finance=[{"minimum_cash": -99}]), "cash")
