"""The bakery, for studies: an oven costs 3 and makes one bread a year from the year after; the street pays 2 for up to three a year.

2026 to 2028 without discounting, at most two ovens a year. An oven of 2026 brings 2 x 2 - 3 = 1, one of 2027 brings 2 - 3 = -1: the best
plan starts two ovens in 2026 and is worth 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from masterplan.data.case import Case
from tests.small_cases import small_case


def bakery(settings: dict[str, Any] | None = None, **more: Sequence[dict[str, Any]]) -> Case:
    """The case, with more tables where they are wanted."""
    return small_case(
        settings,
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
        **more,
    )


def sourced_bakery(**more: Sequence[dict[str, Any]]) -> Case:
    """The bakery with a source behind its price, its capex and its lead time, and one behind nothing."""
    return bakery(
        sources=[
            {"source": "street_price", "low": 1, "central": 2, "high": 4, "unit": "each"},
            {"source": "oven_cost", "low": 50, "central": 100, "high": 200},
            {"source": "oven_time", "low": 0.4, "central": 1, "high": 2},
            {"source": "rumour", "low": 1, "central": 2, "high": 3},
        ],
        provenance=[
            {"table": "markets", "key": "street/1", "column": "price", "basis": "sourced", "sources": "street_price"},
            {"table": "projects", "key": "*", "column": "capex", "basis": "derived", "sources": "oven_cost"},
            {"table": "projects", "key": "oven", "column": "lead_time", "basis": "derived", "sources": "oven_time"},
            {"table": "projects", "key": "oven", "column": "max_per_year", "basis": "assumed", "sources": "rumour"},
        ],
        **more,
    )
