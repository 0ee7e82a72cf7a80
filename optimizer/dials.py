"""Spider and two-way table: what the best plan is worth while one number, or two, are turned to several values."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.dial import dial, ordered
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.interval import difference
from masterplan.reports.moves import in_words, moves
from masterplan.runs import Run
from masterplan.studied import ends, found_plan, needed, said, worth_word
from masterplan.study import SolveOptions, plans

CENTRAL = "as it stands"
MULTIPLES = (0.5, 0.75, 1.0, 1.25, 1.5)


@dataclass(frozen=True, eq=False)
class Turned:
    """The plan as it stands and the best plan at each setting.

    `points`: one column per change with its value, then change of the worth against the plan as it stands with change_least and change_most
    (the true change lies between them), is_proven, worth, moves (what is started otherwise), status.
    """

    plan: Plan
    changes: tuple[str, ...]
    points: pd.DataFrame
    seconds: float = 0.0
    interrupted: bool = False

    def grid(self) -> pd.DataFrame:
        """Change of the worth, first change down, second across (a single column for one change)."""
        if len(self.changes) == 1:
            return self.points.set_index(self.changes[0])[["change"]]
        return self.points.pivot(index=self.changes[0], columns=self.changes[1], values="change")

    def findings(self) -> Findings:
        """As sentences and tables."""
        case = self.plan.case
        unit, worth = case.setting("money_unit"), worth_word(case)
        proven = self.points[self.points["is_proven"]]
        sentences = [f"{len(proven)} of {len(self.points)} settings certainly change the {worth} of the best plan."]
        known = self.points[self.points["change"].notna()].sort_values("change", kind="stable").to_dict("records")
        for name, at in (("best", known[-1]), ("worst", known[0])) if known else ():
            place = ", ".join(f"{change} {at[change]:g}" for change in self.changes)
            sentences.append(
                f"It is {name} at {place}: {at['change']:+,.4g} {unit} ({at['change_least']:+,.4g} to {at['change_most']:+,.4g})."
            )
        tables = [FoundTable("Settings", f"change of {worth} in {unit}; the true change lies between least and most", self.points)]
        if len(self.changes) == 2:
            across = self.grid().rename(columns=lambda value: f"{self.changes[1]} {value:g}").reset_index()
            tables.insert(0, FoundTable("Two ways", f"change of {worth} in {unit}", across))
        return Findings(
            "Sensitivity",
            f"What the best plan is worth while {' and '.join(self.changes)} change.",
            tuple(sentences),
            tuple(tables),
            self.seconds,
        )


def spider(
    case: Case,
    change: str,
    multiples: Sequence[float] = MULTIPLES,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> Turned:
    """Turn one number through multiples of itself (`projects.mine.capex`), or through values where the change says how (`...capex=`).

    Raises ValueError for a change that cannot be read or a case without a plan, CaseError where a setting does not fit the case.
    """
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    return _turned(case, [(str(dial(change, "*=")), ordered(multiples))], options, told)


def two_way(
    case: Case,
    change_a: str,
    values_a: Sequence[float],
    change_b: str,
    values_b: Sequence[float],
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> Turned:
    """Turn two numbers together through all pairs of values; a change without `*=` or `+=` sets. Raises like `spider`."""
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    turned = [(str(dial(change_a)), ordered(values_a)), (str(dial(change_b)), ordered(values_b))]
    if turned[0][0] == turned[1][0]:
        raise ValueError(f"Both changes are {turned[0][0]}: name two")
    return _turned(case, turned, options, told)


def _turned(case: Case, turned: Sequence[tuple[str, Sequence[float]]], options: SolveOptions, told: Callable[[str], None]) -> Turned:
    begun = time.perf_counter()
    base = needed(plans(case, [Run(CENTRAL)], options, told=told).get(CENTRAL), "The case as it stands has no plan")
    dials = [dial(name) for name, _ in turned]
    settings = list(product(*(values for _, values in turned)))
    runs = {values: _run([one.at(value) for one, value in zip(dials, values, strict=True)]) for values in settings}
    found = plans(case, list(runs.values()), options, {run.name: base for run in runs.values()}, told)
    rows: list[dict[str, Any]] = []
    for values, run in runs.items():
        plan = found_plan(found.get(run.name))
        change = None if plan is None else difference(plan, base)
        row: dict[str, Any] = dict(zip((name for name, _ in turned), values, strict=True))
        row |= {**ends("change", change), "is_proven": change is not None and change.is_proven}
        row |= {"worth": float("nan") if plan is None else plan.objective, "moves": "" if plan is None else in_words(moves(base, plan))}
        rows.append(row | {"status": said(found.get(run.name))})
    return Turned(base, tuple(name for name, _ in turned), pd.DataFrame(rows), time.perf_counter() - begun, options.interrupted)


def _run(changes: list[str]) -> Run:
    return Run(" ".join(changes), changes=tuple(changes))
