"""The tables of bottlenecks: rungs, candidates and steps as tidy frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from masterplan.interval import Interval
from masterplan.ladder import Ladder, Tried
from masterplan.relief_arrays import Candidate
from masterplan.relief_steps import Step

LADDER = (
    "rung",
    "limit",
    "way",
    "relieved",
    "by_price",
    "value",
    "low",
    "high",
    "tolerance",
    "cost",
    "net_value",
    "objective",
    "binds_next",
)
TRIED = ("rung", "limit", "relieved", "by_price", "if_divisible", "value", "low", "high", "told")
STEPS = ("limit", "step", "up_to", "by_price", "value", "low", "high", "told")
EMPTY_LADDER = pd.DataFrame(columns=list(LADDER))


def ladder_table(ladder: Ladder) -> pd.DataFrame:
    """A row for each rung that is worth more than its solve tolerance, in order; `cost` is blank where it is not known."""
    rows = []
    for rung in ladder.rungs:
        candidate, value = rung.chosen.candidate, rung.chosen.value
        relief = candidate.relief
        rows.append(
            {
                "rung": rung.number,
                "limit": relief.limit,
                "way": relief.way or relief.name,
                "relieved": relief.in_words(relief.most),
                "by_price": candidate.first_order,
                **_ends(value),
                "tolerance": value.tolerance,
                "cost": None if relief.cost is None else candidate.cost,
                "net_value": None if relief.cost is None else value.value - candidate.cost,
                "objective": rung.plan.objective,
                "binds_next": _next(rung.next),
            }
        )
    return _frame(rows, LADDER, words=("limit", "way", "relieved", "binds_next"), whole=("rung",))


def tried_table(ladder: Ladder) -> pd.DataFrame:
    """A row for each candidate that was re-optimised, by rung; the last rung is the one that was not climbed."""
    rows = []
    attempts = [(rung.number, rung.tried, rung.chosen) for rung in ladder.rungs] + [(len(ladder.rungs) + 1, ladder.last, None)]
    for number, tried, chosen in attempts:
        for one in tried:
            relief = one.candidate.relief
            rows.append(
                {
                    "rung": number,
                    "limit": relief.limit,
                    "relieved": relief.in_words(relief.most),
                    "by_price": one.candidate.first_order,
                    "if_divisible": one.candidate.divisible,
                    **_ends(one.value),
                    "told": _told(one, chosen),
                }
            )
    return _frame(rows, TRIED, words=("limit", "relieved", "told"), whole=("rung",))


def steps_table(steps: Sequence[Step]) -> pd.DataFrame:
    """A row for each step, up or down."""
    rows = []
    for step in steps:
        relief = step.candidate.relief
        ends = dict.fromkeys(("value", "low", "high")) if step.value is None else _ends(step.value)
        told = step.why if step.value is None else "" if step.value.is_proven else "below solve tolerance"
        by_price = step.candidate.first_order * step.amount / relief.most
        rows.append(
            {"limit": relief.limit, "step": relief.in_words(step.amount), "up_to": _up_to(step), "by_price": by_price, **ends, "told": told}
        )
    return _frame(rows, STEPS, words=("limit", "step", "up_to", "told"))


def _up_to(step: Step) -> str:
    """How far the limit could be relieved in all; the other way nothing is stated."""
    relief = step.candidate.relief
    return relief.amount_in_words(relief.most) if step.amount / relief.step > 0 else ""


def _told(one: Tried, chosen: Tried | None) -> str:
    if chosen is not None and one.candidate is chosen.candidate:
        return "chosen"
    if one.passed_over:
        return "cannot be the best: its bound says so"
    return "" if one.value.is_proven else "below solve tolerance"


def _next(candidates: Sequence[Candidate]) -> str:
    return ", ".join(one.relief.limit for one in candidates) or "nothing that could be relieved"


def _ends(value: Interval) -> dict[str, float]:
    return {"value": value.value, "low": value.low, "high": value.high}


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...], words: tuple[str, ...], whole: tuple[str, ...] = ()) -> pd.DataFrame:
    types = {name: object if name in words else int if name in whole else float for name in columns}
    return pd.DataFrame(rows, columns=list(columns)).astype(types)
