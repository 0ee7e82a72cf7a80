"""Recomputation: each part on a plan of 2026..2028 so small that the number can be worked out in the comment beside it."""

from dataclasses import replace

import pandas as pd
import pytest

from masterplan.reports.recompute import COLUMNS, recompute
from tests.reports.hand_plans import by_year, hand_plan
from tests.small_cases import small_case

MINE = {"project": "pit", "activity": "mine", "capex": 10.0, "lead_time": 1, "life": 4, "max_per_year": 9}
LATER = {"project": "pit", "lead_time": None, "life": None}  # another row of the pit, for a later year


def test_spend_follows_its_profile():
    profile = [{"profile": "late", "age": 0, "kind": "spend", "value": 0.3}, {"profile": "late", "age": 1, "kind": "spend", "value": 0.7}]
    case = small_case(projects=[{**MINE, "fixed_capex": 5.0, "spend_profile": "late"}], profiles=profile)
    found = recompute(hand_plan(case, starts={("pit", 2026): 2}))
    assert by_year(found.capex, "own") == pytest.approx({2026: 6.0, 2027: 14.0, 2028: 0.0})  # 2 x 10 x (0.3, 0.7)
    assert by_year(found.capex, "fixed") == pytest.approx({2026: 1.5, 2027: 3.5, 2028: 0.0})  # once: 5 x (0.3, 0.7)
    assert by_year(found.cash, "amount", entry="capex") == pytest.approx({2026: -7.5, 2027: -17.5})


@pytest.mark.parametrize(("lead_time", "spent"), [(0, {2026: 10, 2027: 0, 2028: 0}), (2, {2026: 5, 2027: 5, 2028: 0})])
def test_a_blank_profile_is_even_over_the_lead_time_and_at_least_one_year(lead_time, spent):
    case = small_case(projects=[{**MINE, "lead_time": lead_time}])
    assert by_year(recompute(hand_plan(case, starts={("pit", 2026): 1})).capex, "total") == spent


def test_modules_are_built_for_the_lead_time_then_live_their_life():
    case = small_case(projects=[{**MINE, "life": 1, "module_capacity": 7.0}])
    found = recompute(hand_plan(case, starts={("pit", 2026): 2}))
    assert by_year(found.modules, "started") == {2026: 2, 2027: 0, 2028: 0}
    assert by_year(found.modules, "under_construction") == {2026: 2, 2027: 0, 2028: 0}
    assert by_year(found.modules, "alive") == {2026: 0, 2027: 2, 2028: 0}
    assert by_year(found.capacity, "built") == {2026: 0, 2027: 14, 2028: 0}


def test_work_in_progress_counts_from_the_first_year_on():
    given = [{"project": "pit", "year": 2025, "modules": 1}]
    case = small_case(projects=[{**MINE, "lead_time": 2}], given_starts=given)
    found = recompute(hand_plan(case, starts={("pit", 2025): 1}))
    assert by_year(found.capex, "total") == {2026: 5, 2027: 0, 2028: 0}  # the other half fell in 2025
    assert by_year(found.capacity, "capacity") == {2026: 0, 2027: 1, 2028: 1}


def test_series_are_read_in_the_start_year_but_fixed_cost_when_paid():
    rows = [
        {**MINE, "module_capacity": 1.0, "fixed_cost": 1.0},
        {**LATER, "year": 2027, "capex": 4.0, "module_capacity": 3.0, "fixed_cost": 2.0},
    ]
    case = small_case(projects=[*rows, {**LATER, "year": 2028, "fixed_cost": 5.0}])
    found = recompute(hand_plan(case, starts={("pit", 2026): 1, ("pit", 2027): 1}))
    assert by_year(found.capex, "total") == {2026: 10, 2027: 4, 2028: 0}
    assert by_year(found.capacity, "capacity") == {2026: 0, 2027: 1, 2028: 4}
    assert by_year(found.cash, "amount", entry="fixed_cost", item="pit") == {2027: -2, 2028: -10}  # 1 x 2, 2 x 5


def test_availability_goes_by_age_and_its_last_share_holds_on():
    ages = [{"profile": "ramp", "age": age, "kind": "availability", "value": value} for age, value in ((0, 0.5), (1, 0.8))]
    case = small_case(projects=[{**MINE, "lead_time": 0, "module_capacity": 10.0, "availability_profile": "ramp"}], profiles=ages)
    found = recompute(hand_plan(case, starts={("pit", 2026): 2}, levels={("mine", 2027): 4}))
    assert by_year(found.capacity, "capacity") == {2026: 10, 2027: 16, 2028: 16}
    assert by_year(found.capacity, "utilisation") == {2026: 0, 2027: 0.25, 2028: 0}


def _fading(lag: int = 0):
    ages = [{"profile": "fades", "age": age, "kind": "output", "value": value} for age, value in ((0, 1.0), (1, 0.6))]
    return small_case(
        projects=[{**MINE, "module_capacity": 5.0, "output_profile": "fades", "output_resource": "ore"}],
        existing_capacity=[{"activity": "mine", "capacity": 3.0}],
        recipes=[{"activity": "mine", "resource": "ore", "amount": 2, "lag": lag}, {"activity": "mine", "resource": "power", "amount": -1}],
        profiles=ages,
    )


def test_an_output_profile_scales_only_its_output():
    plan = hand_plan(_fading(), starts={("pit", 2026): 1}, levels={("mine", 2028): 8}, vintage_levels={("pit", 2026, 2028): 5})
    found = recompute(plan)
    assert by_year(found.balance, "amount", entry="production") == pytest.approx({2028: 12.0})  # 2 x (3 + 5 x 0.6)
    assert by_year(found.balance, "amount", entry="use") == {2028: -8}


def test_the_worth_of_an_output_shifts_with_the_lag():
    levels = {("mine", 2027): 8}
    plan = hand_plan(_fading(lag=1), starts={("pit", 2026): 1}, levels=levels, vintage_levels={("pit", 2026, 2027): 5})
    assert by_year(recompute(plan).balance, "amount", entry="production") == {2028: 16}  # of age 0, when it was made: 2 x 8


def test_a_lag_delivers_later_and_beyond_the_plan_not_at_all():
    ore = [{"resource": "ore", "arrivals": 1, "disposal": "yes"}]
    case = small_case(recipes=[{"activity": "ship", "resource": "ore", "amount": 2, "lag": 2}], resources=ore)
    found = recompute(hand_plan(case, levels={("ship", 2026): 3, ("ship", 2027): 9}))
    assert by_year(found.balance, "amount", entry="production") == {2028: 6}
    assert by_year(found.surplus, "amount") == {2026: 1, 2027: 1, 2028: 7}


def test_conversions_take_existing_capacity_for_good():
    case = small_case(
        projects=[{"project": "refit"}],
        conversions=[{"project": "refit", "from_activity": "mine", "amount": 4, "out_from": 1}],
        existing_capacity=[{"activity": "mine", "capacity": 10}],
    )
    found = recompute(hand_plan(case, starts={("refit", 2026): 2}))
    assert by_year(found.capacity, "converted") == {2026: 0, 2027: 8, 2028: 8}
    assert by_year(found.capacity, "capacity") == {2026: 10, 2027: 2, 2028: 2}


def test_capitalised_inputs_count_as_capex_and_leave_operating_cost():
    inputs = [
        {"project": "pit", "resource": "steel", "when": "building", "amount": 3, "capitalised_value": 2},
        {"project": "pit", "resource": "power", "when": "standing", "amount": 4},
    ]
    case = small_case(projects=[{**MINE, "lead_time": 2, "life": 1}], construction_inputs=inputs, finance=[{"tax_rate": 0.5}])
    found = recompute(hand_plan(case, starts={("pit", 2026): 1}))
    assert by_year(found.capex, "capitalised") == {2026: 0, 2027: 6, 2028: 0}  # 3 x 2, in the last year of building
    assert by_year(found.balance, "amount", entry="construction") == {2027: -3}
    assert by_year(found.balance, "amount", entry="standing") == {2028: -4}
    assert by_year(found.cash, "amount", entry="capitalised_capex") == {2027: -6}
    assert by_year(found.cash, "amount", entry="capitalised_inputs") == {2027: 6}
    assert by_year(found.tax, "base") == {2026: -5, 2027: -5, 2028: 0}  # 5 of own capex; the inputs were deducted when bought


def test_building_inputs_may_name_their_year():
    inputs = [{"project": "pit", "resource": "steel", "when": "building", "years_after_start": 0, "amount": 3}]
    case = small_case(projects=[{**MINE, "lead_time": 2}], construction_inputs=inputs)
    assert by_year(recompute(hand_plan(case, starts={("pit", 2026): 2})).balance, "amount") == {2026: -6}


def test_take_or_pay_pays_for_what_is_not_taken():
    case = small_case(markets=[{"market": "gas", "resource": "gas", "side": "buy", "price": 5, "take_or_pay": 3}])
    found = recompute(hand_plan(case, trades={("gas", 1, 2026): 2, ("gas", 1, 2027): 4}))
    assert by_year(found.cash, "amount", entry="purchases") == {2026: -10, 2027: -20}
    assert by_year(found.cash, "amount", entry="take_or_pay") == {2026: -5, 2028: -15}
    assert by_year(found.balance, "amount", entry="buy") == {2026: 2, 2027: 4}


def test_what_is_stored_loses_and_costs():
    ore = {"resource": "ore", "storable": "yes", "opening_stock": 10, "storage_loss": 0.1, "holding_cost": 2}
    found = recompute(hand_plan(small_case(resources=[ore]), stocks={("ore", 2026): 4}))
    assert by_year(found.balance, "amount", entry="from_stock") == pytest.approx({2026: 9.0, 2027: 3.6})
    assert by_year(found.surplus, "amount") == pytest.approx({2026: 5.0, 2027: 3.6, 2028: 0.0})
    assert by_year(found.cash, "amount", entry="holding_cost") == {2026: -8}


def test_presence_goes_by_capacity_used_or_not():
    recipes = [{"activity": "mine", "resource": "power", "basis": "capacity", "amount": -2}]
    case = small_case(
        recipes=recipes, existing_capacity=[{"activity": "mine", "capacity": 3}], activities=[{"activity": "mine", "fixed_cost": 4}]
    )
    found = recompute(hand_plan(case))
    assert by_year(found.balance, "amount", entry="presence") == {2026: -6, 2027: -6, 2028: -6}
    assert by_year(found.cash, "amount", entry="fixed_cost") == {2026: -12, 2027: -12, 2028: -12}


def test_a_share_of_what_is_unspent_carries_over():
    finance = [{"capex_limit": 20, "carry_over_share": 0.5, "committed_capex": 4}]
    found = recompute(hand_plan(small_case({"committed_inside_limit": "yes"}, projects=[MINE], finance=finance), starts={("pit", 2026): 1}))
    assert by_year(found.budget, "unspent") == {2026: 6, 2027: 19, 2028: 25.5}  # 20-10-4; 20+3-4; 20+9.5-4
    assert by_year(found.budget, "available") == {2026: 20, 2027: 23, 2028: 29.5}


def test_losses_are_carried_forward_against_income():
    finance = [{"tax_rate": 0.25, "baseline_taxable": -10}, {"year": 2027, "baseline_taxable": 4}, {"year": 2028, "baseline_taxable": 16}]
    case = small_case({"opening_losses": 1}, finance=finance)
    found = recompute(hand_plan(case, loss_pool={2026: 11, 2027: 7, 2028: 0}))
    assert by_year(found.tax, "income") == {2026: 0, 2027: 0, 2028: 9}  # 16 - 7
    assert by_year(found.tax, "losses_used") == {2026: 0, 2027: 4, 2028: 7}
    assert by_year(found.cash, "amount", entry="tax") == {2028: -2.25}


def _written_off(method, settings=None, **tables):
    classes = [{"depreciation_class": "plant", "method": "declining_balance", "years": 3, "rate": 0.5, **method}]
    pit = {**MINE, "capex": 8.0, "lead_time": 1, "depreciation_class": "plant"}
    return small_case(settings, projects=[pit], depreciation=classes, **{"finance": [{"tax_rate": 0.25}], **tables})


def test_a_class_deducts_by_schedule_and_not_when_spent():
    found = recompute(hand_plan(_written_off({}), starts={("pit", 2026): 1, ("pit", 2027): 2}))
    # 8 x (0.5, 0.25, 0.25): 4 in 2027, 2 in 2028, and half of 16 in 2028
    assert by_year(found.tax, "depreciation") == {2026: 0, 2027: 4, 2028: 10}
    assert by_year(found.tax, "base") == {2026: 0, 2027: -4, 2028: -10}
    assert by_year(found.cash, "amount", entry="capex") == {2026: -8, 2027: -16}


def test_without_a_class_there_is_no_depreciation_to_tell():
    assert recompute(hand_plan(small_case(finance=[{"tax_rate": 0.25}]))).tax["depreciation"].isna().all()


def test_what_is_left_to_deduct_saves_tax_on_the_book_value():
    case = _written_off({}, {"terminal_value": "book_value"})
    found = recompute(hand_plan(case, starts={("pit", 2026): 1, ("pit", 2028): 1}))
    # 8 over a life of 4: half is left, taxed; of 2026 a quarter is left to deduct, of 2028 all
    kept = {"pit 2026": 8 * 0.5 * 0.75, "pit 2028": 8 * 0.75}
    assert by_item(found.terminal) == pytest.approx(kept | {"pit 2026, tax still saved": 0.5, "pit 2028, tax still saved": 2.0})


def test_spend_after_the_last_year_is_charged_whole_where_it_is_written_off():
    case = small_case(
        projects=[{**MINE, "lead_time": 2, "last_start": 2028, "depreciation_class": "plant"}],
        depreciation=[{"depreciation_class": "plant", "method": "straight_line", "years": 5}],
        finance=[{"tax_rate": 0.2}],
    )
    assert recompute(hand_plan(case, starts={("pit", 2028): 1})).totals["after_horizon"] == -5


RETIRABLE = {**MINE, "lead_time": 1, "retirable": "yes", "retirement_cost": 3, "fixed_cost": 2}


def test_retired_modules_leave_at_the_beginning_of_the_year():
    inputs = [{"project": "pit", "resource": "power", "when": "standing", "amount": 4}]
    given = [{"project": "pit", "year": 2025, "modules": 2}]
    case = small_case(projects=[{**RETIRABLE, "module_capacity": 5}], construction_inputs=inputs, given_starts=given)
    found = recompute(hand_plan(case, starts={("pit", 2025): 2}, retirements={("pit", 2025, 2027): 1}))
    assert by_year(found.modules, "alive") == {2026: 2, 2027: 1, 2028: 1}
    assert by_year(found.capacity, "built") == {2026: 10, 2027: 5, 2028: 5}
    assert by_year(found.balance, "amount", entry="standing") == {2026: -8, 2027: -4, 2028: -4}
    assert by_year(found.cash, "amount", entry="fixed_cost") == {2026: -4, 2027: -2, 2028: -2}
    assert by_year(found.cash, "amount", entry="retirement_cost") == {2027: -3}


def test_the_cost_of_retiring_is_that_of_the_start_year():
    dearer = [{**RETIRABLE, "retirement_cost": -1}, {"project": "pit", "year": 2026, "retirement_cost": -4}]
    plan = hand_plan(small_case(projects=dearer), starts={("pit", 2026): 1}, retirements={("pit", 2026, 2028): 1})
    assert by_year(recompute(plan).cash, "amount", entry="retirement_cost") == {2028: 4}


def test_retired_modules_have_no_book_value_but_their_year_keeps_its_fixed_capex():
    pit = {**RETIRABLE, "life": 4, "fixed_capex": 8, "credit": 0.5}
    case = small_case({"terminal_value": "book_value"}, projects=[pit])
    found = recompute(hand_plan(case, starts={("pit", 2026): 2}, retirements={("pit", 2026, 2028): 1}))
    assert by_item(found.terminal) == {"pit 2026": (10 + 8) * 0.5 * 0.5}  # half credited, half of its life used


def test_a_perpetuity_forgets_what_comes_once():
    settings = {"terminal_value": "perpetuity", "discount_rate": 0.1, "flow_timing": "end_of_year"}
    case = small_case(settings, projects=[RETIRABLE], finance=[{"baseline_cash": 7}])
    found = recompute(hand_plan(case, starts={("pit", 2026): 1}, retirements={("pit", 2026, 2028): 1}))
    assert found.terminal["amount"].sum() == pytest.approx(70)


def test_closed_capacity_is_gone_and_costs_once():
    dig = {"activity": "mine", "closable": "yes", "closing_cost": 2, "fixed_cost": 1}
    case = small_case(
        activities=[dig, {"activity": "mine", "year": 2028, "closing_cost": 3}], existing_capacity=[{"activity": "mine", "capacity": 9}]
    )
    found = recompute(hand_plan(case, closures={("mine", 2027): 4, ("mine", 2028): 1}))
    assert by_year(found.capacity, "closed") == {2026: 0, 2027: 4, 2028: 5}
    assert by_year(found.capacity, "capacity") == {2026: 9, 2027: 5, 2028: 4}
    assert by_year(found.cash, "amount", entry="closing_cost") == {2027: -8, 2028: -3}
    assert by_year(found.cash, "amount", entry="fixed_cost") == {2026: -9, 2027: -5, 2028: -4}


@pytest.mark.parametrize(
    ("basis", "built", "capex"),
    [
        ("cumulative", {"built_before": 1}, {2026: 2.5, 2027: 1.25, 2028: 0.0}),  # from 1.5 to 2.75, then to 3.75 modules
        ("per_year", {}, {2026: 4.5, 2027: 4.0, 2028: 0.0}),
    ],
)
def test_capex_on_a_cost_curve(basis, built, capex):
    points = [{"project": "pit", "modules": n, "cost": cost, "basis": basis} for n, cost in ((0, 0), (1, 4), (3, 8), (5, 10))]
    pit = {**MINE, "capex": None, "lumpy": "no", "lead_time": 1, "max_total": 3, "max_per_year": 2, **built}
    case = small_case(projects=[pit], learning=points, given_starts=[{"project": "pit", "year": 2025, "modules": 0.5}])
    found = recompute(hand_plan(case, starts={("pit", 2025): 0.5, ("pit", 2026): 1.25, ("pit", 2027): 1.0}))
    assert by_year(found.capex, "own") == pytest.approx(capex)


@pytest.mark.parametrize(("last_start", "paid"), [(2026, {2027: 4.0}), (2025, {})])
def test_investment_credits_are_a_share_of_all_capex(last_start, paid):
    inputs = [{"project": "pit", "resource": "steel", "when": "building", "amount": 1, "capitalised_value": 5}]
    case = small_case(projects=[{**MINE, "fixed_capex": 5, "credit": 0.2, "credit_last_start": last_start}], construction_inputs=inputs)
    found = recompute(hand_plan(case, starts={("pit", 2026): 1}))
    assert by_year(found.cash, "amount", entry="investment_credit") == paid  # 0.2 x (10 + 5 + 5) in the first output year


def test_production_credits_are_not_taxed():
    activities = [{"activity": "mine", "production_credit": 3, "variable_cost": 2, "capacity_limited": "no"}]
    found = recompute(hand_plan(small_case(activities=activities, finance=[{"tax_rate": 0.5}]), levels={("mine", 2027): 4}))
    assert by_year(found.cash, "amount", entry="production_credit") == {2027: 12}
    assert by_year(found.tax, "base") == {2026: 0, 2027: -8, 2028: 0}


def test_cancelled_work_in_progress_is_paid_in_the_first_year():
    given = [{"project": "pit", "year": year, "modules": 2, "kind": "cancellable", "cancel_cost": 3} for year in (2025, 2027)]
    case = small_case(projects=[MINE], given_starts=given)
    found = recompute(hand_plan(case, starts={("pit", 2025): 1}, cancellations={("pit", 2025): 1, ("pit", 2027): 2}))
    assert by_year(found.cash, "amount", entry="cancel_cost") == {2026: -3, 2027: -6}


def test_book_value_is_the_remaining_share_less_the_tax_it_owes():
    ore = [{"resource": "ore", "storable": "yes", "stock_value": 3}]
    case = small_case({"terminal_value": "book_value"}, projects=[{**MINE, "credit": 0.1}], finance=[{"tax_rate": 0.2}], resources=ore)
    found = recompute(hand_plan(case, starts={("pit", 2026): 1, ("pit", 2028): 1}, stocks={("ore", 2028): 5}))
    # cost 10 less credit 1; 2026: two of four years used; 2028: work in progress; stocks are not taxed
    assert by_item(found.terminal) == pytest.approx({"pit 2026": 9 * 0.5 * 0.8, "pit 2028": 9 * 0.8, "ore": 15})
    assert found.totals["terminal_value"] == pytest.approx(25.8)
    assert found.totals["npv"] == pytest.approx(found.totals["npv_without_terminal"] + 25.8)


def test_book_value_goes_by_the_output_that_is_left():
    ages = [{"profile": "fades", "age": age, "kind": "output", "value": value} for age, value in ((0, 1.0), (1, 0.5), (2, 0.25))]
    project = {**MINE, "output_profile": "fades", "output_resource": "ore"}
    recipes = [{"activity": "mine", "resource": "ore", "amount": 1}]
    case = small_case({"terminal_value": "book_value"}, projects=[project], profiles=ages, recipes=recipes)
    found = recompute(hand_plan(case, starts={("pit", 2026): 1}))
    assert by_item(found.terminal) == pytest.approx({"pit 2026": 2.5})  # 10 x (0.25 + 0.25) / (1 + 0.5 + 0.25 + 0.25)


def test_a_perpetuity_replaces_what_stands():
    settings = {"terminal_value": "perpetuity", "discount_rate": 0.1, "terminal_discount_factor": 0.5, "flow_timing": "end_of_year"}
    finance = [{"baseline_cash": 100, "committed_capex": 7.9}]
    case = small_case(settings, projects=[{**MINE, "capex": 21, "life": 2}], finance=finance)
    found = recompute(hand_plan(case, starts={("pit", 2026): 1, ("pit", 2028): 1}))
    # annuity of 21 over two years at 10 %: 12.1, only for what is alive; (100 - 7.9 - 12.1) / 0.1 = 800, worth half
    assert found.terminal["amount"].sum() == pytest.approx(800)
    assert found.totals["terminal_value"] == pytest.approx(400)


def test_without_terminal_value_nothing_is_left():
    found = recompute(hand_plan(small_case(projects=[MINE]), starts={("pit", 2026): 1}))
    assert found.terminal.empty
    assert found.totals["npv"] == found.totals["npv_without_terminal"] == -10


@pytest.mark.parametrize(("timing", "charge"), [("start_of_year", 1.0), ("mid_year", 0.5**0.5), ("end_of_year", 0.5)])
def test_spend_after_the_last_year_is_charged(timing, charge):
    case = small_case(
        {"flow_timing": timing, "discount_rate": 1.0},
        projects=[{**MINE, "lead_time": 2, "credit": 0.1, "last_start": 2028}],
        finance=[{"tax_rate": 0.2}],
    )
    found = recompute(hand_plan(case, starts={("pit", 2028): 1}))
    assert by_year(found.capex_after, "total") == {2029: 5}
    # 5 less a fifth of tax at the end of 2028, factor 1/8 at 100 % a year; the credit 1 in 2030, a year and the timing's part later
    assert found.totals["after_horizon"] == pytest.approx((-4.0 + 0.5 * charge) / 8)


@pytest.mark.parametrize(
    ("timing", "factors"),
    [("start_of_year", [1, 0.5, 0.25]), ("end_of_year", [0.5, 0.25, 0.125]), ("mid_year", [0.5**0.5, 0.5**1.5, 0.5**2.5])],
)
def test_flows_are_discounted_by_their_timing(timing, factors):
    case = small_case({"flow_timing": timing, "discount_rate": 1.0}, finance=[{"baseline_cash": 8, "external_capital": 99}])
    found = recompute(hand_plan(case))
    assert found.present_value["factor"].tolist() == pytest.approx(factors)
    assert found.totals["npv"] == pytest.approx(8 * sum(factors))  # capital raised is not earned


def test_given_discount_factors_come_first():
    finance = [{"baseline_cash": 1}, *({"year": year, "discount_factor": given} for year, given in ((2026, 0.9), (2027, 0.9), (2028, 0.6)))]
    ore = [{"resource": "ore", "stock_value": 10, "storable": "yes"}]
    case = small_case({"discount_rate": 0.5, "terminal_value": "book_value"}, finance=finance, resources=ore)
    found = recompute(hand_plan(case, stocks={("ore", 2028): 1}))
    assert found.totals["npv_without_terminal"] == pytest.approx(0.9 + 0.9 + 0.6)
    assert found.totals["terminal_value"] == pytest.approx(6)  # the last given factor stands for the end


def test_totals_tell_the_lowest_point_and_the_way_back():
    finance = [{"baseline_cash": -5, "external_capital": 1, "minimum_cash": 0}, {"year": 2027, "baseline_cash": 2, "external_capital": 0}]
    case = small_case({"opening_cash": 6, "objective": "final_cash"}, finance=[*finance, {"year": 2028, "baseline_cash": 4}])
    found = recompute(hand_plan(case))
    assert by_year(found.cash_position, "closing") == {2026: 2, 2027: 4, 2028: 8}
    wanted = {"peak_funding_need": 5, "lowest_cash": 2, "lowest_cash_year": 2026, "payback_year": 2028, "objective": 8, "final_cash": 8}
    assert {name: found.totals[name] for name in wanted} == wanted  # before financing: -5, -3, 1


def test_least_cost_is_a_positive_cost():
    found = recompute(hand_plan(small_case({"objective": "least_cost"}, finance=[{"baseline_cash": -2}])))
    assert (found.totals["npv"], found.totals["objective"], found.totals["payback_year"]) == (-6, 6, None)


def test_entries_of_extra_blocks_are_taken_as_given():
    case = small_case(resources=[{"resource": "ore"}])
    extra = {
        "extra_entries": ("gift",),
        "cash": pd.DataFrame([("gift", 2026, 7.0), ("sales", 2026, 9.0)], columns=["entry", "year", "amount"]),
        "ledger": pd.DataFrame([("ore", "gift", 2027, 3.0)], columns=["resource", "entry", "year", "amount"]),
    }
    found = recompute(replace(hand_plan(case), **extra))
    assert found.totals["npv"] == 7
    assert by_year(found.surplus, "amount") == {2026: 0, 2027: 3, 2028: 0}


def test_every_frame_has_its_columns_and_numbers():
    found = recompute(hand_plan(small_case(projects=[MINE]), starts={("pit", 2026): 1}))
    for name, columns in COLUMNS.items():
        frame = getattr(found, name)
        assert tuple(frame.columns) == columns
        assert "capacity" not in frame or frame["capacity"].dtype == float


def by_item(frame):
    return dict(zip(frame["item"], frame["amount"], strict=True))
