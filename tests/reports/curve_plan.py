"""A plan whose capex stands on cost curves: one that all years go along, one that begins anew every year, one that rises."""

from __future__ import annotations

from masterplan.data.plan import Plan
from tests.reports.hand_plans import hand_plan, with_results
from tests.small_cases import small_case

CURVES = {
    "press": ("cumulative", ((0, 0), (2, 8), (5, 14))),
    "hall": ("per_year", ((0, 0), (1, 5), (3, 8))),
    "tower": ("cumulative", ((0, 0), (1, 1), (3, 31))),
}
CAPEX = {  # worked out by hand: modules before and after on the curve
    "press": [2.0, 0.0, 4.0],  # 2 to 3, 3 to 5: a slope of 2; one stood before the plan, one was begun in 2025
    "hall": [6.5, 5.0, 0.0],  # 5 + 1.5, then 5 again
    "tower": [0.0, 16.0, 0.0],  # 1 + 15
}


def curve_plan() -> Plan:
    """Three projects that make nothing and cost along their curves."""
    case = small_case(
        projects=[
            {"project": "press", "activity": "work", "lead_time": 0, "built_before": 1, "max_total": 4},
            {"project": "hall", "activity": "work", "max_per_year": 3},
            {"project": "tower", "activity": "work", "max_total": 3},
        ],
        recipes=[{"activity": "work", "resource": "goods", "amount": 1}],
        markets=[{"market": "world", "resource": "goods", "side": "sell", "price": 1}],
        learning=[
            {"project": project, "modules": modules, "basis": basis, "cost": cost}
            for project, (basis, points) in CURVES.items()
            for modules, cost in reversed(points)  # a curve is a set of points, in whatever order
        ],
        given_starts=[{"project": "press", "year": 2025, "modules": 1}],
    )
    starts = {("press", 2025): 1.0, ("press", 2026): 1.0, ("press", 2028): 2.0}
    starts |= {("hall", 2026): 2.0, ("hall", 2027): 1.0, ("tower", 2027): 2.0}
    return with_results(hand_plan(case, starts=starts))
