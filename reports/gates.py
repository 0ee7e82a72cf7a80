"""Years in which each gate is open (1) or shut (0). Edit purple cells, then run `masterplan verify`."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.decisions import Decision, Key, Place, lines
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import frame

SHEET = "Gates opened"
TAB = "decision"
HEADS = ("Gate", "", "Opens")
DECISION = Decision(SHEET, "gates", "gate")
OPEN = 0.5  # a 0/1 decision above this is a yes


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """A line per gate with the first year in which it is open."""
    first = first_open(plan)
    places: dict[Key, Place] = {
        (gate,): Place("Open (1) or shut (0)", "0/1", f"in {first[gate]}" if gate in first else "not in the plan")
        for gate in plan.case.names("gates")
    }
    return frame(lines(plan, DECISION, places, total=False), plan.case.years)


def first_open(plan: Plan) -> dict[str, int]:
    """gate -> first year in which it is open; a gate that stays shut is absent."""
    found: dict[str, int] = {}
    for gate, year, opened in plan.gates[["gate", "year", "opened"]].itertuples(index=False):
        if float(opened) > OPEN:
            found[str(gate)] = min(int(year), found.get(str(gate), int(year)))
    return found
