"""Study: many runs of one case through any `concurrent.futures.Executor`; what is done is kept, so that a study can be resumed."""

from __future__ import annotations

import csv
import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from masterplan.data.added_rows import Added, with_rows
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.files import CannotKeepError, write_atomically
from masterplan.data.pause import hear_later, holding_interrupts, is_interrupted, unheard
from masterplan.data.plan import Plan
from masterplan.data.plan_json import from_json, to_json
from masterplan.solving import solve

Task = TypeVar("Task")
Result = TypeVar("Result")

LISTENING = 0.2  # seconds between two looks whether Ctrl-C was pressed, while workers work
ATTEMPTS = 3  # a worker that dies takes the runs in flight with it: they are tried again in new workers
ROUGH = 2.0  # variants are compared at this multiple of the gap; what that does not prove is solved to the gap itself
COLUMNS = ("run", "scenarios", "changes", "against")


@dataclass(frozen=True)
class Run:
    """One run of a study: the case after `scenarios`, left to right, then `changes`, then with `rows` more; compared with `against`."""

    name: str
    scenarios: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    against: str | None = None
    rows: tuple[Added, ...] = ()

    def case(self, case: Case) -> Case:
        """The case of this run. Raises CaseError for a scenario, a change or a row that does not fit."""
        case = case.scenario(*self.scenarios) if self.scenarios else case
        case = case.change(*self.changes) if self.changes else case
        return with_rows(case, self.rows) if self.rows else case


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


def read_runs(path: str | Path) -> tuple[Run, ...]:
    """Runs from a CSV file with the columns run, scenarios (parted by spaces), changes (parted by semicolons), against.

    Raises ValueError with everything that is wrong, one sentence a line; OSError if the file cannot be read.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = tuple(str(column) for column in rows[0] if column is not None) if rows else ()
    if not rows or not set(found) <= {*COLUMNS} or "run" not in found:
        told = f"columns {', '.join(found)}" if found else "no rows"
        raise ValueError(f"{path}: found {told}; allowed are {', '.join(COLUMNS)}, of which run is needed")
    wrong = [f"line {line}: more cells than columns" for line, row in enumerate(rows, 2) if None in row]
    runs = tuple(
        Run(
            (row["run"] or "").strip(),
            tuple((row.get("scenarios") or "").split()),
            tuple(change.strip() for change in (row.get("changes") or "").split(";") if change.strip()),
            (row.get("against") or "").strip() or None,
        )
        for row in rows
    )
    names = [run.name for run in runs]
    wrong += [f"line {line}: a run needs a name" for line, name in enumerate(names, 2) if not name]
    wrong += [f"line {line}: {name!r} is the name of an earlier run too" for line, name in enumerate(names, 2) if name in names[: line - 2]]
    wrong += [
        f"line {line}: {run.against!r} is no other run of this file"
        for line, run in enumerate(runs, 2)
        if run.against is not None and (run.against not in names or run.against == run.name)
    ]
    if wrong:
        raise ValueError(f"{path}: " + "\n".join(wrong))
    return runs


class Kept:
    """Results on disk, one JSON file each, found again by what they came from. Anything else in the folder is left alone."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def key(self, *parts: Any) -> str:
        """A name for what a result depends on; another version of masterplan is another name."""
        return hashlib.sha256(json.dumps([version("masterplan"), version("highspy"), *parts], default=str).encode()).hexdigest()[:32]

    def get(self, key: str) -> Any:
        """The result under a key; None if there is none that can be read."""
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result, whole or not at all. Raises CannotKeepError with a sentence for the planner."""
        try:
            write_atomically(self.folder / f"{key}.json", json.dumps(result).encode())
        except OSError as error:
            why = error.strerror or "it may not be written"
            raise CannotKeepError(
                f"cannot keep what was solved in {self.folder}: {why}. What it holds by now is not lost: make room there, or name another "
                "folder, and run the same command again; without --keep nothing is kept."
            ) from error


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """Processes of this machine, started anew so that no thread of the solver is copied. On Ctrl-C they end what they are at."""
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=hear_later)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def each(
    work: Callable[[Task], Result], tasks: Mapping[str, Task], jobs: int = 1, executor: Executor | None = None
) -> Iterator[tuple[str, Result]]:
    """(name, result) of every task, as they are done; on Ctrl-C those that were done, and what workers have by then.

    `work` is importable and takes and gives plain data. One job without an executor runs in this process; more jobs are that many
    processes; an executor of the caller (a cluster) is used as it is. Raises what `work` raises, RuntimeError for a task whose worker
    died every time, and ValueError for threads: Pyomo replaces `sum` in the whole process while it builds a model.
    """
    if isinstance(executor, ThreadPoolExecutor):
        raise ValueError("executor: found threads, allowed are processes or a cluster: models cannot be built side by side in threads")
    if executor is None and jobs == 1:
        for name, task in tasks.items():
            try:
                result = work(task)
            except KeyboardInterrupt:
                return
            yield name, result
        return
    left = dict(tasks)
    for _ in range(ATTEMPTS):
        try:
            if executor is not None:
                yield from _through(executor, work, left)
            else:
                with workers(jobs) as pool:
                    yield from _through(pool, work, left, is_own=True)
        except BrokenExecutor:
            continue
        break
    if left:
        raise RuntimeError(f"The workers died {ATTEMPTS} times; not done: {', '.join(left)}. Use fewer jobs if memory is short.")


def _through(
    executor: Executor, work: Callable[[Task], Result], left: dict[str, Task], is_own: bool = False
) -> Iterator[tuple[str, Result]]:
    """Submit what is left; take from it what is done. After a Ctrl-C nothing is left, and what workers are at is waited for."""
    with holding_interrupts() as held:
        with unheard():
            futures: dict[Future[Result], str] = {executor.submit(work, task): name for name, task in left.items()}
        waited: set[Future[Result]] = set(futures)
        while waited:
            done, waited = wait(waited, timeout=LISTENING, return_when=FIRST_COMPLETED)
            if held.pressed and left:
                left.clear()
                waited = {future for future in waited if not future.cancel()}
                for worker in multiprocessing.active_children() if is_own else ():
                    if worker.pid is not None:
                        os.kill(worker.pid, signal.SIGINT)  # not all of them hear it from the terminal
            for future in (future for future in futures if future in done and not future.cancelled()):
                try:
                    result = future.result()
                except KeyboardInterrupt:
                    left.clear()
                    continue
                left.pop(futures[future], None)
                yield futures[future], result
