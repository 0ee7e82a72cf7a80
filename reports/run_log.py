"""How this plan came about and how good it is proven to be: versions, options, status, bound, gap, and the hash of the inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.recompute import Recomputed

SHEET = "RunLog"
TAB = "output"
LAYOUT = "masterplan.plan/1"
# what the plan claims: attribute of the plan
TEXTS = ("status", "stopped_because", "message")
NUMBERS = ("objective", "bound", "gap", "gap_money", "npv", "npv_without_terminal", "do_nothing")


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Columns name and value; what does not exist has no row, what there are several of has several rows."""
    case = plan.case
    rows: list[tuple[str, object]] = [("layout", LAYOUT), ("case", case.name), ("input_hash", case.input_hash)]
    rows += [("scenario", name) for name in case.scenarios_applied]
    rows += [("change", change) for change in case.changes_applied]
    rows += [(name, getattr(plan, name)) for name in TEXTS if getattr(plan, name)]
    rows += [(name, float(getattr(plan, name))) for name in NUMBERS if getattr(plan, name) is not None]
    rows += [("extra_entry", name) for name in plan.extra_entries]
    rows += [(f"run.{name}", value) for name, value in _flat(plan.run)]
    return pd.DataFrame(rows, columns=["name", "value"], dtype=object)


def nested(rows: Mapping[str, Any]) -> dict[str, Any]:
    """`a.b` -> value as {a: {b: value}}: the inverse of what `table` does to `plan.run`."""
    found: dict[str, Any] = {}
    for name, value in rows.items():
        *path, last = name.split(".")
        inner = found
        for part in path:
            following = inner.setdefault(part, {})
            if not isinstance(following, dict):
                following = inner[part] = {"": following}
            inner = following
        inner[last] = value
    return found


def _flat(run: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in run.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", _plain(value)


def _plain(value: Any) -> object:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)
