"""Gates: what waits, for what, how long, and what that is worth."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo
import pytest

import masterplan as mp
from masterplan.data.case import Case
from tests.formulations.solved import STANDS, levels, mine_case, solved
from tests.formulations.walk import walk
from tests.small_cases import small_case

PRACTICE = {"activity": "practise", "capacity": 2}


def opened(plan: mp.Plan, gate: str = "licence") -> list[int]:
    """The years in which a gate is open."""
    return [int(year) for name, year, value in plan.gates.itertuples(index=False) if name == gate and value > 0.5]


def waiting(condition: dict[str, Any] | None = None, practice: float = 2, cost: float = 1, **tables: Any) -> Case:
    """Ore of 10 a year is dug once practice (at `cost` a unit, `practice` units a year) sums up to 2, or as `condition` says."""
    row = {"gate": "licence", "measure": "level", "item": "practise", "threshold": 2, **(condition or {})}
    return mine_case(
        activities=[{"activity": "practise", "variable_cost": cost}],
        existing_capacity=[STANDS, {**PRACTICE, "capacity": practice}],
        **{"gates": [{"gate": "licence", "activity": "dig"}], "gate_conditions": [row], **tables},
    )


@pytest.mark.parametrize(("year", "value"), [(2020, 30.0), (2027, 20.0), (2028, 10.0), (2029, 0.0)])
def test_a_gate_waits_for_its_year(year: int, value: float) -> None:
    """10 a year from the first open year on.

    Proves: nothing runs before the earliest year; one before or after the plan is no error.
    Would otherwise be: 30.
    """
    plan = solved(mine_case(existing_capacity=[STANDS], gates=[{"gate": "licence", "activity": "dig", "earliest_year": year}]))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert opened(plan) == [y for y in (2026, 2027, 2028) if y >= year]


@pytest.mark.parametrize(
    ("condition", "practice", "value", "first"),
    [
        ({}, 2, 28.0, 2026),
        ({"lag": 1}, 2, 18.0, 2027),
        ({"lag": 2}, 2, 8.0, 2028),
        ({"lag": 3}, 2, 0.0, None),
        ({}, 1, 18.0, 2027),
        ({"already": 1}, 1, 29.0, 2026),
        ({"already": 2, "lag": 3}, 1, 30.0, 2026),
        ({"threshold": 0}, 1, 30.0, 2026),
    ],
    ids=["at_once", "lag", "long_lag", "too_long", "slow", "half_done", "done_before", "nothing_asked"],
)
def test_a_gate_waits_for_a_sum(condition: dict[str, Any], practice: float, value: float, first: int | None) -> None:
    """Practice costs 1 a unit, 2 units open the gate, ore then brings 10 a year: 28 at once, 18 a year later, and so on.

    Proves: the sum over the years, from before the plan too, the lag, and that a gate stays open without more practice.
    Would otherwise be: 30 without the gate; 10 less 1 a unit every year if practice had to go on.
    """
    plan = solved(waiting(condition, practice))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert min(opened(plan), default=None) == first


def test_a_gate_is_not_half_open() -> None:
    """Half a unit a year never makes 2.

    Proves: the 0/1 decision. Would otherwise be: 0.25, 0.5 and 0.75 of the ore, 15 less 1.5.
    """
    assert solved(waiting(practice=0.5)).objective == pytest.approx(0.0, abs=1e-9)


def test_a_gate_that_costs_more_than_it_brings_stays_shut() -> None:
    """Practice of 2 x 16 for ore of 30. Proves: waiting is a choice. Would otherwise be: -2."""
    plan = solved(waiting(cost=16))
    assert plan.objective == pytest.approx(0.0, abs=1e-9)
    assert opened(plan) == []


def test_all_conditions_have_to_be_met() -> None:
    """Practice is done in 2026, the road (4) is begun then and counts a year later: 20 - 2 - 4.

    Proves: the last of several conditions decides; starts of a project count. Would otherwise be: 28, or 24.
    """
    road = {"project": "road", "capex": 4, "lead_time": 0, "life": 20, "max_total": 1}
    more = [
        {"gate": "licence", "measure": "level", "item": "practise", "threshold": 2},
        {"gate": "licence", "measure": "starts", "item": "road", "threshold": 1, "lag": 1},
    ]
    plan = solved(waiting(projects=[road], gate_conditions=more))
    assert plan.objective == pytest.approx(14.0, abs=1e-9)
    assert opened(plan) == [2027, 2028]


@pytest.mark.parametrize(("measure", "threshold", "first"), [("capacity", 2, 2026), ("capacity", 3, 2027), ("stock", 1, 2027)])
def test_any_measure_can_open_a_gate(measure: str, threshold: float, first: int) -> None:
    """2 of capacity stand from the start and sum up to 4 in the second year; 1 unit of a by-product is in store in 2027.

    Proves: capacity is counted although nothing else counts it; stocks. Would otherwise be: 30.
    """
    item = "practise" if measure == "capacity" else "tape"
    tape = {
        "resources": [{"resource": "tape", "storable": "yes"}],
        "recipes": [{"activity": "practise", "resource": "tape", "amount": 0.5, "lag": 1}],
    }
    plan = solved(waiting({"measure": measure, "item": item, "threshold": threshold}, cost=0, **tape))
    assert plan.objective == pytest.approx(10.0 * (2029 - first), abs=1e-9)
    assert opened(plan) == list(range(first, 2029))


def test_one_gate_holds_several_activities() -> None:
    """Digging (10) and thinking (4) wait for 2028. Proves: all rows of a gate. Would otherwise be: 42, 34 or 22."""
    case = mine_case(
        existing_capacity=[STANDS, {"activity": "think", "capacity": 1}],
        recipes=[{"activity": "think", "resource": "thought", "amount": 1}],
        markets=[{"market": "users", "resource": "thought", "side": "sell", "price": 4}],
        gates=[{"gate": "licence", "activity": name, "earliest_year": 2028} for name in ("dig", "think")],
    )
    assert solved(case).objective == pytest.approx(14.0, abs=1e-9)


def test_what_is_built_waits_too_and_is_built_for_the_opening() -> None:
    """A mine of 12 (two years of ore pay it) is begun in 2026 and digs in 2027; behind a gate of 2028 it cannot pay.

    Proves: new modules wait. Would otherwise be: 8.
    """
    assert solved(mine_case(mine={"capex": 12})).objective == pytest.approx(8.0, abs=1e-9)
    gates = [{"gate": "licence", "activity": "dig", "earliest_year": 2028}]
    assert solved(mine_case(mine={"capex": 12}, gates=gates)).objective == pytest.approx(0.0, abs=1e-9)
    plan = solved(mine_case(mine={"capex": 6}, gates=gates))
    assert plan.objective == pytest.approx(4.0, abs=1e-9)


def test_an_activity_without_capacity_waits_with_the_bound_of_its_market() -> None:
    """The level is not limited, but the market takes 3 a year: 30 in 2028.

    Proves: the bound from the balance of what is made. Would otherwise be: an error that asks for most, or 90.
    """
    case = mine_case(
        world={"limit": 3},
        activities=[{"activity": "dig", "capacity_limited": "no"}],
        gates=[{"gate": "licence", "activity": "dig", "earliest_year": 2028}],
    )
    assert solved(case).objective == pytest.approx(30.0, abs=1e-9)


def test_the_most_that_is_stated_holds() -> None:
    """Capacity is 1, the most 0.5: 5 a year. Proves: a stated most is kept. Would otherwise be: 30."""
    case = mine_case(existing_capacity=[STANDS], gates=[{"gate": "licence", "activity": "dig", "earliest_year": 2026, "most": 0.5}])
    assert solved(case).objective == pytest.approx(15.0, abs=1e-9)


def test_a_gate_opens_in_the_first_year_it_can_even_if_nothing_wants_it_to() -> None:
    """Ore is worth nothing and half done practice is free: the gate opens when 2 are reached, and says so.

    Proves: the year is a result of the rest of the plan. Would otherwise be: any year, or none.
    """
    plan = solved(
        waiting({"already": 2}, cost=1, gates=[{"gate": "licence", "activity": "dig", "earliest_year": 2027}]).change(
            "markets.world.price=0"
        )
    )
    assert plan.objective == pytest.approx(0.0, abs=1e-9)
    assert levels(plan) == {}
    assert opened(plan) == [2027, 2028]


def test_ageing_modules_wait_with_their_activity() -> None:
    """Chips make 1, then 0.5; their hall is shut until 2027: 10 x 0.5 of the modules begun in 2025.

    Proves: vintage levels follow the level. Would otherwise be: 15.
    """
    case = mine_case(
        mine={"output_profile": "fade", "output_resource": "ore", "life": 2, "first_start": 2028},
        profiles=[{"profile": "fade", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 0.5))],
        given_starts=[{"project": "mine", "year": 2025, "modules": 1}],
        gates=[{"gate": "licence", "activity": "dig", "earliest_year": 2027}],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(5.0, abs=1e-9)
    assert not plan.vintage_levels.loc[plan.vintage_levels["year"] < 2027, "level"].any()


def test_a_plan_with_gates_is_a_start_for_the_next_solve() -> None:
    """Proves: gates of a plan are offered to the solver. Would otherwise be: another plan than that of 18."""
    plan = solved(waiting({"lag": 1}))
    again = mp.solve(plan.case, gap=0, start=plan)
    assert again.objective == pytest.approx(18.0, abs=1e-9)


def test_a_case_without_any_has_no_rows_or_columns_of_them() -> None:
    _, steps = walk(mine_case(mine={"capex": 12}))
    assert not [name for name, part in steps["gates"].components.items() if part.ctype in (pyo.Var, pyo.Constraint) and len(part)]


def test_golden_lp(golden) -> None:
    """A gate of two activities with two conditions, and one of a year."""
    case = small_case(
        {"last_year": 2027},
        activities=[{"activity": "practise", "capacity_limited": "no"}],
        existing_capacity=[{"activity": "dig", "capacity": 3}, {"activity": "think", "capacity": 9}],
        gates=[
            {"gate": "licence", "activity": "dig"},
            {"gate": "licence", "activity": "think", "most": 7},
            {"gate": "launch", "activity": "dig", "earliest_year": 2027},
        ],
        gate_conditions=[
            {"gate": "licence", "measure": "level", "item": "practise", "threshold": 5, "already": 2},
            {"gate": "licence", "measure": "capacity", "item": "dig", "threshold": 4, "lag": 1},
        ],
    )
    golden("gates", case)
