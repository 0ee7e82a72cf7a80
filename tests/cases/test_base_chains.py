"""Unit chains of the base case: what a gigawatt, a million machines, 100 GW or 100 kwspm take, worked out from the facts alone.

The arithmetic here reads only the central facts of the table sources; tables and plans must come to the same, within their rounding.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import masterplan as mp
from masterplan.reports.recompute import recompute

ROUNDING = 0.005  # tables hold four digits
FOR_ORBIT = ("orbit_favourable", "power_squeeze", "ai_high")


@cache
def base() -> mp.Case:
    return mp.load("base")


def fact(name: str) -> float:
    return float(base().attribute("sources", "central")[name])


def near(value: float) -> Any:
    return pytest.approx(value, rel=ROUNDING)


def between(first: float, last: float, year: int) -> float:
    """On the straight line from a fact of 2028 to one of 2035."""
    return first + (last - first) * (year - 2028) / 7


def along(first: float, last: float, begins: int, ends: int, year: int) -> float:
    """On the steady rate from one fact to another."""
    return float(first * (last / first) ** ((year - begins) / (ends - begins)))


def capex(project: str, year: int) -> float:
    """Capex without inputs, per unit of capacity."""
    return base().series("projects", "capex")[project, year] / base().series("projects", "module_capacity")[project, year]


def taken(project: str, resource: str, year: int) -> float:
    """Input in building per unit of capacity."""
    amount = base().series("construction_inputs", "amount")[project, resource, "building", None, year]
    return float(amount / base().series("projects", "module_capacity")[project, year])


def worth(project: str, resource: str, year: int) -> float:
    """What that input counts as capex, per unit of capacity."""
    return (
        taken(project, resource, year)
        * base().series("construction_inputs", "capitalised_value")[project, resource, "building", None, year]
    )


def recipe(activity: str, resource: str, year: int = 2030) -> float:
    return base().series("recipes", "amount")[activity, resource, "level", year]


def mass_of_gigawatt(year: int) -> float:
    """Kilotonnes: kg per kW."""
    return between(fact("orbital_compute_mass_per_kw_2028"), fact("orbital_compute_mass_per_kw_2035"), year)


def wafers_of_gigawatt() -> tuple[float, float]:
    """Thousand logic and memory wafers."""
    return fact("chips_logic_wafers_per_gw") / 1000, fact("chips_dram_wafers_per_gw") / 1000


def payload(year: int) -> float:
    """Kilotonnes a flight brings to the dawn-dusk orbit, losses taken off: v3 in 2030, v4 in 2035."""
    tonnes = {2030: fact("launch_payload_v3"), 2035: fact("launch_payload_v4")}[year]
    return tonnes * fact("launch_sso_factor") * (1 - fact("launch_failure_rate")) / 1000


@pytest.mark.parametrize(("year", "kilotonnes", "flights"), [(2030, 28.7, 390), (2035, 18.0, 163)])
def test_a_gigawatt_in_orbit_takes_mass_and_flights(year: int, kilotonnes: float, flights: float) -> None:
    mass = mass_of_gigawatt(year)
    assert mass == pytest.approx(kilotonnes, abs=0.05)
    assert mass / payload(year) == pytest.approx(flights, rel=0.01)
    assert taken("orbit_own", "launch_mass", year) == near(mass)
    assert recipe("launch", "launch_mass", year) == near(payload(year))
    assert taken("orbit_own", "launch_mass", year) / recipe("launch", "launch_mass", year) == near(mass / payload(year))


@pytest.mark.parametrize("year", [2030, 2035])
def test_a_gigawatt_in_orbit_costs_platform_computers_and_launch(year: int) -> None:
    """Platform and computers at their premium, less the wafers and panels in them, which are taken in kind; then the launch.

    A kilogram of launch is bought for low orbit: to the dawn-dusk one it is dearer by the share of payload that is lost.
    """
    platform = fact(f"orbital_compute_platform_cost_{year}")
    computers = fact("orbital_compute_space_premium") * fact("chips_compute_cost_gw_inhouse")
    in_kind = worth("orbit_own", "logic", year) + worth("orbit_own", "dram", year) + worth("orbit_own", "panels", year)
    assert capex("orbit_own", year) + in_kind == near(platform + computers)
    usd_a_kg = fact(f"launch_cost_{year}")
    launched = mass_of_gigawatt(year) * usd_a_kg / 1000 / (fact("launch_sso_factor") * (1 - fact("launch_failure_rate")))
    assert worth("orbit_own", "launch_mass", year) == pytest.approx(launched, rel=0.06)  # the tables' path is smooth through the facts
    whole = capex("orbit_own", year) + in_kind + worth("orbit_own", "launch_mass", year)
    assert whole == pytest.approx({2030: 43, 2035: 27.7}[year], rel=0.02)


@pytest.mark.parametrize(("project", "year"), [("orbit_own", 2030), ("orbit_own", 2035), ("compute_own", 2030), ("compute_own", 2035)])
def test_a_gigawatt_takes_its_wafers_wherever_it_stands(project: str, year: int) -> None:
    logic, dram = wafers_of_gigawatt()
    assert (taken(project, "logic", year), taken(project, "dram", year)) == (near(logic), near(dram))


def test_a_gigawatt_on_the_ground_costs_shell_and_computers() -> None:
    shell, own = fact("terrestrial_power_shell_capex"), fact("chips_compute_cost_gw_inhouse")
    assert capex("hall_grid", 2030) == near(shell)
    assert capex("compute_own", 2030) + worth("compute_own", "logic", 2030) + worth("compute_own", "dram", 2030) == near(own)
    assert capex("compute_nvidia", 2030) == near(fact("chips_compute_cost_gw_nvidia"))
    assert taken("hall_grid", "site_power", 2030) == near(fact("terrestrial_power_pue"))
    assert (shell + own, shell + fact("chips_compute_cost_gw_nvidia")) == (26, 40)


def test_a_gigawatt_off_the_grid_takes_panels_and_storage_for_its_cooling_too() -> None:
    """Facts are per firm gigawatt; a gigawatt of computers draws the usage effectiveness more."""
    firm = fact("terrestrial_power_pue")
    assert taken("hall_offgrid", "panels", 2030) == near(firm * fact("terrestrial_power_offgrid_pv"))
    cells = taken("hall_offgrid", "cells", 2030)
    assert cells == near(firm * fact("terrestrial_power_offgrid_storage"))
    assert -cells * recipe("cell_making", "lithium") / firm == near(18 * fact("lithium_kg_per_kwh_lfp"))


def test_a_million_robots_take_cells_lithium_and_wafers() -> None:
    """Facts: 14,000 wafers, by 130 dies of which 55 % are good; the central yield of 60 % would make it 12,800."""
    cells = fact("battery_kwh_robot")
    assert -recipe("optimus_line", "cells") == near(cells)
    assert recipe("optimus_line", "cells") * recipe("cell_making", "lithium") == near(cells * fact("lithium_kg_per_kwh_lfp"))
    wafers = 1000 * fact("chips_per_robot") / (fact("chips_gross_dies") * fact("chips_yield_foundry"))
    assert -recipe("optimus_line", "logic") == pytest.approx(wafers, rel=0.1)
    assert -recipe("optimus_line", "logic") >= wafers
    assert capex("optimus_conversion", 2030) == near(fact("optimus_line_capex") / fact("optimus_line_capacity"))
    value = base().series("construction_inputs", "capitalised_value")
    for year, thousand in ((2026, fact("optimus_bom_2026")), (2032, fact("optimus_unit_cost_scale"))):
        assert value["robot_fleet", "robots", "building", None, year] == near(thousand)


def test_a_million_cybercabs_take_cells_and_lithium() -> None:
    cells = fact("battery_kwh_cybercab")
    assert -recipe("cybercab_line", "cells") == near(cells)
    assert recipe("cybercab_line", "cells") * recipe("cell_making", "lithium") == near(cells * fact("lithium_kg_per_kwh_lfp"))
    assert cells * fact("lithium_kg_per_kwh_lfp") / fact("lithium_refinery_lce") == pytest.approx(0.87, abs=0.005)  # of the refinery


def test_a_hundred_gigawatts_of_panels() -> None:
    credit, price = base().series("activities", "production_credit"), base().series("markets", "price")
    target = fact("solar_panels_target")
    assert target * capex("panel_factory", 2030) == near(target * fact("solar_panels_capex_integrated"))
    assert target * credit["panel_making", 2029] == near(target * fact("solar_panels_credit_45x"))
    assert target * price["panels_us", 1, 2030] == near(target * fact("solar_panels_price_us"))
    assert base().series("activities", "variable_cost")["panel_making", 2030] == near(fact("solar_panels_unit_cost"))
    assert (target * fact("solar_panels_capex_integrated"), target * fact("solar_panels_price_us")) == (
        pytest.approx(50),
        pytest.approx(28),
    )


def test_a_fab_of_100_kwspm_with_its_memory() -> None:
    """1.2 M wafers a year are 22 GW, which need 309 kwspm of memory beside them for 46 B more."""
    a_year = 100 * 12
    logic, dram = wafers_of_gigawatt()
    memory = a_year / logic * dram / 12
    assert a_year * capex("terafab", 2030) == near(100 * fact("terafab_capex_per_kwspm"))
    assert memory * 12 * capex("memory_fab", 2030) == near(memory * fact("terafab_dram_capex_per_kwspm"))
    assert a_year * taken("terafab", "site_power", 2030) == near(100 * fact("terafab_power_per_kwspm") / 1000)
    assert (a_year / logic, memory, memory * fact("terafab_dram_capex_per_kwspm")) == (
        pytest.approx(21.8, abs=0.05),
        pytest.approx(309, abs=0.5),
        pytest.approx(46.4, abs=0.1),
    )


# the same chains in a plan


@cache
def orbital() -> mp.Plan:
    plan = mp.solve(base().scenario(*FOR_ORBIT).change("settings.last_year=2031"), gap=0.01, time_limit=60)
    assert plan.status == "optimal"
    return plan


def begun(plan: mp.Plan, year: int, *projects: str) -> float:
    """Gigawatts started in a year."""
    size = plan.case.series("projects", "module_capacity")
    rows = plan.starts[(plan.starts["year"] == year) & plan.starts["project"].isin(projects)]
    return float(sum(size[project, year] * modules for project, modules in zip(rows["project"], rows["modules"], strict=True)))


def used(plan: mp.Plan, resource: str, year: int, *items: str) -> float:
    balance = recompute(plan).balance
    rows = balance[(balance["resource"] == resource) & (balance["year"] == year) & balance["item"].isin(items)]
    return -float(rows["amount"].sum())


def test_the_plan_launches_and_builds_in_what_its_gigawatts_take() -> None:
    """Computers are built in the year before they run; the favourable case has facts of its own for mass, so only ratios are compared."""
    plan, (logic, dram) = orbital(), wafers_of_gigawatt()
    own = [year for year in range(2029, 2031) if begun(plan, year, "orbit_own") > 0.01]
    assert own
    for year in own:
        gigawatts = begun(plan, year, "orbit_own")
        assert used(plan, "logic", year, "orbit_own") == near(gigawatts * logic)
        assert used(plan, "dram", year, "orbit_own") == near(gigawatts * dram)
        assert used(plan, "panels", year, "orbit_own") == near(gigawatts * fact("orbital_compute_pv_gwp_per_gw"))
        mass = used(plan, "launch_mass", year, "orbit_own")
        flights = float(plan.levels.query("activity == 'launch' and year == @year")["level"].iloc[0])
        assert flights * plan.case.series("recipes", "amount")["launch", "launch_mass", "level", year] >= mass - 1e-6


def test_the_plan_takes_wafers_for_its_gigawatts_on_the_ground() -> None:
    plan, (logic, dram) = orbital(), wafers_of_gigawatt()
    years = [year for year in range(2029, 2031) if begun(plan, year, "compute_own") > 0.01]
    assert years
    for year in years:
        gigawatts = begun(plan, year, "compute_own")
        assert used(plan, "logic", year, "compute_own") == near(gigawatts * logic)
        assert used(plan, "dram", year, "compute_own") == near(gigawatts * dram)
