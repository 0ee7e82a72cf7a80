"""Existing capacity that is closed for good at the beginning of each year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Closures"
TAB = "decision"
HEADS = ("Activity", "", "")
DECISION = Decision("Closures", "closures", "activity")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per activity whose existing capacity may be closed, with the capacity closed in each year."""
    units = plan.case.attribute("activities", "unit")
    closable = [name for name, answer in plan.case.attribute("activities", "closable").items() if answer == "yes"]
    places: dict[Key, Place] = {(activity,): Place("Capacity closed", units[activity]) for activity in closable}
    return frame(lines(plan, DECISION, places), plan.case.years)
