"""Terminal: what stands at the end of the plan is worth."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulations.solved import AT_A_QUARTER, mine_case, solved
from tests.small_cases import small_case

TWO_YEARS = {**AT_A_QUARTER, "last_year": 2027}
GIVEN = [{"project": "mine", "year": 2026, "modules": 1}]
ANNUITY = 10 * 0.25 / (1 - 1.25**-5)


def ended(terminal: str, settings: dict[str, Any] | None = None, mine: dict[str, Any] | None = None, **tables: Any):
    """A mine begun in 2026 (capex 10, life 5) that earns 12 in 2027: -8 + 7.68."""
    return mine_case(
        {**TWO_YEARS, "terminal_value": terminal, **(settings or {})},
        mine={"capex": 10, "life": 5, **(mine or {})},
        world={"price": 12},
        **{"given_starts": GIVEN, **tables},
    )


@pytest.mark.parametrize(
    ("terminal", "settings", "worth"),
    [
        ("none", {}, 0.0),
        ("book_value", {}, 8.0 * 0.64),
        ("perpetuity", {}, (12 - ANNUITY) * 4 * 0.64),
        ("perpetuity", {"perpetuity_growth": 0.05}, (12 - ANNUITY) * 1.05 / 0.2 * 0.64),
        ("book_value", {"terminal_discount_factor": 0.5}, 4.0),
    ],
    ids=["none", "book_value", "perpetuity", "growth", "given_factor"],
)
def test_the_end_is_worth_what_the_setting_says(terminal: str, settings: dict[str, Any], worth: float) -> None:
    """Book: one of five years is used, 8 are left. Perpetuity: 12 a year less the annuity that replaces 10 every five years at 25 %,
    times (1 + g) / (r - g). Both at the factor of the end of the second year, 0.64, or the given one.

    Proves: the three values and their factor.
    Would otherwise be: nothing for all; 10 with no year used; 12 x 4 without replacement.
    """
    plan = solved(ended(terminal, settings))
    assert plan.npv_without_terminal == pytest.approx(-0.32, abs=1e-9)
    assert plan.objective == pytest.approx(-0.32 + worth, abs=1e-9)


WEAR = [{"profile": "wear", "age": age, "kind": "output", "value": value} for age, value in enumerate((1, 0.5))]
FREE = {"settings": {"discount_rate": 0.0, "last_year": 2027}}


@pytest.mark.parametrize(
    ("tables", "worth"),
    [
        ({"mine": {"lead_time": 2}}, 10.0),
        ({"mine": {"lead_time": 0}}, 6.0),
        ({"mine": {"life": 1}}, 0.0),
        ({"given_starts": [{"project": "mine", "year": 2025, "modules": 1}]}, 6.0),
        ({"mine": {"life": 4, "output_profile": "wear", "output_resource": "ore"}, "profiles": WEAR}, 6.0),
        ({"mine": {"credit": 0.25}}, 6.0),
        ({"mine": {"credit": 0.25}, "finance": [{"tax_rate": 0.25}]}, 4.5),
        ({"mine": {"fixed_capex": 5}}, 12.0),
        ({"existing_capacity": [{"activity": "dig", "capacity": 9}]}, 8.0),
        ({"mine": {"lead_time": 3, "last_start": 2026}}, 10.0),
    ],
    ids=["unfinished", "two years used", "used up", "begun before", "worn", "credited", "taxed", "fixed", "existing", "unpaid"],
)
def test_book_value_is_what_is_left_of_the_cost(tables: dict[str, Any], worth: float) -> None:
    """Capex 10, life 5. In building: all of it. Two years used: 6, also of what was begun in 2025. Past its life: none.

    Worn 1, then 0.5 over four years: 1.5 of 2.5 left. A credit of 25 % leaves 7.5 x 0.8, a tax of 25 % three quarters of that.
    Fixed capex counts, existing capacity does not; what is still to be paid is charged, and counts.
    Proves: cost basis and remaining share.
    Would otherwise be: 8 for all.
    """
    plan = solved(ended("book_value", {"discount_rate": 0.0}, **tables))
    assert plan.npv - plan.npv_without_terminal == pytest.approx(worth, abs=1e-9)


@pytest.mark.parametrize(
    ("tables", "yearly"),
    [
        ({"mine": {"credit": 0.25}}, 12 - 0.75 * ANNUITY),
        ({"finance": [{"committed_capex": 2, "baseline_cash": 3}]}, 12 + 3 - 2 - ANNUITY),
        ({"finance": [{"tax_rate": 0.25}]}, 0.75 * (12 - ANNUITY)),
        ({"mine": {"fixed_capex": 10}}, 12 - 2 * ANNUITY),
        ({"mine": {"lead_time": 2}}, 0.0),
        ({"activities": [{"activity": "dig", "production_credit": 1}]}, 13 - ANNUITY),
    ],
    ids=["credit", "given money", "tax", "fixed", "unfinished", "production credit"],
)
def test_a_perpetuity_repeats_the_last_year_and_replaces_what_stands(tables: dict[str, Any], yearly: float) -> None:
    """12 in the last year less the annuity of 10; the credit of 2.5 is paid once and lowers the cost; tax is that of a steady year.

    Proves: what repeats and what does not.
    Would otherwise be: 12 - annuity for all, with the credit 2.5 more a year for ever; 10 of losses would save tax for ever.
    """
    plan = solved(ended("perpetuity", **tables))
    assert plan.npv - plan.npv_without_terminal == pytest.approx(yearly * 4 * 0.64, abs=1e-9)


def test_what_the_last_year_deducts_once_is_not_saved_for_ever() -> None:
    """Tax of 25 %, 10 of losses from 2026, and another 8 of capex in the last year, on a road that is not finished by its end.

    Proves: neither the losses nor that capex lower the tax of the steady year, 25 % of 12 less the annuity.
    Would otherwise be: no tax for ever, 12 less the annuity.
    """
    road = {"project": "road", "capex": 8, "last_start": 2027, "max_total": 1}
    begun = [*GIVEN, {"project": "road", "year": 2027, "modules": 1}]
    plan = solved(ended("perpetuity", finance=[{"tax_rate": 0.25}], projects=[road], given_starts=begun))
    assert plan.npv - plan.npv_without_terminal == pytest.approx(0.75 * (12 - ANNUITY) * 4 * 0.64, abs=1e-9)


def test_the_last_given_factor_is_that_of_the_end() -> None:
    """Factors 1 and 0.5: 8 left at 0.5.

    Proves: given factors rule the end too.
    Would otherwise be: 5.12.
    """
    factors = [{"year": 2026, "discount_factor": 1}, {"year": 2027, "discount_factor": 0.5}]
    plan = solved(ended("book_value", finance=factors))
    assert plan.npv - plan.npv_without_terminal == pytest.approx(4.0, abs=1e-9)


def test_an_output_profile_of_nothing_leaves_nothing() -> None:
    """Proves: a profile of zeros has no book value. Would otherwise be: a division by zero."""
    nothing = [{"profile": "wear", "age": 0, "kind": "output", "value": 0}]
    plan = solved(ended("book_value", mine={"output_profile": "wear", "output_resource": "ore"}, profiles=nothing))
    assert plan.npv == plan.npv_without_terminal


def test_golden_lp(golden) -> None:
    """Book value of modules and of a fixed sum, net of credit and tax, in the objective alone."""
    mine = {"project": "mine", "capex": 10, "fixed_capex": 20, "life": 5, "credit": 0.2, "max_per_year": 2}
    golden("terminal", small_case({**TWO_YEARS, "terminal_value": "book_value"}, projects=[mine]))


@pytest.mark.parametrize("last_year", [2026, 2030, 2045])
@pytest.mark.parametrize(("timing", "value"), [("start_of_year", 135.0), ("mid_year", 125 * 1.08**0.5), ("end_of_year", 125.0)])
def test_a_steady_year_is_worth_the_same_at_any_horizon(timing: str, value: float, last_year: int) -> None:
    """10 a year for ever at 8 %: 10 / 0.08 = 125 where it falls at the end of each year, half a year or a year's interest more before.

    Proves: the perpetuity begins where the plan ends, at the plan's own timing, so the horizon does not matter.
    Would otherwise be: 125 to be had from the end of the plan on whatever the timing, less for short plans than for long ones.
    """
    settings = {"last_year": last_year, "discount_rate": 0.08, "flow_timing": timing, "terminal_value": "perpetuity"}
    assert solved(small_case(settings, finance=[{"baseline_cash": 10}])).npv == pytest.approx(value)
