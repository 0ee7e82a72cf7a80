"""Frontier: what the best plan is worth for each value of something else that matters: a capex budget, compute in a year, imports.

Each point is the best plan whose measure is at least (or at most) so much (the epsilon-constraint method); the ends are the best plan and
the best plan at the extreme of the measure, both solved. Plans that another one beats in both are left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.extreme import LIMIT, Extreme, extreme
from masterplan.extreme import told as in_words
from masterplan.interval import Interval, difference
from masterplan.measured import Measured, measured
from masterplan.reports.moves import in_words as moves_in_words
from masterplan.reports.moves import moves
from masterplan.runs import Run
from masterplan.studied import ends, found_plan, needed, worth_word
from masterplan.study import SolveOptions, plans

BUDGET = "capex_limit"
BEST = "best plan"
SHARES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of the capex limit
HAIR = 1e-6

Toward = Literal["most", "least"]


@dataclass(frozen=True, eq=False)
class Frontier:
    """What plans are worth along a measure, from the best plan to the extreme of the measure.

    `points`: asked (bound on the measure, or share of the capex limit), measure (what the plan has), worth with worth_least and worth_most
    (the best plan that keeps the bound is worth between them), cost against the best plan with cost_least and cost_most, is_proven
    (the cost is certainly not zero), status, moves (starts against the best plan). `left_out` counts the points that another one beats,
    or that have no plan. `end` says what the extreme of the measure is, proven or not.
    """

    measure: str
    toward: Toward
    best: Plan
    points: pd.DataFrame
    left_out: int
    end: str
    plans: Mapping[str, Plan] = field(repr=False)
    seconds: float = 0.0
    interrupted: bool = False

    def findings(self) -> Findings:
        """As sentences and a table."""
        case = self.best.case
        unit, worth = case.setting("money_unit"), worth_word(case)
        last = self.points.iloc[-1]
        what = "capex" if self.measure == BUDGET else self.measure
        sentences = [self.end]
        if len(self.points) > 1:
            cost = Interval(last["cost"], last["cost_least"], last["cost_most"])
            sentences.append(f"From the best plan to the other end, {what} goes to {last['measure']:,.4g}; that costs {cost} {unit}.")
            sentences += [_step(before, after, unit) for before, after in _steepest(self.points)]
        if self.left_out:
            not_shown = "1 point is not shown" if self.left_out == 1 else f"{self.left_out} points are not shown"
            sentences.append(f"{not_shown}: another plan is as good in both, or there is no plan.")
        return Findings(
            "Frontier",
            f"The best {worth} for each {what}: every point is a plan of its own, and none is beaten in both.",
            tuple(sentences),
            (
                FoundTable(
                    "Frontier",
                    f"{worth} and cost in {unit}, proven to lie between least and most",
                    self.points.drop(columns="is_proven"),
                    axes=(f"{what} [{unit}]" if what.startswith("capex") else what, f"{worth} [{unit}]"),
                ),
            ),
            self.seconds,
        )


def frontier(
    case: Case,
    measure: str = "capex",
    toward: Toward | None = None,
    points: int = 8,
    shares: Sequence[float] = SHARES,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> Frontier:
    """Trace worth against a measure (`capex`, `capex@2030`, `level/hall@2035`, `sell/robots`; see `masterplan.measured`) in `points` plans.

    `toward` is the end of the measure that is wanted: least for capex and purchases, most for all else, if it is not given. The measure
    `capex_limit` scales the yearly limit by `shares` instead. Raises ValueError for a measure that cannot be read or has no end, or where
    the case has no plan; CaseError for a case with problems.
    """
    begun = time.perf_counter()
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    if measure != BUDGET and points < 2:
        raise ValueError(f"points: found {points}, allowed 2 or more: both ends are points")
    what = measured("capex" if measure == BUDGET else measure, case)
    if measure == BUDGET and case.tables["finance"]["capex_limit"].isna().all():
        raise ValueError("The case has no capex limit to scale; use the measure capex")
    best = needed(plans(case, [Run(BEST)], options, told=told).get(BEST), "The case has no plan")
    solved: dict[str, Any]
    if measure == BUDGET:
        way: Toward = "least"
        asked = {f"{share:g} of the capex limit": share for share in sorted({1.0, *shares}, reverse=True)}
        runs = [Run(name, changes=(f"finance.capex_limit*={share:.12g}",)) for name, share in asked.items()]
        found = plans(case, [run for run in runs if asked[run.name] != 1.0], options, dict.fromkeys(asked, best), told)
        told_end = "The capex limit is scaled in every year; capex is the sum over the plan."
        solved = {name: best if share == 1.0 else found.get(name) for name, share in asked.items()}
    else:
        way = toward or ("least" if what.measure in ("spend", "buy", "debt") else "most")
        sense = "at_least" if way == "most" else "at_most"
        asked, solved = {BEST: what.value(best)}, {BEST: best}
        told_end = f"It was interrupted before the {way} of {what} was found; the best plan has {what.value(best):,.4g}."
        end = None if options.interrupted else _end(case, what, way, options, told)
        if end is not None:
            steps = _steps(what.value(best), end.value, points, way)
            runs = [Run(name, rows=tuple(what.limit(LIMIT, sense, bound))) for name, bound in steps.items()]
            solved |= plans(case, runs, options, {run.name: end.plan for run in runs}, told)
            asked |= steps
            told_end = f"The {way} that {what} can be is {in_words(end)}; the best plan has {what.value(best):,.4g}."
    return replace(_frontier(measure, way, best, what, asked, solved, told_end, begun), interrupted=options.interrupted)


def _end(case: Case, what: Measured, way: Toward, options: SolveOptions, told: Callable[[str], None]) -> Extreme | None:
    """The extreme of the measure; None after a Ctrl-C."""
    told(f"looking for the {way} of {what}")
    try:
        return extreme(case, what, way == "most", options)
    except KeyboardInterrupt:
        options.interruption.seen = True
        return None


def _steps(first: float, last: float, points: int, way: Toward) -> dict[str, float]:
    """Bounds on the measure from beside the best plan to the extreme, by the name of their run; the extreme a hair looser."""
    slack = HAIR * max(1.0, abs(last)) * (-1.0 if way == "most" else 1.0)
    if abs(first - last) <= 2 * abs(slack):
        return {}
    bounds = [first + (last - first) * place / (points - 1) for place in range(1, points)]
    words = "at least" if way == "most" else "at most"
    return {f"{words} {_plain(bound):.6g}": bound + (slack if place == len(bounds) else 0.0) for place, bound in enumerate(bounds, 1)}


def _plain(value: float) -> float:
    """Without the hair by which a bound of 0 was loosened."""
    return 0.0 if abs(value) <= 2 * HAIR else value


def _frontier(
    name: str,
    way: Toward,
    best: Plan,
    what: Measured,
    asked: Mapping[str, float],
    solved: Mapping[str, Any],
    end: str,
    begun: float,
) -> Frontier:
    """Points from loose to strict; a looser bound proves that no stricter plan is worth more."""
    sign = -1.0 if best.case.setting("objective") == "least_cost" else 1.0
    rows: list[dict[str, Any]] = []
    proven = float("inf")
    for run, bound in asked.items():
        plan = found_plan(solved.get(run))
        if plan is None or plan.objective is None or plan.bound is None:
            continue
        proven = min(proven, sign * plan.bound)
        upper = sign * max(proven, sign * plan.objective)
        cost = difference(best, plan)
        if cost is not None and best.bound is not None:
            cost = Interval(cost.value, sign * (best.objective - upper), cost.high)  # type: ignore[operator]
        worth = Interval(plan.objective, min(plan.objective, upper), max(plan.objective, upper))
        rows.append(
            {"asked": _plain(bound), "measure": _plain(what.value(plan)), **ends("worth", worth), **ends("cost", cost)}
            | {"is_proven": cost is not None and cost.is_proven, "status": plan.status, "moves": moves_in_words(moves(best, plan))}
            | {"run": run, "plan": plan}
        )
    if name == BUDGET:
        rows.reverse()  # of limits that give the same plan, the tightest tells most
    kept = _undominated(rows, 1.0 if way == "most" else -1.0, sign)
    table = pd.DataFrame(kept)
    chosen = dict(zip(table.pop("run"), table.pop("plan"), strict=True))
    return Frontier(name, way, best, table, len(asked) - len(kept), end, chosen, time.perf_counter() - begun)


def _undominated(rows: Sequence[dict[str, Any]], way: float, sign: float) -> list[dict[str, Any]]:
    """The rows that no other one beats in both measure and worth, best worth first; of equal ones the first."""

    def beats(one: dict[str, Any], other: dict[str, Any]) -> bool:
        more = way * (one["measure"] - other["measure"])
        better = sign * (one["worth"] - other["worth"])
        hair = HAIR * max(1.0, abs(one["measure"])), HAIR * max(1.0, abs(one["worth"]))
        equal = abs(more) <= hair[0] and abs(better) <= hair[1]
        return (more >= -hair[0] and better >= -hair[1]) and (not equal or rows.index(one) < rows.index(other))

    kept = [row for row in rows if not any(beats(other, row) for other in rows if other is not row)]
    return sorted(kept, key=lambda row: (-sign * row["worth"], way * row["measure"]))


def _steepest(points: pd.DataFrame) -> Iterable[tuple[Mapping[Any, Any], Mapping[Any, Any]]]:
    """The step where a unit of the measure costs most."""
    rows = points.to_dict("records")
    pairs = [(before, after) for before, after in pairwise(rows) if abs(after["measure"] - before["measure"]) > HAIR]
    return [max(pairs, key=lambda pair: _slope(*pair))] if len(pairs) > 1 else []


def _slope(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> float:
    return float((after["cost"] - before["cost"]) / abs(after["measure"] - before["measure"]))


def _step(before: Mapping[Any, Any], after: Mapping[Any, Any], unit: str) -> str:
    return (
        f"A unit is dearest between {before['measure']:,.4g} and {after['measure']:,.4g}: {_slope(before, after):,.4g} {unit} each "
        f"on the way found."
    )
