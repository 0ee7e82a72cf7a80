"""Headers: which table a grid is, in which row its column names stand, and which of them are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from masterplan.data.errors import Problem
from masterplan.data.files import is_plan_sheet
from masterplan.data.grid import Findings, Grid, RawTable, is_blank
from masterplan.data.names import closest, listed, meant, tidy
from masterplan.data.schema import TABLE, TABLES, Table

HEADER_WITHIN = 30
MOST_ROWS = 100_000
MOST_COLUMNS = 500


def as_tables(grids: Iterable[Grid], findings: Findings, unread: Iterable[str] = ()) -> tuple[dict[str, RawTable], set[str]]:
    """The tables of the grids, and the names of tables that are there but cannot be relied on, those that could not be read included."""
    tables: dict[str, RawTable] = {}
    unsure = set(unread)
    for grid in grids:
        if is_plan_sheet(grid.name) or not any(_filled(cells) for _, cells in grid.rows):
            continue
        name = _table_name(grid)
        if name not in TABLE:
            _unknown_table(grid, findings, unsure)
            continue
        raw = _as_table(TABLE[name], grid, findings)
        if raw is None:
            unsure.add(name)
        else:
            tables[name] = raw
    for table in TABLES:
        if table.required and table.name not in tables and table.name not in unsure:
            fix = f"Add it, if only its row of column names: {table.meaning}"
            findings.add(Problem("E002", table.name, allowed=f"the table {table.name} is missing", fix=fix))
    return tables, unsure


def _table_name(grid: Grid) -> str:
    name = grid.name.strip()
    return name if name in TABLE else name.casefold()


def _unknown_table(grid: Grid, findings: Findings, unsure: set[str]) -> None:
    near = closest(grid.name, TABLE)
    unsure.update({near} if near else ())
    what = {"workbook": "sheet", "folder": "file", "frames": "table"}[grid.source]
    free = "Name it note… if it is not input" if grid.source != "frames" else f"Use one of: {', '.join(TABLE)}"
    fix = f"Did you mean {near!r}? {free}" if near else free
    findings.add(Problem("E001", found=f"the {what} {grid.name!r}", allowed="which is no table of a case", fix=fix, sheet=grid.sheet))


def _as_table(table: Table, grid: Grid, findings: Findings) -> RawTable | None:
    at = _header_row(table, grid)
    if at is None:
        fix = f"Give the columns these names: {listed(table.column_names)}"
        findings.add(Problem("E008", table.name, allowed="no row with column names was found", fix=fix, sheet=grid.sheet))
        return None
    number, names = grid.rows[at]
    rows = tuple((line, cells) for line, cells in grid.rows[at + 1 :] if _filled(cells))
    raw = RawTable(table, grid, number, {}, rows)
    if len(rows) > MOST_ROWS:
        findings.add(Problem("E003", table.name, found=f"{len(rows)} rows", allowed=f"at most {MOST_ROWS} are read", sheet=grid.sheet))
        return None
    _columns(raw, names, findings)
    missing = _missing_columns(raw, names, findings)
    return None if missing & set(table.key) else raw


def _header_row(table: Table, grid: Grid) -> int | None:
    """The row among the first that names the most columns; names as written count more than names in other spelling."""
    best, best_score = None, 0
    for at, (_, cells) in enumerate(grid.rows[:HEADER_WITHIN]):
        names = [tidy(cell) for cell in cells if isinstance(cell, str)]
        exact = len({name for name in names if name in table.column_names})
        loose = len({_loose(name) for name in names if _loose(name) in table.column_names})
        score = 100 * exact + loose
        if score > best_score:
            best, best_score = at, score
    return best


def _loose(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")


def _columns(raw: RawTable, names: tuple[Any, ...], findings: Findings) -> None:
    """Find the position of every known column; tell unknown, doubled and nameless ones."""
    table = raw.table
    width = max([len(names), *(len(cells) for _, cells in raw.rows)], default=0)
    for position in range(width):
        name = tidy(str(names[position])) if position < len(names) and not is_blank(names[position]) else ""
        if not name:
            _nameless(raw, position, findings)
        elif name.casefold().startswith("note"):
            continue
        elif name not in table.column_names:
            unused = [column for column in table.column_names if column not in names]
            fix = meant(name, unused or table.column_names, f"Use one of: {', '.join(table.column_names)}; or a name that begins with note")
            _header_problem(raw, "E004", position, f"the column {name!r}", "which the table does not have", fix, findings)
        elif name in raw.positions:
            _header_problem(raw, "E006", position, f"the column {name!r} twice", "a column stands once", "Delete or rename one", findings)
        else:
            raw.positions[name] = position


def _nameless(raw: RawTable, position: int, findings: Findings) -> None:
    number = next((number for number, cells in raw.rows if position < len(cells) and not is_blank(cells[position])), None)
    if number is None:
        return
    place = raw.grid.cell(number, position)
    allowed = "every column with values has a name" if raw.grid.source == "workbook" else "no row has more cells than the header"
    fix = "Name the column, or call it note" if raw.grid.source == "workbook" else "Put a text that holds a comma in double quotes"
    problem = Problem("E007", raw.table.name, found="a value outside the named columns", allowed=allowed, fix=fix)
    findings.add(replace(problem, sheet=raw.grid.sheet, cell=place))


def _missing_columns(raw: RawTable, names: tuple[Any, ...], findings: Findings) -> set[str]:
    """Required columns that are not there; told only where no misspelt column explains it."""
    unknown = [tidy(str(name)) for name in names if not is_blank(name) and tidy(str(name)) not in raw.table.column_names]
    absent = [column for column in raw.table.column_names if column not in raw.positions]
    explained = {closest(name, absent) for name in unknown}
    missing = {column for column in absent if raw.table.column(column).is_required}
    for column in sorted(missing - explained):
        meaning = raw.table.column(column).meaning
        fix = f"Add the column {column}: {meaning}"
        _header_problem(raw, "E005", 0, "", f"the required column {column!r} is missing", fix, findings, column)
    return missing


def _header_problem(
    raw: RawTable, code: str, position: int, found: str, allowed: str, fix: str, findings: Findings, column: str = ""
) -> None:
    cell, sheet = raw.grid.cell(raw.header, position), raw.grid.sheet
    problem = Problem(code, raw.table.name, "", column, found, allowed, fix, sheet, cell)
    findings.add(problem, (code, raw.table.name, position, column))


def _filled(cells: tuple[Any, ...]) -> bool:
    return any(not is_blank(cell) for cell in cells)
