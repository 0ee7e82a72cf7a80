"""Debt: what is borrowed, raised and paid out moves cash; what it costs to raise is value."""

from __future__ import annotations

from typing import Any

import pytest

import masterplan as mp
from masterplan.data.case import Case
from masterplan.prepared import prepare
from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved, starts
from tests.small_cases import Row


def funded(finance: Row, settings: Row | None = None, **tables: Any) -> Case:
    """A mine costs 8 in 2026 and sells for 12 in 2027; there is no cash, and cash may not fall below 0."""
    row = {"minimum_cash": 0, **finance}
    return mine_case({"last_year": 2027, **(settings or {})}, mine={"capex": 8}, world={"price": 12}, finance=[row], **tables)


def flow(plan: mp.Plan, name: str) -> dict[int, float]:
    """year -> amount of a flow that the plan decides on, where it is not zero."""
    rows = plan.financing[plan.financing["flow"] == name]
    return {int(year): round(amount, 9) for year, amount in zip(rows["year"], rows["amount"], strict=True) if abs(amount) > 1e-9}


@pytest.mark.parametrize(
    ("finance", "value", "begun"),
    [
        ({}, 0.0, {}),
        ({"debt_limit": 7.9}, 0.0, {}),
        ({"debt_limit": 8}, 4.0, {("mine", 2026): 1.0}),
        ({"raise_limit": 7.9}, 0.0, {}),
        ({"raise_limit": 8}, 4.0, {("mine", 2026): 1.0}),
    ],
)
def test_money_that_can_be_had_decides_what_can_be_built(finance: Row, value: float, begun: dict[Any, float]) -> None:
    """Capex of 8 is paid a year before the 12 come in.

    Proves: debt and equity within their limits make a plan feasible that cash alone does not.
    Would otherwise be: 0 for all, or 4 for all.
    """
    plan = solved(funded(finance))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == begun


def test_value_is_unlevered() -> None:
    """At 25 % a year and flows at the year's end, factors are 0.8 and 0.64; the loss of 8 is carried into 2027.

    Taxed income of 2027 is 12 - 8, the tax 1: NPV = -6.4 + 11 x 0.64 = 0.64. Interest takes half of the 8 that are owed: 4.
    Proves: draws, repayments and interest are no value, and tax does not see interest.
    Would otherwise be: no start with interest as value (0.64 - 2.56), or 1.28 with interest deducted from taxed income.
    """
    finance = {"debt_limit": 99, "interest_rate": 0.5, "tax_rate": 0.25}
    plan = solved(funded(finance, AT_A_QUARTER))
    assert plan.npv == plan.objective == pytest.approx(0.64, abs=1e-9)
    assert cash(plan, "interest") == {2027: -4.0}
    assert cash(plan, "tax") == {2027: -1.0}
    assert cash(plan, "drawn")[2026] == 8.0


def test_debt_goes_on_from_what_is_owed() -> None:
    """5 are owed; limits of 4, 2 and 0 ask for 1, 2 and 2 back. Interest of 10 % is on what is owed at the start: 0.5, 0.4, 0.2.

    What comes in is just enough for both: 1.5, 2.4, 2.2.
    Proves: the opening debt, limits of each year, interest on the debt at the year's start.
    Would otherwise be: infeasible with more to pay; money left at the end with interest of 0.4, 0.2, 0 on the debt at the year's end.
    """
    given = ((2026, 4, 1.5), (2027, 2, 2.4), (2028, 0, 2.2))
    rows = [{"year": year, "debt_limit": limit, "baseline_cash": comes} for year, limit, comes in given]
    case = mine_case({"opening_debt": 5, "objective": "final_cash"}, finance=[{"interest_rate": 0.1, "minimum_cash": 0}, *rows])
    plan = solved(case)
    assert plan.objective == pytest.approx(0.0, abs=1e-9)
    assert cash(plan, "interest") == {2026: -0.5, 2027: -0.4, 2028: -0.2}
    assert flow(plan, "repaid") == {2026: 1.0, 2027: 2.0, 2028: 2.0}


def test_final_cash_is_less_what_is_owed() -> None:
    """12 - 8 x 0.1 of interest - 8 owed or repaid: 3.2.

    Proves: debt that is still owed at the end is no gain.
    Would otherwise be: 11.2 with the debt kept, 20 and more with as much as the limit allows.
    """
    plan = solved(funded({"debt_limit": 20, "interest_rate": 0.1}, {"objective": "final_cash"}))
    assert plan.objective == pytest.approx(3.2, abs=1e-9)


@pytest.mark.parametrize(("finance", "source"), [({"debt_limit": 20}, "drawn"), ({"raise_limit": 20}, "raised")])
def test_the_cost_of_raising_is_value_and_paid(finance: Row, source: str) -> None:
    """20 % of what is drawn or raised: 10 bring the 8, and 2 are gone: 12 - 8 - 2.

    Proves: the issue cost on debt and on equity, inside cash and NPV.
    Would otherwise be: 4, or 2.4 with a cost of 1.6 on 8 that leaves too little for the mine.
    """
    plan = solved(funded({**finance, "issue_cost": 0.2}))
    assert plan.npv == plan.objective == pytest.approx(2.0, abs=1e-9)
    assert flow(plan, source) == {2026: 10.0}
    assert cash(plan, "issue_cost") == {2026: -2.0}


def test_a_spread_is_value_and_no_cash() -> None:
    """8 are owed at the start of 2027: 5 % of it is charged to value, 10 % is paid as interest.

    Proves: the spread counts in NPV alone.
    Would otherwise be: 4 without it; cash of 10.8 with it paid.
    """
    plan = solved(funded({"debt_limit": 8, "interest_rate": 0.1}, {"debt_spread": 0.05}))
    assert plan.npv == plan.objective == pytest.approx(3.6, abs=1e-9)
    assert "debt_spread" not in set(plan.cash["entry"])
    drawn, repaid = flow(plan, "drawn"), flow(plan, "repaid")
    figures = plan.kpis.set_index("kpi")["value"]
    assert figures["final_cash"] == pytest.approx(11.2 - sum(repaid.values()))
    assert (figures["peak_debt"], drawn) == (8.0, {2026: 8.0})


@pytest.mark.parametrize("finance", [{}, {"debt_limit": 8}])
def test_owners_are_paid_what_is_asked_for_and_no_more(finance: Row) -> None:
    """1 a year is paid out of an opening cash of 9.

    Proves: distributions move cash and not value, with money decided on or not.
    Would otherwise be: an NPV of 2, or cash that stays.
    """
    plan = solved(funded({**finance, "distributions": 1}, {"opening_cash": 9}))
    assert plan.npv == pytest.approx(4.0, abs=1e-9)
    assert cash(plan, "distributions") == {2026: -1.0, 2027: -1.0}


@pytest.mark.parametrize(("cash_at_hand", "value"), [(9.0, 4.0), (8.5, 0.0)])
def test_owners_are_paid_first(cash_at_hand: float, value: float) -> None:
    """1 is paid out in 2026, so that a mine of 8 takes 9 at hand.

    Proves: what owners are paid is not there to build with.
    Would otherwise be: 4 for both.
    """
    assert solved(funded({"distributions": 1}, {"opening_cash": cash_at_hand})).objective == pytest.approx(value, abs=1e-9)


def test_nothing_is_owed_that_is_not_needed() -> None:
    """8 are short in 2026; of the 12 that come in in 2027, 2 are interest and 8 are paid back.

    Proves: among plans of equal NPV, the one that owes least.
    Would otherwise be: anything up to the limit of 99, kept to the end.
    """
    plan = solved(funded({"debt_limit": 99, "interest_rate": 0.25}))
    assert flow(plan, "drawn") == {2026: 8.0}
    assert flow(plan, "repaid") == {2027: 8.0}


def test_a_case_without_funding_has_no_row_of_it() -> None:
    """Proves: what a case does not use is not in its model, nor in its plan.

    Would otherwise be: columns of debt in every model.
    """
    arrays = prepare(funded({})).arrays
    names = {variable.name.split("[")[0] for variable in arrays.variables}
    assert not names & {"drawn", "repaid", "debt", "raised", "distributed", "earnings", "missed"}
    assert mp.solve(funded({}), gap=0).financing.empty


def test_golden_lp(golden) -> None:
    """Two years of debt from 3 that are owed, equity, a payment to owners, a spread and the cash they move."""
    finance = {
        "debt_limit": 20, "interest_rate": 0.5, "raise_limit": 4, "issue_cost": 0.25, "distributions": 1, "baseline_cash": 2
    }  # fmt: skip
    golden("debt", funded(finance, {**AT_A_QUARTER, "opening_debt": 3, "debt_spread": 0.125}), "cash")
