"""Operate: what levels and capacity make, take and cost."""

from __future__ import annotations

import pytest

import masterplan as mp
from tests.formulations.solved import STANDS, cash, ledger, levels, mine_case, solved
from tests.small_cases import small_case

POWER = {"activity": "dig", "resource": "power", "amount": -3}
GRID = {"market": "grid", "resource": "power", "side": "buy", "price": 1}


def test_a_level_makes_and_takes_by_its_recipe() -> None:
    """A level of 1 makes 1 at 10 and takes 3 at 1: 7 a year.

    Proves: amounts per level, with their sign.
    Would otherwise be: 30 if nothing were taken, 27 if 1 were.
    """
    plan = solved(mine_case(recipes=[POWER], markets=[GRID], existing_capacity=[STANDS]))
    assert plan.objective == pytest.approx(21.0, abs=1e-9)
    assert ledger(plan, "power", "use") == {2026: -3, 2027: -3, 2028: -3}


def test_capacity_makes_and_takes_whether_used_or_not() -> None:
    """Capacity 2 stands idle (running costs 99): it takes 1 of power at 1 each, and offers readiness that sells at 5 each.

    Proves: recipes per capacity go with capacity.
    Would otherwise be: 0, were they to go with the level.
    """
    recipes = [
        {"activity": "dig", "resource": "power", "basis": "capacity", "amount": -1},
        {"activity": "dig", "resource": "readiness", "basis": "capacity", "amount": 1},
    ]
    case = mine_case(
        recipes=recipes,
        resources=[{"resource": "readiness", "disposal": "yes"}],
        markets=[GRID, {"market": "reserve", "resource": "readiness", "side": "sell", "price": 5}],
        activities=[{"activity": "dig", "variable_cost": 99}],
        existing_capacity=[{"activity": "dig", "capacity": 2}],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(24.0, abs=1e-9)
    assert ledger(plan, "readiness", "presence") == {2026: 2, 2027: 2, 2028: 2}
    assert levels(plan) == {}


@pytest.mark.parametrize(("limit", "value"), [(5, -10.0), (4, None)])
def test_capacity_that_gives_and_then_takes_is_use_when_it_takes(limit: float, value: float | None) -> None:
    """Capacity 5 gives 1 of heat each in 2026 and takes 1 each from 2027, bought at 1; use of heat is limited to 5, or to 4.

    Proves: each year counts on its own side, so that a limit of 4 cannot hold.
    Would otherwise be: -10 for both.
    """
    recipes = [
        {"activity": "dig", "resource": "heat", "basis": "capacity", "year": year, "amount": n} for year, n in ((2026, 1), (2027, -1))
    ]
    case = small_case(
        recipes=recipes,
        resources=[{"resource": "heat", "disposal": "yes"}],
        existing_capacity=[{"activity": "dig", "capacity": 5}],
        markets=[{"market": "pipe", "resource": "heat", "side": "buy", "price": 1}],
        limits=[{"limit": "cap", "bound": limit}],
        limit_members=[{"limit": "cap", "measure": "use", "item": "heat"}],
    )
    if value is None:
        assert mp.solve(case, gap=0).status == "infeasible"
    else:
        assert solved(case).objective == pytest.approx(value, abs=1e-9)


def test_a_lag_delivers_later_and_arrivals_come_from_before() -> None:
    """Running costs 1 and delivers a year later: 2026 and 2027 run for 2 x (10 - 1), 2028 does not; 1 arrives in 2026 for 10.

    Proves: what would come after the plan is worth nothing, what was sent before it arrives.
    Would otherwise be: 37 without the lag, 18 without the arrival, 48 if it arrived each year.
    """
    case = mine_case(
        activities=[{"activity": "dig", "variable_cost": 1}],
        resources=[{"resource": "ore", "year": 2026, "arrivals": 1}, {"resource": "ore", "year": 2027, "arrivals": 0}],
        existing_capacity=[STANDS],
    )
    late = case.tables["recipes"].assign(lag=1.0)
    plan = solved(case.with_tables(recipes=late))
    assert plan.objective == pytest.approx(28.0, abs=1e-9)
    assert levels(plan) == {2026: 1, 2027: 1}
    assert ledger(plan, "ore", "production") == {2027: 1, 2028: 1}


def test_costs_go_with_level_with_capacity_and_with_modules() -> None:
    """A level costs 2, capacity 3 a year, a module 1 a year and 4 from 2028, each less than the 10 that it earns.

    What stands: 3 x (10 - 2 - 3). The module from 2027: 10 - 2 - 3 - 1 and 10 - 2 - 3 - 4, less capex 1. 15 + 4 + 1 - 1.
    Proves: each cost goes with its own; a module's is read in the year it is paid, and paid only while it is alive.
    Would otherwise be: 22 with the cost of the start year, 18 if paid while under construction.
    """
    rise = {"project": "mine", "year": 2028, "fixed_cost": 4}
    case = mine_case(
        mine={"year": 2026, "capex": 1, "fixed_cost": 1, "last_start": 2026},
        projects=[rise],
        activities=[{"activity": "dig", "variable_cost": 2, "fixed_cost": 3}],
        existing_capacity=[STANDS],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(19.0, abs=1e-9)
    assert cash(plan, "variable_cost") == {2026: -2, 2027: -4, 2028: -4}
    assert cash(plan, "fixed_cost") == {2026: -3, 2027: -7, 2028: -10}


def test_a_production_credit_is_not_taxed() -> None:
    """10 of sales and 2 of credit a year, at a tax of 25 %: 7.5 + 2.

    Proves: the credit stays out of the tax base.
    Would otherwise be: 27 if taxed, 22.5 without it.
    """
    case = mine_case(activities=[{"activity": "dig", "production_credit": 2}], finance=[{"tax_rate": 0.25}], existing_capacity=[STANDS])
    assert solved(case).objective == pytest.approx(28.5, abs=1e-9)


def test_golden_lp(golden) -> None:
    """A recipe with a lag, one per capacity, ageing output, arrivals and the three costs: in the balance and in the objective."""
    wear = [{"profile": "wear", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 0.75))]
    case = small_case(
        {"last_year": 2027},
        recipes=[
            {"activity": "dig", "resource": "ore", "amount": 2, "lag": 1},
            {"activity": "dig", "resource": "power", "amount": -3},
            {"activity": "dig", "resource": "heat", "basis": "capacity", "amount": 4},
            {"activity": "think", "resource": "thought", "amount": 8},
        ],
        resources=[{"resource": "ore", "arrivals": 7, "disposal": "yes"}, {"resource": "heat", "disposal": "yes"}],
        activities=[{"activity": "dig", "variable_cost": 5, "fixed_cost": 6, "production_credit": 0.5}],
        projects=[
            {
                "project": "chips",
                "activity": "think",
                "lead_time": 0,
                "fixed_cost": 9,
                "output_profile": "wear",
                "output_resource": "thought",
            }
        ],
        profiles=wear,
    )
    golden("operate", case, "balance")
