"""Scenario table: runs of a case side by side, one row each: what it is worth, what it spends, what it reaches, what binds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.data.schema import TABLE
from masterplan.interval import difference
from masterplan.reports.binding import in_words
from masterplan.reports.recompute import recompute
from masterplan.runs import Run
from masterplan.scenario_words import AS_IT_STANDS, side_by_side
from masterplan.shown import Shown, shown, value_of
from masterplan.study import SolveOptions, plans


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Runs of a case side by side: `table` has a row per run (see `scenario_table`), `plans` the plan of each that has one.

    `plan` is that of the case as it stands, or of the first run with a plan where a list of runs leaves that out; None where none has.
    """

    table: pd.DataFrame
    plans: dict[str, Plan]
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def plan(self) -> Plan | None:
        return self.plans.get(AS_IT_STANDS, next(iter(self.plans.values()), None))

    def findings(self) -> Findings:
        """What the runs have in common and what parts them, for the workbook and the page."""
        return side_by_side(self.table, self.plans, self.seconds)


def scenarios(
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
) -> Scenarios:
    """Solve the case as it stands, in every scenario (or those named), and with every change of `vary`; one row each.

    A change whose key is `*` is a row for every name: `projects.*.max_total=0` removes one project after the other. `runs` are taken
    instead where they are given (see `masterplan.runs.Run` and `read_runs`); a run `against` another is compared with it.

    Columns: scenario, kind, probability, status, stopped_because, gap, npv, npv_without_terminal, value_added, capex_total (money of
    the case), one per `show` (`level/ground_compute@2030`, see `masterplan.shown.MEASURES`), `starts` and `binds` in words. Compared, also
    change, change_low, change_high (of the objective; the true change lies between the last two, by both bounds), beyond_tolerance
    (it is not zero) and starts_changed. `told` is called with a line after each solve. `jobs` processes work at once (one thread each if
    `threads` is not given), or the caller's `executor`. Plans are kept in the folder `keep` and taken from there the next time.
    A scenario whose case has problems is a row with that status. Raises ValueError for a `show` that cannot be read.
    """
    begun = time.perf_counter()
    columns = [shown(text, case) for text in show]
    chosen = tuple(_variants(case, case.names("scenarios") if scenarios is None else scenarios, vary)) if runs is None else tuple(runs)
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    found = plans(case, chosen, options, told=told)
    if options.interrupted and not found:  # there is nothing to put side by side
        raise KeyboardInterrupt
    table = _table(case, [run for run in chosen if run.name in found], found, columns)
    known = {run.name: plan for run in chosen if isinstance(plan := found.get(run.name), Plan) and plan.found}
    return Scenarios(table, known, time.perf_counter() - begun, options.interrupted)


def scenario_table(case: Case, *arguments: Any, **options: Any) -> pd.DataFrame:
    """The table of `scenarios`, which takes the same arguments."""
    return scenarios(case, *arguments, **options).table


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


def _row(plan: Plan | CaseError, columns: Sequence[Shown]) -> dict[str, Any]:
    if isinstance(plan, CaseError):
        return {"status": "bad input", "binds": str(plan)}
    row: dict[str, Any] = {
        "status": plan.status,
        "stopped_because": plan.stopped_because,
        "gap": plan.gap,
        "npv": plan.npv,
        "npv_without_terminal": plan.npv_without_terminal,
        "value_added": plan.value_added,
    }
    if not plan.found:
        return row | {"binds": plan.message}
    numbers = recompute(plan)
    row |= {"capex_total": numbers.totals["capex_total"]}
    row |= {str(column): value_of(column, plan, numbers) for column in columns}
    starts = "; ".join(f"{project} {year}: {modules:g}" for (project, year), modules in sorted(_starts(plan).items()))
    return row | {"starts": starts, "binds": in_words(plan, numbers)}


def _table(case: Case, runs: Sequence[Run], found: Mapping[str, Plan | CaseError], columns: Sequence[Shown]) -> pd.DataFrame:
    kinds, chances = case.attribute("scenarios", "kind"), case.attribute("scenarios", "probability")
    listed = []
    for run in runs:
        names = {"scenario": run.name, "kind": kinds.get(run.name, ""), "probability": chances.get(run.name)}
        compared = {} if run.against is None else _compared(found[run.name], found.get(run.against))
        listed.append(names | _row(found[run.name], columns) | compared)
    table = pd.DataFrame(listed)
    last = [column for column in ("starts_changed", "starts", "binds") if column in table]
    return table[[column for column in table if column not in last] + last]


def _compared(plan: Plan | CaseError, other: Plan | CaseError | None) -> dict[str, Any]:
    if not isinstance(plan, Plan) or not isinstance(other, Plan):
        return {}
    change = difference(plan, other)
    if change is None:
        return {"beyond_tolerance": plan.found != other.found}
    mine, theirs = _starts(plan), _starts(other)
    moved = sorted(
        {project for project, year in {*mine, *theirs} if abs(mine.get((project, year), 0) - theirs.get((project, year), 0)) > 1e-6}
    )
    ends = {"change": change.value, "change_low": change.low, "change_high": change.high}
    return ends | {"beyond_tolerance": change.is_proven, "starts_changed": ", ".join(moved)}


def _starts(plan: Plan) -> dict[tuple[str, int], float]:
    """(project, year) -> modules, where there are any."""
    return {start: modules for start, modules in plan.modules_started.items() if modules > 1e-9}
