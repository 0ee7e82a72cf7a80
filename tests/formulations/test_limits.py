"""Limits: every measure, every span, both senses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulations.solved import AT_A_QUARTER, mine_case, solved
from tests.small_cases import small_case

POWER = {"activity": "dig", "resource": "power", "amount": -1}
GRID = {"market": "grid", "resource": "power", "side": "buy", "price": 1}


def limited(measure: str, item: str, bound: float):
    """Capacity 4 stands; one module of 2 a year may be started at 2. A level earns 10 and takes 1 of power at 1."""
    return mine_case(
        mine={"module_capacity": 2, "capex": 2, "max_per_year": 1, "max_total": None},
        recipes=[POWER],
        markets=[GRID],
        existing_capacity=[{"activity": "dig", "capacity": 4}],
        limits=[{"limit": "cap", "bound": bound}],
        limit_members=[{"limit": "cap", "measure": measure, "item": item}],
    )


@pytest.mark.parametrize(
    ("measure", "item", "bound", "value"),
    [
        ("level", "dig", 5, 124.0),
        ("capacity", "dig", 6, 142.0),
        ("starts", "mine", 0, 108.0),
        ("modules", "mine", 1, 142.0),
        ("spend", "mine", 1, 108.0),
        ("buy", "grid", 5, 124.0),
        ("sell", "world", 5, 124.0),
        ("production", "ore", 5, 124.0),
        ("use", "power", 5, 124.0),
        ("level", "dig", 99, 158.0),
    ],
)
def test_each_measure_is_limited_in_each_year(measure: str, item: str, bound: float, value: float) -> None:
    """Levels of 4, 6 and 8 earn 9 each, two modules cost 2 each: 162 - 4.

    At most 5 a year: 36 + 45 + 45 - 2. One module: 36 + 54 + 54 - 2. None: 3 x 36.
    Proves: what each measure counts.
    Would otherwise be: 158 for all.
    """
    assert solved(limited(measure, item, bound)).objective == pytest.approx(value, abs=1e-9)


def test_the_measure_stock_is_what_is_kept() -> None:
    """3 arrive in 2026 (price 1), of which 1 may be kept for 2027 (price 10): 2 + 10.

    Proves: the measure of stocks.
    Would otherwise be: 30.
    """
    case = small_case(
        resources=[{"resource": "ore", "storable": "yes", "year": year, "arrivals": n} for year, n in ((2026, 3), (2027, 0))],
        markets=[
            {"market": "world", "resource": "ore", "side": "sell", "year": year, "price": price} for year, price in ((2026, 1), (2027, 10))
        ],
        limits=[{"limit": "cap", "bound": 1}],
        limit_members=[{"limit": "cap", "measure": "stock", "item": "ore"}],
    )
    assert solved(case).objective == pytest.approx(12.0, abs=1e-9)


@pytest.mark.parametrize(("row", "value"), [({}, 28.0), ({"when": "standing"}, 19.0)])
def test_use_counts_building_and_standing(row: dict[str, Any], value: float) -> None:
    """A mine takes 1 of free steel in building, or in each year alive; 1 a year may be used. It costs 1 and earns 10 a year.

    In building: one start a year, 19 + 9. Alive: one mine at any time, 19.
    Proves: use is more than what recipes take.
    Would otherwise be: 56 with two a year.
    """
    case = mine_case(
        mine={"capex": 1, "max_per_year": 2, "max_total": None},
        construction_inputs=[{"project": "mine", "resource": "steel", "amount": 1, **row}],
        markets=[{"market": "mill", "resource": "steel", "side": "buy", "price": 0}],
        limits=[{"limit": "cap", "bound": 1}],
        limit_members=[{"limit": "cap", "measure": "use", "item": "steel"}],
    )
    assert solved(case).objective == pytest.approx(value, abs=1e-9)


def spanned(bounds: dict[int, float], price: float = 9, **limit: Any):
    """Capacity 4 sells at a price; the level of digging is limited."""
    rows = [{"limit": "cap", "year": year, "bound": bound, **limit} for year, bound in bounds.items()]
    members = [{"limit": "cap", "measure": "level", "item": "dig"}]
    return mine_case(world={"price": price}, existing_capacity=[{"activity": "dig", "capacity": 4}], limits=rows, limit_members=members)


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ({"span": "each_year"}, 81.0),
        ({"span": "cumulative"}, 63.0),
        ({"span": "total"}, 108.0),
        ({"span": "total", "to_year": 2027}, 63.0),
        ({"span": "each_year", "from_year": 2028}, 108.0),
        ({"span": "cumulative", "from_year": 2027}, 99.0),
    ],
)
def test_a_bound_holds_for_its_span(limit: dict[str, Any], value: float) -> None:
    """Bounds of 2, 3 and 12 on levels of at most 4, worth 9 each.

    In each year: 2 + 3 + 4. Summed up: 2, then 1 more, then 4. In total: 12 do not bind. Total of two years (3): 3 + 4.
    From 2028: nothing binds. Summed up from 2027 (3, then 12): 4 + 3 + 4.
    Proves: spans and their first and last year; a total reads its bound in its last year.
    Would otherwise be: 81 for all, read year by year.
    """
    assert solved(spanned({2026: 2, 2027: 3, 2028: 12}, **limit)).objective == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("span", "value"), [("each_year", -9.0), ("total", -3.0), ("cumulative", -3.0)])
def test_a_floor_is_reached_at_a_loss(span: str, value: float) -> None:
    """At least 3 at a price of -1, in each year, in all, or so far.

    Proves: `at_least`.
    Would otherwise be: 0.
    """
    assert solved(spanned({2026: 3}, price=-1, sense="at_least", span=span)).objective == pytest.approx(value, abs=1e-9)


def test_coefficients_compare_two_measures() -> None:
    """Gas earns 9 and no more of it may run than sun (capacity 3 of 4), which loses 1: 3 x (9 - 1) in each year.

    Proves: a share as a sum with a negative coefficient.
    Would otherwise be: 108 without the limit, 0 were the coefficient 1.
    """
    case = small_case(
        recipes=[{"activity": name, "resource": name, "amount": 1} for name in ("gas", "sun")],
        existing_capacity=[{"activity": "gas", "capacity": 4}, {"activity": "sun", "capacity": 3}],
        markets=[{"market": f"{name}_sold", "resource": name, "side": "sell", "price": price} for name, price in (("gas", 9), ("sun", -1))],
        limits=[{"limit": "share", "bound": 0}],
        limit_members=[{"limit": "share", "measure": "level", "item": name, "coefficient": n} for name, n in (("gas", 1), ("sun", -1))],
    )
    assert solved(case).objective == pytest.approx(72.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """A ceiling of each year on three measures, floors summed up and over all years, and two targets that may be missed at a price.

    The penalties stand in the objective at the factor of the year they are checked in (0.8 and 0.64), with `missed` in their rows alone;
    of the floor of 6 one counts already.
    """
    case = small_case(
        {"last_year": 2027, **AT_A_QUARTER},
        recipes=[{"activity": "dig", "resource": "ore", "amount": 2}],
        projects=[{"project": "mine", "activity": "dig", "capex": 7, "fixed_capex": 5, "max_per_year": 9}],
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 1}],
        limits=[
            {"limit": "cap", "bound": 8},
            {"limit": "floor", "bound": 3, "span": "cumulative", "sense": "at_least"},
            {"limit": "money", "bound": 60, "span": "total"},
            {"limit": "goal", "bound": 6, "sense": "at_least", "penalty": 10, "already": 1},
            {"limit": "quota", "bound": 5, "span": "total", "penalty": 100},
        ],
        limit_members=[
            {"limit": "cap", "measure": "level", "item": "dig"},
            {"limit": "cap", "measure": "modules", "item": "mine", "coefficient": 4},
            {"limit": "cap", "measure": "production", "item": "ore", "coefficient": -3},
            {"limit": "floor", "measure": "sell", "item": "world"},
            {"limit": "money", "measure": "spend", "item": "mine"},
            {"limit": "goal", "measure": "level", "item": "dig"},
            {"limit": "quota", "measure": "sell", "item": "world"},
        ],
    )
    golden("limits", case)
