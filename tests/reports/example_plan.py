"""A plan of 2026..2028 that uses every kind of decision: two systems, a vintage project, a stock, a cancellation, work in progress, tax."""

from __future__ import annotations

from dataclasses import replace

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.recompute import recompute
from tests.reports.hand_plans import hand_plan, with_results
from tests.small_cases import small_case


def example_case(**settings: object) -> Case:
    """A mine whose ore is stored and sold in two tiers, and a computer hall whose compute fades."""
    return small_case(
        {"title": "Mine and hall", "opening_cash": 100.0, "terminal_value": "book_value", "money_unit": "M USD", **settings},
        name="example",
        resources=[
            {"resource": "ore", "unit": "Mt", "storable": "yes", "opening_stock": 1.0},
            {"resource": "power", "unit": "TWh"},
            {"resource": "compute", "unit": "GWy", "disposal": "yes"},
        ],
        activities=[
            {"activity": "mine", "system": "Mining", "unit": "Mt", "variable_cost": 1.0},
            {"activity": "hall", "system": "Compute", "unit": "GWy"},
        ],
        recipes=[
            {"activity": "mine", "resource": "ore", "amount": 1.0},
            {"activity": "mine", "resource": "power", "amount": -0.5},
            {"activity": "hall", "resource": "compute", "amount": 1.0},
        ],
        existing_capacity=[{"activity": "mine", "capacity": 4.0}],
        projects=[
            {"project": "pit", "activity": "mine", "capex": 10.0, "module_capacity": 2.0},
            {"project": "chips", "activity": "hall", "capex": 5.0, "life": 3, "output_profile": "fade", "output_resource": "compute"},
        ],
        profiles=[{"profile": "fade", "age": age, "kind": "output", "value": value} for age, value in enumerate((1.0, 0.5, 0.25))],
        given_starts=[
            {"project": "pit", "year": 2025, "modules": 1.0, "kind": "fixed"},
            {"project": "pit", "year": 2027, "modules": 1.0, "kind": "cancellable", "cancel_cost": 0.5},
        ],
        markets=[
            {"market": "world", "tier": 1, "resource": "ore", "side": "sell", "price": 9.0, "limit": 4.0},
            {"market": "world", "tier": 2, "resource": "ore", "side": "sell", "price": 7.0, "limit": 4.0},
            {"market": "grid", "tier": 1, "resource": "power", "side": "buy", "price": 2.0},
            {"market": "cloud", "tier": 1, "resource": "compute", "side": "sell", "price": 8.0, "limit": 9.0},
        ],
        finance=[{"capex_limit": 20.0, "carry_over_share": 1.0, "minimum_cash": 0.0, "tax_rate": 0.25}],
    )


def example_plan(case: Case | None = None) -> Plan:
    """A plan by hand that keeps every rule but makes no claim to be good, with the claims of a solve."""
    plan = with_results(
        hand_plan(
            case or example_case(),
            starts={("pit", 2025): 1.0, ("pit", 2026): 1.0, ("chips", 2026): 2.0},
            cancellations={("pit", 2027): 1.0},
            levels={("mine", 2026): 5.0, ("mine", 2027): 5.5, ("mine", 2028): 4.0, ("hall", 2027): 2.0, ("hall", 2028): 2.0},
            vintage_levels={("chips", 2026, 2026): 0.0, ("chips", 2026, 2027): 2.0, ("chips", 2026, 2028): 2.0},
            trades={
                ("world", 1, 2026): 4.0,
                ("world", 1, 2027): 4.0,
                ("world", 1, 2028): 4.0,
                ("world", 2, 2027): 1.0 / 3.0,
                ("grid", 1, 2026): 2.5,
                ("grid", 1, 2027): 2.75,
                ("grid", 1, 2028): 2.0,
                ("cloud", 1, 2027): 2.0,
                ("cloud", 1, 2028): 1.0,
            },
            stocks={("ore", 2026): 2.0, ("ore", 2027): 2.0 + 5.5 - 4.0 - 1.0 / 3.0, ("ore", 2028): 2.0 + 5.5 - 4.0 - 1.0 / 3.0},
        )
    )
    base = recompute(plan).tax["base"].tolist()
    pool = [max(0.0, -base[0]), max(0.0, max(0.0, -base[0]) - base[1]), 0.0]
    losses = plan.loss_pool.assign(losses=pool)
    plan = with_results(replace(plan, loss_pool=losses))
    objective = plan.objective or 0.0
    run = {"seconds": {"solve": 1.5}, "versions": {"masterplan": "0.1.0"}, "options": {"gap": 0.005}, "command": "masterplan solve"}
    claims = {"bound": objective + 1.0, "gap": 0.1, "gap_money": 1.0, "do_nothing": objective - 10.0}
    return replace(plan, status="optimal", **claims, run=run)
