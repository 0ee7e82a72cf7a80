"""Limits with a penalty: missed where missing is cheaper, at the factor of their year, outside NPV."""

from __future__ import annotations

from typing import Any

import pytest

from masterplan.reports.recompute import recompute
from tests.formulations.solved import AT_A_QUARTER, levels, mine_case, solved


def loses(limit: dict[str, Any], price: float = -2, settings: dict[str, Any] | None = None, **tables: Any):
    """Capacity 4 stands; what is dug sells at a loss, and at least 3 a year are wanted."""
    return mine_case(
        {"last_year": 2027, **(settings or {})},
        world={"price": price},
        existing_capacity=[{"activity": "dig", "capacity": 4}],
        limits=[{"limit": "goal", "sense": "at_least", "bound": 3, **limit}],
        limit_members=[{"limit": "goal", "measure": "level", "item": "dig"}],
        **tables,
    )


@pytest.mark.parametrize(("penalty", "objective", "npv", "penalties"), [(1, -6.0, 0.0, 6.0), (2.5, -12.0, -12.0, 0.0)])
def test_a_target_is_missed_where_that_is_cheaper(penalty: float, objective: float, npv: float, penalties: float) -> None:
    """A unit costs 2 to dig and `penalty` to miss, 3 in each of two years.

    Proves: the choice between the two, and that the penalty is in the objective alone.
    Would otherwise be: -12 for both with a hard limit, 0 without one; an NPV of -6 with penalties inside.
    """
    plan = solved(loses({"penalty": penalty}))
    assert plan.objective == pytest.approx(objective, abs=1e-9)
    assert plan.npv == pytest.approx(npv, abs=1e-9)
    assert plan.kpis.set_index("kpi").loc["penalties", "value"] == pytest.approx(penalties, abs=1e-9)


def test_penalties_are_discounted_with_their_year() -> None:
    """3 missed at 1 in each year, factors 0.8 and 0.64: 4.32; least cost adds what NPV takes away.

    Proves: the factor of the year in which the limit is checked, and the sign under both objectives.
    Would otherwise be: 6 undiscounted.
    """
    assert solved(loses({"penalty": 1}, settings=AT_A_QUARTER)).objective == pytest.approx(-4.32, abs=1e-9)
    assert solved(loses({"penalty": 1}, settings={**AT_A_QUARTER, "objective": "least_cost"})).objective == pytest.approx(4.32, abs=1e-9)


def test_final_cash_takes_penalties_as_they_are() -> None:
    """7 at hand, 3 missed at 1 in each of two years: 7 - 6, and cash itself stays 7.

    Proves: no discounting where final cash is the objective.
    Would otherwise be: 2.68.
    """
    plan = solved(loses({"penalty": 1}, settings={**AT_A_QUARTER, "objective": "final_cash", "opening_cash": 7}))
    assert plan.objective == pytest.approx(1.0, abs=1e-9)
    assert plan.kpis.set_index("kpi").loc["final_cash", "value"] == pytest.approx(7.0, abs=1e-9)


@pytest.mark.parametrize(("span", "objective"), [("each_year", -6.0), ("cumulative", -6.0), ("total", -3.0)])
def test_a_span_is_penalised_where_it_is_checked(span: str, objective: float) -> None:
    """3 missed at 1: in each year, so far in each year, or once over both.

    Proves: one penalty for each checked year.
    Would otherwise be: -3 for all, or -6 for all.
    """
    assert solved(loses({"penalty": 1, "span": span})).objective == pytest.approx(objective, abs=1e-9)


def test_a_ceiling_is_passed_at_a_price() -> None:
    """4 may be dug, each worth 2; beyond 3 each costs 1.5: 3 x 2 + 1 x 0.5 in each of two years.

    Proves: the excess over a ceiling.
    Would otherwise be: 12 with a hard limit, 16 without one.
    """
    plan = solved(loses({"penalty": 1.5, "sense": "at_most"}, price=2))
    assert plan.objective == pytest.approx(13.0, abs=1e-9)
    assert plan.npv == pytest.approx(16.0, abs=1e-9)


@pytest.mark.parametrize(("already", "value"), [(0, -6.0), (2, -2.0), (9, 0.0)])
def test_what_counts_already_counts(already: float, value: float) -> None:
    """3 are wanted in all at a loss of 2 each; some were made before the plan.

    Proves: `already` is added to the sum, of a hard limit too.
    Would otherwise be: -6 for all.
    """
    assert solved(loses({"already": already, "span": "total"})).objective == pytest.approx(value, abs=1e-9)


def test_a_limit_measures_debt() -> None:
    """8 are needed for a mine worth 4 and no more than 5 may be owed but at 0.5 each: 4 - 1.5 in the one year that it is owed.

    Proves: the measure debt, of the company, at the year's end.
    Would otherwise be: 4 unmeasured, 0 with a hard limit.
    """
    case = mine_case(
        {"last_year": 2027},
        mine={"capex": 8},
        world={"price": 12},
        finance=[{"minimum_cash": 0, "debt_limit": 20}],
        limits=[{"limit": "prudence", "bound": 5, "penalty": 0.5}],
        limit_members=[{"limit": "prudence", "measure": "debt", "item": "company"}],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(2.5, abs=1e-9)
    assert plan.npv == pytest.approx(4.0, abs=1e-9)


def test_what_is_missed_is_told_in_its_unit_and_in_money() -> None:
    """Capacity 4 and 5 wanted at a penalty of 9: 1 is missed in each year.

    Proves: the audit's own reading of what is missed.
    Would otherwise be: 0.
    """
    plan = solved(loses({"penalty": 9, "bound": 5}))
    rows = recompute(plan).targets
    assert levels(plan) == {2026: 4.0, 2027: 4.0}
    assert rows[["reached", "bound", "missed", "penalty"]].to_numpy().tolist() == [[4, 5, 1, 9], [4, 5, 1, 9]]
