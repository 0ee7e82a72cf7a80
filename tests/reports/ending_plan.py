"""A plan in which something ends in every way: by conversion, by closing, by retiring."""

from __future__ import annotations

from masterplan.data.plan import Plan
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case


def ending_plan() -> Plan:
    """A mine of 4 that is converted to 3, another that is closed and a pit that is retired, with what they earned."""
    case = small_case(
        activities=[{"activity": "mine", "variable_cost": 1}, {"activity": "old", "closable": "yes"}],
        recipes=[{"activity": name, "resource": "ore", "amount": 1} for name in ("mine", "old", "dig")],
        markets=[{"market": "world", "tier": n, "resource": "ore", "side": "sell", "price": p} for n, p in ((1, 5), (2, 3))],
        existing_capacity=[{"activity": "mine", "capacity": 4}, {"activity": "old", "capacity": 2}],
        projects=[{"project": "refit", "max_total": 1}, {"project": "pit", "activity": "dig", "life": 2, "retirable": "yes"}],
        conversions=[{"project": "refit", "from_activity": "mine", "amount": 1, "out_from": 1}],
        given_starts=[{"project": "pit", "year": 2025, "modules": 1}],
    )
    return hand_plan(
        case,
        starts={("refit", 2026): 1, ("pit", 2025): 1},
        levels={("mine", 2026): 4},
        trades={("world", 1, 2026): 3, ("world", 2, 2026): 1},
        closures={("old", 2028): 2},
        retirements={("pit", 2025, 2026): 1},
    )
