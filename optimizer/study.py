"""Study: many runs of one case, side by side where there are workers; what is done is kept, so that a study can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.pause import is_interrupted
from masterplan.data.plan import Plan
from masterplan.data.plan_json import from_json, to_json
from masterplan.kept import Kept
from masterplan.runs import Run
from masterplan.solving import solve
from masterplan.tasks import each

ROUGH = 2.0  # variants are compared at this multiple of the gap; what that does not prove is solved to the gap itself


class Interruption:
    """Whether Ctrl-C was pressed in a study: one ends all of it, and what is known by then is its answer."""

    def __init__(self) -> None:
        self.seen = False


@dataclass(frozen=True)
class SolveOptions:
    """How the runs of a study are solved: `gap`, `time_limit` and `threads` as for `solve`; `jobs` processes at once, or the caller's
    `executor` (a cluster); plans are kept in the folder `keep` and taken from there the next time. A study makes one of them: after
    a Ctrl-C nothing more is solved with it, nor with what is `replace`d of it.
    """

    gap: float = 0.005
    time_limit: float = 180.0
    threads: int | None = None
    jobs: int = 1
    executor: Executor | None = None
    keep: str | Path | None = None
    interruption: Interruption = field(default_factory=Interruption, compare=False, repr=False)

    @property
    def interrupted(self) -> bool:
        """Was Ctrl-C pressed while something was solved with these options?"""
        return self.interruption.seen

    @property
    def rough(self) -> SolveOptions:
        """The same for a first comparison."""
        return replace(self, gap=min(ROUGH * self.gap, 0.5))

    @property
    def threads_each(self) -> int | None:
        """One thread for each of several workers, where nothing is said."""
        return 1 if self.threads is None and (self.jobs > 1 or self.executor is not None) else self.threads


@dataclass(frozen=True)
class _Task:
    """What a worker is sent."""

    case: Case
    run: Run
    gap: float
    time_limit: float
    threads: int | None
    start: Plan | None


def plans(
    case: Case,
    runs: Sequence[Run],
    options: SolveOptions | None = None,
    starts: Mapping[str, Plan] | None = None,
    told: Callable[[str], None] = lambda line: None,
) -> dict[str, Plan | CaseError]:
    """The plan of every run by its name, in the order of the runs, or the error of its case; without those after a Ctrl-C.

    `starts` offers plans to begin from, by the name of the run. `told` is called with a line after each solve.
    """
    options = options or SolveOptions()
    if options.interrupted:
        return {}
    kept = None if options.keep is None else Kept(options.keep)
    found: dict[str, Plan | CaseError] = {}
    tasks: dict[str, _Task] = {}
    keys: dict[str, str] = {}
    for run in runs:
        if kept is not None:
            rows = [str(row) for row in run.rows]
            keys[run.name] = kept.key(case.input_hash, run.scenarios, run.changes, rows, options.gap, options.time_limit)
            if (known := _known(kept, keys[run.name], case, run)) is not None:
                found[run.name] = known
                told(f"{run.name}: solved before")
                continue
        begin = None if starts is None else starts.get(run.name)
        tasks[run.name] = _Task(case, run, options.gap, options.time_limit, options.threads_each, begin)
    jobs = 1 if len(tasks) == 1 else options.jobs  # a single solve runs here, where Ctrl-C keeps the best plan so far
    for name, plan in each(_solved, tasks, jobs, options.executor):
        found[name] = plan
        if isinstance(plan, Plan) and plan.stopped_because == "interrupted":
            told(f"{name}: interrupted" + ("" if options.interrupted else "; the runs after it are left out"))
            options.interruption.seen = True
            if jobs == 1 and options.executor is None:
                break
            continue  # other workers have a plan by now too
        if kept is not None and isinstance(plan, Plan):
            kept.put(keys[name], to_json(plan))
        told(f"{name}: {_in_short(plan)}")
    if len(found) < len(runs) and not options.interrupted:
        options.interruption.seen = True
        told("interrupted; what was not solved is left out")
    return {run.name: found[run.name] for run in runs if run.name in found}


def _solved(task: _Task) -> Plan | CaseError:
    if is_interrupted():  # a worker that heard Ctrl-C has been handed one run more
        raise KeyboardInterrupt
    try:
        return solve(task.run.case(task.case), task.gap, task.time_limit, task.threads, task.start)
    except CaseError as error:
        return error


def _known(kept: Kept, key: str, case: Case, run: Run) -> Plan | None:
    content = kept.get(key)
    try:
        return None if content is None else from_json(run.case(case), content)
    except (KeyError, TypeError, ValueError):
        return None


def _in_short(plan: Plan | CaseError) -> str:
    if isinstance(plan, CaseError):
        return "bad input"
    return plan.status + ("" if plan.npv is None or plan.gap is None else f", NPV {plan.npv:,.1f}, gap {plan.gap:.2%}")
