"""Store: stocks, with what they lose, cost and are worth."""

from __future__ import annotations

import pytest

from tests.formulations.solved import ledger, solved
from tests.small_cases import small_case


def stored(settings: dict | None = None, prices: tuple[float, ...] = (1, 0, 10), arrives: int = 2026, **ore: object):
    """8 of ore arrive in one year; the price changes from year to year."""
    resources = [{"resource": "ore", "storable": "yes", "year": 2026, "arrivals": 8 if arrives == 2026 else 0, **ore}]
    resources += [
        {"resource": "ore", "year": arrives + step, "arrivals": 8 * (1 - step)} for step in (0, 1) if 2026 < arrives + step <= 2028
    ]
    prices_by_year = [
        {"market": "world", "resource": "ore", "side": "sell", "year": 2026 + n, "price": price} for n, price in enumerate(prices)
    ]
    return small_case(settings, resources=resources, markets=prices_by_year)


@pytest.mark.parametrize(("limit", "value"), [(None, 17.5), (6, 14.5)])
def test_a_stock_loses_costs_and_is_limited(limit: float | None, value: float) -> None:
    """4 stand at the opening and lose half: with 8 that arrive, 10 in 2026. Kept for 2028 (10 each), half is lost each year.

    All: 10 and 5 in stock at 0.5 each, 2.5 sold: 25 - 7.5. At most 6: 4 sold at 1, then 15 - 0.5 x (6 + 3).
    Proves: loss each year, the first included; cost on what is in stock at the year's end; the limit.
    Would otherwise be: 21 if the opening did not lose, 42.5 with one loss for both years, 25 without the cost.
    """
    plan = solved(stored(opening_stock=4, storage_loss=0.5, holding_cost=0.5, storage_limit=limit))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert ledger(plan, "ore", "from_stock")[2026] == 2


def test_what_is_not_storable_is_sold_when_it_comes() -> None:
    """Proves: no stock without `storable`: 8 at 1. Would otherwise be: 80."""
    assert solved(stored(storable="no")).objective == pytest.approx(8.0, abs=1e-9)


@pytest.mark.parametrize(("terminal", "value"), [("book_value", 24.0), ("none", 8.0)])
def test_a_stock_at_the_end_has_its_book_value(terminal: str, value: float) -> None:
    """8 arrive in the last year, sell at 1, and are valued at 3.

    Proves: the last stock counts at its value, under book value only.
    Would otherwise be: 8 and 24 exchanged.
    """
    plan = solved(stored({"terminal_value": terminal}, prices=(0, 0, 1), arrives=2028, stock_value=3))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Stock in and out of the balance, its cost and its value at the end."""
    ore = {"opening_stock": 4, "storage_loss": 0.25, "holding_cost": 0.5, "storage_limit": 6, "stock_value": 3}
    golden("store", stored({"terminal_value": "book_value"}, **ore), "balance")
