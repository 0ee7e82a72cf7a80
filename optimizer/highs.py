"""HiGHS: the only file that knows the solver. Arrays in, an answer out; progress on the way; Ctrl-C keeps the best solution."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import highspy
import numpy as np

from masterplan.answer import Answer, Duals, Progress, Quality, SolverOptions, progress_at
from masterplan.arrays import Arrays
from masterplan.data.pause import Held, holding_interrupts, is_interrupted
from masterplan.data.plan import Stopped

VERSION = version("highspy")
PROGRESS_SECONDS = 0.25  # at least, between two messages that bring no better plan

# What costs more than it brings (tests/benchmarks/race.py): a heuristic at the root, a second presolve, cuts below the root
LEAN = {
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_allow_cut_separation_at_nodes": False,
}

_S = highspy.HighsModelStatus
STATUS: dict[Any, tuple[Quality, Stopped]] = {
    _S.kOptimal: ("optimal", "proof"),
    _S.kInfeasible: ("infeasible", "proof"),
    _S.kUnbounded: ("unbounded", "proof"),
    _S.kUnboundedOrInfeasible: ("infeasible_or_unbounded", "proof"),
    _S.kTimeLimit: ("feasible", "time_limit"),
    _S.kInterrupt: ("feasible", "interrupted"),
    _S.kIterationLimit: ("feasible", "time_limit"),
    _S.kSolutionLimit: ("feasible", "time_limit"),
    _S.kObjectiveTarget: ("feasible", "gap"),
    _S.kModelEmpty: ("optimal", "proof"),
}


_SCHEDULING = threading.Lock()
_scheduled: int | None = None  # threads of the pool, if a solve asked for a number


class _SilentHighs(highspy.Highs):
    """HiGHS greets on standard output, where our JSON goes, as soon as it is given its callbacks; silence comes first."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the solver's name)
        self.silent()
        super().enableCallbacks()


def run(
    arrays: Arrays, options: SolverOptions, start: np.ndarray | None = None, progress: Callable[[Progress], None] | None = None
) -> Answer:
    """Solve. `start` is a full or partial solution (NaN where open). Deterministic for equal arrays, options and no time limit hit.

    Raises KeyboardInterrupt on Ctrl-C, unless the options say that the answer so far is wanted.
    """
    if is_interrupted() and options.on_interrupt != "wait":
        if options.on_interrupt == "raise":
            raise KeyboardInterrupt
        return Answer("none", "interrupted", None, None, None, 0, 0.0)
    if not arrays.variables:
        return _answer_without_columns(arrays)
    h = _SilentHighs()
    _set_options(h, options)
    # HiGHS sees the value over the reference: its relative gap is then ours, and no large constant hides it.
    shift = arrays.sign * (arrays.constant - (options.reference or 0.0))
    h.passModel(_model(arrays, shift))
    if options.target is not None:
        h.setOptionValue("objective_target", arrays.sign * (options.target - arrays.constant) + shift)
    if start is not None and arrays.whole.any():
        known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
        h.setSolution(len(known), known, start[known])

    def told(value: float) -> float | None:
        return None if abs(value) >= highspy.kHighsInf else arrays.sign * (value - shift) + arrays.constant

    if progress is not None:
        _follow(h, told, options, progress)
    said = _stop_at(h, arrays.sign, told, options.enough)
    with holding_interrupts() as held:
        if options.on_interrupt != "wait":
            _stop_when_pressed(h, held)
        h.run()
    if held.pressed and options.on_interrupt == "raise":
        raise KeyboardInterrupt
    answer = _answer(h, arrays, told)
    if held.pressed and options.on_interrupt == "answer":
        return replace(answer, stopped="interrupted")
    return replace(answer, stopped="gap") if said.is_set() and answer.stopped == "interrupted" else answer


class Relaxation:
    """The relaxation of a problem, kept so that each question begins from the basis of the last: milliseconds instead of a solve.

    A context: Ctrl-C within it ends the question of now, and `interrupted` says so.
    """

    def __init__(self, arrays: Arrays, options: SolverOptions) -> None:
        self._h = _SilentHighs()
        _set_options(self._h, options)
        self._h.passModel(_model(arrays.relaxed(), 0.0))
        self._until = time.perf_counter() + options.time_limit
        self._context, self._held = holding_interrupts(), Held()

    def __enter__(self) -> Relaxation:
        self._held = self._context.__enter__()
        _stop_when_pressed(self._h, self._held)
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)

    @property
    def interrupted(self) -> bool:
        """Was Ctrl-C pressed?"""
        return self._held.pressed

    def solution(self) -> np.ndarray | None:
        """The optimum within the bounds of now; None where there is none, or none is found in the time limit of the options."""
        left = self._until - time.perf_counter()
        if left <= 0 or self.interrupted:
            return None
        self._h.setOptionValue("time_limit", self._h.getRunTime() + left)  # its clock runs on from question to question
        self._h.run()
        return np.array(self._h.getSolution().col_value) if self._h.getModelStatus() == _S.kOptimal else None

    def set_bounds(self, columns: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Other bounds of some columns, from now on."""
        self._h.changeColsBounds(len(columns), columns.astype(np.int32), low, high)


def _set_options(h: highspy.Highs, options: SolverOptions) -> None:
    h.setOptionValue("mip_rel_gap", options.gap)
    h.setOptionValue("mip_abs_gap", 1e-9)
    h.setOptionValue("time_limit", max(options.time_limit, 0.01))
    h.setOptionValue("random_seed", options.seed)
    h.setOptionValue("primal_feasibility_tolerance", options.feasibility)
    h.setOptionValue("dual_feasibility_tolerance", options.feasibility)
    h.setOptionValue("mip_feasibility_tolerance", max(10.0 * options.feasibility, 1e-7))
    for name, value in LEAN.items() if options.lean else ():
        h.setOptionValue(name, value)
    if options.nodes is not None:
        h.setOptionValue("mip_max_nodes", options.nodes)
    if options.threads is not None:
        _schedule(options.threads)
        h.setOptionValue("threads", options.threads)


def _schedule(threads: int) -> None:
    """HiGHS keeps one pool of threads for the whole process: it is made anew only where another number is asked for."""
    global _scheduled
    with _SCHEDULING:
        if threads != _scheduled:
            highspy.Highs.resetGlobalScheduler(True)
            _scheduled = threads


def _model(arrays: Arrays, shift: float) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = arrays.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = arrays.cost, arrays.low, arrays.high
    lp.row_lower_, lp.row_upper_ = arrays.row_low, arrays.row_high
    lp.offset_ = shift
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = arrays.matrix.indptr, arrays.matrix.indices, arrays.matrix.data
    if arrays.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in arrays.whole]
    return lp


def _follow(h: highspy.Highs, told: Callable[[float], float | None], options: SolverOptions, progress: Callable[[Progress], None]) -> None:
    """Tell of every better plan, and of the bound now and then: HiGHS keeps its log to itself, but asks often whether it should stop."""
    last = -PROGRESS_SECONDS

    def on_step(event: Any) -> None:
        nonlocal last
        out = event.data_out
        last = out.running_time
        incumbent, bound = told(out.mip_primal_bound), told(out.mip_dual_bound)
        progress(progress_at(out.running_time, incumbent, bound, int(out.mip_node_count), options.reference))

    def on_check(event: Any) -> None:
        if event.data_out.running_time - last >= PROGRESS_SECONDS:
            on_step(event)

    h.cbMipImprovingSolution.subscribe(on_step)
    h.cbMipInterrupt.subscribe(on_check)


def _stop_at(h: highspy.Highs, sign: float, told: Callable[[float], float | None], enough: float | None) -> threading.Event:
    """End the search once its bound is no better than `enough`; the event says that it was."""
    said = threading.Event()

    def on_check(event: Any) -> None:
        bound = told(event.data_out.mip_dual_bound)
        if enough is not None and bound is not None and sign * (bound - enough) >= 0:
            said.set()
            event.interrupt()

    if enough is not None:
        h.cbMipInterrupt.subscribe(on_check)
    return said


def _stop_when_pressed(h: highspy.Highs, held: Held) -> None:
    """Ctrl-C asks HiGHS to stop."""

    def ask(event: Any) -> None:
        if held.pressed:
            event.interrupt()

    for callback in (h.cbMipInterrupt, h.cbSimplexInterrupt, h.cbIpmInterrupt):
        callback.subscribe(ask)


def _answer(h: highspy.Highs, arrays: Arrays, told: Callable[[float], float | None]) -> Answer:
    info = h.getInfo()
    quality, stopped = STATUS.get(h.getModelStatus(), ("failed", "error"))
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if quality == "feasible" and not has_solution:
        quality = "none"
    is_mip = bool(arrays.whole.any())
    solution = np.array(h.getSolution().col_value) if has_solution and quality in ("optimal", "feasible") else None
    objective = None if solution is None else arrays.objective(solution)
    bound = told(info.mip_dual_bound) if is_mip else objective if quality == "optimal" else None
    return Answer(quality, stopped, solution, objective, bound, max(int(info.mip_node_count), 0), h.getRunTime())


def _answer_without_columns(arrays: Arrays) -> Answer:
    return Answer("optimal", "proof", np.zeros(0), arrays.constant, arrays.constant, 0, 0.0)


def duals(arrays: Arrays, options: SolverOptions) -> Duals | None:
    """Solve with every column continuous and read the prices; None where there is no optimum. Raises KeyboardInterrupt on Ctrl-C."""
    h = _SilentHighs()
    _set_options(h, options)
    h.passModel(_model(arrays.relaxed(), 0.0))
    with holding_interrupts() as held:
        _stop_when_pressed(h, held)
        h.run()
    if held.pressed:
        raise KeyboardInterrupt
    if h.getModelStatus() != _S.kOptimal:
        return None
    found = h.getSolution()
    return Duals(np.array(found.col_value), np.array(found.row_dual), np.array(found.col_dual))
