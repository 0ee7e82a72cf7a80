"""Debt, earnings, penalties and targets, recomputed from decisions by hand; their sheets; an edit that is read back."""

from __future__ import annotations

import math

import openpyxl
import pytest

import masterplan as mp
from masterplan.reports import financing, targets
from masterplan.reports.recompute import recompute
from tests.reports.hand_plans import by_year, hand_plan, with_results
from tests.small_cases import small_case

FLOWS = {("drawn", 2026): 10.0, ("repaid", 2027): 4.0, ("raised", 2027): 2.0, ("distributed", 2028): 1.0}


def indebted(settings=(), **finance):
    row = {"debt_limit": 20, "interest_rate": 0.1, "raise_limit": 5, "issue_cost": 0.05, "baseline_cash": 3, **finance}
    return small_case({"opening_debt": 6, "opening_cash": 1, **dict(settings)}, projects=[{"project": "pit"}], finance=[row])


def test_debt_and_its_interest() -> None:
    found = recompute(hand_plan(indebted(), financing=FLOWS))
    assert by_year(found.debt, "closing") == {2026: 16, 2027: 12, 2028: 12}
    assert by_year(found.debt, "interest") == pytest.approx({2026: 0.6, 2027: 1.6, 2028: 1.2})
    assert by_year(found.cash, "amount", entry="interest") == pytest.approx({2026: -0.6, 2027: -1.6, 2028: -1.2})
    assert by_year(found.cash, "amount", entry="issue_cost") == pytest.approx({2026: -0.5, 2027: -0.1})
    assert by_year(found.cash, "amount", entry="distributions") == {2028: -1}
    # 1 + 3 + 10 - 0.6 - 0.5; + 3 - 4 - 1.6 + 2 - 0.1; + 3 - 1.2 - 1
    assert by_year(found.cash_position, "closing") == pytest.approx({2026: 12.9, 2027: 12.2, 2028: 13.0})


def test_value_sees_what_raising_costs_and_the_spread() -> None:
    found = recompute(hand_plan(indebted({"debt_spread": 0.01}), financing=FLOWS))
    assert by_year(found.present_value, "cash_flow") == pytest.approx({2026: 2.5, 2027: 2.9, 2028: 3.0})
    assert by_year(found.present_value, "debt_spread") == pytest.approx({2026: -0.06, 2027: -0.16, 2028: -0.12})
    assert found.totals["npv"] == pytest.approx(9 - 0.6 - 0.34)
    assert found.totals["peak_debt"] == 16


def test_final_cash_is_less_what_is_owed() -> None:
    found = recompute(hand_plan(indebted({"objective": "final_cash"}), financing=FLOWS))
    assert found.totals["final_cash"] == pytest.approx(13.0)
    assert found.totals["objective"] == pytest.approx(13.0 - 12.0)


def test_earnings_are_what_is_earned_before_capex_and_tax() -> None:
    case = small_case(
        finance=[{"baseline_cash": 3, "debt_multiple": 2, "tax_rate": 0.25}],
        activities=[{"activity": "dig", "variable_cost": 2, "production_credit": 1, "capacity_limited": "no"}],
        projects=[{"project": "mine", "activity": "dig", "capex": 9, "credit": 0.5, "fixed_cost": 1}],
    )
    found = recompute(hand_plan(case, starts={("mine", 2026): 1}, levels={("dig", 2027): 4}))
    assert by_year(found.debt, "earnings") == {2026: 3, 2027: 3 - 8 + 4 - 1, 2028: 3 - 1}
    assert by_year(found.debt, "carried") == {2026: 6, 2027: -4, 2028: 4}
    assert all(math.isnan(limit) for limit in found.debt["limit"])


def test_without_funding_only_what_owners_are_promised_is_paid() -> None:
    found = recompute(hand_plan(small_case(finance=[{"distributions": 2}])))
    assert found.debt.empty
    assert by_year(found.cash, "amount", entry="distributions") == {2026: -2, 2027: -2, 2028: -2}
    assert found.totals["npv"] == 0


def aiming(**limit):
    """10 wanted so far of what is dug, 4 a year counted from before."""
    return small_case(
        {"discount_rate": 1.0, "flow_timing": "end_of_year"},
        activities=[{"activity": "dig", "unit": "kt", "capacity_limited": "no"}],
        limits=[{"limit": "goal", "bound": 10, "sense": "at_least", "already": 1, **limit}],
        limit_members=[{"limit": "goal", "measure": "level", "item": "dig"}],
    )


@pytest.mark.parametrize(
    ("span", "reached", "missed", "first"),
    [
        ("each_year", {2026: 5, 2027: 6, 2028: 12}, {2026: 5, 2027: 4, 2028: 0}, 2028),
        ("cumulative", {2026: 5, 2027: 10, 2028: 21}, {2026: 5, 2027: 0, 2028: 0}, 2027),
        ("total", {2026: 5, 2027: 10, 2028: 21}, {2026: 0, 2027: 0, 2028: 0}, 2027),
    ],
)
def test_targets_are_reached_or_missed_by_their_span(span: str, reached: dict, missed: dict, first: int) -> None:
    case = aiming(span=span, penalty=2)
    plan = hand_plan(case, levels={("dig", 2026): 4, ("dig", 2027): 5, ("dig", 2028): 11})
    found = recompute(plan)
    assert by_year(found.targets, "reached") == reached
    assert by_year(found.targets, "missed") == missed
    assert targets.first_reached(found.targets, is_floor=True) == first
    factor = {2026: 0.5, 2027: 0.25, 2028: 0.125}
    assert found.totals["penalties"] == pytest.approx(sum(2 * missed[year] * factor[year] for year in missed))
    assert found.totals["objective"] == pytest.approx(-found.totals["penalties"])
    assert found.totals["npv"] == 0


def test_the_sheet_of_targets_says_what_is_missed() -> None:
    plan = hand_plan(aiming(penalty=2), levels={("dig", 2026): 4, ("dig", 2027): 5})
    table = targets.table(plan, recompute(plan)).set_index("item")
    assert table.loc["At least", 2026] == 10
    assert (table.loc["Missed", 2027], table.loc["Missed", "unit"]) == (4, "kt")
    assert (table.loc["Penalty", "total"], table.loc["Penalty", "unit"]) == ((5 + 4 + 9) * 2, "billion USD")
    assert table.loc["First year reached", "remark"] == "not inside the plan"


def test_a_target_without_a_penalty_has_no_price() -> None:
    plan = hand_plan(aiming(), levels={("dig", 2026): 9})
    assert "Penalty" not in targets.table(plan, recompute(plan))["item"].tolist()
    assert mp.audit(plan).passed is False


@pytest.mark.parametrize(
    ("members", "unit"),
    [
        ([("earnings", "company"), ("debt", "company")], "billion USD"),
        ([("starts", "mine"), ("modules", "mine")], "modules"),
        ([("sell", "world"), ("use", "ore")], "Mt"),
        ([("capacity", "dig")], "t"),
        ([("capacity", "dig"), ("sell", "world")], ""),
    ],
)
def test_the_unit_of_a_target_is_that_of_its_members(members: list, unit: str) -> None:
    case = small_case(
        resources=[{"resource": "ore", "unit": "Mt"}],
        projects=[{"project": "mine", "activity": "dig", "max_total": 1}],
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 1}],
        finance=[{"debt_limit": 1}],
        limits=[{"limit": "goal", "bound": 0}],
        limit_members=[{"limit": "goal", "measure": measure, "item": item} for measure, item in members],
    )
    assert targets.unit_of(case, "goal") == unit


def test_financing_is_read_back_exactly_and_an_edit_is_told(tmp_path) -> None:
    plan = with_results(hand_plan(indebted({"debt_spread": 0.01}), financing={**FLOWS, ("drawn", 2026): 10.0 / 3.0}))
    path = tmp_path / "plan.xlsx"
    mp.write_workbook(plan, path)
    again = mp.read_plan(path)
    assert (
        again.financing.sort_values(["flow", "year"]).to_numpy().tolist()
        == plan.financing.sort_values(["flow", "year"]).to_numpy().tolist()
    )
    assert again.message == ""
    assert mp.audit(again).passed

    book = openpyxl.load_workbook(path)
    sheet = book[financing.SHEET]
    row = next(cell.row for cell in sheet["B"] if cell.value == "drawn")
    sheet.cell(row, 7).value = 50.0
    book.save(path)
    edited = mp.read_plan(path)
    assert "financing drawn 2026 from 3.33333 to 50" in edited.message
    failed = mp.audit(edited).checks.query("not passed")["name"].tolist()
    assert failed == ["Debt is within its limit"]


def test_the_sheet_of_financing_has_a_line_per_flow() -> None:
    plan = hand_plan(indebted(), financing=FLOWS)
    table = financing.table(plan, recompute(plan)).set_index("item")
    for (flow, year), amount in FLOWS.items():
        assert table.loc[flow, year] == amount


def test_cash_and_summary_tell_of_debt(tmp_path) -> None:
    plan = with_results(hand_plan(indebted({"debt_spread": 0.01}), financing=FLOWS))
    path = tmp_path / "plan.xlsx"
    mp.write_workbook(plan, path)
    book = openpyxl.load_workbook(path)
    words = {cell.value for name in ("Cash", "Summary") for row in book[name].iter_rows() for cell in row}
    assert {"Closing debt", "Most debt allowed", "Issue cost", "Charge for debt above the rate, no cash", "Peak debt"} <= words
    assert "Targets" not in book.sheetnames


def test_a_flow_that_the_case_has_not_is_told() -> None:
    plan = hand_plan(small_case(finance=[{"debt_limit": 1}]), financing={("raised", 2026): 1.0})
    failed = mp.audit(plan).checks.query("not passed")["name"].tolist()
    assert failed == ["Every name in the plan is a name of the case"]
