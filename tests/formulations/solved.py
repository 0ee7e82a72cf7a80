"""Short cases of one mine, and short words for what a plan says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import masterplan as mp
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from tests.small_cases import Row, Rows, small_case

RECIPE: Row = {"activity": "dig", "resource": "ore", "amount": 1}
WORLD: Row = {"market": "world", "resource": "ore", "side": "sell", "price": 10}
STANDS: Row = {"activity": "dig", "capacity": 1}
MINE: Row = {"project": "mine", "activity": "dig", "lead_time": 1, "life": 20, "max_total": 1}
AT_A_QUARTER: Row = {"discount_rate": 0.25, "flow_timing": "end_of_year"}  # factors 0.8, 0.64, 0.512


def mine_case(settings: Row | None = None, *, mine: Row | None = None, world: Row | None = None, **tables: Rows) -> Case:
    """Ore is dug and sold at 10; with `mine`, a project of at most one module opens a mine of capacity 1 in a year."""
    if mine is not None:
        tables = {**tables, "projects": [{**MINE, **mine}, *tables.get("projects", [])]}
    return small_case(
        settings,
        **{**tables, "recipes": [RECIPE, *tables.get("recipes", [])], "markets": [{**WORLD, **(world or {})}, *tables.get("markets", [])]},
    )


def solved(case: Case) -> Plan:
    """The proven best plan, audited."""
    plan = mp.solve(case, gap=0)
    assert plan.status == "optimal", plan.message
    assert plan.bound == pytest.approx(plan.objective, abs=1e-7, rel=1e-9)
    audited = mp.audit(plan)
    assert audited.passed, audited.checks[~audited.checks["passed"].astype(bool)].to_string()
    return plan


def starts(plan: Plan) -> dict[tuple[str, int], float]:
    """(project, year) -> modules."""
    return {(project, int(year)): modules for project, year, modules in plan.starts.itertuples(index=False)}


def cash(plan: Plan, entry: str) -> dict[int, float]:
    """year -> amount of a cash line, where it is not zero."""
    return _by_year(plan.cash, "amount", entry=entry)


def ledger(plan: Plan, resource: str, entry: str) -> dict[int, float]:
    """year -> amount of a line of a resource's account, where it is not zero."""
    return _by_year(plan.ledger, "amount", resource=resource, entry=entry)


def levels(plan: Plan, activity: str = "dig") -> dict[int, float]:
    """year -> level, where it is not zero."""
    return _by_year(plan.levels, "level", activity=activity)


def _by_year(frame: Any, value: str, **where: str) -> dict[int, float]:
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    found: Mapping[int, float] = dict(zip(frame["year"].astype(int), frame[value], strict=True))
    return {year: round(amount, 9) for year, amount in found.items() if round(amount, 9)}
