"""Learn: capex on a curve of modules ever built, or of modules started in one year."""

from __future__ import annotations

from typing import Any

import pytest

from masterplan.data.case import Case
from tests.formulations.solved import AT_A_QUARTER, cash, mine_case, solved, starts

LEARNING = ((0, 0), (1, 8), (3, 14))


def learning(settings: dict[str, Any] | None = None, points: Any = LEARNING, basis: str = "cumulative", **tables: Any) -> Case:
    """The mine with a cost curve and room for three modules; capacity 1, sold at 10."""
    mine = {"max_total": 3, **tables.pop("mine", {})}
    rows = [{"project": "mine", "modules": modules, "cost": cost, "basis": basis} for modules, cost in points]
    return mine_case(settings, mine=mine, learning=rows, **tables)


def test_later_modules_cost_less() -> None:
    """The first module costs 8, the next two 3 each; 8 may be spent in a year: one in 2026, two in 2027. 10 + 30 - 14.

    Proves: a year's starts cost what they add along the curve.
    Would otherwise be: 14 if each cost as the first, so that one a year is all.
    """
    plan = solved(learning(finance=[{"capex_limit": 8}]))
    assert plan.objective == pytest.approx(26.0, abs=1e-9)
    assert cash(plan, "capex") == {2026: -8, 2027: -6}


def test_modules_before_the_plan_count() -> None:
    """One was built before: two more cost 3 each. 2 x 2 x 10 - 6.

    Proves: the curve begins at what is built.
    Would otherwise be: 29 from its beginning.
    """
    plan = solved(learning(mine={"built_before": 1, "max_total": 2}))
    assert plan.objective == pytest.approx(34.0, abs=1e-9)


def test_work_in_progress_counts_and_is_still_paid() -> None:
    """A start of 2025 (8, half of it in 2026) and one of 2026 (3, half of it in 2027), from 2027 and 2028 on. 10 + 20 - 4 - 3.

    Proves: given starts stand first on the curve; the cost of a start follows its spend profile.
    Would otherwise be: 18 if the start of 2026 cost as a first one, 27 if what was given cost nothing.
    """
    given = [{"project": "mine", "year": 2025, "modules": 1}]
    plan = solved(learning(mine={"lead_time": 2, "max_total": 2}, given_starts=given))
    assert plan.objective == pytest.approx(23.0, abs=1e-9)
    assert cash(plan, "capex") == {2026: -5.5, 2027: -1.5}


def test_dear_beginnings_are_not_mixed_with_cheap_ends() -> None:
    """Two modules are sold (limit 2): the second costs as little as the points say, 8 + 3. 40 - 11.

    Proves: segments fill in order, although the later ones are cheaper.
    Would otherwise be: 34 if cheap segments came first, 30.7 on the chord of the curve.
    """
    plan = solved(learning(world={"limit": 2}))
    assert plan.objective == pytest.approx(29.0, abs=1e-9)


def test_a_curve_may_rise() -> None:
    """The first module costs 1, the next 15 each and earn 20: 60 - 31.

    Proves: the same rows serve a rising curve.
    Would otherwise be: 57 if each cost as the first.
    """
    plan = solved(learning(points=((0, 0), (1, 1), (3, 31))))
    assert plan.objective == pytest.approx(29.0, abs=1e-9)


def test_a_large_year_is_cheap_where_the_curve_is_of_a_year() -> None:
    """5 for one module a year, 8 for three; a year allows 3. Three in 2026: 60 - 8.

    Proves: per year, every year begins at 0.
    Would otherwise be: 45 if each cost 5.
    """
    plan = solved(learning(points=((0, 0), (1, 5), (3, 8)), basis="per_year", mine={"max_per_year": 3}))
    assert plan.objective == pytest.approx(52.0, abs=1e-9)


def test_years_stand_alone_where_the_curve_is_of_a_year() -> None:
    """At most one a year may be paid: 5 in 2026 and 5 in 2027. 10 + 20 - 10.

    Proves: nothing is learnt from year to year.
    Would otherwise be: 23.5 or more if the second year went on along the curve.
    """
    tables = {"finance": [{"capex_limit": 5}], "mine": {"max_per_year": 3}}
    plan = solved(learning(points=((0, 0), (1, 5), (3, 8)), basis="per_year", **tables))
    assert plan.objective == pytest.approx(20.0, abs=1e-9)
    assert starts(plan) == {("mine", 2026): 1.0, ("mine", 2027): 1.0}


def test_credit_and_book_value_follow_the_curve() -> None:
    """A module of 8, half of it credited in 2027, of which half of 4 years is left: 20 - 8 + 4 + (8 - 4) / 2.

    Proves: capex on a curve is credited and stands in the books as any other.
    Would otherwise be: 12 without both.
    """
    plan = solved(learning({"terminal_value": "book_value"}, mine={"credit": 0.5, "life": 4, "last_start": 2026}, world={"limit": 1}))
    assert plan.objective == pytest.approx(18.0, abs=1e-9)
    assert cash(plan, "investment_credit") == {2027: 4}


def test_capex_on_a_curve_is_deducted() -> None:
    """8 of losses in 2026 shelter 10 in 2027; then 10 are taxed: (2 + 10) / 4 = 3. 20 - 8 - 3.

    Proves: the tax base knows it.
    Would otherwise be: 7 without.
    """
    plan = solved(learning(mine={"last_start": 2026}, world={"limit": 1}, finance=[{"tax_rate": 0.25}]))
    assert plan.objective == pytest.approx(9.0, abs=1e-9)


@pytest.mark.parametrize(("written_off", "value"), [({}, -7.0), ({"depreciation_class": "slow"}, -8.0)])
def test_what_falls_after_the_plan_is_charged(written_off: dict[str, str], value: float) -> None:
    """A given start of 2028 on the curve: 4 in 2028, 4 after it, at rate 0 and without a book value.

    Proves: spend after the plan counts as any capex: net of a quarter of tax where it is expensed, whole where it is written off.
    Would otherwise be: -4.
    """
    classes = [{"depreciation_class": "slow", "method": "straight_line", "years": 4}]
    given = [{"project": "mine", "year": 2028, "modules": 1}]
    mine = {"lead_time": 2, "last_start": 2025, **written_off}
    plan = solved(learning(mine=mine, given_starts=given, depreciation=classes, finance=[{"tax_rate": 0.25}]))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_depreciation_follows_the_curve() -> None:
    """A module of 8 written off over two years from 2027: (10 - 4) / 4 of tax in both. 20 - 8 - 3.

    Proves: the schedule of a class applies to what the curve says.
    Would otherwise be: 7 without any deduction.
    """
    classes = [{"depreciation_class": "slow", "method": "straight_line", "years": 2}]
    mine = {"last_start": 2026, "depreciation_class": "slow"}
    plan = solved(learning(mine=mine, world={"limit": 1}, depreciation=classes, finance=[{"tax_rate": 0.25}]))
    assert plan.objective == pytest.approx(9.0, abs=1e-9)
    assert cash(plan, "tax") == {2027: -1.5, 2028: -1.5}


def test_limits_on_spend_count_it() -> None:
    """11 may be spent in all: two modules, 40 - 11.

    Proves: the measure `spend` holds capex on a curve.
    Would otherwise be: 46 with three.
    """
    limits = [{"limit": "purse", "bound": 11, "span": "total"}]
    plan = solved(learning(limits=limits, limit_members=[{"limit": "purse", "measure": "spend", "item": "mine"}]))
    assert plan.objective == pytest.approx(29.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Two starts after one module of before: each has its place on the curve, and the second pays from where the first ended."""
    case = learning({**AT_A_QUARTER}, mine={"built_before": 1, "max_total": 2})
    golden("learn", case)
