"""Retire: modules that end before their life does, and existing capacity that is closed."""

from __future__ import annotations

from typing import Any

import pytest

from masterplan.data.plan import Plan
from tests.formulations.solved import AT_A_QUARTER, STANDS, cash, levels, mine_case, solved, starts
from tests.small_cases import small_case

BUILT = {"project": "mine", "year": 2025, "modules": 1}
FELL = [{"market": "world", "year": 2027, "price": 1}]
FADES = [{"profile": "fades", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 0.5, 0.25))]


def retired(plan: Plan) -> dict[tuple[str, int, int], float]:
    """(project, start, year) -> modules."""
    return {(project, int(start), int(year)): modules for project, start, year, modules in plan.retirements.itertuples(index=False)}


def closed(plan: Plan) -> dict[int, float]:
    """year -> capacity closed, of the only activity."""
    return dict(zip(plan.closures["year"], plan.closures["capacity"], strict=True))


YEARLY: dict[str, dict[str, Any]] = {
    "of its own": {"mine": {"fixed_cost": 4}},
    "for what it takes standing": {
        "mine": {},
        "construction_inputs": [{"project": "mine", "resource": "power", "when": "standing", "amount": 2}],
        "more": [{"market": "grid", "resource": "power", "side": "buy", "price": 2}],
    },
    "of its capacity": {"mine": {}, "activities": [{"activity": "dig", "fixed_cost": 4}]},
}


@pytest.mark.parametrize("kind", YEARLY)
def test_what_is_retired_costs_nothing_more(kind: str) -> None:
    """A mine earns 10, then 1 a year, and costs 4 a year; retiring it for 2 at the beginning of 2027 leaves 6 - 2.

    Proves: from its year on it has no yearly cost, standing use or capacity; the cost of retiring is paid once, in that year.
    Would otherwise be: 0 if it were kept, 2 if retiring cost every year, 0 if 2027 still ran.
    """
    yearly = dict(YEARLY[kind])
    mine = {"retirable": "yes", "retirement_cost": 2, **yearly.pop("mine")}
    plan = solved(mine_case(mine=mine, given_starts=[BUILT], markets=[*FELL, *yearly.pop("more", [])], **yearly))
    assert plan.objective == pytest.approx(4.0, abs=1e-9)
    assert retired(plan) == {("mine", 2025, 2027): 1.0}
    assert cash(plan, "retirement_cost") == {2027: -2}
    assert plan.do_nothing == pytest.approx(4.0, abs=1e-9)  # retiring is no start: it stays open


def test_salvage_is_earned_at_the_price_of_the_last_year_of_running() -> None:
    """1 a year, or 5 of salvage once: 2026 and 2027 run, then 5.

    Proves: what is retired at the beginning of a year does not run in it.
    Would otherwise be: 8 if it ran in its last year too, 3 if it were kept, 15 if it were retired every year.
    """
    plan = solved(mine_case(mine={"retirable": "yes", "retirement_cost": -5}, world={"price": 1}, given_starts=[BUILT]))
    assert plan.objective == pytest.approx(7.0, abs=1e-9)
    assert levels(plan) == {2026: 1, 2027: 1}


def test_an_ageing_vintage_stops_when_it_is_retired() -> None:
    """Output worth 10, 5, 2.5; salvage of 4 is better than the last year: 15 + 4.

    Proves: the level of a vintage is within what is left of it.
    Would otherwise be: 21.5 if it ran on, 17.5 without retiring.
    """
    mine = {"retirable": "yes", "retirement_cost": -4, "output_profile": "fades", "output_resource": "ore"}
    plan = solved(mine_case(mine=mine, profiles=FADES, given_starts=[BUILT]))
    assert plan.objective == pytest.approx(19.0, abs=1e-9)


def test_a_place_is_free_once_its_module_is_retired() -> None:
    """One place; a module of 2026 digs 3 where that of 2025 digs 1. Retired at once, the new one earns 90 - 20.

    Proves: modules in place are those not retired.
    Would otherwise be: 30 with the old module.
    """
    old = {"lead_time": 0, "capex": 20, "total_basis": "in_place", "retirable": "yes", "module_capacity": 1}
    projects = [{"project": "mine", "year": 2026, "module_capacity": 3}]
    plan = solved(mine_case(mine=old, projects=projects, given_starts=[BUILT]))
    assert plan.objective == pytest.approx(70.0, abs=1e-9)
    assert retired(plan) == {("mine", 2025, 2026): 1.0}
    assert plan.do_nothing == pytest.approx(30.0, abs=1e-9)


@pytest.mark.parametrize(("salvage", "value"), [(2, 3.0), (4, 4.0)])
def test_a_retired_module_has_no_book_value(salvage: float, value: float) -> None:
    """12 of capex in 2025, 3 of 4 years used: 3 is left, or the salvage.

    Proves: the end of the plan does not count what is gone.
    Would otherwise be: 5 and 7 with both.
    """
    mine = {"capex": 12, "life": 4, "retirable": "yes", "retirement_cost": -salvage}
    plan = solved(mine_case({"terminal_value": "book_value"}, mine=mine, world={"price": 0}, given_starts=[BUILT]))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_a_perpetuity_replaces_no_retired_module_and_repeats_no_salvage() -> None:
    """A module of 3.6 earns 1 in 2027 and would be replaced for 2.5 a year, for ever (4 times); in 2028 it is sold for 1 instead.

    1.8 of its capex falls into 2026. -1.8 x 0.8 + 0.64 + 0.512.

    Proves: neither the annuity of what is gone nor the salvage of the last year is in the perpetuity.
    Would otherwise be: -3.36 if it were kept or still replaced, 1.76 if the salvage came every year.
    """
    settings = {**AT_A_QUARTER, "terminal_value": "perpetuity"}
    mine = {"capex": 3.6, "life": 2, "retirable": "yes", "retirement_cost": -1, "lead_time": 2, "last_start": 2025}
    plan = solved(mine_case(settings, mine=mine, world={"price": 1}, given_starts=[BUILT]))
    assert plan.objective == pytest.approx(-1.44 + 0.64 + 0.512, abs=1e-9)
    assert retired(plan) == {("mine", 2025, 2028): 1.0}


def test_whole_modules_retire_whole() -> None:
    """Two modules of 1 each sell 1.5 at 10 and cost 8 a year: retiring one saves 8 and loses 5, half of one would lose nothing.

    Proves: retired modules of a lumpy project are whole.
    Would otherwise be: 3 with half a module retired.
    """
    mine = {"fixed_cost": 8, "retirable": "yes", "max_total": 2}
    given = [{**BUILT, "modules": 2}]
    plan = solved(mine_case({"last_year": 2026}, mine=mine, world={"limit": 1.5}, given_starts=given))
    assert plan.objective == pytest.approx(2.0, abs=1e-9)


def test_idle_capacity_is_closed_for_good() -> None:
    """10 stand, 4 are sold at 5; a unit costs 1 a year, closing it 1. 6 are closed at once: 60 - 12 - 6.

    Proves: closed capacity has no cost from its year on, and closing is paid once.
    Would otherwise be: 30 if all were kept, 48 if closing were free, 30 if it cost 1 every year.
    """
    dig = {"activity": "dig", "fixed_cost": 1, "closable": "yes", "closing_cost": 1}
    plan = solved(mine_case(world={"price": 5, "limit": 4}, activities=[dig], existing_capacity=[{**STANDS, "capacity": 10}]))
    assert plan.objective == pytest.approx(42.0, abs=1e-9)
    assert closed(plan) == {2026: 6.0}
    assert cash(plan, "closing_cost") == {2026: -6}


def test_closures_and_conversions_share_what_exists() -> None:
    """4 of old, sold off at 2 a unit or rebuilt, whole, for 12 a year from 2027 and 5 of capex: rebuilt, 24 - 5 and no sale.

    Proves: what is closed cannot be converted, nor the other way round.
    Would otherwise be: 27 with both, 8 with closing alone.
    """
    case = small_case(
        activities=[{"activity": "old", "closable": "yes", "closing_cost": -2}],
        recipes=[{"activity": "new", "resource": "steel", "amount": 1}],
        markets=[{"market": "world", "resource": "steel", "side": "sell", "price": 3}],
        existing_capacity=[{"activity": "old", "capacity": 4}],
        projects=[{"project": "rebuild", "activity": "new", "module_capacity": 4, "capex": 5, "max_total": 1}],
        conversions=[{"project": "rebuild", "from_activity": "old", "amount": 4}],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(19.0, abs=1e-9)
    assert starts(plan) == {("rebuild", 2026): 1.0}
    assert len(plan.closures) == 0


def test_golden_lp(golden) -> None:
    """A given module with one place and one more that may take it: what is gone frees place, capacity and its yearly cost."""
    dig = {"activity": "dig", "closable": "yes", "closing_cost": 3}
    mine = {"lead_time": 0, "capex": 8, "fixed_cost": 2, "total_basis": "in_place", "retirable": "yes", "retirement_cost": -1}
    tables = {"activities": [dig], "existing_capacity": [STANDS], "given_starts": [BUILT]}
    golden("retire", mine_case({"last_year": 2027}, mine=mine, **tables), "convert", "capacity")
