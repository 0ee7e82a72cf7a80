"""What is in store at the end of each year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Stocks"
TAB = "decision"
HEADS = ("Resource", "", "")
DECISION = Decision("Stocks", "stocks", "resource")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per storable resource with its stock at the end of each year."""
    storable, units = plan.case.attribute("resources", "storable"), plan.case.attribute("resources", "unit")
    places: dict[Key, Place] = {
        (name,): Place("Stock at the end of the year", units[name]) for name, answer in storable.items() if answer == "yes"
    }
    return frame(lines(plan, DECISION, places, total=False), plan.case.years)
