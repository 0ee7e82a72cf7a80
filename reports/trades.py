"""Quantities bought and sold by market, price tier and year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Trades"
TAB = "decision"
HEADS = ("Market", "Tier", "Resource")
DECISION = Decision("Trades", "trades", "market", "tier", whole_part=True)
SECTIONS = {"buy": "Bought", "sell": "Sold"}


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per market and tier with the quantity in each year; column D says which resource is traded."""
    side, resource = plan.case.attribute("markets", "side"), plan.case.attribute("markets", "resource")
    units = plan.case.attribute("resources", "unit")
    places = {key: Place(SECTIONS[side[key]], units[resource[key]], resource[key]) for key in sorted(side, key=lambda key: side[key])}
    return frame(lines(plan, DECISION, places), plan.case.years)
