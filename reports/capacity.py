"""What each activity can do in a year, what it does, and the share in use: an activity at 100 % may be the bottleneck."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.names import activity_systems, in_order
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, Look, by_year, frame

SHEET = "Capacity"
TAB = "output"
HEADS = ("Activity", "Measure", "")
# column of the recomputation -> its label and style
LINES: dict[str, tuple[str, Look]] = {
    "existing": ("existing", "number"),
    "converted": ("converted", "number"),
    "closed": ("closed", "number"),
    "built": ("built", "number"),
    "capacity": ("capacity", "number"),
    "level": ("level", "number"),
    "utilisation": ("in use", "percent"),
}
ALWAYS = ("capacity", "level", "utilisation")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Lines per activity: existing, converted, closed and built where there are any, then capacity, level and the share in use."""
    units = plan.case.attribute("activities", "unit")
    series = {column: by_year(numbers.capacity, ("activity",), column) for column in LINES}
    lines = []
    for system, activity in in_order(activity_systems(plan.case)):
        for column, (label, style) in LINES.items():
            values = series[column].get((activity,), {})
            if column in ALWAYS or any(values.values()):
                unit = "" if style == "percent" else units[activity]
                lines.append(Line(system, activity, values, unit, label, style=style))
    return frame(lines, plan.case.years)
