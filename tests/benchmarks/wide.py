"""Wide: a generated case of many projects over many years, each with numbers of its own and one budget for all."""

from __future__ import annotations

from typing import Any

import numpy as np

from masterplan.data.case import Case
from tests.small_cases import small_case


def wide(projects: int, years: int, seed: int = 0) -> Case:
    """So many projects, ten to a product; every product is made from power and sold, dearer tier first. Equal arguments, equal cases."""
    rng = np.random.default_rng(seed)
    products = [f"product_{number}" for number in range(-(-projects // 10))]

    def around(value: float) -> float:
        return round(float(value * rng.uniform(0.7, 1.3)), 3)

    tables: dict[str, list[dict[str, Any]]] = {
        "resources": [{"resource": name, "disposal": "yes"} for name in [*products, "power"]],
        "activities": [{"activity": f"make_{name}", "variable_cost": around(0.1)} for name in products],
        "recipes": [
            {"activity": f"make_{name}", "resource": resource, "amount": amount}
            for name in products
            for resource, amount in ((name, 1.0), ("power", -around(0.5)))
        ],
        "projects": [
            {
                "project": f"project_{number}",
                "activity": f"make_{products[number // 10]}",
                "module_capacity": around(2.0),
                "capex": around(5.0),
                "fixed_capex": around(1.0),
                "lead_time": int(rng.integers(1, 4)),
                "life": int(rng.integers(8, 25)),
                "max_per_year": 2,
                "max_total": int(rng.integers(2, 9)),
                "fixed_cost": around(0.05),
                "availability_profile": "ramp",
            }
            for number in range(projects)
        ],
        "profiles": [{"profile": "ramp", "age": age, "kind": "availability", "value": value} for age, value in enumerate((0.5, 0.8, 1.0))],
        "markets": [
            {"market": "grid", "resource": "power", "side": "buy", "price": 0.3},
            *(
                {"market": f"sale_{name}", "tier": tier, "resource": name, "side": "sell", "price": around(price), "limit": around(8.0)}
                for name in products
                for tier, price in ((1, 2.0), (2, 1.0))
            ),
        ],
        "finance": [{"capex_limit": 2.0 * projects, "carry_over_share": 0.5, "tax_rate": 0.25}],
    }
    settings = {"last_year": 2025 + years, "discount_rate": 0.07, "terminal_value": "book_value"}
    return small_case(settings, name=f"wide_{projects}x{years}", **tables)
