"""Bottlenecks: what holds a plan back in which year, what one more step of it is worth, and what binds once it is relieved."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from masterplan.best_plan import best_plan
from masterplan.bottleneck_tables import EMPTY_LADDER, ladder_table, steps_table, tried_table
from masterplan.data.case import Case
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.data.relief import Relief, declared
from masterplan.ladder import Climb, Ladder, Tell, by_promise, promising
from masterplan.own_reliefs import own_reliefs
from masterplan.price_table import COLUMNS, price_table
from masterplan.relief_steps import Step, steps
from masterplan.reports.recompute import Recomputed, recompute
from masterplan.reports.usage import usage
from masterplan.study import SolveOptions

RUNGS, STEPS = 20, 6
INTERRUPTED = Ladder((), (), "it was interrupted", interrupted=True)


@dataclass(frozen=True, eq=False)
class Bottlenecks:
    """What `bottlenecks` found. Money in the case's unit; `price` in money of its year, everything else discounted like the objective.

    `prices`: kind, name, year, price, unit: what one more unit is worth while builds are fixed.
    `ladder`: the rungs in order; `value` with its ends `low` and `high` and their distance `tolerance` is what the relief is worth when
    everything may be re-decided, `by_price` what the prices with builds fixed make of it.
    `tried`: every candidate of every rung. `steps`: one step more and one less of the best-priced limits. `use`: use / available by year.
    `declared` says whether the case names its own reliefs; `ended` why the ladder ends.
    """

    plan: Plan
    prices: pd.DataFrame = field(repr=False)
    ladder: pd.DataFrame = field(repr=False)
    tried: pd.DataFrame = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    use: pd.DataFrame = field(repr=False)
    declared: bool
    ended: str
    interrupted: bool = False
    seconds: float = 0.0

    def findings(self) -> Findings:
        """The same as sentences and tables, for print, sheet and JSON."""
        from masterplan.bottleneck_words import findings

        return findings(self)


def bottlenecks(
    case: Case,
    plan: Plan | None = None,
    rungs: int = RUNGS,
    step_limits: int | None = STEPS,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
    told: Callable[[str], None] = lambda line: None,
) -> Bottlenecks:
    """What holds the plan of a case back, by price and by re-optimised relief, and the ladder of what binds next.

    `plan` is a plan of the same case, solved first where it is not given. The table `reliefs` of the case says what can be relieved and
    by how much; a case without one gets a tenth, a module or a year of whatever binds (see `masterplan.own_reliefs`). A rung relieves
    one limit in full: of the three best-priced, and of what else promises more, the one whose re-optimised case gains most. Every search
    starts from the plan below it and ends as soon as its bound says that the case gains no more than the best. The ladder ends with a rung
    that is worth no more than the solves can tell, or after `rungs`. The `step_limits` limits that promise most get one step more and one
    less (0: none, None: all that can be relieved).
    Other arguments as for `solve` and `scenario_table`. Without a plan (infeasible, no time) the tables are empty and `ended` says why.
    Raises CaseError for a case with problems, ValueError for options out of range or a plan of another case.
    """
    if rungs < 0 or (step_limits or 0) < 0:
        raise ValueError(f"rungs and step_limits: found {min(rungs, step_limits or 0)}, allowed 0 or more")
    begun = time.perf_counter()
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    first = best_plan(case, plan, options, told)
    stated = declared(case)
    if not first.found:
        return _without_a_plan(first, bool(stated), time.perf_counter() - begun)
    course = _Course()
    try:
        course.run(case, first, stated, options, rungs, step_limits, told)
    except KeyboardInterrupt:
        told("interrupted; the plan is kept")
    return Bottlenecks(
        first,
        prices=course.prices,
        ladder=ladder_table(course.ladder),
        tried=tried_table(course.ladder),
        steps=steps_table(course.steps),
        use=usage(first, course.numbers or recompute(first)),
        declared=bool(stated),
        ended=course.ladder.ended,
        interrupted=course.ladder.interrupted,
        seconds=time.perf_counter() - begun,
    )


@dataclass(eq=False)
class _Course:
    """What is known so far, whenever Ctrl-C is pressed."""

    numbers: Recomputed | None = None
    prices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    steps: tuple[Step, ...] = ()
    ladder: Ladder = INTERRUPTED

    def run(
        self, case: Case, plan: Plan, stated: Sequence[Relief], options: SolveOptions, rungs: int, step_limits: int | None, told: Tell
    ) -> None:
        """Prices, then steps, then the ladder. Raises KeyboardInterrupt."""
        self.numbers = recompute(plan)
        if options.interrupted:
            return
        climb = Climb(case, plan, stated, options, told)
        if climb.prices is not None:
            self.prices = price_table(climb.prices)
        if not stated:
            climb.left = list(own_reliefs(plan, self.numbers, self.prices))
        offered = climb.candidates()
        best = by_promise(offered) if step_limits is None else promising(offered)[:step_limits]
        if best and climb.prices is not None:
            self.steps = steps(case, plan, climb.prices.ready, best, options.rough, told)
        if not options.interrupted:
            self.ladder = climb.climb(rungs, offered)


def _without_a_plan(plan: Plan, stated: bool, seconds: float) -> Bottlenecks:
    empty = pd.DataFrame()
    why = plan.message or plan.status
    return Bottlenecks(
        plan,
        pd.DataFrame(columns=list(COLUMNS)),
        EMPTY_LADDER.copy(),
        empty,
        empty,
        empty,
        stated,
        why,
        plan.stopped_because == "interrupted",
        seconds,
    )
