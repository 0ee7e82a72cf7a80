"""The embedded base case: every number has a source, the chains add up, each decision can go both ways, each resource can bind.

Solves use a coarse cut of the first six years (eight for the fab, whose first wafers come after four), gap 0.01.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pandas as pd
import pytest

import masterplan as mp
from masterplan.data.schema import SETTING, TABLE, TABLES

GAP, SECONDS = 0.01, 60.0
NOT_DATA = ("sources", "provenance")
SIZES = (1.0, 1e-3)  # a fact in USD/kWh or thousand USD is a thousandth of a billion per GWh, kilotonne or thousand wafers


@cache
def base() -> mp.Case:
    return mp.load("base")


def cut(*changes: str, scenarios: tuple[str, ...] = (), last_year: int = 2031) -> mp.Case:
    """The base case after scenarios and changes, ended early."""
    case = base().scenario(*scenarios) if scenarios else base()
    return case.change(f"settings.last_year={last_year}", *changes)


@cache
def solved(*changes: str, scenarios: tuple[str, ...] = (), last_year: int = 2031) -> mp.Plan:
    plan = mp.solve(cut(*changes, scenarios=scenarios, last_year=last_year), gap=GAP, time_limit=SECONDS)
    assert plan.status == "optimal"
    return plan


def started(plan: mp.Plan, project: str) -> float:
    return float(plan.starts.loc[plan.starts["project"] == project, "modules"].sum())


def level(plan: mp.Plan, activity: str) -> float:
    return float(plan.levels.loc[plan.levels["activity"] == activity, "level"].sum())


def best_possible(plan: mp.Plan) -> float:
    assert plan.bound is not None
    return plan.bound


def npv(plan: mp.Plan) -> float:
    assert plan.npv is not None
    return plan.npv


# provenance


def _numbers(table: str) -> list[tuple[tuple[str, ...], str, float]]:
    """(key parts, column, number) of every number stated in a table, keys and years apart."""
    frame, declared = base().tables[table], TABLE[table]
    found = []
    for row in frame.to_dict("records"):
        key = tuple(_part(row[name]) for name in declared.key)
        for column in declared.columns:
            value = row[column.name]
            if column.name in declared.key or column.kind == "year" or value is None or value != value:
                continue
            if table == "settings":
                setting = SETTING[key[0]]
                if setting.kind != "number":
                    continue
            elif not column.is_number and not ((table, column.name) == ("changes", "value") and _is_number(value)):
                continue
            found.append((key, column.name, float(value)))
    return found


def _is_number(text: str) -> bool:
    """Some changes set a name, not a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _part(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float | int) else str(value)


@cache
def _provenance() -> list[dict[str, Any]]:
    return list(base().tables["provenance"].to_dict("records"))


def _behind(table: str, key: tuple[str, ...], column: str) -> list[dict[str, Any]]:
    """Provenance rows of a number: each part of their key is the row's or *, parts left out stand for every name."""
    return [row for row in _provenance() if row["table"] == table and row["column"] in (column, "*") and _covers(row["key"], key)]


def _covers(pattern: str | None, key: tuple[str, ...]) -> bool:
    parts = (pattern or "").split("/") if pattern else []
    return len(parts) <= len(key) and all(part in ("*", own) for part, own in zip(parts, key, strict=False))


@pytest.mark.parametrize("table", [table.name for table in TABLES if table.name not in NOT_DATA])
def test_every_number_has_a_provenance(table: str) -> None:
    naked = [(key, column) for key, column, _ in _numbers(table) if len(_behind(table, key, column)) != 1]
    assert not naked


def test_every_named_source_is_there_and_every_source_is_used() -> None:
    named = {source for row in _provenance() for source in (row["sources"] or "").split(";") if source}
    assert named == set(base().names("sources"))


def test_a_number_that_is_not_assumed_names_its_sources_and_an_assumed_one_its_reason() -> None:
    assert all(row["sources"] for row in _provenance() if row["basis"] != "assumed")
    assert all(row["reasoning"] for row in _provenance() if row["basis"] != "sourced")


def test_sourced_numbers_are_the_central_facts() -> None:
    central = base().attribute("sources", "central")
    compared = 0
    for table in (table.name for table in TABLES if table.name not in NOT_DATA):
        for key, column, value in _numbers(table):
            (row,) = _behind(table, key, column)
            if row["basis"] == "sourced":
                fact = central[row["sources"]]
                assert any(math.isclose(value, fact * size, rel_tol=1e-9) for size in SIZES), (table, key, column, value, fact)
                compared += 1
    assert compared >= 15


def test_facts_lie_in_their_own_range() -> None:
    facts = base().tables["sources"]
    assert ((facts["low"] <= facts["central"]) & (facts["central"] <= facts["high"])).all()


# chains by hand, against the facts' own totals


def _amount(project: str, resource: str, year: int, when: str = "building") -> float:
    return base().series("construction_inputs", "amount")[project, resource, when, None, year]


def _worth(project: str, resource: str, year: int) -> float:
    return (
        _amount(project, resource, year)
        * base().series("construction_inputs", "capitalised_value")[project, resource, "building", None, year]
    )


def _module(project: str, column: str, year: int = 2030) -> float:
    return base().series("projects", column)[project, year]


def _recipe(activity: str, resource: str, year: int = 2030, basis: str = "level") -> float:
    return base().series("recipes", "amount")[activity, resource, basis, year]


def near(value: float, within: float = 0.03) -> Any:
    return pytest.approx(value, rel=within)


@pytest.mark.parametrize(("year", "mass", "flights"), [(2030, 28.7, 380), (2035, 18.0, 160)])
def test_a_gigawatt_in_orbit_weighs_and_flies_what_the_facts_say(year: int, mass: float, flights: float) -> None:
    modules = 1 / _module("orbit_own", "module_capacity")
    tonnes = modules * _amount("orbit_own", "launch_mass", year)
    assert tonnes == near(mass)
    assert tonnes / _recipe("launch", "launch_mass", year) * 0.98 == near(flights)  # the facts leave losses out
    assert modules * _amount("orbit_own", "panels", year) == near(1.0)
    assert modules * _amount("orbit_own", "logic", year) == near(55)
    assert modules * _amount("orbit_own", "dram", year) == near(170)


def test_a_gigawatt_in_orbit_costs_what_the_facts_say_and_a_third_more_for_launch() -> None:
    """Facts: 12 platform + 16.1 computers + 11.5 launch; brought to the dawn-dusk orbit and not to a low one, a kg is 1/0.735 dearer."""
    parts = {name: _worth("orbit_own", name, 2030) for name in ("launch_mass", "panels", "logic", "dram")}
    without_launch = 10 * (_module("orbit_own", "capex") + parts["panels"] + parts["logic"] + parts["dram"])
    assert without_launch == near(12 + 1.15 * 14)
    assert 10 * parts["launch_mass"] == near(28.7 * 0.4 / (0.75 * 0.98) * 0.95)
    assert 10 * (_module("orbit_nvidia", "capex") + parts["panels"] + parts["launch_mass"]) == near(12 + 1.15 * 28 + 14.8)


def test_launch_counts_as_capex_for_what_it_costs() -> None:
    for year in range(2028, 2041):
        cost = base().series("activities", "variable_cost")["launch", year] / _recipe("launch", "launch_mass", year)
        worth = base().series("construction_inputs", "capitalised_value")["orbit_own", "launch_mass", "building", None, year]
        assert worth == near(cost, 1e-3)


def test_a_gigawatt_on_the_ground_costs_26_with_own_silicon_and_40_with_bought_computers() -> None:
    hall = 4 * _module("hall_grid", "capex")
    own = 4 * (_module("compute_own", "capex") + _worth("compute_own", "logic", 2030) + _worth("compute_own", "dram", 2030))
    assert hall + own == near(26)
    assert hall + 4 * _module("compute_nvidia", "capex") == near(40)
    assert 4 * _amount("hall_grid", "site_power", 2030) == near(1.15)


def test_a_firm_gigawatt_off_the_grid_takes_5_of_panels_and_18_gwh_with_their_lithium() -> None:
    firm = 4 / 1.15
    assert firm * _amount("hall_offgrid", "panels", 2030) == near(5)
    cells = firm * _amount("hall_offgrid", "cells", 2030)
    assert cells == near(18)
    assert -cells * _recipe("cell_making", "lithium") == near(10.4)


def test_a_million_robots_and_a_million_cybercabs() -> None:
    assert -_recipe("optimus_line", "cells") == near(2.3)
    assert -_recipe("optimus_line", "logic") == near(14)
    assert -_recipe("optimus_line", "logic") / 12 == near(1.2)  # kwspm
    assert _module("optimus_conversion", "capex") / _module("optimus_conversion", "module_capacity") == near(4)
    parts = base().series("construction_inputs", "capitalised_value")
    assert parts["robot_fleet", "robots", "building", None, 2026] == near(46)
    assert parts["robot_fleet", "robots", "building", None, 2032] == near(28)
    assert _recipe("cybercab_line", "cells") * _recipe("cell_making", "lithium") == near(26)


def test_a_hundred_gigawatts_of_panels() -> None:
    modules = 100 / _module("panel_factory", "module_capacity")
    assert modules * _module("panel_factory", "capex") == near(50)
    assert 100 * base().series("activities", "production_credit")["panel_making", 2028] == near(16.5)
    assert [base().series("activities", "production_credit")["panel_making", year] / 0.165 for year in range(2029, 2034)] == [
        pytest.approx(share, abs=1e-3) for share in (1, 0.75, 0.5, 0.25, 0)
    ]
    assert 100 * base().series("markets", "price")["panels_us", 1, 2030] == near(28)


def test_a_fab_of_100_kwspm() -> None:
    modules = 100 * 12 / _module("terafab", "module_capacity")
    assert modules * _module("terafab", "capex") == near(80)
    assert 100 * 12 / _recipe_per_gw("logic") == near(22)
    assert modules * _amount("terafab", "site_power", 2030) == near(0.5)
    dram = 100 * 12 / _recipe_per_gw("logic") * _recipe_per_gw("dram") / 12
    assert dram == near(309)
    assert dram * 12 / _module("memory_fab", "module_capacity") * _module("memory_fab", "capex") == near(46)


def _recipe_per_gw(wafers: str) -> float:
    return 4 * _amount("compute_own", wafers, 2030)


def test_the_core_business_takes_104_kt_of_lithium_and_pays_nothing_more_while_there_is_no_embargo() -> None:
    assert -_recipe("core_business", "lithium") == near(104)
    for year in (2026, 2028, 2035):
        bill = 104 * base().series("markets", "price")["lithium_purchase", 1, year]
        assert -base().series("activities", "variable_cost")["core_business", year] == near(bill, 1e-3)


def test_subscriptions_are_those_of_the_facts_as_long_as_no_car_is_missing() -> None:
    """By hand: 8.9 M cars, 1.636 M more and 3 % fewer a year; 5 M subscriptions in 2030, 10 M in 2040."""
    share = base().series("limit_members", "coefficient")
    cars = 8.9
    for year in range(2026, 2041):
        cars = 0.97 * cars + _recipe("core_business", "cars_on_road", year) + 28 * _recipe("sx_line", "cars_on_road", year)
        if year in (2030, 2040):
            assert -share["fsd_share", "stock", "cars_on_road", year] * cars == near(year / 2 - 1010, 1e-3)


def test_a_subscription_earns_85_percent_of_99_dollars_a_month() -> None:
    price = base().series("markets", "price")["fsd_sales", 1, 2030]
    cost = base().series("activities", "variable_cost")
    assert price == pytest.approx(99 * 12 / 1000)
    for activity in ("fsd_supervised", "fsd_unsupervised"):
        assert 1 - cost[activity, 2030] / price == near(0.85, 1e-6)


def test_five_starlink_flights_carry_300_satellites() -> None:
    """60 satellites of 2 t and 1 Tbps a flight, a tenth usable; the dawn-dusk orbit takes three quarters of what a low one does."""
    assert _amount("starlink_flights", "launch_mass", 2030) / 0.75 == near(5 * 60 * 2 / 1000, 1e-6)
    assert _module("starlink_flights", "module_capacity") == near(5 * 60 * 0.1, 1e-6)
    assert _module("starlink_flights", "capex") == near(300 * 1.5 / 1000, 1e-6)


def test_ai5_takes_more_wafers_a_gigawatt_than_ai6() -> None:
    for project, share in (("compute_own", 0.25), ("orbit_own", 0.1)):
        assert [_amount(project, "logic", year) / share for year in (2028, 2029, 2035)] == [near(61, 1e-6), near(55, 1e-6), near(55, 1e-6)]


def test_outside_wafers_are_15_kwspm_with_the_contract() -> None:
    limit = base().series("markets", "limit")
    for year in range(2029, 2041):
        assert limit["outside_wafers", 1, year] + limit["taylor_wafers", 1, year] == near(15 * 12, 1e-6)


def test_the_milestones_cost_nothing() -> None:
    penalty = base().attribute("limits", "penalty")
    awards = [limit for limit in base().names("limits") if limit.startswith("award_")]
    assert len(awards) == 12
    assert all(penalty[award] == 0 for award in awards)


# scenarios


def test_group_is_the_tables_and_every_scenario_can_be_applied() -> None:
    assert base().scenario("group").input_hash == base().input_hash
    for name in base().names("scenarios"):
        changed = base().scenario(name)
        assert (changed.input_hash == base().input_hash) == (name in ("group", "central")), name


def test_every_scenario_fits_tesla_alone() -> None:
    for name, kind in base().attribute("scenarios", "kind").items():
        if kind != "perimeter":
            base().scenario("tesla_only", name)


# the four decisions, each taken in one case and not in another

FOR_ORBIT = ("orbit_favourable", "power_squeeze", "ai_high")


def test_orbit_is_not_taken_at_central_numbers_but_is_where_everything_favours_it() -> None:
    plan = solved()
    assert started(plan, "orbit_own") + started(plan, "orbit_nvidia") == pytest.approx(0, abs=1e-6)
    assert level(plan, "launch") == pytest.approx(0, abs=1e-6)
    orbital = solved(scenarios=FOR_ORBIT)
    assert started(orbital, "orbit_own") > 5
    assert level(orbital, "launch") > 10
    assert started(orbital, "launch_pad") >= 1
    assert started(orbital, "satellite_factory") >= 1


def test_terafab_is_taken_where_outside_wafers_are_few_and_not_where_they_are_many() -> None:
    assert started(solved(last_year=2033), "terafab") == pytest.approx(0, abs=1e-6)
    assert started(solved(scenarios=("fewer_outside_wafers",), last_year=2033), "terafab") >= 1


def test_refinery_is_taken_ahead_of_an_embargo_and_not_without_one() -> None:
    assert started(solved(), "refinery") == pytest.approx(0, abs=1e-6)
    assert started(solved(scenarios=("lithium_embargo",)), "refinery") >= 2


def test_optimus_conversion_is_taken_where_robots_sell_and_not_where_they_do_not() -> None:
    assert started(solved(scenarios=("robot_low",)), "optimus_conversion") == pytest.approx(0, abs=1e-6)
    robots = solved(scenarios=("robot_high",))
    assert started(robots, "optimus_conversion") == pytest.approx(1)
    years = robots.starts[(robots.starts["project"] == "optimus_conversion") & (robots.starts["modules"] > 0.5)]["year"]
    lost = robots.levels[(robots.levels["activity"] == "sx_line") & (robots.levels["year"] >= int(years.iloc[0]))]
    assert lost["level"].abs().max() < 1e-6


# power, chips, lithium and cash: each can bind, and then value and plan move the right way


def _compute(plan: mp.Plan) -> float:
    return started(plan, "compute_own") + started(plan, "compute_nvidia")


def test_less_power_means_less_compute_and_less_value() -> None:
    tight = solved("markets.grid_connection/1.limit*=0.3", "projects.hall_offgrid.max_per_year=0")
    assert best_possible(tight) < npv(solved()) - 1
    assert _compute(tight) < _compute(solved()) - 1
    assert started(tight, "hall_grid") < started(solved(), "hall_grid")


def test_fewer_chips_mean_less_own_compute_and_less_value() -> None:
    tight = solved("markets.outside_wafers/1.limit*=0.3", "markets.taylor_wafers/1.limit*=0.3")
    assert best_possible(tight) < npv(solved()) - 1
    assert started(tight, "compute_own") < started(solved(), "compute_own") - 1


def test_less_lithium_stops_part_of_the_core_business_and_calls_for_a_refinery() -> None:
    tight = solved("markets.lithium_purchase/1.limit*=0.5")
    assert best_possible(tight) < npv(solved()) - 1
    assert level(tight, "core_business") < level(solved(), "core_business") - 0.05
    assert started(tight, "refinery") > started(solved(), "refinery")


def test_less_cash_means_less_capex_and_less_value() -> None:
    """Neither the IPO nor what can be borrowed or raised instead of it."""
    tight = solved("finance.external_capital=0", "finance.debt_limit=0", "finance.raise_limit=0")
    assert best_possible(tight) < npv(solved()) - 1
    assert float(tight.capex["amount"].sum()) < float(solved().capex["amount"].sum()) - 5
    cash = tight.kpis.set_index("kpi")["value"]
    assert float(cash["lowest_cash"]) == pytest.approx(20, abs=0.1)


# what the announcement connects: autonomy, links to orbit, the contract, the old line, money of others


def _opened(plan: mp.Plan) -> int:
    """The first year in which the gate is open; the year after the last where it stays closed."""
    return int(min(plan.gates.loc[plan.gates["opened"] > 0.5, "year"], default=plan.case.last_year + 1))


def test_nobody_is_driven_before_the_gate_and_an_easier_one_opens_earlier() -> None:
    plan, easy = solved(), solved(scenarios=("autonomy_easy",))
    for one in (plan, easy):
        rides = one.levels[one.levels["activity"].isin(["taxi_fleet", "owner_rides", "fsd_unsupervised"]) & (one.levels["level"] > 1e-6)]
        assert rides["year"].min() == _opened(one)
    assert _opened(easy) < _opened(plan)
    assert npv(easy) > best_possible(plan)


def test_training_competes_with_selling_computers() -> None:
    """Where subscriptions earn three times as much, own computers train and the gate opens earlier than where computers do."""
    eager, dear = solved("markets.fsd_sales/1.price*=3"), solved("markets.ai_sales/1.price*=3")
    assert level(eager, "training_on_ai") > 0.1
    assert level(dear, "training_on_ai") == pytest.approx(0, abs=1e-6)
    assert _opened(eager) < _opened(dear)


def test_pictures_from_orbit_need_starlink() -> None:
    """Six years see only the first two gigawatts: 120 Tbps where text takes 5."""
    assert started(solved(scenarios=FOR_ORBIT), "starlink_flights") < 0.05
    assert started(solved(scenarios=(*FOR_ORBIT, "high_traffic")), "starlink_flights") > 0.2


def test_the_contract_costs_where_no_computers_are_built() -> None:
    without = solved(scenarios=("ai_low",))
    assert best_possible(solved(scenarios=("ai_low", "taylor_contract"))) < npv(without) - 3


def test_a_fading_line_is_closed_where_robots_do_not_take_it() -> None:
    plan = solved(scenarios=("robot_low", "sx_decline"))
    assert plan.closures["capacity"].sum() == pytest.approx(28)
    assert solved(scenarios=("robot_low",)).closures["capacity"].sum() == pytest.approx(0, abs=1e-6)


def test_money_is_borrowed_where_there_is_no_ipo() -> None:
    plan = solved(scenarios=("pre_article",))
    assert plan.financing.loc[plan.financing["flow"] == "drawn", "amount"].sum() > 1


def test_without_options_the_plan_is_the_base_business_to_the_cent() -> None:
    plan = solved(scenarios=("base_business_only",))
    assert plan.starts["modules"].sum() == pytest.approx(0, abs=1e-9)
    assert plan.do_nothing is not None
    assert npv(plan) == pytest.approx(plan.do_nothing, abs=1e-5)


def test_plans_of_the_cut_pass_the_audit() -> None:
    for plan in (solved(), solved(scenarios=(*FOR_ORBIT, "high_traffic")), solved(scenarios=("robot_low", "sx_decline"))):
        assert mp.audit(plan).passed


def test_starts_are_whole_where_they_must_be() -> None:
    lumpy = {name for name, word in base().attribute("projects", "lumpy").items() if word == "yes"}
    starts = solved().starts
    whole = starts[starts["project"].isin(lumpy)]["modules"]
    assert isinstance(whole, pd.Series)
    assert ((whole - whole.round()).abs() < 1e-5).all()
