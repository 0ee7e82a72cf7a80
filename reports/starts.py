"""Modules started by project and year: the plan's decisions. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.names import in_order, project_systems
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Starts"
TAB = "decision"
HEADS = ("Project", "Start year", "")
DECISION = Decision("Starts", "starts", "project")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per project with the modules started in each year."""
    places: dict[Key, Place] = {(project,): Place(system, "modules") for system, project in in_order(project_systems(plan.case))}
    return frame(lines(plan, DECISION, places), plan.case.years)
