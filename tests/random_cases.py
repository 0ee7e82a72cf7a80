"""Random tiny cases: every mechanism that brute force knows, numbers that make options worth a thought."""

from __future__ import annotations

from typing import Any

import numpy as np

from masterplan.data.case import Case
from tests.small_cases import small_case


def random_case(seed: int) -> Case:
    """A case of two activities, two or three projects and three or four years, few enough to try all; equal seeds give equal cases."""
    rng = np.random.default_rng(seed)
    years = int(rng.integers(3, 5))

    def pick(*values: float) -> float:
        return float(rng.choice(values))

    projects = [
        {"project": "new_mine", "activity": "mine", "module_capacity": pick(1, 2), "capex": pick(1, 2, 3), "lead_time": 1},
        {
            "project": "new_mill",
            "activity": "mill",
            "module_capacity": pick(1, 1.5),
            "capex": pick(3, 5, 7),
            "lead_time": int(pick(0, 1, 2)),
        },
    ]
    conversions = []
    if years == 3 and rng.random() < 0.6:
        projects.append({"project": "turned_mill", "activity": "mill", "module_capacity": 1.0, "capex": pick(1, 2), "lead_time": 1})
        conversions.append({"project": "turned_mill", "from_activity": "workshop", "amount": 1.0, "out_from": int(pick(0, 1))})
    for project in projects:
        project.update(
            life=int(pick(1, 2, 10)),
            max_per_year=int(pick(1, 2)) if years == 3 and project["project"] == "new_mine" else 1,
            fixed_capex=pick(0, 0.5, 1),
            fixed_cost=pick(0, 0.1),
            credit=pick(0, 0, 0.2),
        )
        if rng.random() < 0.5:
            project["max_total"] = int(pick(1, 2, 3))
    finance = {"tax_rate": pick(0, 0.25), "baseline_cash": pick(0, 1), "carry_over_share": pick(0, 0.5, 1)}
    if rng.random() < 0.7:
        finance["capex_limit"] = pick(2, 4, 6)
    if rng.random() < 0.5:
        finance["minimum_cash"] = 0.0
    taxes = _taxes(seed, projects, finance)
    return small_case(
        {
            "last_year": 2025 + years,
            "discount_rate": pick(0, 0.1),
            "flow_timing": str(rng.choice(["mid_year", "start_of_year", "end_of_year"])),
            "terminal_value": str(rng.choice(["none", "book_value"])),
            "opening_cash": pick(0, 3, 8),
        },
        name=f"random {seed}",
        resources=[
            {"resource": "ore", "disposal": "yes", **({"storable": "yes", "storage_loss": pick(0, 0.1)} if rng.random() < 0.5 else {})},
            {"resource": "steel"},
            {"resource": "parts", "disposal": "yes"},
        ],
        activities=[
            {"activity": "mine", "variable_cost": pick(0.1, 0.3)},
            {"activity": "mill", "variable_cost": pick(0.2, 0.5)},
            {"activity": "workshop"},
        ],
        recipes=[
            {"activity": "mine", "resource": "ore", "amount": 1.0, "lag": int(pick(0, 0, 1))},
            {"activity": "mill", "resource": "ore", "amount": -pick(0.8, 1.2)},
            {"activity": "mill", "resource": "steel", "amount": 1.0},
            {"activity": "workshop", "resource": "parts", "amount": 1.0},
        ],
        existing_capacity=[{"activity": "mine", "capacity": pick(0, 1)}, {"activity": "workshop", "capacity": 2.0}],
        projects=projects,
        conversions=conversions,
        construction_inputs=[{"project": "new_mill", "resource": "parts", "amount": pick(0.5, 1.0)}],
        markets=[
            {"market": "steel", "resource": "steel", "side": "sell", "price": pick(2, 4, 6), "limit": pick(1, 3)},
            {"market": "ore", "resource": "ore", "side": "buy", "price": pick(1, 2), "limit": pick(0.5, 2)},
            {"market": "parts", "resource": "parts", "side": "sell", "price": pick(0.3, 1.0), "limit": 5.0},
        ],
        **taxes,
    )


def _taxes(seed: int, projects: list[dict[str, Any]], finance: dict[str, Any]) -> dict[str, Any]:
    """The tables `finance` and `depreciation`: now and then a tax class, a cap on losses, a rate that rises (by numbers of their own)."""
    rng = np.random.default_rng([seed, 1])
    rows = [finance]
    if finance["tax_rate"] and rng.random() < 0.3:
        finance["loss_cap"] = 0.5
    if finance["tax_rate"] and rng.random() < 0.3:
        rows.append({"year": 2028, "tax_rate": 0.5})
    if rng.random() < 0.4:
        for project in projects:
            project["depreciation_class"] = "plant"
    plant = {
        "depreciation_class": "plant",
        "method": "straight_line",
        "years": int(rng.integers(1, 5)),
        "immediate": float(rng.choice([0, 0.5])),
    }
    return {"finance": rows, "depreciation": [plant]}
