"""Tornado: how much the worth of the best plan changes when each uncertain number goes to its low and to its high, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.data.ranges import UNMOVED, Range, ranges
from masterplan.data.rows import advice
from masterplan.interval import Interval, difference
from masterplan.reports.moves import in_words, moves
from masterplan.rough_effects import rough_effects
from masterplan.runs import Run
from masterplan.studied import ends, found_plan, needed, said, worth_word
from masterplan.study import SolveOptions, plans

CENTRAL = "as it stands"
SIDES = ("low", "high")
NAMED = 3  # sources in a sentence


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The plan as it stands, and what the ends of each source change, widest first.

    `effects`: source, description, unit, low, central, high; change_at_low and change_at_high of the worth, each with _least and _most (the
    true change of the best plan lies between them, by both bounds); swing; is_proven (at one end at least it is not zero); estimate (what
    ranked it: its farther end if modules could be parts); numbers (how many follow it); moves_at_low and moves_at_high (what is started
    otherwise); status_at_low and status_at_high. `left_out`: source, reason, estimate.
    """

    plan: Plan
    effects: pd.DataFrame
    left_out: pd.DataFrame
    plans: Mapping[str, Plan] = field(repr=False)
    seconds: float = 0.0
    interrupted: bool = False

    def findings(self) -> Findings:
        """As sentences and tables."""
        case = self.plan.case
        unit, worth = case.setting("money_unit"), worth_word(case)
        proven = self.effects[self.effects["is_proven"]]
        solved = [any(f"{source} {side}" in self.plans for side in SIDES) for source in self.effects["source"]]
        moved = self.effects[solved] if self.interrupted else self.effects
        numbers = "1 number was" if len(moved) == 1 else f"{len(moved)} numbers were"
        sentences = [
            f"{numbers} moved to the low and the high end, one at a time, and the plan found anew each time: "
            f"{len(proven)} of them certainly change its {worth}, {len(moved) - len(proven)} stay below solve tolerance."
        ]
        sentences += [_sentence(row, worth, unit) for row in proven.head(NAMED).to_dict("records")]
        if len(self.left_out):
            sentences.append(
                f"{len(self.left_out)} more sources were not moved; the table says why. Derived numbers move in proportion to their source."
            )
        shown = self.effects.drop(columns=["is_proven"])
        return Findings(
            "Sensitivity",
            f"What the low and the high of each source change in the {worth} of the best plan, which is found anew each time.",
            tuple(sentences),
            (
                FoundTable("Tornado", f"change of {worth} in {unit}; the true change lies between least and most", shown),
                FoundTable("Not moved", "sources that were left out, and why", self.left_out),
            ),
            self.seconds,
        )


def sensitivity(
    case: Case,
    sources: Sequence[str] | None = None,
    top: int = 30,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> Sensitivity:
    """Move every named source (or the `top` ones by their estimated effect) to its low and to its high, and find the plan anew.

    The numbers that the table `provenance` ties to a source move in proportion to it (see `masterplan.data.ranges`). Every solve begins
    from the plan of the case as it stands, and goes to twice the gap; what that leaves in doubt is solved to the gap itself.
    Raises ValueError for a source that is not known or cannot be varied, or where the case as it stands has no plan; CaseError for a case
    with problems.
    """
    begun = time.perf_counter()
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    known = ranges(case)
    chosen = _named(known, sources) if sources is not None else [one for one in known.values() if not one.reason]
    if not chosen:
        raise ValueError("No source can be varied: the tables sources and provenance state low, central and high of no number of the case")
    base = needed(plans(case, [Run(CENTRAL)], options, told=told).get(CENTRAL), "The case as it stands has no plan")
    rough: dict[str, float] = {}
    if sources is None and len(chosen) > top and not options.interrupted:
        told(f"estimating the effect of {len(chosen)} sources, to move the {top} with the largest")
        rough = rough_effects(base, {one.source: _farther(one) for one in chosen}, options)
    picked = sorted(chosen, key=lambda one: -abs(rough.get(one.source, 0.0)))[:top] if sources is None else chosen
    runs = [
        Run(f"{one.source} {side}", changes=changes)
        for one in picked
        for side, changes in zip(SIDES, (one.to_low, one.to_high), strict=True)
        if changes
    ]
    found = plans(case, runs, options.rough, {run.name: base for run in runs}, told)
    doubtful = {run.name: plan for run in runs if (plan := found_plan(found.get(run.name))) is not None and _in_doubt(plan, base, gap)}
    found |= plans(case, [run for run in runs if run.name in doubtful], options, doubtful, told)
    texts = {row["source"]: row for row in case.tables["sources"].to_dict("records")}
    effects = pd.DataFrame([_effect(one, texts[one.source], base, found, rough.get(one.source)) for one in picked])
    effects = effects.sort_values("swing", ascending=False, kind="stable", na_position="last", ignore_index=True)
    rest = [(one.source, one.reason or "its estimated effect is smaller", rough.get(one.source)) for one in known.values()]
    left = [row for row in rest if row[0] not in {one.source for one in picked}] if sources is None else []
    return Sensitivity(
        base,
        effects,
        pd.DataFrame(left, columns=["source", "reason", "estimate"]).astype({"estimate": float}),
        {name: plan for name, plan in found.items() if isinstance(plan, Plan)},
        time.perf_counter() - begun,
        options.interrupted,
    )


def _named(known: Mapping[str, Range], sources: Sequence[str]) -> list[Range]:
    for source in sources:
        if source not in known:
            raise ValueError(f"{source!r} is no source of the case. {advice(source, known, 'source')}")
        if known[source].reason:
            raise ValueError(f"{source} cannot be varied: {known[source].reason}")
    return [known[source] for source in dict.fromkeys(sources)]


def _in_doubt(plan: Plan, base: Plan, gap: float) -> bool:
    """May the change be nothing, as far as both are proven, and could a solve to the gap say more?"""
    change = difference(plan, base)
    return change is not None and not change.is_proven and (plan.gap is None or plan.gap > gap)


def _farther(one: Range) -> tuple[str, ...]:
    if not one.to_low or not one.to_high:
        return one.to_low or one.to_high
    return one.to_low if abs(one.low - one.central) > abs(one.high - one.central) else one.to_high


def _effect(one: Range, text: Mapping[Any, Any], base: Plan, found: Mapping[str, Plan | CaseError], rough: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {name: text[name] or "" for name in ("source", "description", "unit")}
    row |= {"low": one.low, "central": one.central, "high": one.high}
    intervals: dict[str, Interval | None] = {}
    for side, still in zip(SIDES, one.reasons, strict=True):
        plan = found_plan(found.get(f"{one.source} {side}"))
        intervals[side] = difference(plan, base) if plan is not None else Interval(0.0, 0.0, 0.0) if still == UNMOVED else None
        row |= ends(f"change_at_{side}", intervals[side])
    values = [interval.value for interval in intervals.values() if interval is not None]
    row["swing"] = max([0.0, *values]) - min([0.0, *values]) if values else float("nan")
    row["is_proven"] = any(interval is not None and interval.is_proven for interval in intervals.values())
    row["below_tolerance"] = not row["is_proven"]
    row |= {"estimate": float("nan") if rough is None else rough, "numbers": len(one.places)}
    for side, still in zip(SIDES, one.reasons, strict=True):
        plan = found_plan(found.get(f"{one.source} {side}"))
        row[f"moves_at_{side}"] = "" if plan is None else in_words(moves(base, plan))
        row[f"status_at_{side}"] = still or said(found.get(f"{one.source} {side}"))
    return row


def _sentence(row: Mapping[Any, Any], worth: str, unit: str) -> str:
    parts = [
        f"at {row[side]:g} {row['unit']} the {worth} changes by {row[f'change_at_{side}']:+,.4g} {unit} "
        f"({row[f'change_at_{side}_least']:+,.4g} to {row[f'change_at_{side}_most']:+,.4g})"
        for side in SIDES
        if row[f"change_at_{side}"] == row[f"change_at_{side}"] and row[f"status_at_{side}"] != UNMOVED
    ]
    parts += [
        f"at {row[side]:g} there is no plan: {row[f'status_at_{side}']}"
        for side in SIDES
        if row[f"change_at_{side}"] != row[f"change_at_{side}"]
    ]
    return f"{row['source']} ({row['central']:g} {row['unit']}): {'; '.join(parts)}."
