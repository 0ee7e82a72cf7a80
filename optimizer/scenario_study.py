"""Scenario table: runs of a case side by side, one row each: what it is worth, what it spends, what it reaches, what binds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.data.schema import TABLE
from masterplan.reports.binding import in_words
from masterplan.reports.recompute import recompute
from masterplan.shown import Shown, shown, value_of
from masterplan.solving import solve
from masterplan.study import Kept, Run, each

AS_IT_STANDS = "(as it stands)"


@dataclass(frozen=True)
class _Task:
    """What a worker is sent: the case of one run, and how to solve and show it."""

    case: Case
    run: Run
    columns: tuple[Shown, ...]
    gap: float
    time_limit: float
    threads: int | None


def scenario_table(
    case: Case,
    scenarios: Sequence[str] | None = None,
    show: Sequence[str] = (),
    vary: Sequence[str] = (),
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    runs: Sequence[Run] | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> pd.DataFrame:
    """Solve the case as it stands, in every scenario (or those named), and with every change of `vary`; one row each.

    A change whose key is `*` is a row for every name: `projects.*.max_total=0` removes one project after the other. `runs` are taken
    instead where they are given (see `masterplan.study.Run` and `read_runs`); a run `against` another is compared with it.

    Columns: scenario, kind, probability, status, stopped_because, gap, npv, npv_without_terminal, value_added, capex_total (money of
    the case), one per `show` (`level/ground_compute@2030`, see `masterplan.shown.MEASURES`), `starts` and `binds` in words. Compared, also
    change, change_low, change_high (of the objective; the true change lies between the last two, by both bounds), beyond_tolerance
    (it is not zero) and starts_changed. `told` is called with a line after each solve. `jobs` processes work at once (one thread each if
    `threads` is not given), or the caller's `executor`. Rows are kept in the folder `keep` and taken from there the next time.
    A scenario whose case has problems is a row with that status. Raises ValueError for a `show` that cannot be read.
    """
    columns = tuple(shown(text, case) for text in show)
    chosen = tuple(_variants(case, case.names("scenarios") if scenarios is None else scenarios, vary)) if runs is None else tuple(runs)
    kept = None if keep is None else Kept(keep)
    one_each = 1 if threads is None and (jobs > 1 or executor is not None) else threads
    rows: dict[str, dict[str, Any]] = {}
    tasks: dict[str, _Task] = {}
    keys: dict[str, str] = {}
    for run in chosen:
        tasks[run.name] = _Task(case, run, columns, gap, time_limit, one_each)
        if kept is not None:
            keys[run.name] = kept.key(case.input_hash, run.scenarios, run.changes, [str(column) for column in columns], gap, time_limit)
            if (known := kept.get(keys[run.name])) is not None:
                rows[run.name] = known
                del tasks[run.name]
                told(f"{run.name}: solved before")
    for name, row in each(_solved, tasks, jobs, executor):
        rows[name] = row
        if row.get("stopped_because") == "interrupted":
            told(f"{name}: interrupted; the runs after it are left out")
            break
        if kept is not None:
            kept.put(keys[name], row)
        told(f"{name}: {row['status']}" + (f", NPV {row['npv']:,.1f}, gap {row['gap']:.2%}" if row.get("gap") is not None else ""))
    return _table(case, [run for run in chosen if run.name in rows], rows)


def _variants(case: Case, scenarios: Sequence[str], vary: Sequence[str]) -> Iterator[Run]:
    """The case itself, its scenarios, and every single change."""
    yield Run(AS_IT_STANDS)
    for name in scenarios:
        yield Run(name, scenarios=(name,))
    for text in vary:
        table = text.split(".", 1)[0]
        every = case.names(table) if text.startswith(f"{table}.*.") and table in TABLE and TABLE[table].key else [None]
        for item in every:
            change = text if item is None else text.replace(".*.", f".{item}.", 1)
            yield Run(change, changes=(change,))


def _solved(task: _Task) -> dict[str, Any]:
    """The row of one run, in plain data."""
    try:
        plan = solve(task.run.case(task.case), task.gap, task.time_limit, task.threads)
    except CaseError as error:
        return {"status": "bad input", "binds": str(error)}
    return _row(plan, task.columns)


def _row(plan: Plan, columns: Sequence[Shown]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "status": plan.status,
        "stopped_because": plan.stopped_because,
        "gap": plan.gap,
        "npv": plan.npv,
        "npv_without_terminal": plan.npv_without_terminal,
        "value_added": plan.value_added,
        "objective": plan.objective,
        "bound": plan.bound,
    }
    if not plan.found:
        return row | {"binds": plan.message}
    numbers = recompute(plan)
    row |= {"capex_total": float(numbers.totals["capex_total"])}
    row |= {str(column): value_of(column, plan, numbers) for column in columns}
    begun = plan.starts[plan.starts["modules"] > 1e-9].sort_values(["project", "year"])
    starts = "; ".join(f"{project} {int(year)}: {modules:g}" for project, year, modules in begun.itertuples(index=False))
    return row | {"starts": starts, "binds": in_words(plan, numbers)}


def _table(case: Case, runs: Sequence[Run], rows: dict[str, dict[str, Any]]) -> pd.DataFrame:
    kinds, chances = case.attribute("scenarios", "kind"), case.attribute("scenarios", "probability")
    listed = []
    for run in runs:
        names = {"scenario": run.name, "kind": kinds.get(run.name, ""), "probability": chances.get(run.name)}
        compared = {} if run.against is None or run.against not in rows else _compared(rows[run.name], rows[run.against])
        listed.append(names | rows[run.name] | compared)
    table = pd.DataFrame(listed)
    last = [column for column in ("starts_changed", "starts", "binds") if column in table]
    hidden = ("objective", "bound")  # they serve the comparison
    return table[[column for column in table if column not in (*last, *hidden)] + last]


def _compared(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The change from another run: between the worst and the best that both bounds allow."""
    ends = [value for found in (row, other) for value in (found.get("objective"), found.get("bound"))]
    if any(value is None for value in ends):
        return {"beyond_tolerance": row["status"] != other["status"]}
    mine, mine_bound, theirs, their_bound = ends
    low, high = sorted((mine - their_bound, mine_bound - theirs))
    return {
        "change": mine - theirs,
        "change_low": low,
        "change_high": high,
        "beyond_tolerance": low > 1e-9 or high < -1e-9,
        "starts_changed": _moved(row["starts"], other["starts"]),
    }


def _moved(starts: str, before: str) -> str:
    """The projects whose starts differ."""
    differ = set(starts.split("; ")) ^ set(before.split("; "))
    return ", ".join(sorted({text.split(" ", 1)[0] for text in differ if text}))
