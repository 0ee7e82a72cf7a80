"""Disruptions in the second system, by rows of the tables scenarios and changes alone: what is cut, late, dear or worse costs money."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

import masterplan as mp
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE

GAP = 0.005
SITE = "electric_furnace_new_site"
# disruption -> (chance, changes: table, key, column, operation, value, from_year, to_year)
DISRUPTIONS: dict[str, tuple[float, list[tuple[Any, ...]]]] = {
    "coal_embargo": (
        0.1,
        [("markets", "coal_spot/1", "limit", "set", 9, None, None), ("markets", "coal_spot/1", "limit", "set", 0, 2027, 2028)],
    ),
    "scrap_quota": (0.3, [("markets", "scrap_merchants/*", "limit", "times", 0.45, 2028, None)]),
    "late_furnace": (0.3, [("projects", SITE, "lead_time", "plus", 1, None, None)]),
    "dear_projects": (0.4, [("projects", "*", "capex", "times", 1.3, None, None)]),
    "poor_yield": (
        0.2,
        [("recipes", "hot_mill/coil", "amount", "times", share, year, year) for year, share in ((2028, 0.9), (2029, 0.95))],
    ),
    "weak_demand": (
        0.4,
        [("markets", "home_customers/*", "limit", "times", share, year, year) for year, share in ((2028, 0.6), (2029, 0.8))],
    ),
}


@cache
def disrupted() -> mp.Case:
    """The steel group until 2031 with every disruption in its tables."""
    case = mp.load("steel").change("settings.last_year=2031")
    names = ("table", "key", "column", "operation", "value", "from_year", "to_year")
    scenarios = [{"scenario": name, "kind": "disruption", "probability": chance} for name, (chance, _) in DISRUPTIONS.items()]
    changes = [
        {"scenario": name, "step": step, **dict(zip(names, change, strict=True)), "value": str(change[4])}
        for name, (_, listed) in DISRUPTIONS.items()
        for step, change in enumerate(listed, start=1)
    ]
    tables = {"scenarios": [*rows(case, "scenarios"), *scenarios], "changes": [*rows(case, "changes"), *changes]}
    return case.with_tables(**{table: rows_frame(TABLE[table], given) for table, given in tables.items()})


@cache
def plan_of(*names: str) -> mp.Plan:
    return mp.solve(disrupted().scenario(*names) if names else disrupted(), gap=GAP, threads=1, time_limit=60)


def of_year(frame: pd.DataFrame, column: str, **where: str) -> dict[int, float]:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return {int(str(year)): float(total) for year, total in frame.groupby("year")[column].sum().items()}


def spot(plan: mp.Plan) -> dict[int, float]:
    return of_year(plan.trades, "quantity", market="coal_spot")


def test_the_case_with_its_disruptions_is_sound() -> None:
    assert not mp.check(disrupted())
    assert set(DISRUPTIONS) <= set(disrupted().names("scenarios"))


@pytest.mark.parametrize("name", DISRUPTIONS)
def test_a_disruption_costs_money_and_its_plan_is_audited(name: str) -> None:
    """Even the bound with it is below what the plan without it has in hand: no accident of the gaps."""
    free, hit = plan_of(), plan_of(name)
    assert hit.status == "optimal"
    assert mp.audit(hit).passed
    assert hit.bound is not None
    assert free.objective is not None
    assert hit.bound < free.objective


def test_nothing_is_bought_in_the_years_of_the_embargo() -> None:
    before, hit = spot(plan_of()), spot(plan_of("coal_embargo"))
    assert before[2027] > 0.5
    assert before[2028] > 0.5
    assert [hit[2027], hit[2028]] == pytest.approx([0, 0], abs=1e-9)
    assert hit[2026] > 0.5


def test_a_quota_cuts_what_is_bought_from_its_year_on() -> None:
    limit = disrupted().series("markets", "limit")
    free, bought = (of_year(plan_of(*names).trades, "quantity", market="scrap_merchants") for names in ((), ("scrap_quota",)))
    for year in range(2028, 2032):
        assert bought[year] <= 0.45 * sum(limit["scrap_merchants", tier, year] for tier in (1, 2, 3)) + 1e-6
    assert sum(bought[year] for year in range(2028, 2032)) < sum(free[year] for year in range(2028, 2032)) - 0.5


def test_a_late_furnace_melts_a_year_later() -> None:
    """Lead time 2 without and 3 with the delay, to the year."""
    for names, lead in (((), 2), (("late_furnace",), 3)):
        begun = min(of_year(plan_of(*names).starts, "modules", project=SITE))
        stands = of_year(plan_of(*names).capacity, "capacity", activity="electric_furnace")
        assert min(year for year, capacity in stands.items() if capacity > 1e-6) == begun + lead


def test_dear_projects_cost_what_is_said() -> None:
    plan = plan_of("dear_projects")
    dear, plain = (case.series("projects", "capex") for case in (plan.case, disrupted()))
    assert dear[SITE, 2027] == pytest.approx(1.3 * plain[SITE, 2027])
    assert plan.npv == pytest.approx(plan.objective)


def test_a_poor_yield_takes_more_crude_steel_for_a_coil() -> None:
    """By the ledger: coil made per unit of level, in the years of the path and after."""
    plan = plan_of("poor_yield")
    made, level = of_year(plan.ledger, "amount", resource="coil", entry="production"), of_year(plan.levels, "level", activity="hot_mill")
    assert [made[year] / level[year] for year in (2027, 2028, 2029, 2030)] == pytest.approx([1, 0.9, 0.95, 1])


def test_weak_demand_sells_less_at_home_in_its_years() -> None:
    sold, free = (of_year(plan_of(*names).trades, "quantity", market="home_customers") for names in (("weak_demand",), ()))
    assert sold[2028] <= 0.6 * 3.2 + 1e-6
    assert sold[2028] < free[2028] - 0.5
    assert sold[2027] == pytest.approx(free[2027], abs=0.1)


def test_disruptions_come_together() -> None:
    """Both at once cost more than the dearer of them alone."""
    both = plan_of("weak_demand", "dear_projects")
    assert both.bound is not None
    for name in ("weak_demand", "dear_projects"):
        alone = plan_of(name)
        assert alone.objective is not None
        assert both.bound < alone.objective
