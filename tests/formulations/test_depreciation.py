"""Depreciation: capex with a class is deducted by its schedule, from the first output year on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from masterplan.data.case import Case
from masterplan.formulations.depreciation import deducted, left_to_deduct, schedule
from masterplan.formulations.vintages import vintages
from masterplan.reports import depreciation as recomputed
from masterplan.reports.facts import Facts
from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved
from tests.reports.hand_plans import hand_plan

TAX = {"tax_rate": 0.25}
SCHEDULES = {
    "straight line": ({"method": "straight_line", "years": 4}, [0.25, 0.25, 0.25, 0.25]),
    "half at once": ({"method": "straight_line", "years": 2, "immediate": 0.5}, [0.75, 0.25]),
    "all at once": ({"method": "straight_line", "years": 2, "immediate": 1}, [1, 0]),
    "declining, then straight": ({"method": "declining_balance", "years": 5, "rate": 0.4}, [0.4, 0.24, 0.144, 0.108, 0.108]),
    "declining with a bonus": ({"method": "declining_balance", "years": 3, "rate": 0.6, "immediate": 0.5}, [0.8, 0.12, 0.08]),
    "declining slower than straight": ({"method": "declining_balance", "years": 2, "rate": 0.1}, [0.5, 0.5]),
    "expensing": ({"method": "expensing"}, [1]),
}


def classed(of: dict[str, Any], mine: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **tables: Any) -> Case:
    """The mine at 8, written off by a class, whose ore brings 6 a year."""
    project = {"capex": 8, "depreciation_class": "plant", **(mine or {})}
    rows = [{"depreciation_class": "plant", **of}]
    return mine_case(settings, mine=project, world={"price": 6}, depreciation=rows, **{"finance": [TAX], **tables})


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_schedule_by_hand_twice(name: str) -> None:
    """The model and the recomputation each work it out; both are the shares written beside it."""
    of, shares = SCHEDULES[name]
    case = classed(of, settings={"last_year": 2035})
    book = recomputed.book(Facts(hand_plan(case)), "mine")
    assert list(schedule(vintages(case), "mine")) == pytest.approx(shares)
    assert [before - after for before, after in pairwise(book)] == pytest.approx(shares)


def test_only_what_falls_into_the_plan_is_deducted() -> None:
    case = classed({"method": "straight_line", "years": 4})
    assert deducted(vintages(case), "mine", 2026) == {2027: 0.25, 2028: 0.25}
    assert left_to_deduct(vintages(case), "mine", 2026) == pytest.approx(0.5)


def test_capex_is_written_off_over_its_years() -> None:
    """8 over four years is 2 a year from 2027: (6 - 2) a quarter taxed, twice. 12 - 8 - 2.

    Proves: nothing is deducted when spent, a share is from the first output year on, what is beyond the plan is lost to it.
    Would otherwise be: 3 if it were deducted when spent, 4 without tax, 1 without any deduction.
    """
    plan = solved(classed({"method": "straight_line", "years": 4}))
    assert plan.objective == pytest.approx(2.0, abs=1e-9)
    assert cash(plan, "tax") == {2027: -1, 2028: -1}


def test_a_bonus_is_deducted_in_the_first_output_year() -> None:
    """Half of 8 at once and 2 of the rest: a base of 0 in 2027, then 6 - 2 taxed 1. 12 - 8 - 1.

    Proves: immediate share and schedule begin together, with the output and not with the spending.
    Would otherwise be: -1 in 2027 if the bonus came alone and the rest began a year late (tax 0.5, then 1).
    """
    plan = solved(classed({"method": "straight_line", "years": 2, "immediate": 0.5}))
    assert plan.objective == pytest.approx(3.0, abs=1e-9)
    assert cash(plan, "tax") == {2028: -1}


def test_the_whole_cost_is_deducted_before_the_credit() -> None:
    """Capex 4, fixed 2, steel for 2: 8 over two years, 4 a year. (6 - 4) is taxed 0.5 twice; half of 8 is credited. 12 - 8 + 4 - 1.

    Proves: the basis is all capex, gross of the credit; capitalised steel is not deducted as a purchase too.
    Would otherwise be: 6 if the credit lowered the basis, 6.5 without the fixed part or the steel in it.
    """
    steel = {"market": "mill", "resource": "steel", "side": "buy", "price": 2}
    inputs = [{"project": "mine", "resource": "steel", "amount": 1, "capitalised_value": 2}]
    of, mine = {"method": "straight_line", "years": 2}, {"capex": 4, "fixed_capex": 2, "credit": 0.5}
    plan = solved(classed(of, mine, markets=[steel], construction_inputs=inputs))
    assert plan.objective == pytest.approx(7.0, abs=1e-9)
    assert cash(plan, "tax") == {2027: -0.5, 2028: -0.5}


def test_years_before_the_plan_have_had_their_part() -> None:
    """Started in 2024, in use from 2025: of two years of 4, the second falls in 2026. 18 - 0.5 - 1.5 - 1.5.

    Proves: the schedule goes by age; the cost is whole though it was spent before the plan.
    Would otherwise be: 15 with both years inside, 13.5 with none.
    """
    given = [{"project": "mine", "year": 2024, "modules": 1}]
    plan = solved(classed({"method": "straight_line", "years": 2}, given_starts=given))
    assert plan.objective == pytest.approx(14.5, abs=1e-9)


def test_book_value_owes_tax_on_what_exceeds_the_tax_basis() -> None:
    """Life 4: half of 8 is left, 4. Tax of 8 years: 6 is left. 4 - a quarter of (4 - 6) is 4.5. With 12 - 8 - 2 x 1.25: 6.

    Proves: the tax basis left shelters the book value, and more.
    Would otherwise be: 4.5 if the book value were taxed whole, 5.5 if it were not taxed at all.
    """
    plan = solved(classed({"method": "straight_line", "years": 8}, {"life": 4}, {"terminal_value": "book_value"}))
    assert plan.objective == pytest.approx(6.0, abs=1e-9)


def test_work_in_progress_is_worth_its_cost() -> None:
    """Started in 2028 for 2030: 4 is spent inside, 4 after, nothing deducted; 8 stands at its cost, and so does its tax basis.

    Proves: spending after the plan is charged whole, and the basis left has it.
    Would otherwise be: -2 if the book value were taxed, 1 if the spending after were charged net of a tax it does not save.
    """
    given = [{"project": "mine", "year": 2028, "modules": 1}]
    case = classed({"method": "straight_line", "years": 8}, {"lead_time": 2}, {"terminal_value": "book_value"}, given_starts=given)
    assert solved(case).objective == pytest.approx(0.0, abs=1e-9)


def test_a_slower_class_turns_a_project_down() -> None:
    """At 25 % a year 6, 6 are worth 3.84 + 3.072 = 6.912 against 6.4 of capex: 0.512 before tax.

    Expensed, with income of 8 beside it in 2026: 8 saves 2 at once (1.6), and 1.5 a year is paid: 0.512 + 1.6 - 1.728 = 0.384.
    Over eight years 1 a year is deducted: tax of 1.25 a year, 1.44 in all: 0.512 - 1.44 < 0.
    Proves: the decision sees when the deduction falls.
    """
    finance = [{"year": 2026, **TAX, "baseline_taxable": 8}, {"year": 2027, "baseline_taxable": 0}]
    slow = solved(classed({"method": "straight_line", "years": 8}, settings=AT_A_QUARTER, finance=finance))
    quick = solved(classed({"method": "expensing"}, {"depreciation_class": None}, AT_A_QUARTER, finance=finance))
    assert slow.starts.empty
    assert quick.value_added == pytest.approx(0.384, abs=1e-9)


def test_golden_lp(golden: Any) -> None:
    """Two years of a tax base: capex of 8 is taken out of what is deducted, 2 is written off in the second; 6 is left."""
    settings = {**AT_A_QUARTER, "last_year": 2027, "terminal_value": "book_value"}
    golden("depreciation", classed({"method": "straight_line", "years": 4}, settings=settings), "tax")
