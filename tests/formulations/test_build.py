"""Build: whole or divisible, per year and in total, what is given already, and when."""

from __future__ import annotations

import pytest

from masterplan.formulations import formulate
from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved, starts
from tests.small_cases import small_case


@pytest.mark.parametrize(("lumpy", "value", "modules"), [("yes", 3.0, 1.0), ("no", 4.5, 1.5)])
def test_lumpy_modules_are_whole(lumpy: str, value: float, modules: float) -> None:
    """A module digs 4 a year for 5; 6 a year sell at 1 in two years. One module: 8 - 5. Two: 12 - 10. One and a half: 12 - 7.5.

    Proves: whole modules where lumpy, and any number where divisible.
    Would otherwise be: the other of 3 and 4.5.
    """
    mine = {"lumpy": lumpy, "module_capacity": 4, "capex": 5, "max_total": None}
    plan = solved(mine_case(mine=mine, world={"price": 1, "limit": 6}))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == {("mine", 2026): pytest.approx(modules)}


@pytest.mark.parametrize(("most", "value"), [(3, 5.0), (2, 2.0)])
def test_a_fixed_sum_is_paid_once_in_a_year_with_a_start(most: int, value: float) -> None:
    """3 a year sell at 2 in two years; a module costs 1, a year with a start 4. Three at once: 12 - 3 - 4; two at most: 8 - 2 - 4.

    Proves: the fixed sum is per year with a start, and `max_per_year` holds (a second year would earn 2 - 1 - 4).
    Would otherwise be: 9 without the fixed sum, nothing if every module paid it, 5 in both without the yearly limit.
    """
    plan = solved(mine_case(mine={"capex": 1, "fixed_capex": 4, "max_per_year": most, "max_total": None}, world={"price": 2, "limit": 3}))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == {("mine", 2026): most}


@pytest.mark.parametrize(("capex", "value", "modules"), [(1, 2.0, {("mine", 2026): 2.0}), (3, 0.0, {})])
def test_a_year_with_a_start_has_the_minimum_size(capex: float, value: float, modules: dict) -> None:
    """1 a year sells at 2 in two years, but no fewer than two modules may start: 4 - 2 x 1 pays, 4 - 2 x 3 does not.

    Proves: none, or at least the minimum.
    Would otherwise be: 3 and 1, with one module.
    """
    mine = {"lumpy": "no", "capex": capex, "min_per_year": 2, "max_per_year": 3, "max_total": None}
    plan = solved(mine_case(mine=mine, world={"price": 2, "limit": 1}))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == modules


@pytest.mark.parametrize(("basis", "lead", "value"), [("starts", 0, 9.0), ("in_place", 0, 27.0), ("in_place", 1, 9.0)])
def test_a_total_counts_starts_or_what_is_in_place(basis: str, lead: int, value: float) -> None:
    """A module lasts a year, costs 1 and earns 10; at most one in total. With no lead time it can be replaced each year: 3 x 9.

    Proves: `in_place` forgets what is past its life, `starts` does not; a module under construction is in place, so that with a lead
    time of 1 the second cannot begin in 2027, and 2028 is too late.
    Would otherwise be: 135 without a total (5 a year sell); 18 in the last if construction did not count.
    """
    plan = solved(mine_case(mine={"lead_time": lead, "life": 1, "capex": 1, "total_basis": basis}, world={"limit": 5}))
    assert plan.objective == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("kind", "value", "first"), [("fixed", 30.0, 1.0), ("minimum", 60.0, 3.0)])
def test_given_starts_are_exactly_or_at_least_as_given(kind: str, value: float, first: float) -> None:
    """A module costs 5 and earns 10 a year, 3 a year may start; 1 is given for 2026. Fixed: 15 + 3 x 5 in 2027. Minimum: 3 x 15 + 15.

    Proves: a fixed start is no lower limit only.
    Would otherwise be: 60 for both.
    """
    given = [{"project": "mine", "year": 2026, "modules": 1, "kind": kind}]
    plan = solved(mine_case(mine={"capex": 5, "max_per_year": 3, "max_total": None}, given_starts=given))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == {("mine", 2026): first, ("mine", 2027): 3.0}


@pytest.mark.parametrize("kind", ["fixed", "minimum"])
def test_a_given_start_is_made_even_at_a_loss(kind: str) -> None:
    """Capex 25 against 20 earned.

    Proves: what is given is made, also in the plan that does nothing.
    Would otherwise be: 0.
    """
    plan = solved(mine_case(mine={"capex": 25}, given_starts=[{"project": "mine", "year": 2026, "modules": 1, "kind": kind}]))
    assert (plan.objective, plan.do_nothing) == pytest.approx((-5.0, -5.0), abs=1e-9)


@pytest.mark.parametrize(("cost", "value", "cancelled"), [(2.0, -4.0, 2.0), (4.0, -6.0, 0.0)])
def test_a_cancellable_start_goes_ahead_or_is_paid_off(cost: float, value: float, cancelled: float) -> None:
    """Two modules given, each loses 3 (5 spent, 1 a year earned in two years): paid off at 2 each, not at 4 each.

    Proves: cancelling costs per module, and only where it is the smaller loss.
    Would otherwise be: 0 were it free, -6 were it not allowed.
    """
    given = [{"project": "mine", "year": 2026, "modules": 2, "kind": "cancellable", "cancel_cost": cost}]
    plan = solved(mine_case(mine={"capex": 5, "max_total": 2}, world={"price": 1}, given_starts=given))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert plan.cancellations["modules"].sum() == cancelled


def test_cancelling_work_in_progress_is_paid_in_the_first_year() -> None:
    """Begun in 2025, half of capex 20 is still to be paid in 2026 (8 at the end of the year), 1 a year comes in from 2027: cancel for 2.

    Proves: the cost falls in 2026: 0.8 x 2.
    Would otherwise be: -2 or nothing, were it paid in the start year before the plan.
    """
    given = [{"project": "mine", "year": 2025, "modules": 1, "kind": "cancellable", "cancel_cost": 2}]
    plan = solved(mine_case(AT_A_QUARTER, mine={"capex": 20, "lead_time": 2, "last_start": 2025}, world={"price": 1}, given_starts=given))
    assert plan.objective == pytest.approx(-1.6, abs=1e-9)
    assert cash(plan, "cancel_cost") == {2026: -2}


def test_work_in_progress_brings_only_what_is_still_to_come() -> None:
    """Begun in 2024 with a lead time of 3 and a capex of 9: 3 are left to pay in 2026; 10 a year come in from 2027.

    Proves: spending before the plan is over, output and later spending count.
    Would otherwise be: 11 with all the capex, 20 with none, 7 with the output a year late.
    """
    plan = solved(mine_case(mine={"capex": 9, "lead_time": 3}, given_starts=[{"project": "mine", "year": 2024, "modules": 1}]))
    assert plan.objective == pytest.approx(17.0, abs=1e-9)
    assert cash(plan, "capex") == {2026: -3}


@pytest.mark.parametrize(
    ("window", "value", "year"), [({"first_start": 2027}, 9.0, 2027), ({"last_start": 2026}, 5.0, 2026), ({}, 9.0, 2027)]
)
def test_a_module_starts_inside_its_window(window: dict, value: float, year: int) -> None:
    """Capex falls from 15 to 1 in 2027: waiting earns 10 - 1, starting at once 20 - 15.

    Proves: the last start is kept, and capex is that of the start year.
    Would otherwise be: 9 for all three; 19 with the later capex for the early start.
    """
    late = {"project": "mine", "year": 2027, "capex": 1}
    plan = solved(mine_case(mine={"year": 2026, "capex": 15, **window}, projects=[late]))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == {("mine", year): 1.0}


def test_starts_are_offered_while_output_falls_inside_the_plan() -> None:
    """Proves: the default window ends at the last year less the lead time; given starts stand outside too."""
    given = [{"project": "mine", "year": year, "modules": 0} for year in (2024, 2028)]
    m, _ = formulate(mine_case(mine={"lead_time": 2}, given_starts=given))
    assert [year for _, year in m.STARTS] == [2024, 2026, 2028]


def test_an_opening_without_a_start_is_no_spending() -> None:
    """At least 10 must be spent on a plant of capex 1, fixed capex 10 and 50 a year to keep: it is built late, -11 - 50.

    Proves: the fixed sum alone cannot reach the floor.
    Would otherwise be: -10, a plan that pays for an opening where nothing is built.
    """
    plant = {"project": "plant", "capex": 1, "fixed_capex": 10, "fixed_cost": 50, "max_per_year": 1}
    floor = {"limit": "floor", "sense": "at_least", "span": "total", "bound": 10}
    member = {"limit": "floor", "measure": "spend", "item": "plant"}
    plan = solved(small_case(projects=[plant], limits=[floor], limit_members=[member]))
    assert plan.objective == pytest.approx(-61.0, abs=1e-9)


def test_a_given_start_may_be_smaller_than_the_minimum_size() -> None:
    """1 is given for 2026 where 2 is the fewest: 20 - 1, and two more in 2027: 2 x (10 - 1).

    Proves: what is decided already is not held against the rule; free starts are.
    Would otherwise be: infeasible.
    """
    mine = {"capex": 1, "min_per_year": 2, "max_per_year": 2, "max_total": None}
    plan = solved(mine_case(mine=mine, given_starts=[{"project": "mine", "year": 2026, "modules": 1}]))
    assert plan.objective == pytest.approx(37.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """One project with a fixed sum and a minimum size, one with a total in place and a start that may be cancelled."""
    sized = {"project": "mine", "lumpy": "no", "capex": 3, "fixed_capex": 4, "min_per_year": 2, "max_per_year": 5, "max_total": 6}
    plant = {"project": "plant", "capex": 7, "fixed_capex": 1, "life": 1, "max_total": 2, "total_basis": "in_place"}
    given = [{"project": "plant", "year": 2025, "modules": 2, "kind": "cancellable", "cancel_cost": 9}]
    golden("build", small_case({"last_year": 2027}, projects=[sized, plant], given_starts=given))
