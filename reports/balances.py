"""Where each resource comes from (+) and goes to (−), by year. A block ends with what remains: zero, or a surplus thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.names import entry_in_words
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, by_year, frame

SHEET = "Balances"
TAB = "output"
HEADS = ("Entry", "Item", "")
INDEX = "Surplus of every resource (click a name for its balance)"


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """First the surplus of every resource, then a block per resource with a line per entry and item, and their sum."""
    case = plan.case
    units, surplus = case.attribute("resources", "unit"), by_year(numbers.surplus, ("resource",), "amount")
    posted = by_year(numbers.balance, ("resource", "entry", "item"), "amount")
    names = case.names("resources")
    scale = {name: _greatest(posted, name) for name in names}
    lines = [Line(INDEX, name, surplus.get((name,), {}), units[name], link=_block(name, units[name]), scale=scale[name]) for name in names]
    for name in names:
        section = _block(name, units[name])
        for (resource, entry, item), values in posted.items():
            if resource == name:
                spread = {year: values.get(year, 0.0) for year in case.years}
                lines.append(Line(section, entry_in_words(entry), spread, units[name], _plain(item), total="sum"))
        lines.append(Line(section, "Surplus", surplus.get((name,), {}), units[name], total="sum", style="total", scale=scale[name]))
    return frame(lines, case.years)


def _greatest(posted: Mapping[tuple[Any, ...], Mapping[int, float]], resource: str) -> float:
    """The greatest entry of a resource: what its surplus is a difference of."""
    return max((abs(amount) for key, values in posted.items() if key[0] == resource for amount in values.values()), default=0.0)


def _block(resource: str, unit: str) -> str:
    return f"{resource} ({unit})"


def _plain(item: object) -> str:
    return "" if item is None or item != item else str(item)
