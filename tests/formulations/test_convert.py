"""Convert: existing capacity that a project takes out for good."""

from __future__ import annotations

import pytest

from tests.formulations.solved import solved, starts
from tests.small_cases import small_case

RECIPES = [{"activity": "old", "resource": "coal", "amount": 1}, {"activity": "new", "resource": "steel", "amount": 1}]
MARKETS = [
    {"market": "fuel", "resource": "coal", "side": "sell", "price": 1, "limit": 10},
    {"market": "world", "resource": "steel", "side": "sell", "price": 3},
]
NEW = {"project": "rebuild", "activity": "new", "module_capacity": 4, "capex": 2, "lead_time": 1, "life": 20, "max_total": 1}


def rebuilt(out_from: int = 0, settings: dict | None = None, **project: object):
    return small_case(
        settings,
        recipes=RECIPES,
        markets=MARKETS,
        existing_capacity=[{"activity": "old", "capacity": 10}],
        projects=[{**NEW, **project}],
        conversions=[{"project": "rebuild", "from_activity": "old", "amount": 4, "out_from": out_from}],
    )


@pytest.mark.parametrize(("out_from", "value"), [(0, 40.0), (1, 44.0)])
def test_converted_capacity_is_gone_from_its_year_on(out_from: int, value: float) -> None:
    """10 of old at 1; a module of new (4 at 3, capex 2, from 2027) takes 4 of old. At once: 18 + 24 - 2; a year later: 22 + 24 - 2.

    Proves: the loss begins `out_from` years after the start, and lasts.
    Would otherwise be: 52 without the loss, 48 were it for one year only, 30 with no start.
    """
    plan = solved(rebuilt(out_from))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == {("rebuild", 2026): 1.0}


def test_no_more_is_converted_than_exists() -> None:
    """Old may run without capacity here, so only what exists (10, at 4 a module) limits new: two modules, 30 + 2 x (24 - 2).

    Proves: conversions are within existing capacity by a row of their own.
    Would otherwise be: 96 with three modules.
    """
    case = rebuilt(max_total=3)
    free = case.tables["activities"].assign(capacity_limited=["no", "yes"])
    assert list(free["activity"]) == ["old", "new"]
    plan = solved(case.with_tables(activities=free))
    assert plan.objective == pytest.approx(74.0, abs=1e-9)
    assert sum(starts(plan).values()) == 2


def test_golden_lp(golden) -> None:
    """What is converted so far stays within existing capacity; what is left is the capacity of old."""
    golden("convert", rebuilt(1, max_total=2, capex=8), "capacity")
