"""Money drawn, repaid, raised and paid out by year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.flows import flows_of
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Financing"
TAB = "decision"
HEADS = ("Flow", "", "")
DECISION = Decision("Financing", "financing", "flow")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per flow of money that the plan decides on."""
    places: dict[Key, Place] = {(flow,): Place("Financing", money_unit(plan.case)) for flow in flows_of(plan.case)}
    return frame(lines(plan, DECISION, places), plan.case.years)
