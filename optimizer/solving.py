"""Solving: from a case to a plan with a proof of how good it is."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from importlib.metadata import version
from typing import Any, ParamSpec

import numpy as np
import pyomo.environ as pyo

from masterplan import highs
from masterplan.answer import Answer, SolverOptions
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.check import check
from masterplan.data.errors import CaseError
from masterplan.data.pause import holding_interrupts, no_garbage
from masterplan.data.plan import Plan, Stopped
from masterplan.formulations import Block, cash, debt, earnings, gates, limits, tax
from masterplan.gap import gap_of, is_reached
from masterplan.harvest import decisions, key_figures, results
from masterplan.idle import do_nothing_flow
from masterplan.least_debt import with_least_debt
from masterplan.prepared import Prepared, prepare
from masterplan.searching import ProgressCall, searched
from masterplan.stopwatch import Stopwatch

Asked = ParamSpec("Asked")


def kept_on_interrupt(find: Callable[Asked, Plan]) -> Callable[Asked, Plan]:
    """Ctrl-C ends what searches, not what makes a plan of it: a plan that is found says that it was interrupted."""

    @wraps(find)
    def found(*args: Asked.args, **kwargs: Asked.kwargs) -> Plan:
        with holding_interrupts() as held:
            plan = find(*args, **kwargs)
        return replace(plan, stopped_because="interrupted") if held.pressed and plan.found else plan

    return found


@kept_on_interrupt
def solve(
    case: Case,
    gap: float = 0.005,
    time_limit: float = 300.0,
    threads: int | None = None,
    start: Plan | None = None,
    extra: Sequence[Block] = (),
    progress: ProgressCall | None = None,
    seed: int = 0,
    strong: bool = True,
) -> Plan:
    """Find the best plan of a case and prove how good it is.

    Stops when `gap` = |bound - objective| / |objective - do-nothing| is reached (0: proven best), after `time_limit` seconds, or on
    Ctrl-C; the best plan so far is kept in every case. `run["seconds"]` says where the time went. `start` offers an earlier plan to begin
    from. `extra` blocks (modules with `add(m, case, ledger)`) join the model. `progress` is called with where the solve stands.
    `strong` searches as `searching` says; without it HiGHS gets the plain formulation: the same plans, other seconds.
    An infeasible or unlimited case is a Plan with that status, not an exception. Raises CaseError for a case with problems,
    ValueError for options out of range.
    """
    options, watch = checked_options(gap, time_limit, threads, seed), Stopwatch()
    ready = ready_or_plan(case, extra)
    if isinstance(ready, Plan):
        return ready
    watch.lap("build")
    do_nothing = doing_nothing(ready, options)
    reference = reference_of(do_nothing)
    begin = ready.start_from(start) if start is not None else do_nothing.solution
    watch.lap("do_nothing")
    left = max(time_limit - do_nothing.seconds, 1.0)
    answer = searched(ready, replace(options, time_limit=left, reference=reference), begin, watch, progress, strong)
    if answer.solution is None and do_nothing.solution is not None and answer.quality in ("none", "feasible"):
        answer = replace(answer, quality="feasible", solution=do_nothing.solution, objective=do_nothing.objective)
    idle = do_nothing_flow(ready, do_nothing)
    plan = _plan(ready, answer, reference, options, ready.arrays, watch)
    return replace(plan, run={**plan.run, **idle})


def planned(ready: Prepared, answer: Answer, options: SolverOptions) -> Plan:
    """The plan of an answer that was searched in the same arrays before."""
    watch = Stopwatch()
    do_nothing = doing_nothing(ready, options)
    watch.lap("do_nothing")
    plan = _plan(ready, answer, reference_of(do_nothing), options, ready.arrays, watch)
    return replace(plan, run={**plan.run, **do_nothing_flow(ready, do_nothing)})


def doing_nothing(ready: Prepared, options: SolverOptions) -> Answer:
    """The best that can be done without a free start, to a narrow gap: what a plan's worth is held against."""
    closely = replace(options, gap=min(options.gap, 1e-4), time_limit=max(options.time_limit, 10.0), reference=None)
    return highs.run(ready.without_free_starts(), closely)


def reference_of(do_nothing: Answer) -> float | None:
    """The objective of doing nothing; None where that is impossible or not proven best."""
    return do_nothing.objective if do_nothing.quality == "optimal" else None


def reoptimise(plan: Plan, time_limit: float = 60.0, threads: int | None = None) -> Plan:
    """Keep the starts of a plan and decide its operation anew; infeasible if no operation goes with them."""
    options, watch = checked_options(0.0, time_limit, threads, 0), Stopwatch()
    ready = ready_or_plan(plan.case, ())
    if isinstance(ready, Plan):
        return ready
    watch.lap("build")
    do_nothing = highs.run(ready.without_free_starts(), options)
    watch.lap("do_nothing")
    reference = reference_of(do_nothing)
    modules = plan.modules_started
    unknown = set(modules) - set(ready.model.STARTS)
    if any(modules[start] for start in unknown):
        told = ", ".join(f"{project} in {year}" for project, year in sorted(unknown))
        return Plan(plan.case, "infeasible", "proof", message=f"These starts are outside the years their project allows: {told}.")
    fixed = ready.fixed_starts(modules)
    answer = highs.run(fixed, replace(options, reference=reference))
    watch.lap("search")
    return _plan(ready, answer, reference, options, fixed, watch)


def checked_options(gap: float, time_limit: float, threads: int | None, seed: int) -> SolverOptions:
    """The options of a solve. Raises ValueError for those out of range."""
    if not 0 <= gap < 1:
        raise ValueError(f"gap is a share of value added: found {gap}, allowed 0 to 1 (0.005 is half a percent)")
    if time_limit <= 0:
        raise ValueError(f"time_limit is in seconds: found {time_limit}, allowed more than 0")
    if threads is not None and threads < 1:
        raise ValueError(f"threads: found {threads}, allowed 1 or more")
    return SolverOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed)


def ready_or_plan(case: Case, extra: Sequence[Block] = ()) -> Prepared | Plan:
    """The prepared case, or the plan that says a row of constants cannot hold."""
    if errors := [problem for problem in check(case) if problem.is_error]:
        raise CaseError(errors, case.name)
    try:
        return prepare(case, extra)
    except InfeasibleModelError as error:
        return Plan(case, "infeasible", "proof", message=f"No plan can keep every limit: {error}")


def as_plan(ready: Prepared, answer: Answer, options: SolverOptions, told: dict[str, Any], watch: Stopwatch) -> Plan:
    """The plan of an answer, `told` in its run log; the reference of the options is the do-nothing objective."""
    found = _plan(ready, answer, options.reference, options, ready.arrays, watch)
    return replace(found, run={**found.run, **told})


def _plan(ready: Prepared, answer: Answer, reference: float | None, options: SolverOptions, arrays: Arrays, watch: Stopwatch) -> Plan:
    """The plan of an answer, with the seconds of every phase so far and its own in the run log."""
    plan = _judged(ready, answer, reference, options, arrays, watch)
    watch.lap("results")
    return replace(plan, run={**plan.run, "seconds": watch.seconds()})


def _judged(ready: Prepared, answer: Answer, reference: float | None, options: SolverOptions, arrays: Arrays, watch: Stopwatch) -> Plan:
    case, run_log = ready.case, _run_log(ready, answer, options)
    if answer.quality == "infeasible_or_unbounded":
        answer = replace(answer, quality=_told_apart(arrays, options))
    if answer.quality == "infeasible":
        return Plan(case, "infeasible", "proof", do_nothing=reference, message="No plan can keep every limit of the case.", run=run_log)
    if answer.quality == "unbounded":
        message = "Value grows without limit: a sale without a limit, or a loop that makes more than it takes, needs one."
        return Plan(case, "unbounded", "proof", do_nothing=reference, message=message, run=run_log)
    if answer.quality == "failed" or (answer.quality == "optimal" and answer.solution is None):
        return Plan(case, "failed", "error", do_nothing=reference, message="The solver stopped on a numerical error.", run=run_log)
    if answer.solution is None:
        was_pressed = answer.stopped == "interrupted"
        message = "It was interrupted" if was_pressed else "The limit was reached"
        message += " before any plan was found." + ("" if was_pressed else " Give more time.")
        return Plan(case, "no_plan", answer.stopped, bound=answer.bound, do_nothing=reference, message=message, run=run_log)
    polished = with_least_debt(ready, arrays, _polished(ready, arrays, answer.solution, options), options)
    watch.lap("polish")
    with no_garbage():
        return _found(ready, answer, reference, polished, options, run_log)


def _found(
    ready: Prepared, answer: Answer, reference: float | None, solution: np.ndarray, options: SolverOptions, run_log: dict[str, Any]
) -> Plan:
    case, m = ready.case, ready.model
    objective, bound = _settled(ready, solution), answer.bound
    if bound is not None:  # the polished plan may pass a bound that is tight up to tolerance
        bound = max(bound, objective) if ready.arrays.sign < 0 else min(bound, objective)
    gap_money = None if bound is None else abs(bound - objective)
    frames: dict[str, Any] = decisions(m) | results(m, case, ready.ledger)
    npv, without = float(pyo.value(m.npv(m))), float(pyo.value(m.npv_without_terminal(m)))
    gap = gap_of(objective, bound, reference)
    return Plan(
        case,
        status="optimal" if answer.quality == "optimal" and is_reached(gap, options.gap) else "feasible",
        stopped_because=_stopped(answer.stopped, gap),
        objective=objective,
        bound=bound,
        gap=gap,
        gap_money=gap_money,
        npv=npv,
        npv_without_terminal=without,
        do_nothing=reference,
        **frames,
        kpis=key_figures(m, case, ready.ledger, frames["cash"], reference),
        run=run_log,
        extra_entries=ready.extra_entries,
    )


def _settled(ready: Prepared, solution: np.ndarray) -> float:
    """Put a solution into the model, with free choices settled where that costs nothing; the objective of what was put."""
    m = ready.model
    ready.put(solution)
    found = float(pyo.value(m.best_plan))
    for block in (gates, tax, debt, earnings, cash, limits):
        block.settle(m)
    settled = float(pyo.value(m.best_plan))
    if ready.arrays.sign * (settled - found) <= 1e-9 * max(1.0, abs(found)):
        return settled
    ready.put(solution)  # a block that gains by another choice knows better
    return found


def _stopped(stopped: Stopped, gap: float | None) -> Stopped:
    return "gap" if stopped == "proof" and gap is not None and gap > 1e-6 else stopped


def _polished(ready: Prepared, arrays: Arrays, solution: np.ndarray, options: SolverOptions) -> np.ndarray:
    """Whole numbers made whole, no opening without a start, and the rest decided anew as an LP: exact where the search is only near."""
    if not arrays.whole.any():
        return solution
    left = arrays.decided(solution)
    starts = ready.columns(ready.model.start)
    for _ in range(2):  # the second round closes openings that the first left idle
        for start, column in ready.columns(ready.model.open_project).items():
            if solution[starts[start]] <= 1e-9:
                left.low[column] = left.high[column] = 0.0
        answer = highs.run(left, replace(options, time_limit=60.0, on_interrupt="wait"))
        if answer.solution is None:
            return solution
        solution = answer.solution
    return np.where(arrays.whole, left.low, solution)


def _told_apart(arrays: Arrays, options: SolverOptions) -> str:
    """Infeasible or unbounded: without an objective only the first remains."""
    feasible = replace(arrays, cost=np.zeros_like(arrays.cost))
    return "infeasible" if highs.run(feasible, options).quality == "infeasible" else "unbounded"


def _run_log(ready: Prepared, answer: Answer, options: SolverOptions) -> dict[str, Any]:
    return {
        "size": ready.arrays.size,
        "nodes": answer.nodes,
        "options": {"gap": options.gap, "time_limit": options.time_limit, "threads": options.threads, "seed": options.seed},
        "versions": {
            "masterplan": version("masterplan"),
            "pyomo": version("pyomo"),
            "highs": highs.VERSION,
            "python": platform.python_version(),
        },
        "input_hash": ready.case.input_hash,
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
