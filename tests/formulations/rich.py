"""A small case that uses every block: whatever a table can say is said once."""

from __future__ import annotations

from typing import Any

from masterplan.data.case import Case
from tests.small_cases import Rows, small_case

PROFILES = [
    {"profile": name, "age": age, "kind": kind, "value": value}
    for name, kind, values in (("long", "spend", (0.5, 0.25, 0.25)), ("ramp", "availability", (0.5, 1)), ("wear", "output", (1, 0.75)))
    for age, value in enumerate(values)
]

TABLES: dict[str, Rows] = {
    "resources": [
        {"resource": "ore", "storable": "yes", "storage_limit": 9, "storage_loss": 0.1, "holding_cost": 0.2, "opening_stock": 3,
         "stock_value": 1},
        {"resource": "heat", "disposal": "yes"},
        {"resource": "steel", "arrivals": 1, "disposal": "yes"},
    ],
    "activities": [
        {"activity": "dig", "variable_cost": 0.5, "fixed_cost": 0.25, "production_credit": 0.1, "closable": "yes", "closing_cost": -1},
        {"activity": "think"},
    ],
    "recipes": [
        {"activity": "dig", "resource": "ore", "amount": 2, "lag": 1},
        {"activity": "dig", "resource": "power", "amount": -1},
        {"activity": "dig", "resource": "heat", "basis": "capacity", "amount": 1},
        {"activity": "dig", "resource": "power", "basis": "capacity", "amount": -0.1},
        {"activity": "think", "resource": "thought", "amount": 3},
        {"activity": "think", "resource": "power", "amount": -1},
    ],
    "existing_capacity": [{"activity": "dig", "capacity": 6}, {"activity": "think", "capacity": 1}],
    "projects": [
        {"project": "mine", "activity": "dig", "module_capacity": 3, "capex": 4, "fixed_capex": 2, "lead_time": 2,
         "max_per_year": 3, "max_total": 4, "spend_profile": "long", "availability_profile": "ramp", "fixed_cost": 0.1,
         "credit": 0.3, "credit_last_start": 2027, "retirable": "yes", "retirement_cost": 0.2, "depreciation_class": "plant"},
        {"project": "chips", "activity": "think", "lumpy": "no", "capex": 3, "lead_time": 0, "life": 2, "min_per_year": 0.5,
         "max_per_year": 2, "max_total": 2, "total_basis": "in_place", "output_profile": "wear", "output_resource": "thought",
         "retirable": "yes", "retirement_cost": -0.5},
        {"project": "road", "capex": 1, "max_total": 1},
        {"project": "rail", "capex": 5, "max_total": 1, "total_basis": "in_place"},
        {"project": "press", "activity": "dig", "lead_time": 2, "max_total": 3, "built_before": 1, "credit": 0.1, "spend_profile": "long",
         "depreciation_class": "plant"},
    ],
    "profiles": PROFILES,
    "construction_inputs": [
        {"project": "mine", "resource": "steel", "amount": 1, "capitalised_value": 2},
        {"project": "mine", "resource": "steel", "years_after_start": 3, "amount": 1, "capitalised_value": 1},
        {"project": "chips", "resource": "power", "when": "standing", "amount": 0.5},
    ],
    "conversions": [{"project": "chips", "from_activity": "dig", "amount": 1, "out_from": 1}],
    "given_starts": [
        {"project": "mine", "year": 2025, "modules": 1},
        {"project": "chips", "year": 2025, "modules": 1, "kind": "cancellable", "cancel_cost": 0.5},
        {"project": "mine", "year": 2027, "modules": 1, "kind": "minimum"},
    ],
    "depreciation": [{"depreciation_class": "plant", "method": "declining_balance", "years": 3, "rate": 0.5, "immediate": 0.2}],
    "learning": [{"project": "press", "modules": modules, "cost": cost} for modules, cost in ((0, 0), (2, 9), (4, 12))],
    "rules": [
        {"rule": "access", "kind": "requires", "project": "chips", "other": "mine", "amount": 3, "lag": 1},
        {"rule": "either", "kind": "excludes", "project": "road", "other": "rail"},
        {"rule": "few", "kind": "at_most", "project": "chips", "amount": 1},
        {"rule": "some", "kind": "at_least", "project": "road", "amount": 1},
        {"rule": "some", "kind": "at_least", "project": "mine", "amount": 1},
        {"rule": "soon", "kind": "deadline", "project": "mine", "amount": 2, "deadline": 2028},
        {"rule": "once", "kind": "must_do", "project": "road"},
    ],
    "limits": [
        {"limit": "cap", "bound": 40},
        {"limit": "sum", "bound": 90, "span": "cumulative"},
        {"limit": "floor", "bound": 1, "span": "total", "sense": "at_least"},
        {"limit": "goal", "bound": 60, "sense": "at_least", "penalty": 0.2, "already": 2},
    ],
    "limit_members": [
        *({"limit": "cap", "measure": measure, "item": item} for measure, item in
          (("level", "dig"), ("capacity", "dig"), ("buy", "grid"), ("sell", "world"), ("production", "ore"), ("use", "power"),
           ("stock", "ore"))),
        *({"limit": "sum", "measure": measure, "item": "mine"} for measure in ("starts", "modules", "spend")),
        {"limit": "floor", "measure": "production", "item": "heat"},
        {"limit": "goal", "measure": "earnings", "item": "company"},
        {"limit": "goal", "measure": "debt", "item": "company", "coefficient": 0.5},
    ],
    "gates": [{"gate": "licence", "activity": "think", "earliest_year": 2027}],
    "gate_conditions": [{"gate": "licence", "measure": "starts", "item": "road", "threshold": 1, "lag": 1}],
    "synergies": [
        {"synergy": "fit", "benefit": 0.5, "per_activity": "think", "benefit_per_level": 0.1},
        {"synergy": "crowd", "benefit": -0.25},
    ],
    "synergy_members": [
        {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1},
        {"synergy": "fit", "measure": "sell", "item": "users", "threshold": 0.5},
        {"synergy": "crowd", "measure": "level", "item": "dig", "threshold": 2, "most": 30},
    ],
    "markets": [
        {"market": "world", "tier": 1, "resource": "ore", "side": "sell", "price": 3, "limit": 8},
        {"market": "world", "tier": 2, "resource": "ore", "side": "sell", "price": 2, "limit": 12},
        {"market": "users", "resource": "thought", "side": "sell", "price": 2, "limit": 9},
        {"market": "grid", "resource": "power", "side": "buy", "price": 0.5, "minimum": 1, "take_or_pay": 25, "limit": 30},
        {"market": "mill", "resource": "steel", "side": "buy", "price": 1.5, "limit": 50},
    ],
    "finance": [
        {"capex_limit": 15, "carry_over_share": 0.5, "baseline_cash": 2, "baseline_taxable": 1, "committed_capex": 0.5,
         "external_capital": 1, "minimum_cash": -50, "tax_rate": 0.25, "loss_cap": 0.9, "debt_limit": 9, "interest_rate": 0.1,
         "raise_limit": 3, "issue_cost": 0.05, "distributions": 0.5},
        {"year": 2026, "debt_multiple": 0},
        {"year": 2027, "debt_multiple": 2},
        {"year": 2028, "tax_rate": 0.4},
    ],
}  # fmt: skip

SETTINGS: dict[str, Any] = {
    "last_year": 2029,
    "discount_rate": 0.25,
    "opening_cash": 5,
    "opening_losses": 1,
    "opening_debt": 4,
    "debt_spread": 0.02,
    "committed_inside_limit": "yes",
}

TERMINAL_VALUES = ("none", "book_value", "perpetuity")
TIMINGS = ("start_of_year", "mid_year", "end_of_year")


def rich_case(terminal: str = "book_value", **settings: Any) -> Case:
    """The case with a terminal value and, perhaps, other settings."""
    return small_case({**SETTINGS, "terminal_value": terminal, **settings}, name="rich", **TABLES)
