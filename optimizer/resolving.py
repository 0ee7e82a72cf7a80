"""Resolving: a plan's case with some changes, from that plan and its proof instead of from nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from masterplan import highs
from masterplan.answer import Answer, SolverOptions
from masterplan.data.plan import Plan
from masterplan.dominated import bound_with, known_row
from masterplan.gap import gap_of, met_at
from masterplan.prepared import Prepared, arrays_of
from masterplan.searching import ProgressCall, searched
from masterplan.solving import as_plan, checked_options, doing_nothing, kept_on_interrupt, ready_or_plan, reference_of
from masterplan.stopwatch import Stopwatch


@kept_on_interrupt
def what_if(
    plan: Plan,
    *changes: str,
    gap: float = 0.005,
    time_limit: float = 300.0,
    threads: int | None = None,
    progress: ProgressCall | None = None,
    seed: int = 0,
) -> Plan:
    """The best plan of a plan's case after changes in command-line form, as `solve(plan.case.change(*changes))` but sooner.

    The old plan's starts are operated anew under the new numbers. Where the old proof says enough about the new case (see `dominated`),
    they may meet the gap at once; otherwise the search begins from them and ends where either proof meets the gap. `run["seconds"]` says
    where the time went, `run["proof"]` whether the old proof was enough (reused) or not (searched).
    `time_limit` is in seconds, for all of it.
    Raises what `Case.change` and `solve` raise.
    """
    options, watch = checked_options(gap, time_limit, threads, seed), Stopwatch()
    ready = ready_or_plan(plan.case.change(*changes))
    if isinstance(ready, Plan):
        return ready
    watch.lap("build")
    do_nothing = doing_nothing(ready, options)
    options = replace(options, reference=reference_of(do_nothing))
    watch.lap("do_nothing")
    best = _kept(ready, plan, options) or do_nothing
    watch.lap("reuse")
    bound = _bound(ready, plan, options)
    if bound is not None:
        options = replace(options, target=met_at(bound, options.gap, options.reference))
    watch.lap("proof")
    spent = watch.seconds()["solve"]
    if bound is not None and _meets(best, bound, options):
        answer = replace(best, quality="optimal", stopped="gap", bound=bound, seconds=spent)
        return as_plan(ready, answer, options, {"proof": "reused"}, watch)
    answer = searched(ready, replace(options, time_limit=max(time_limit - spent, 1.0)), best.solution, watch, progress)
    if answer.solution is None and best.solution is not None and answer.quality in ("none", "feasible"):
        answer = replace(answer, quality="feasible", solution=best.solution, objective=best.objective)
    if bound is not None and answer.bound is not None:
        answer = replace(answer, bound=max(answer.bound, bound) if ready.arrays.sign > 0 else min(answer.bound, bound))
        if _meets(answer, bound, options):
            answer = replace(answer, quality="optimal")
    return as_plan(ready, answer, options, {"proof": "searched"}, watch)


def _kept(ready: Prepared, plan: Plan, options: SolverOptions) -> Answer | None:
    """The old plan's whole decisions in the new case, with the rest decided anew; None where they cannot be kept."""
    if not plan.found:
        return None
    guess, arrays = ready.start_from(plan), ready.arrays
    low, high = arrays.low.copy(), arrays.high.copy()
    known = arrays.whole & ~np.isnan(guess)
    low[known] = high[known] = np.clip(np.round(guess[known]), low[known], high[known])
    answer = highs.run(arrays.with_bounds(low, high), replace(options, gap=0.0, time_limit=min(options.time_limit, 10.0)))
    return answer if answer.solution is not None else None


def _bound(ready: Prepared, plan: Plan, options: SolverOptions) -> float | None:
    """What the old plan's proof says about the new case: a bound of its objective, or None."""
    if plan.bound is None or plan.extra_entries:
        return None
    row = known_row(arrays_of(plan.case), ready.arrays, plan.bound, options)
    return None if row is None else bound_with(ready.arrays, row, options)


def _meets(answer: Answer, bound: float, options: SolverOptions) -> bool:
    if answer.solution is None or answer.objective is None:
        return False
    found = gap_of(answer.objective, bound, options.reference)
    return found is not None and found <= options.gap
