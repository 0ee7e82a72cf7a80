"""Searching: what is done before, around and after HiGHS's own tree search, so that it ends sooner with the same proof.

1. A first plan by `diving`, in tenths of a second, where none is given.
2. Where the start is the plan of a like case and a rough proof is enough, a better one between it and the relaxation (`nearby`): then the
   proof, not the plan, is what takes time. For a proof to half a percent it costs more than it brings (tests/benchmarks/race.py).
3. The problem in modules started so far (`cumulative`), without those parts of HiGHS's search that do not pay here (`highs.LEAN`).
4. The search with the tolerances that HiGHS has by default, a hundred times those of a plan; then its whole numbers made whole and the
   rest decided anew within the tolerances of a plan. Where that fails, or costs more than the gap allows, the search is repeated with them.

None of it cuts off a plan: the bound is that of the full problem. tests/benchmarks/race.py measures it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from masterplan import highs
from masterplan.answer import Answer, Progress, SolverOptions, progress_at
from masterplan.arrays import Arrays
from masterplan.cumulative import Cumulative, cumulative
from masterplan.data.pause import holding_interrupts, is_interrupted
from masterplan.diving import dived
from masterplan.gap import gap_of, is_reached
from masterplan.nearby import between
from masterplan.prepared import Prepared
from masterplan.stopwatch import Stopwatch

ProgressCall = Callable[[Progress], None]

SEARCHING = 1e-7  # feasibility while searching: the default of HiGHS
FIRST_SHARE = 0.2  # of the time limit, for the first plan


def searched(
    ready: Prepared,
    options: SolverOptions,
    start: np.ndarray | None,
    watch: Stopwatch,
    progress: ProgressCall | None = None,
    strong: bool = True,
    near_start: bool = False,
) -> Answer:
    """Search the full problem from a full or partial solution (NaN where open), and first `near_start` if that is wanted.

    `seconds` of the answer is all that was done here. Ctrl-C ends it with the answer so far.
    """
    options = replace(options, on_interrupt="answer")
    with holding_interrupts() as held:
        answer = _searched(ready, options, start, watch, progress, strong, near_start)
    return replace(answer, stopped="interrupted") if held.pressed else answer


def _searched(
    ready: Prepared,
    options: SolverOptions,
    start: np.ndarray | None,
    watch: Stopwatch,
    progress: ProgressCall | None,
    strong: bool,
    near_start: bool,
) -> Answer:
    if not strong:
        plain = highs.run(ready.arrays, options, start, progress)
        watch.lap("search")
        return plain
    begun = time.perf_counter()
    near = replace(options, feasibility=max(options.feasibility, SEARCHING), lean=True)
    quick = replace(near, time_limit=FIRST_SHARE * near.time_limit)
    turned = cumulative(ready.arrays, _series_to_turn(ready))
    if ready.arrays.whole.any() and not _is_better_than_nothing(ready.arrays, start, options):
        dive = dived(ready.arrays, quick)
        watch.lap("first_plan")
        if dive.interrupted:
            return Answer("none", "interrupted", None, None, dive.bound, 0, time.perf_counter() - begun)
        start = _better(ready.arrays, dive.solution, dive.bound, start, begun, options, progress)
    if near_start and ready.arrays.whole.any() and start is not None:
        found = between(turned.arrays, turned.forth(start), quick)
        watch.lap("nearby")
        if found.solution is not None:
            start = _better(ready.arrays, turned.back(found.solution), None, start, begun, options, progress)
    answer = _run(turned, near, start, begun, watch, progress)
    exact = _exact(ready.arrays, answer, options)
    watch.lap("polish")
    if exact is None and is_interrupted():
        exact = answer
    elif exact is None:
        left = max(options.time_limit - (time.perf_counter() - begun), 1.0)
        exact = _run(turned, replace(options, time_limit=left), start, time.perf_counter(), watch, progress)
    return replace(exact, seconds=time.perf_counter() - begun)


def _run(
    turned: Cumulative, options: SolverOptions, start: np.ndarray | None, begun: float, watch: Stopwatch, progress: ProgressCall | None
) -> Answer:
    spent = time.perf_counter() - begun
    left = replace(options, time_limit=max(options.time_limit - spent, 1.0))

    def told(event: Progress) -> None:
        if progress is not None:
            progress(replace(event, seconds=event.seconds + spent))

    begin = None if start is None else turned.forth(start)
    answer = highs.run(turned.arrays, left, begin, None if progress is None else told)
    if begin is not None and answer.stopped != "interrupted" and _is_short_of(answer, options):
        answer = highs.run(turned.arrays, left, None, None if progress is None else told)
    watch.lap("search")
    return answer if answer.solution is None else replace(answer, solution=turned.back(answer.solution))


def _is_short_of(answer: Answer, options: SolverOptions) -> bool:
    """Is it called optimal with a bound that does not say so? HiGHS leaves the relaxation's bound where presolve proves a start best."""
    if answer.quality != "optimal" or answer.objective is None or answer.bound is None:
        return False
    return not is_reached(gap_of(answer.objective, answer.bound, options.reference), options.gap)


def _series_to_turn(ready: Prepared) -> list[list[int]]:
    """The starts to be searched in modules started so far: all of them, or none where most of them pay an opening.

    An opening belongs to one year, and its rows tie it to the starts of that year: two columns each instead of one when these are sums.
    """
    series, opened = ready.series(), len(ready.columns(ready.model.open_project))
    return series if 2 * opened < sum(len(columns) for columns in series) else []


def _is_better_than_nothing(arrays: Arrays, start: np.ndarray | None, options: SolverOptions) -> bool:
    """Is a start given that is more than the do-nothing plan? A partial one is somebody's own and taken as it is."""
    if start is None or options.reference is None:
        return start is not None
    gain = arrays.sign * (options.reference - arrays.objective(start))
    return bool(np.isnan(start).any() or gain > 1e-6 * max(1.0, abs(options.reference)))


def _better(
    arrays: Arrays,
    found: np.ndarray | None,
    bound: float | None,
    start: np.ndarray | None,
    begun: float,
    options: SolverOptions,
    progress: ProgressCall | None,
) -> np.ndarray | None:
    """What was found, told as a better plan, or the start where that is no worse; a partial start (NaN where open) is worth nothing yet."""
    if found is None:
        return start
    if start is not None and arrays.sign * (arrays.objective(found) - arrays.objective(start)) >= 0:
        return start
    if progress is not None:
        progress(progress_at(time.perf_counter() - begun, arrays.objective(found), bound, 0, options.reference))
    return found


def _exact(arrays: Arrays, answer: Answer, options: SolverOptions) -> Answer | None:
    """The answer with its whole numbers made whole and the rest decided anew, within the tolerances of a plan; None where that fails."""
    if answer.solution is None or answer.objective is None or not arrays.whole.any():
        return answer
    left = arrays.decided(answer.solution)
    found = highs.run(left, replace(options, time_limit=60.0, target=None, on_interrupt="wait"))
    if found.solution is None or found.objective is None:
        return None
    lost = arrays.sign * (found.objective - answer.objective)
    scale = abs(answer.objective - (options.reference or 0.0))
    over = answer.bound is not None and abs(answer.bound - found.objective) > max(options.gap, 1e-7) * scale + 1e-7
    if answer.quality == "optimal" and over and lost > 1e-7 * max(1.0, scale):
        return None
    return replace(answer, solution=np.where(arrays.whole, left.low, found.solution), objective=found.objective)
