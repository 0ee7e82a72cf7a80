"""The steel group with tax classes, a cap on losses and a rate that rises: tables alone, on a shortened plan."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import masterplan as mp
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE

GAP = 0.005
CLASSES = [
    {"depreciation_class": "plant", "method": "straight_line", "years": 25},
    {"depreciation_class": "new", "method": "declining_balance", "years": 10, "rate": 0.2, "immediate": 0.5},
]


def short() -> mp.Case:
    """The group until 2030, with a tax that matters and more losses from before."""
    return mp.load("steel").change("settings.last_year=2030", "finance.tax_rate=0.35", "settings.opening_losses=0.8")


def classed(case: mp.Case, name: str) -> mp.Case:
    """The case with every project in one class."""
    projects = [{**row, "depreciation_class": name} for row in rows(case, "projects")]
    tables = {"depreciation": CLASSES, "projects": projects}
    return case.with_tables(**{table: rows_frame(TABLE[table], given) for table, given in tables.items()})


def taxed(case: mp.Case, **columns: Any) -> mp.Case:
    """The case with columns of finance set in its first row, or by a list of (year, value)."""
    given = rows(case, "finance")
    for column, value in columns.items():
        for year, number in value if isinstance(value, list) else [(given[0]["year"], value)]:
            same = [row for row in given if row["year"] == year]
            (same[0] if same else given.append({"year": year, column: number}) or given[-1])[column] = number
    return case.with_tables(finance=rows_frame(TABLE["finance"], given))


@cache
def plan_of(name: str) -> mp.Plan:
    case = short()
    variants = {
        "expensed": lambda: case,
        "slow": lambda: classed(case, "plant"),
        "quick": lambda: classed(case, "new"),
        "capped": lambda: taxed(case, loss_cap=0.2),
        "rising": lambda: taxed(case, tax_rate=[(2029, 0.6)]),
    }
    return mp.solve(variants[name](), gap=GAP)


@pytest.mark.parametrize("name", ["expensed", "slow", "quick", "capped", "rising"])
def test_it_is_sound_proven_and_audited(name: str) -> None:
    plan = plan_of(name)
    assert not mp.check(plan.case)
    assert plan.status == "optimal"
    assert mp.audit(plan).passed, mp.audit(plan).checks.query("not passed")


def test_slower_deduction_is_worth_less() -> None:
    """Even the bound of the slower class is below what the quicker one has in hand."""
    quick, slow = plan_of("quick"), plan_of("slow")
    assert slow.bound is not None
    assert slow.bound < (quick.objective or 0.0)


def test_a_cap_costs_money_and_keeps_losses_in_the_pool() -> None:
    free, capped = plan_of("expensed"), plan_of("capped")
    assert (capped.bound or 0.0) < (free.objective or 0.0)
    assert capped.loss_pool["losses"].iloc[-1] > free.loss_pool["losses"].iloc[-1] + 0.1


def test_losses_wait_for_the_dearer_years_and_less_is_built() -> None:
    """At 60 % from 2029 the losses from before are worth more than at 35 % now: they are nearly all there until then, and gone after."""
    free, rising = plan_of("expensed"), plan_of("rising")
    losses = rising.loss_pool.set_index("year")["losses"]
    assert losses[2028] > 0.5
    assert losses[2030] < 0.1
    assert (rising.bound or 0.0) < (free.objective or 0.0)
    assert _capex(rising) < _capex(free)


def _capex(plan: mp.Plan) -> float:
    """Capex inside the plan."""
    return float(plan.capex["amount"].sum())
