"""Modules that are retired before the end of their life, by start year and year of retirement. Edit purple cells, then verify."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Retirements"
TAB = "decision"
HEADS = ("Project", "Start year", "")
DECISION = Decision("Retirements", "retirements", "project", "start_year", whole_part=True)


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per start of a project that may be retired, with the modules retired at the beginning of each year."""
    retirable = plan.case.attribute("projects", "retirable")
    begun = sorted({(str(p), int(s)) for p, s, n in plan.starts[["project", "year", "modules"]].itertuples(index=False) if n})
    places: dict[Key, Place] = {(p, s): Place("Modules retired", "modules") for p, s in begun if retirable.get(p) == "yes"}
    return frame(lines(plan, DECISION, places), plan.case.years)
