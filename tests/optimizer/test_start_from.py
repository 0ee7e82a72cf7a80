"""A plan as the beginning of another solve: what it decides is told, retirements and curves too, and HiGHS completes it to its worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import masterplan as mp
from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE
from masterplan.prepared import prepare
from tests.formulations.rich import rich_case
from tests.formulations.solved import mine_case

FELL = [{"market": "world", "resource": "ore", "side": "sell", "year": year, "price": price} for year, price in ((2026, 10), (2028, 1))]


def retiring() -> Case:
    """Ore falls to 1 in 2028 and a module costs 3 a year: all three of the mine go before their life ends, one of them given."""
    mine = {"lead_time": 1, "capex": 4, "fixed_cost": 3, "max_total": 3, "max_per_year": 2, "retirable": "yes", "retirement_cost": 0.5}
    given = [{"project": "mine", "year": 2025, "modules": 1}]
    return mine_case({"last_year": 2029}, mine=mine, given_starts=given, markets=FELL[1:])


def learning(basis: str) -> Case:
    """Modules that cost 8, then 3 each, within 8 a year; there is room for three."""
    points = [{"project": "mine", "modules": modules, "cost": cost, "basis": basis} for modules, cost in ((0, 0), (1, 8), (3, 14))]
    return mine_case(mine={"max_total": 3}, learning=points, finance=[{"capex_limit": 11}])


def steel() -> Case:
    """The steel group until 2030 with coating lines that may be sold, a furnace that may be closed, and furnaces on a cost curve."""
    case = mp.load("steel").change(
        "settings.last_year=2030",
        "projects.coating_line.retirable=yes",
        "projects.coating_line.retirement_cost=-0.9",
        "activities.north_furnace.closable=yes",
        "activities.north_furnace.closing_cost=0.02",
    )
    curved = "electric_furnace_new_site"
    points = [{"project": curved, "modules": float(n), "cost": cost} for n, cost in ((0, 0), (1, 0.3), (2, 0.35), (3, 0.4))]
    projects = [{**row, "capex": None} if row["project"] == curved else row for row in rows(case, "projects")]
    frames = {"learning": points, "projects": projects}
    return case.with_tables(**{table: rows_frame(TABLE[table], given) for table, given in frames.items()})


CASES: dict[str, Callable[[], Case]] = {
    "retirements": retiring,
    "cumulative curve": lambda: learning("cumulative"),
    "curve of a year": lambda: learning("per_year"),
    "steel": steel,
    "rich": rich_case,
}
SHOWS = {
    "retirements": "retirements",
    "cumulative curve": "starts",
    "curve of a year": "starts",
    "steel": "retirements",
    "rich": "synergies",
}


@cache
def plan_of(name: str) -> Plan:
    plan = mp.solve(CASES[name](), gap=1e-3 if name == "steel" else 0, threads=1)
    assert plan.status == "optimal"
    return plan


@pytest.mark.parametrize("name", CASES)
def test_the_plan_has_what_is_begun_from(name: str) -> None:
    rows_of = getattr(plan_of(name), SHOWS[name])
    assert (rows_of.iloc[:, -1].abs() > 1e-6).sum() >= 1


@pytest.mark.parametrize("name", CASES)
def test_a_plan_is_completed_to_its_own_worth(name: str) -> None:
    """All that the beginning tells is fixed; the best of what is left open is the plan again."""
    plan = plan_of(name)
    ready = prepare(plan.case)
    begin = ready.start_from(plan)
    open_, whole = np.isnan(begin), ready.arrays.whole.astype(bool)
    low, high = (np.where(open_, bound, begin) for bound in (ready.arrays.low, ready.arrays.high))
    fixed = ready.arrays.with_bounds(low, high)
    answer = highs.run(fixed, SolverOptions(gap=0.0, time_limit=60.0, threads=1, seed=0))

    left = [variable.parent_component().name for variable, one in zip(ready.arrays.variables, open_ & whole, strict=True) if one]
    assert set(left) <= {"above", "cancelled"}  # these follow from levels and starts; the solver fills them in
    assert ((begin >= ready.arrays.low - 1e-9) & (begin <= ready.arrays.high + 1e-9))[~open_].all()
    assert answer.quality == "optimal"
    assert answer.objective == pytest.approx(plan.objective, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_a_solve_that_begins_from_its_own_plan_is_no_worse(name: str) -> None:
    plan = plan_of(name)
    again = mp.solve(plan.case, gap=1e-3, threads=1, start=plan)
    assert again.status == "optimal"
    assert again.objective == pytest.approx(plan.objective, rel=3e-3)
