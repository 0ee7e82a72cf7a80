"""Modules of cancellable given starts that the plan cancels, by project and start year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Cancellations"
TAB = "decision"
HEADS = ("Project", "Start year", "")
DECISION = Decision("Cancellations", "cancellations", "project")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per project that has cancellable given starts, with the modules cancelled by start year."""
    given = plan.case.tables["given_starts"]
    cancellable = given.loc[given["kind"] == "cancellable", "project"]
    places: dict[Key, Place] = {(project,): Place("Modules cancelled", "modules") for project in dict.fromkeys(cancellable)}
    return frame(lines(plan, DECISION, places), plan.case.years)
