"""Tax losses carried forward at the end of each year. Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Losses"
TAB = "decision"
HEADS = ("Losses", "", "")
DECISION = Decision("Losses", "loss_pool", "")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """One line with the tax losses that are still unused at the end of each year; none without a tax."""
    taxed = any(plan.case.series("finance", "tax_rate").values())
    places: dict[Key, Place] = {(): Place("Losses carried forward", money_unit(plan.case))} if taxed else {}
    return frame(lines(plan, DECISION, places, total=False) if taxed else (), plan.case.years)
