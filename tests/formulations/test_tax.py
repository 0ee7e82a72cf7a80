"""Tax: capex is deducted when spent, losses are carried forward."""

from __future__ import annotations

import pytest

from tests.formulations.solved import AT_A_QUARTER, STANDS, cash, mine_case, solved

TAX = {"tax_rate": 0.25}


def test_losses_are_carried_forward() -> None:
    """8 of capex in 2026, 6 a year from 2027: losses of 8 shelter 6 and then 2, so that 4 are taxed. 12 - 8 - 1.

    Proves: what is not used stays for later.
    Would otherwise be: 1 without losses, 2.5 with one year of them, 5 with a refund.
    """
    plan = solved(mine_case(mine={"capex": 8}, world={"price": 6}, finance=[TAX]))
    assert plan.objective == pytest.approx(3.0, abs=1e-9)
    assert cash(plan, "tax") == {2028: -1}
    assert plan.loss_pool["losses"].to_list() == pytest.approx([8, 2, 0], abs=1e-9)


def test_opening_losses_shelter_the_first_income() -> None:
    """4 a year and 5 of losses from before: 0, then 3, then 4 are taxed.

    Proves: the pool begins with them.
    Would otherwise be: 9.
    """
    plan = solved(mine_case({"opening_losses": 5}, world={"price": 4}, existing_capacity=[STANDS], finance=[TAX]))
    assert plan.objective == pytest.approx(10.25, abs=1e-9)
    assert cash(plan, "tax") == {2027: -0.75, 2028: -1}


def test_a_baseline_income_is_sheltered_by_capex() -> None:
    """Baseline income of 8 in 2026, taxed 2 unless capex of 8 shelters it; then 6 a year taxed at 1.5. 12 - 8 - 3.

    Proves: one tax base for the plan and what it does not decide.
    Would otherwise be: -1 if the baseline were taxed by itself and no loss carried, 3 with it, 9 without any tax.
    """
    finance = [{**TAX, "year": 2026, "baseline_taxable": 8}, {"year": 2027, "baseline_taxable": 0}]
    plan = solved(mine_case(mine={"capex": 8}, world={"price": 6}, finance=finance))
    assert (plan.objective, plan.do_nothing) == pytest.approx((1.0, -2.0), abs=1e-9)


def test_a_loss_at_the_end_is_not_refunded() -> None:
    """A given start of capex 8 in the last year.

    Proves: no negative tax.
    Would otherwise be: -6.
    """
    plan = solved(mine_case(mine={"capex": 8}, given_starts=[{"project": "mine", "year": 2028, "modules": 1}], finance=[TAX]))
    assert plan.objective == pytest.approx(-8.0, abs=1e-9)


def test_tax_follows_its_year() -> None:
    """12 a year at 50 %, then 25 %, then 0; losses of 12 from before go against the first, dearest year. 36 - 0 - 3 - 0.

    Proves: the rate of the year; losses are used where they come first.
    Would otherwise be: 30 if losses waited for 2027, 27 without them.
    """
    finance = [{"year": year, "tax_rate": rate} for year, rate in ((2026, 0.5), (2027, 0.25), (2028, 0))]
    plan = solved(mine_case({"opening_losses": 12}, world={"price": 12}, existing_capacity=[STANDS], finance=finance))
    assert plan.objective == pytest.approx(33.0, abs=1e-9)


@pytest.mark.parametrize("objective", ["npv", "final_cash"])
def test_losses_are_used_first_even_where_waiting_costs_nothing(objective: str) -> None:
    """At a rate of 0 tax early or late is the same money; the plan that uses losses first is the one that is told.

    Proves: the pool is that of the law, and the audit passes.
    Would otherwise be: any pool that pays the same in sum.
    """
    plan = solved(mine_case({"objective": objective, "opening_losses": 5}, world={"price": 4}, existing_capacity=[STANDS], finance=[TAX]))
    assert plan.objective == pytest.approx(10.25, abs=1e-9)
    assert plan.loss_pool["losses"].to_list() == pytest.approx([1, 0, 0], abs=1e-9)


def test_golden_lp(golden) -> None:
    """The tax base of two years: sales, capex and the baseline against income and the pool."""
    finance = [{"tax_rate": 0.25, "baseline_taxable": 3}]
    settings = {**AT_A_QUARTER, "last_year": 2027, "opening_losses": 5}
    golden("tax", mine_case(settings, mine={"capex": 8, "fixed_cost": 2}, finance=finance))
