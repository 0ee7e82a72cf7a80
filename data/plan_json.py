"""A plan as plain data, for a file or another machine: everything but its case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import DECISIONS, RESULTS, Plan

_SINGLE = ("status", "stopped_because", "objective", "bound", "gap", "gap_money", "npv", "npv_without_terminal", "do_nothing", "message")


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan in the types of JSON; frames as columns of lists."""
    frames = {name: getattr(plan, name).to_dict("list") for name in (*DECISIONS, *RESULTS)}
    return {name: getattr(plan, name) for name in _SINGLE} | {"run": dict(plan.run), "extra_entries": list(plan.extra_entries), **frames}


def from_json(case: Case, content: Mapping[str, Any]) -> Plan:
    """The plan of a case from plain data. Raises KeyError or TypeError where something is missing or of another kind."""
    frames: dict[str, Any] = {
        name: pd.DataFrame(content[name], columns=list(columns)) for name, columns in {**DECISIONS, **RESULTS}.items()
    }
    single = {name: content[name] for name in _SINGLE}
    return Plan(case, **single, **frames, run=content["run"], extra_entries=tuple(content["extra_entries"]))
