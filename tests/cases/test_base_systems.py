"""Every system of the base case changes the plan where it matters: taken out or made dear, value falls beyond the gaps of both plans.

On the coarse cut of the first six years (eight for the fab); the whole horizon is in the README of the case.
"""

from __future__ import annotations

from functools import cache

import pytest

import masterplan as mp

GAP, SECONDS = 1e-3, 60.0
FOR_ORBIT = ("orbit_favourable", "power_squeeze", "ai_high")
WAFERS = ("fewer_outside_wafers",)
NONE = "max_total=0"

# system -> (scenarios in which it matters, last year, taken out, made dear, for some)
SYSTEMS: dict[str, tuple[tuple[str, ...], int, tuple[str, ...], tuple[str, ...]]] = {
    "computers on the ground": ((), 2031, (f"projects.compute_own.{NONE}",), ()),
    "cells": ((), 2031, (f"projects.cell_factory.{NONE}",), ("projects.cell_factory.capex*=3",)),
    "panels": ((), 2031, (f"projects.panel_factory.{NONE}",), ("projects.panel_factory.capex*=2",)),
    "refinery": (("lithium_embargo",), 2031, (f"projects.refinery.{NONE}",), ("projects.refinery.capex*=8",)),
    "robots": (("robot_high",), 2031, (f"projects.optimus_conversion.{NONE}",), ("projects.optimus_conversion.capex*=4",)),
    "robotaxis": (("autonomy_easy",), 2031, (f"projects.taxi_cars.{NONE}",), ()),
    "terafab": (WAFERS, 2033, (f"projects.terafab.{NONE}",), ()),
    "orbit": (
        FOR_ORBIT,
        2031,
        tuple(f"projects.{name}.{NONE}" for name in ("orbit_own", "orbit_nvidia")),
        ("projects.orbit_own.capex*=9",),
    ),
    "launch": (FOR_ORBIT, 2031, (f"projects.launch_pad.{NONE}",), ()),
}


@cache
def solved(scenarios: tuple[str, ...], last_year: int, changes: tuple[str, ...] = ()) -> mp.Plan:
    case = mp.load("base")
    case = case.scenario(*scenarios) if scenarios else case
    plan = mp.solve(case.change(f"settings.last_year={last_year}", *changes), gap=GAP, time_limit=SECONDS)
    assert plan.status == "optimal"
    return plan


def fall(scenarios: tuple[str, ...], last_year: int, changes: tuple[str, ...]) -> tuple[float, float]:
    """(by how much NPV falls with the changes, what the gaps of the two plans could hide) [billion USD]."""
    free, without = solved(scenarios, last_year), solved(scenarios, last_year, changes)
    assert free.npv is not None
    assert without.npv is not None
    assert free.gap_money is not None
    assert without.gap_money is not None
    return free.npv - without.npv, free.gap_money + without.gap_money


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_taken_out_costs_more_than_both_gaps(system: str) -> None:
    scenarios, last_year, taken_out, _ = SYSTEMS[system]
    lost, hidden = fall(scenarios, last_year, taken_out)
    assert lost > hidden
    assert lost > 0.1


DEAR = [system for system, (*_, dear) in SYSTEMS.items() if dear]


@pytest.mark.parametrize("system", DEAR)
def test_a_system_made_dear_costs_more_than_both_gaps(system: str) -> None:
    """And no more than taking it out does, where the same projects are meant: a dear one need not be begun."""
    scenarios, last_year, taken_out, dear = SYSTEMS[system]
    lost, hidden = fall(scenarios, last_year, dear)
    assert lost > hidden
    if {change.split(".")[1] for change in taken_out} == {change.split(".")[1] for change in dear}:
        gone, both = fall(scenarios, last_year, taken_out)
        assert lost <= gone + hidden + both


@pytest.mark.parametrize("system", DEAR)
def test_a_dear_system_is_begun_less(system: str) -> None:
    scenarios, last_year, taken_out, dear = SYSTEMS[system]
    projects = {change.split(".")[1] for change in taken_out}

    def begun(plan: mp.Plan) -> float:
        return float(plan.starts.loc[plan.starts["project"].isin(projects), "modules"].sum())

    assert begun(solved(scenarios, last_year)) > 0.5
    assert begun(solved(scenarios, last_year, dear)) < begun(solved(scenarios, last_year)) - 0.5
