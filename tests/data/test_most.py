"""The most that can be started, run, traded and kept, worked out by hand from a few rows."""

from __future__ import annotations

import math

import pytest

from masterplan.data.most import most, most_of_sum
from tests.small_cases import small_case

DIG = {"activity": "dig", "resource": "ore", "amount": 2}
MELT = [{"activity": "melt", "resource": "ore", "amount": -1}, {"activity": "melt", "resource": "steel", "amount": 0.5}]
FREE = [{"activity": "melt", "capacity_limited": "no"}]
WORLD = {"market": "world", "resource": "steel", "side": "sell", "price": 9}


def test_a_sum_takes_the_dearest_first() -> None:
    assert most_of_sum([(1.0, 5.0), (3.0, 2.0), (-4.0, 9.0)], together=4.0) == 8.0  # 2 x 3 + 2 x 1
    assert most_of_sum([(1.0, math.inf)]) == math.inf


def test_starts_are_bounded_by_year_total_given_and_money() -> None:
    mine = {"project": "mine", "activity": "dig", "capex": 4, "lead_time": 2, "max_total": 9}
    given = [{"project": "mine", "year": 2025, "modules": 3}]
    case = small_case({"last_year": 2029}, projects=[mine], given_starts=given, finance=[{"capex_limit": 10, "carry_over_share": 1}])
    # half of 4 is due in the start year: 10, 20, 30 are there by then, so 5, 10, 15 modules, and 9 in all
    assert most(case).started == {("mine", 2025): 3, ("mine", 2026): 5, ("mine", 2027): 9}


def test_capacity_counts_what_a_project_may_have_in_all() -> None:
    mine = {"project": "mine", "activity": "dig", "module_capacity": 2, "max_per_year": 3, "max_total": 4}
    found = most(small_case(projects=[mine], existing_capacity=[{"activity": "dig", "capacity": 1}]))
    assert [found.level["dig", year] for year in (2026, 2027, 2028)] == [1, 7, 9]  # 1, 1 + 2 x 3, 1 + 2 x 4


def test_levels_and_sales_follow_from_what_can_be_made() -> None:
    case = small_case(recipes=[DIG, *MELT], activities=FREE, existing_capacity=[{"activity": "dig", "capacity": 3}], markets=[WORLD])
    found = most(case)
    assert found.level["melt", 2026] == 6  # 3 x 2 of ore
    assert found.traded["world", 1, 2026] == 3
    assert most(case, through_balances=False).level["melt", 2026] == math.inf


def test_levels_and_purchases_follow_from_what_can_be_sold() -> None:
    mine = {"market": "mine", "resource": "ore", "side": "buy", "price": 1}
    found = most(small_case(recipes=MELT, activities=FREE, markets=[{**WORLD, "limit": 2}, mine]))
    assert found.level["melt", 2027] == 4
    assert found.traded["mine", 1, 2027] == 4


@pytest.mark.parametrize(("settings", "bought"), [({}, 4), ({"terminal_value": "perpetuity", "discount_rate": 0.1}, 4)])
def test_nobody_buys_to_throw_away(settings: dict[str, object], bought: float) -> None:
    mine = {"market": "mine", "resource": "ore", "side": "buy", "price": 1}
    ore = [{"resource": "ore", "disposal": "yes"}]
    found = most(small_case(settings, recipes=MELT, activities=FREE, resources=ore, markets=[{**WORLD, "limit": 2}, mine]))
    assert found.traded["mine", 1, 2027] == bought


def test_stock_is_what_could_be_kept_so_far() -> None:
    ore = [{"resource": "ore", "storable": "yes", "opening_stock": 5}]
    found = most(small_case(recipes=[DIG], existing_capacity=[{"activity": "dig", "capacity": 1}], resources=ore))
    assert [found.stock["ore", year] for year in (2026, 2027, 2028)] == [7, 9, 11]


def test_a_loop_that_makes_more_than_it_takes_has_no_bound() -> None:
    recipes = [{"activity": "grow", "resource": "seed", "amount": -1}, {"activity": "harvest", "resource": "seed", "amount": 2}]
    recipes += [{"activity": "grow", "resource": "crop", "amount": 1}, {"activity": "harvest", "resource": "crop", "amount": -1}]
    free = [{"activity": name, "capacity_limited": "no"} for name in ("grow", "harvest")]
    assert most(small_case(recipes=recipes, activities=free)).level["grow", 2026] == math.inf
