"""Runs: what a study solves, each a variant of one case; named in a file, or made by the study."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from masterplan.data.added_rows import Added, with_rows
from masterplan.data.case import Case

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
