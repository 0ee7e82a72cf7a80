"""Hard cases, as tables only: many whole modules and openings against capex limits that bind every year, and many sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from masterplan.data.case import Case
from masterplan.data.read import load
from tests.benchmarks.sites import sites
from tests.small_cases import small_case

NO_CARRY_OVER = "finance.carry_over_share=0"
PER_MODULE = ("module_capacity", "capex", "fixed_cost")


def base_case(*scenarios: str) -> Case:
    """The embedded base case in some of its scenarios."""
    return load("base").scenario(*scenarios) if scenarios else load("base")


def tight(case: Case, share: float, carried: bool = False) -> Case:
    """A case with a share of its capex limits, and nothing that carries over from year to year (unless `carried`)."""
    return case.change(f"finance.capex_limit*={share}", *(() if carried else (NO_CARRY_OVER,)))


def in_quarters(case: Case) -> Case:
    """The same options in modules of a quarter of the size: four times as many of them."""
    smaller = [f"projects.{name}.{column}*=0.25" for name in case.names("projects") for column in _stated(case, name, PER_MODULE)]
    more = [
        f"projects.{name}.{column}*=4" for name in case.names("projects") for column in _stated(case, name, ("max_per_year", "max_total"))
    ]
    inputs = ["construction_inputs.*.amount*=0.25", "conversions.*.amount*=0.25"]
    return case.change(*smaller, *more, *inputs)


def with_opening_costs(case: Case, share: float) -> Case:
    """A case in which every year with a start of a lumpy project costs a share of the first module's capex on top."""
    lumpy, capex = case.attribute("projects", "lumpy"), case.attribute("projects", "capex")
    return case.change(*(f"projects.{name}.fixed_capex={share * capex[name]:.6g}" for name in capex if lumpy[name] == "yes"))


def _stated(case: Case, project: str, columns: tuple[str, ...]) -> list[str]:
    rows = case.tables["projects"]
    return [column for column in columns if rows.loc[rows["project"] == project, column].notna().any()]


def knapsack(seed: int, carry_over: float, projects: int = 10, years: int = 10, opening: float = 0.5) -> Case:
    """Projects of odd sizes that feed one product each into shared markets, with opening costs, against one capex limit a year."""
    rng = np.random.default_rng(seed)
    names = [f"plant_{number}" for number in range(projects)]
    capex = np.round(rng.uniform(3, 12, projects), 2)
    rows: list[dict[str, Any]] = []
    for name, cost in zip(names, capex, strict=True):
        rows.append(
            {
                "project": name,
                "activity": f"run_{name}",
                "module_capacity": round(float(cost * rng.uniform(0.8, 1.2)), 2),
                "capex": float(cost),
                "fixed_capex": round(float(cost * opening * rng.uniform(0.5, 1.5)), 2),
                "lead_time": int(rng.integers(1, 4)),
                "life": int(rng.integers(6, 20)),
                "max_per_year": int(rng.integers(2, 5)),
                "max_total": int(rng.integers(6, 12)),
            }
        )
    products = [f"product_{number}" for number in range(max(projects // 3, 1))]
    recipes = [
        {"activity": f"run_{name}", "resource": products[number % len(products)], "amount": 1.0} for number, name in enumerate(names)
    ]
    markets = [
        {
            "market": product,
            "tier": tier,
            "resource": product,
            "side": "sell",
            "price": round(float(price), 3),
            "limit": round(float(size), 1),
        }
        for product in products
        for tier, price, size in ((1, rng.uniform(0.5, 0.7), rng.uniform(15, 30)), (2, rng.uniform(0.3, 0.45), rng.uniform(30, 80)))
    ]
    limit = round(float(capex.sum() * 0.35), 1)
    return small_case(
        {"last_year": 2025 + years, "discount_rate": 0.07, "terminal_value": "book_value"},
        name=f"knapsack {seed}",
        activities=[{"activity": f"run_{name}", "variable_cost": round(float(rng.uniform(0.05, 0.15)), 3)} for name in names],
        recipes=recipes,
        projects=rows,
        markets=markets,
        finance=[{"capex_limit": limit, "carry_over_share": carry_over}],
    )


HARD: Mapping[str, Callable[[], Case]] = {
    "tesla": partial(base_case, "tesla_only"),
    "group": base_case,
    "tesla_ai_high": partial(base_case, "tesla_only", "ai_high"),
    "tesla_tight": lambda: tight(base_case("tesla_only"), 0.35),
    "group_tight": lambda: tight(base_case(), 0.35),
    "tesla_quarters": lambda: in_quarters(tight(base_case("tesla_only"), 0.35)),
    "group_quarters": lambda: in_quarters(tight(base_case(), 0.35)),
    "tesla_openings": lambda: with_opening_costs(tight(base_case("tesla_only"), 0.5), 0.5),
    "group_openings": lambda: with_opening_costs(tight(base_case(), 0.5), 0.5),
    "tesla_small_openings": lambda: with_opening_costs(in_quarters(tight(base_case("tesla_only"), 0.5)), 2.0),
    "group_small_openings": lambda: with_opening_costs(in_quarters(tight(base_case(), 0.5)), 2.0),
    "knapsack_1": partial(knapsack, 1, 0.0),
    "knapsack_2": partial(knapsack, 2, 1.0),
    "knapsack_3": partial(knapsack, 3, 0.0, 15, 12),
    "knapsack_4": partial(knapsack, 4, 1.0, 15, 12),
    "sites_2": lambda: sites(tight(base_case(), 0.7), 2),
    "sites_5": lambda: sites(base_case(), 5),
    "sites_10": lambda: sites(base_case(), 10),
}
