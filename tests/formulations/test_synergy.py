"""Synergy: benefits and penalties of doing several things at once."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo
import pytest

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from tests.formulations.solved import STANDS, cash, levels, mine_case, solved
from tests.formulations.walk import walk
from tests.small_cases import small_case


def together(synergies: list[dict[str, Any]], digs: float = 1, mills: float = 1, cost: float = 2, **tables: Any) -> Case:
    """Ore at 10 a unit, `digs` a year; milling, up to `mills` a year, costs `cost` a unit; it has to run at 1."""
    member = {"synergy": "fit", "measure": "level", "item": "mill", "threshold": 1}
    return mine_case(
        activities=[{"activity": "mill", "variable_cost": cost}],
        existing_capacity=[{**STANDS, "capacity": digs}, {"activity": "mill", "capacity": mills}],
        synergies=[{"synergy": "fit", **row} for row in synergies],
        **{"synergy_members": [member], **tables},
    )


def active(plan: Plan, synergy: str = "fit") -> list[int]:
    """The years in which a synergy counts."""
    return [int(year) for name, year, value in plan.synergies.itertuples(index=False) if name == synergy and value > 0.5]


@pytest.mark.parametrize(("benefit", "mills", "value"), [(5, 1, 39.0), (1, 1, 30.0), (5, 0.9, 30.0), (5, 3, 39.0)])
def test_a_benefit_asks_for_its_threshold(benefit: float, mills: float, value: float) -> None:
    """Milling one unit costs 2 and brings the benefit: 10 + 5 - 2 a year. Of 1, or with a mill of 0.9, it does not pay.

    Proves: the threshold, and that more than it brings no more.
    Would otherwise be: 45 without the threshold, 38.1 if nine tenths counted.
    """
    plan = solved(together([{"benefit": benefit}], mills=mills))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert active(plan) == ([2026, 2027, 2028] if value > 30 else [])


def test_every_member_is_needed() -> None:
    """Ore has to be made too, at least 1, but only 0.5 can be in 2026: 5, then twice 20 + 5 - 2.

    Proves: all members, year by year. Would otherwise be: 54.
    """
    members = [
        {"synergy": "fit", "measure": measure, "item": item, "threshold": 1} for measure, item in (("level", "mill"), ("production", "ore"))
    ]
    case = mine_case(
        activities=[{"activity": "mill", "variable_cost": 2}],
        existing_capacity=[
            {"activity": "dig", "year": 2026, "capacity": 0.5},
            {"activity": "dig", "year": 2027, "capacity": 2},
            {"activity": "mill", "capacity": 1},
        ],
        synergies=[{"synergy": "fit", "benefit": 5}],
        synergy_members=members,
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(45.0 + 6.0, abs=1e-9)
    assert active(plan) == [2027, 2028]


@pytest.mark.parametrize(("digs", "rate", "value"), [(1, 3, 33.0), (2, 3, 72.0), (1, 1, 30.0)])
def test_a_benefit_per_level_goes_with_the_level(digs: float, rate: float, value: float) -> None:
    """3 more for each unit of ore while the mill runs (2): 10 + 3 - 2 a year; of two units 20 + 6 - 2.

    Proves: level x active, exactly. Would otherwise be: 39 or 78 without the mill.
    """
    plan = solved(together([{"per_activity": "dig", "benefit_per_level": rate}], digs=digs))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert cash(plan, "synergy_benefit") == (dict.fromkeys((2026, 2027, 2028), rate * digs) if value > 30 else {})


def test_both_kinds_of_benefit_by_year() -> None:
    """0 in 2026, then 1 and 2 a unit of ore, for milling at 2: 30 + 2 x 1.

    Proves: series by year; the two kinds add up. Would otherwise be: 33 or 29.
    """
    rows = [
        {"year": 2026, "benefit": 0, "per_activity": "dig", "benefit_per_level": 0},
        {"year": 2027, "benefit": 1, "benefit_per_level": 2},
    ]
    plan = solved(together(rows))
    assert plan.objective == pytest.approx(32.0, abs=1e-9)
    assert cash(plan, "synergy_benefit") == {2027: 3.0, 2028: 3.0}


def test_a_benefit_is_taxed() -> None:
    """(10 + 5 - 2) x 0.75 a year. Proves: operating income. Would otherwise be: 33 with an untaxed benefit."""
    plan = solved(together([{"benefit": 5}], finance=[{"tax_rate": 0.25}]))
    assert plan.objective == pytest.approx(29.25, abs=1e-9)


def test_where_all_is_taxed_away_the_bonus_is_still_told_in_full() -> None:
    """At a tax of 100 % nothing is worth anything, but what the plan says it earns is what its level earns (see the audit).

    Proves: the bonus is not left at less than it is. Would otherwise be: a cash line that does not follow from the decisions.
    """
    plan = solved(together([{"per_activity": "dig", "benefit_per_level": 3}], cost=0, finance=[{"tax_rate": 1}]))
    level = levels(plan)
    assert plan.objective == pytest.approx(0.0, abs=1e-9)
    assert cash(plan, "synergy_benefit") == {year: 3.0 * level[year] for year in active(plan) if level.get(year)}


@pytest.mark.parametrize(("penalty", "value", "counts"), [(-15, 30.0, False), (-5, 45.0, True)])
def test_a_penalty_counts_above_its_threshold(penalty: float, value: float, counts: bool) -> None:
    """Two units of ore bring 20; above 1 there is a penalty: of 15, one unit is better, of 5 it is paid.

    Proves: a penalty cannot be left out; at the threshold itself it does not count.
    Would otherwise be: 60.
    """
    member = {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1, "most": 2}
    plan = solved(together([{"benefit": penalty}], digs=2, synergy_members=[member]))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert bool(active(plan)) is counts


def test_a_penalty_needs_all_its_members() -> None:
    """Milling brings 4 a unit here; above 1 of ore and half a unit milled together cost 5: 20 + 2, better than 24 - 5 or 10 + 4.

    Proves: it counts only where all are above. Would otherwise be: 72 if ignored, 57 if always paid, 42 if any one member were enough.
    """
    members = [
        {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1, "most": 2},
        {"synergy": "fit", "measure": "level", "item": "mill", "threshold": 0.5, "most": 1},
    ]
    plan = solved(together([{"benefit": -5}], digs=2, cost=-4, synergy_members=members))
    assert plan.objective == pytest.approx(66.0, abs=1e-9)
    assert active(plan) == []


def test_a_penalty_of_some_years_counts_in_these() -> None:
    """The penalty of 15 is there in 2027 alone: 20 + 10 + 20.

    Proves: rows of the years of a penalty only. Would otherwise be: 30 or 60.
    """
    member = {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1, "most": 2}
    rows = [{"year": 2026, "benefit": 0}, {"year": 2027, "benefit": -15}, {"year": 2028, "benefit": 0}]
    plan = solved(together(rows, digs=2, synergy_members=[member]))
    assert plan.objective == pytest.approx(50.0, abs=1e-9)


def test_a_benefit_makes_an_investment_pay() -> None:
    """A mine of 12 that digs 1 a year from 2027 brings 20 - 12; at a price of 4 only the benefit of 3 a year pays it: 2 x 7 - 12.

    Proves: starts follow a synergy. Would otherwise be: 0.
    """
    case = mine_case(
        mine={"capex": 12},
        world={"price": 4},
        synergies=[{"synergy": "fit", "benefit": 3}],
        synergy_members=[{"synergy": "fit", "measure": "modules", "item": "mine", "threshold": 1}],
    )
    assert solved(case).objective == pytest.approx(2.0, abs=1e-9)


def test_a_case_without_any_has_no_rows_or_columns_of_them() -> None:
    _, steps = walk(mine_case(mine={"capex": 12}))
    assert not [name for name, part in steps["synergy"].components.items() if part.ctype in (pyo.Var, pyo.Constraint) and len(part)]


def test_golden_lp(golden) -> None:
    """A benefit per level of two members, and a penalty of one."""
    case = small_case(
        {"last_year": 2026},
        existing_capacity=[{"activity": "dig", "capacity": 3}, {"activity": "mill", "capacity": 2}],
        synergies=[
            {"synergy": "fit", "benefit": 5, "per_activity": "dig", "benefit_per_level": 0.5},
            {"synergy": "crowd", "benefit": -1},
        ],
        synergy_members=[
            {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1},
            {"synergy": "fit", "measure": "level", "item": "mill", "threshold": 2},
            {"synergy": "crowd", "measure": "level", "item": "mill", "threshold": 1, "most": 2},
        ],
    )
    golden("synergy", case)
