"""Years in which each synergy counts (1) or not (0). Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Synergies active"
TAB = "decision"
HEADS = ("Synergy", "", "Because")
DECISION = Decision(SHEET, "synergies", "synergy")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per synergy; what it brings stands on the sheet Cash."""
    meaning = plan.case.attribute("synergies", "meaning")
    places: dict[Key, Place] = {
        (synergy,): Place("Active (1) or not (0)", "0/1", str(meaning.get(synergy, ""))) for synergy in plan.case.names("synergies")
    }
    return frame(lines(plan, DECISION, places, total=False), plan.case.years)
