"""How much each activity runs in each year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.names import activity_systems, in_order
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Levels"
TAB = "decision"
HEADS = ("Activity", "", "")
DECISION = Decision("Levels", "levels", "activity")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per activity with its level in each year."""
    units = plan.case.attribute("activities", "unit")
    places: dict[Key, Place] = {(activity,): Place(system, units[activity]) for system, activity in in_order(activity_systems(plan.case))}
    return frame(lines(plan, DECISION, places, total=False), plan.case.years)
