"""How much the modules of each start year run, where output fades with age. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Vintages"
TAB = "decision"
HEADS = ("Project", "Start year", "")
DECISION = Decision("Vintages", "vintage_levels", "project", "start_year", whole_part=True)


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per project and start year that runs at all, with the level of that vintage in each year; a section per activity."""
    activity, units = plan.case.attribute("projects", "activity"), plan.case.attribute("activities", "unit")
    rows = plan.vintage_levels
    pairs = [(str(project), int(begun)) for project, begun in zip(rows["project"], rows["start_year"], strict=True)]
    running = sorted({pair for pair, level in zip(pairs, rows["level"], strict=True) if level})
    places: dict[Key, Place] = {}
    for project, begun in running:
        runs = activity.get(project, "")
        places[project, begun] = Place(runs, units.get(runs, ""))
    kept = pd.Series([pair in places for pair in pairs], index=rows.index, dtype=bool)
    shown = replace(plan, vintage_levels=rows[kept])
    return frame(lines(shown, DECISION, places, total=False), plan.case.years)
