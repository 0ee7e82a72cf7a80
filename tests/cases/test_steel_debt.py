"""The steel group short of cash, with debt and equity, and with a target that may be missed: tables alone, on a shortened plan."""

from __future__ import annotations

from functools import cache

import pytest

import masterplan as mp
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE
from masterplan.reports.recompute import recompute

GAP = 0.01
LEAST_CASH = 1.1
FUNDS = {"debt_limit": 1.0, "interest_rate": 0.07, "issue_cost": 0.01}
GOAL = {"limit": "green_steel", "sense": "at_least", "span": "total", "bound": 4.5}


def short() -> mp.Case:
    """The group until 2030, which may not have less than 1.1 at the end of a year; 0.5 is there at the start."""
    return mp.load("steel").change("settings.last_year=2030", f"finance.minimum_cash={LEAST_CASH}")


def funded(case: mp.Case, **columns: float) -> mp.Case:
    """The case with columns of finance set for all years."""
    first, *later = rows(case, "finance")
    return case.with_tables(finance=rows_frame(TABLE["finance"], [{**first, **columns}, *later]))


def aiming(case: mp.Case, penalty: float | None) -> mp.Case:
    """The case with a floor on what the electric furnaces run over all years."""
    limits = [*rows(case, "limits"), {**GOAL, "penalty": penalty}]
    members = [*rows(case, "limit_members"), {"limit": GOAL["limit"], "measure": "level", "item": "electric_furnace"}]
    return case.with_tables(limits=rows_frame(TABLE["limits"], limits), limit_members=rows_frame(TABLE["limit_members"], members))


@cache
def plan_of(name: str) -> mp.Plan:
    variants = {
        "cash": lambda: short(),
        "debt": lambda: funded(short(), **FUNDS),
        "dear": lambda: funded(short(), **FUNDS).change("settings.debt_spread=0.05"),
        "rich": lambda: mp.load("steel").change("settings.last_year=2030"),
        "cheap": lambda: aiming(mp.load("steel").change("settings.last_year=2030"), 0.001),
        "priced": lambda: aiming(mp.load("steel").change("settings.last_year=2030"), 2.0),
    }
    return mp.solve(variants[name](), gap=GAP, time_limit=60)


@pytest.mark.parametrize("name", ["debt", "dear", "cheap", "priced"])
def test_it_is_sound_proven_and_audited(name: str) -> None:
    plan = plan_of(name)
    assert not mp.check(plan.case)
    assert plan.status == "optimal"
    assert mp.audit(plan).passed


def test_cash_alone_is_not_enough_and_debt_is() -> None:
    """0.5 at hand and a year's earnings do not make 1.1; borrowed money does, and is paid back as soon as it is not needed."""
    plan = plan_of("debt")
    debt = recompute(plan).debt.set_index("year")["closing"]
    cash = recompute(plan).cash_position.set_index("year")["closing"]

    assert plan_of("cash").status == "infeasible"
    assert debt[2026] > 0.05
    assert debt[2030] == pytest.approx(0.0, abs=1e-6)
    assert cash.min() == pytest.approx(LEAST_CASH, abs=1e-6)
    assert plan.npv is not None
    assert plan_of("rich").bound is not None
    assert plan.npv < plan_of("rich").bound  # what raising it costs


def test_dear_debt_makes_the_plan_smaller() -> None:
    """A spread of 5 points on what is owed: less is borrowed, and less is built."""
    debt, dear = (plan_of(name).kpis.set_index("kpi")["value"] for name in ("debt", "dear"))
    assert dear["peak_debt"] < debt["peak_debt"] - 0.05
    assert dear["capex_total"] < debt["capex_total"] - 0.1


def test_a_target_is_missed_or_met_by_its_penalty() -> None:
    """4.5 Mt of electric steel until 2030: not worth 1 USD a tonne, worth 2,000; the second plan builds more for it."""
    cheap, priced = (recompute(plan_of(name)).targets.query("target == 'green_steel'").iloc[-1] for name in ("cheap", "priced"))

    assert cheap["missed"] > 0.5
    assert priced["missed"] == pytest.approx(0.0, abs=1e-6)
    assert recompute(plan_of("priced")).totals["capex_total"] > recompute(plan_of("cheap")).totals["capex_total"] + 0.1
    assert plan_of("cheap").npv == pytest.approx(plan_of("cheap").objective + cheap["penalty"] * _factor(plan_of("cheap"), 2030))


def _factor(plan: mp.Plan, year: int) -> float:
    return float((1 + plan.case.setting("discount_rate")) ** -(year - plan.case.first_year + 0.5))
