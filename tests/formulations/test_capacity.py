"""Capacity: ramps, lives, and modules whose output ages."""

from __future__ import annotations

import pytest

from tests.formulations.solved import levels, mine_case, solved
from tests.small_cases import small_case

RAMP = [{"profile": "ramp", "age": age, "kind": "availability", "value": value} for age, value in enumerate((0.5, 0.75))]
WEAR = [{"profile": "wear", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 0.5))]
POWER = {"activity": "dig", "resource": "power", "amount": -1}
GRID = {"market": "grid", "resource": "power", "side": "buy", "price": 2}


def test_availability_ramps_by_age_and_its_last_share_holds_on() -> None:
    """Four years, capacity 4 from 2027 at 50 %, then 75 %: (2 + 3 + 3) x 10 - 1.

    Proves: the share is that of the age, and the last one holds.
    Would otherwise be: 119 without the ramp, 49 if the share ended with the profile.
    """
    mine = {"module_capacity": 4, "capex": 1, "availability_profile": "ramp"}
    plan = solved(mine_case({"last_year": 2029}, mine=mine, profiles=RAMP))
    assert plan.objective == pytest.approx(79.0, abs=1e-9)
    assert levels(plan) == {2027: 2, 2028: 3, 2029: 3}


def test_capacity_ends_with_its_life() -> None:
    """One year of output after one of building: 10 - 1.

    Proves: life counts years of output.
    Would otherwise be: 19 with a second year, nothing if life began with the start.
    """
    assert solved(mine_case(mine={"capex": 1, "life": 1})).objective == pytest.approx(9.0, abs=1e-9)


def test_an_activity_without_capacity_limit_runs_as_it_likes() -> None:
    """5 a year sell at 10, with no capacity at all.

    Proves: `capacity_limited` no.
    Would otherwise be: 0.
    """
    free = [{"activity": "dig", "capacity_limited": "no"}]
    assert solved(mine_case(world={"limit": 5}, activities=free)).objective == pytest.approx(150.0, abs=1e-9)


def ageing(existing: float = 0, power: float | None = None, capex: float = 6):
    """One module a year (lead time 0), output worth 1, then 0.5; a level of 1 takes power of 1 at 2 and makes ore for 10."""
    mine = {"lead_time": 0, "capex": capex, "max_per_year": 1, "max_total": None, "output_profile": "wear", "output_resource": "ore"}
    stands = [{"activity": "dig", "capacity": existing}] if existing else []
    return mine_case(mine=mine, recipes=[POWER], markets=[{**GRID, "limit": power}], profiles=WEAR, existing_capacity=stands)


def test_output_ages_and_input_does_not() -> None:
    """A module earns 8 when new and 5 - 2 after: 8 + 3 + 3 - 6, then 8 + 3 - 6, then 8 - 6.

    Proves: the profile scales the named output alone.
    Would otherwise be: 30 without ageing, 18 if power aged too.
    """
    plan = solved(ageing())
    assert plan.objective == pytest.approx(15.0, abs=1e-9)
    assert levels(plan) == {2026: 1, 2027: 2, 2028: 3}


def test_existing_capacity_beside_ageing_modules_does_not_age() -> None:
    """1 that stands adds 8 in each year to the 15 of the modules.

    Proves: what does not run on ageing modules runs on the rest, and no more than that.
    Would otherwise be: 33 if what stands aged like them, unlimited were the rest free.
    """
    plan = solved(ageing(existing=1))
    assert plan.objective == pytest.approx(39.0, abs=1e-9)
    assert levels(plan) == {2026: 2, 2027: 3, 2028: 4}


def test_the_newest_modules_run_first() -> None:
    """Power for 2: what stands earns 8 a year, and beside it the newest module, replaced each year at 4: 24 + 3 x (8 - 4).

    Proves: levels by vintage are decided one by one; old ones may stand idle.
    Would otherwise be: 34 if power were shared (then one module pays best, 8 + 3 + 3 - 4), 45 if power did not limit.
    """
    plan = solved(ageing(existing=1, power=2, capex=4))
    assert plan.objective == pytest.approx(36.0, abs=1e-9)
    assert levels(plan) == {2026: 2, 2027: 2, 2028: 2}


def test_modules_run_no_more_than_their_activity() -> None:
    """One module of 4, whose output is worth 2 from its second year; power for a level of 1 at 2: 10 - 2, then 20 - 2 twice, less 6.

    Proves: the levels of the modules make up that of the activity, which power limits.
    Would otherwise be: 98, with all 4 of the module ripe at the power of 1.
    """
    ripe = [{"profile": "wear", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 2))]
    mine = {"lead_time": 0, "module_capacity": 4, "capex": 6, "output_profile": "wear", "output_resource": "ore"}
    plan = solved(mine_case(mine=mine, recipes=[POWER], markets=[{**GRID, "limit": 1}], profiles=ripe))
    assert plan.objective == pytest.approx(38.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """A steady activity whose capacity is counted, and one whose output ages."""
    projects = [
        {"project": "shaft", "activity": "dig", "module_capacity": 4, "availability_profile": "ramp"},
        {
            "project": "chips",
            "activity": "think",
            "module_capacity": 2,
            "lead_time": 0,
            "output_profile": "wear",
            "output_resource": "thought",
        },
    ]
    case = small_case(
        {"last_year": 2027},
        projects=projects,
        profiles=[*RAMP, *WEAR],
        activities=[{"activity": "dig", "fixed_cost": 3}],
        recipes=[{"activity": "think", "resource": "thought", "amount": 1}],
        existing_capacity=[{"activity": "dig", "capacity": 5}, {"activity": "think", "capacity": 1}],
    )
    golden("capacity", case)
