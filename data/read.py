"""Reading: an embedded case, a folder of CSV files, a workbook, or data frames become a Case; everything wrong is told at once.

Codes: F files, E00x structure, E10x and E11x cells and names, E12x formulas; the checks between tables have their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.cells import plain
from masterplan.data.check import check, check_sound_rows
from masterplan.data.errors import CaseError, Problem, unreadable
from masterplan.data.folders import read_folder
from masterplan.data.grid import Findings, Grid, as_float_can, is_blank
from masterplan.data.headers import as_tables
from masterplan.data.links import check_links
from masterplan.data.names import listed, meant
from masterplan.data.schema import TABLE
from masterplan.data.sheets import read_workbook
from masterplan.data.values import Values, read_values

CaseSource = str | Path | Mapping[str, Any]


def load(source: CaseSource, name: str | None = None) -> Case:
    """The case of an embedded name, a folder, a workbook, or a mapping of table name -> data frame.

    Raises CaseError with every problem of reading and of the checks between tables; warnings alone do not stop it. TypeError for
    anything else than these sources.
    """
    case, problems = read_case(source, name)
    errors = [problem for problem in problems if problem.is_error]
    if errors or case is None:
        raise CaseError(errors, name or (case.name if case else _name(source)))
    return case


def read_case(
    source: CaseSource, name: str | None = None, more_checks: Callable[[Case], Iterable[Problem]] | None = None
) -> tuple[Case | None, tuple[Problem, ...]]:
    """The case, or None where it cannot be put together, and all problems found, warnings included.

    Where cells or tables were refused, the checks between tables leave out what may only follow from that. `more_checks` (such as
    `sanity`) look at a case without errors; what they find is told with its cell too.
    """
    grids, problems = _grids(source)
    findings = Findings()
    for problem in problems:
        findings.add(problem, (problem.code, problem.found))
    unsure = {problem.sheet.removesuffix(".csv") for problem in problems if problem.sheet}
    if problems and not grids:
        return None, tuple(findings.problems())
    raws, more = as_tables(_once(grids, findings), findings, unsure)
    values = read_values(raws, more, findings)
    check_links(values)
    case, told = Case(name or _name(source), values.frames()), findings.problems()
    between = check_sound_rows(case, *_refused(values, told)) if findings else check(case)
    if more_checks is not None and not any(problem.is_error for problem in (*told, *between)):
        between = [*between, *more_checks(case)]
    return (None if findings else case), (*told, *(_located(problem, values) for problem in between))


def cases() -> tuple[str, ...]:
    """The names of the embedded cases."""
    room = files("masterplan.data") / "cases"
    return tuple(sorted(item.name for item in room.iterdir() if item.is_dir() and (item / "settings.csv").is_file()))


def _grids(source: CaseSource) -> tuple[list[Grid], list[Problem]]:
    if isinstance(source, Mapping):
        return [_grid(str(table), frame) for table, frame in source.items()], []
    if not isinstance(source, str | PathLike):
        allowed = f"an embedded case ({listed(cases())}), a folder, a workbook, or a mapping of table name to data frame"
        raise TypeError(f"A case is read from {allowed}: found {type(source).__name__}.")
    path = Path(source)
    if isinstance(source, str) and source in cases():
        path = Path(str(files("masterplan.data") / "cases" / source))
    try:
        return _grids_of(path, str(source))
    except PermissionError:
        return [], [unreadable(path, "Permission denied")]


def _grids_of(path: Path, named: str) -> tuple[list[Grid], list[Problem]]:
    if path.is_dir():
        return read_folder(path)
    if not path.exists():
        fix = meant(named, cases(), f"Embedded cases: {listed(cases())}")
        allowed = "which is neither an embedded case, nor a folder, nor a file"
        return [], [Problem("F001", found=repr(named), allowed=allowed, fix=fix)]
    return read_workbook(path)


def _grid(table: str, given: Any) -> Grid:
    """A data frame (or what makes one) as a grid; its index is not looked at."""
    frame = given if isinstance(given, pd.DataFrame) else pd.DataFrame(given)
    columns = [[_scalar(cell) for cell in frame.iloc[:, position].tolist()] for position in range(frame.shape[1])]
    rows = [tuple(cells) for cells in zip(*columns, strict=True)]
    header = (0, tuple(str(column) for column in frame.columns))
    filled = ((number, cells) for number, cells in enumerate(rows, start=1) if not all(is_blank(cell) for cell in cells))
    return Grid(table, "frames", (header, *filled))


def _scalar(cell: Any) -> Any:
    """A cell of a frame as a plain Python value."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    plain = cell.item() if hasattr(cell, "item") else cell
    return as_float_can(plain) if isinstance(plain, str | bool | int | float) or hasattr(plain, "year") else str(plain)


def _refused(values: Values, told: list[Problem]) -> tuple[set[tuple[str, str]], set[str]]:
    """The (table, row key) pairs with a refused cell, and the tables that were not read or lack columns."""
    rows = {(table, values.key(table, row)) for table, row, _ in values.faulty} | {
        (problem.table, problem.key) for problem in told if problem.key
    }
    return rows, values.unsure | {problem.table for problem in told if problem.code.startswith("E00") and problem.table}


def _once(grids: list[Grid], findings: Findings) -> list[Grid]:
    """The grids without a second one of the same table (`Projects.csv` beside `projects.csv`), which is told."""
    kept: dict[str, Grid] = {}
    for grid in grids:
        name = grid.name.strip().casefold()
        if name in kept and name in TABLE:
            problem = Problem("E009", name, found=f"the table {name} twice", allowed="a table stands once", fix="Delete or rename one")
            findings.add(replace(problem, sheet=grid.sheet))
            continue
        kept[name] = grid
    return list(kept.values())


def _name(source: CaseSource) -> str:
    if isinstance(source, Mapping):
        return "case"
    path = Path(source)
    return path.stem if path.suffix.casefold() in (".xlsx", ".xlsm", ".csv") else path.name


def _located(problem: Problem, values: Values) -> Problem:
    """The problem with its sheet and cell, where it knows its table but not its place."""
    raw = values.raws.get(problem.table)
    if raw is None or problem.cell or (not problem.key and not problem.column):
        return problem
    column = "value" if problem.table == "settings" else problem.column
    column = column if column in raw.positions else (raw.table.key[0] if raw.table.key else "year")
    row = _row(problem, values, column)
    place = raw.place(row, column)
    return replace(problem, sheet=place.sheet, cell=place.cell)


def _row(problem: Problem, values: Values, column: str) -> int | None:
    """The first row of the key that fills the column, else the first row of the key, else of its first part."""
    raw = values.raws[problem.table]
    if problem.table == "settings":
        return values.settings_rows.get(problem.key or problem.column)
    if not raw.table.key:
        years = values.columns[problem.table]["year"]
        return next((row for row, year in enumerate(years) if plain(year) == problem.key), 0) if years else None
    keys = [values.key(problem.table, row) for row in range(len(raw.rows))]
    wanted = problem.key.split(" in ")[0].split("@")[0].strip()
    rows = [row for row, key in enumerate(keys) if key == wanted] or [row for row, key in enumerate(keys) if key.startswith(f"{wanted}/")]
    rows = rows or [row for row, key in enumerate(keys) if wanted and wanted.startswith(f"{key}/")]
    filled = [row for row in rows if not is_blank(raw.raw(row, column))]
    return next(iter(filled or rows), None)
