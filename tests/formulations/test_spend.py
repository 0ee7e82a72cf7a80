"""Spend: capex by its profile, once a year or per module, with the inputs that count as capex."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved
from tests.small_cases import small_case

LATE = [{"profile": "late", "age": age, "kind": "spend", "value": value} for age, value in enumerate((0.25, 0.75))]
LONG = [{"profile": "long", "age": age, "kind": "spend", "value": value} for age, value in enumerate((0.5, 0.25, 0.25))]


@pytest.mark.parametrize("column", ["capex", "fixed_capex"])
def test_capex_follows_its_profile(column: str) -> None:
    """10 in two parts, 2.5 at 0.8 and 7.5 at 0.64, for 20 in the second year: 12.8 - 2 - 4.8; per module or per year with a start.

    Proves: the profile by years after the start, for both kinds of capex.
    Would otherwise be: 4.8 all at once, 5.6 in halves.
    """
    plan = solved(
        mine_case({**AT_A_QUARTER, "last_year": 2027}, mine={column: 10, "spend_profile": "late"}, world={"price": 20}, profiles=LATE)
    )
    assert plan.objective == pytest.approx(6.0, abs=1e-9)
    assert cash(plan, "capex") == {2026: -2.5, 2027: -7.5}


@pytest.mark.parametrize(("lead", "value"), [(2, 3.04), (0, 31.04)])
def test_without_a_profile_capex_is_even_over_the_lead_time(lead: int, value: float) -> None:
    """Capex 10, 20 a year. Lead time 2: 5 at 0.8, 5 at 0.64 and 20 at 0.512. None: 10 at 0.8, 20 in three years (0.8 + 0.64 + 0.512).

    Proves: even over the years of building, at once where there are none.
    Would otherwise be: 2.24 in the first with all of it at once.
    """
    plan = solved(mine_case(AT_A_QUARTER, mine={"capex": 10, "lead_time": lead}, world={"price": 20}))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_spending_after_the_plan_is_charged_at_its_end() -> None:
    """Capex 8 in parts of 4, 2 and 2, the last after the plan. Tax of 25 %: a loss of 4, then 20 - 2 - 4 = 14 taxed.

    0.8 x -4 + 0.64 x (20 - 2 - 3.5), less 2 x (1 - 25 %) at the end: 1.5 x 0.64.
    Proves: it is charged at face value at the end of the plan, less the tax that it will save.
    Would otherwise be: 6.08 without the charge, 4.8 before tax, 5.312 with a discount to the end of its year.
    """
    case = mine_case(
        {**AT_A_QUARTER, "last_year": 2027},
        mine={"capex": 8, "spend_profile": "long"},
        world={"price": 20},
        profiles=LONG,
        finance=[{"tax_rate": 0.25}],
    )
    assert solved(case).objective == pytest.approx(5.12, abs=1e-9)


@pytest.mark.parametrize(("timing", "offset"), [("start_of_year", 0.0), ("mid_year", 0.5), ("end_of_year", 1.0)])
def test_spending_after_the_plan_falls_on_its_end_whatever_the_timing(timing: str, offset: float) -> None:
    """A given start in the last year, of capex 8 in halves: 4 are left for the year after.

    Proves: the timing of flows moves what is spent inside the plan alone.
    Would otherwise be: what is left discounted by another half or whole year.
    """
    settings = {"last_year": 2027, "discount_rate": 0.25, "flow_timing": timing}
    given = [{"project": "mine", "year": 2027, "modules": 1}]
    plan = solved(mine_case(settings, mine={"capex": 8, "lead_time": 2}, given_starts=given))
    assert plan.objective == pytest.approx(-4 * 1.25 ** -(1 + offset) - 4 * 1.25**-2, abs=1e-9)


def test_unfinished_work_that_nobody_needs_is_not_begun() -> None:
    """Capex 10 over five years from the last year on, nothing sold: 2 paid and 8 owed against 10 of unfinished work at its end.

    Proves: at the end of the plan what is owed weighs as much as the work that it pays for, so starting brings nothing.
    Would otherwise be: 10 of work for less than 10 of money, as the 8 are discounted: started for +1.68.
    """
    settings = {**AT_A_QUARTER, "last_year": 2027, "terminal_value": "book_value"}
    plan = solved(mine_case(settings, mine={"capex": 10, "lead_time": 5, "last_start": 2027}, world={"price": 0}))
    assert plan.objective == 0
    assert plan.starts.empty


STEEL = {"market": "mill", "resource": "steel", "side": "buy", "price": 5}


def capitalised(settings: dict[str, Any] | None = None, mine: dict[str, Any] | None = None, value: float = 5, **tables: Any):
    inputs = [{"project": "mine", "resource": "steel", "amount": 1, "capitalised_value": value}]
    return mine_case(settings, mine={"capex": 3, **(mine or {})}, markets=[STEEL], construction_inputs=inputs, **tables)


@pytest.mark.parametrize(
    ("what", "case", "value"),
    [
        ("nothing", capitalised(), 12.0),
        ("limit", capitalised(finance=[{"capex_limit": 7}]), 0.0),
        ("credit", capitalised(mine={"credit": 0.25}), 14.0),
        ("tax", capitalised(finance=[{"tax_rate": 0.25}]), 9.0),
        ("book value", capitalised({"terminal_value": "book_value"}, {"life": 4}), 16.0),
        ("valued at 9", capitalised(value=9), 12.0),
    ],
)
def test_capitalised_inputs_are_capex_and_neutral_on_cash(what: str, case: Any, value: float) -> None:
    """Own capex 3, and steel bought for 5 that counts as capex; 10 in two years: 20 - 3 - 5.

    A limit of 7 is too low for 8; a credit of 25 % is 2; tax is 25 % of 12 however it is called; of a life of 4 half is left: 4.
    Proves: the value counts for limits, credits and book value, and cash moves with the real purchase alone.
    Would otherwise be: 12 with the limit, 12.75 with the credit, 13.5 with the book value, were only own capex counted; 8 if the value
    were paid on top.
    """
    plan = solved(case)
    assert plan.objective == pytest.approx(value, abs=1e-9)
    if value:
        assert cash(plan, "capitalised_inputs") == {year: -amount for year, amount in cash(plan, "capitalised_capex").items()}


def test_golden_lp(golden) -> None:
    """Spending per module, per opening and per input, in the plan (capex limit) and after it (objective)."""
    mine = {"project": "mine", "capex": 8, "fixed_capex": 4, "max_per_year": 2, "spend_profile": "long"}
    inputs = [{"project": "mine", "resource": "steel", "years_after_start": 1, "amount": 1, "capitalised_value": 16}]
    case = small_case(
        {**AT_A_QUARTER, "last_year": 2027},
        projects=[mine],
        profiles=LONG,
        construction_inputs=inputs,
        finance=[{"capex_limit": 99}],
        resources=[{"resource": "steel", "arrivals": 9, "disposal": "yes"}],
    )
    golden("spend", case, "budget")
