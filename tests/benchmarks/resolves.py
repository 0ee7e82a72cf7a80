"""Resolves: what-ifs on the base case from its last plan, against solving the changed case from nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import masterplan as mp

CHANGES = (
    "markets.ai_sales/1.price*=0.99",
    "markets.robot_services/1.price*=0.95",
    "projects.cell_factory.capex*=1.05",
    "projects.orbit_own.capex*=0.95",
    "projects.launch_pad.max_total=3",
    "markets.downlink_capacity/1.limit*=0.9",
    "finance.minimum_cash+=1",
    "markets.storage_sales/1.limit*=1.05",
    "finance.capex_limit*=0.98",
    "projects.terafab.capex*=1.1",
    "projects.refinery.lead_time+=1",
    "projects.terafab.lead_time+=1",
)


def resolves(quick: bool) -> Iterator[dict[str, Any]]:
    """A row per change: seconds both ways, their ratio, and whether the starts moved."""
    plan = mp.solve(mp.load("base"), threads=1)
    for change in CHANGES[::3] if quick else CHANGES:
        begun = time.perf_counter()
        hot = mp.what_if(plan, change, threads=1)
        middle = time.perf_counter()
        cold = mp.solve(plan.case.change(change), threads=1)
        seconds = time.perf_counter() - middle
        moved = hot.starts["modules"].sub(plan.starts["modules"]).abs().max() > 1e-6 if len(hot.starts) == len(plan.starts) else True
        row = {"change": change, "what_if": middle - begun, "from nothing": seconds, "what_if / from nothing": (middle - begun) / seconds}
        yield row | {"starts moved": "yes" if moved else "no", "NPV both ways": f"{hot.npv:.2f} {cold.npv:.2f}"}
