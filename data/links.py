"""Links: what a table must state, which names must be known, and which rows must not say the same thing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from masterplan.data.cells import CellFault, plain
from masterplan.data.names import closest, listed, meant
from masterplan.data.schema import TABLE, TABLES, Column, Table
from masterplan.data.values import Values

Key = tuple[Any, ...]

ITEM_OF = {
    "level": "activities",
    "capacity": "activities",
    "starts": "projects",
    "modules": "projects",
    "spend": "projects",
    "buy": "markets",
    "sell": "markets",
    "production": "resources",
    "use": "resources",
    "stock": "resources",
}
"""The table that the item of a measure is named in."""

MEASURED = ("limit_members", "gate_conditions", "synergy_members")
"""The tables whose rows name a measure and its item."""


def check_links(values: Values) -> None:
    """Tell unknown names, blanks where a value is required, doubled keys, contradictions, and series that begin too late."""
    for table in TABLES:
        if table.name in values.raws and table.name != "settings":
            _check_names(values, table)
    for table in TABLES:
        if table.name in values.raws and table.name != "settings":
            _check_table(values, table)


# names


def _check_names(values: Values, table: Table) -> None:
    for column in table.columns:
        if column.refers or (table.name in MEASURED and column.name == "item"):
            _check_references(values, table, column)


def _check_references(values: Values, table: Table, column: Column) -> None:
    measures = values.columns[table.name].get("measure", [])
    known: dict[str, dict[str, None]] = {}
    for row, name in enumerate(values.columns[table.name][column.name]):
        refers = column.refers or ITEM_OF.get(measures[row] or "", "")
        if name is None or not refers or refers in values.unsure or (TABLE[refers].required and refers not in values.raws):
            continue
        if refers not in known:
            known[refers] = _names(values, refers)
        if name not in known[refers]:
            _tell_unknown(values, table, row, column, refers, known[refers])


def _tell_unknown(values: Values, table: Table, row: int, column: Column, refers: str, names: Iterable[str]) -> None:
    """One message for a name that is not known, however many rows of however many tables use it."""
    name = values.columns[table.name][column.name][row]
    other = f"Add it to {refers}" + (f", or use one of: {listed(names)}" if names else "")
    place = values.raws[table.name].place(row, column.name, values.key(table.name, row))
    problem = replace(place, code="E109", found=repr(name), allowed=f"which {refers} does not name", fix=meant(name, names, other))
    values.findings.add(problem, ("E109", refers, name))
    values.faulty.add((table.name, row, column.name))


def _names(values: Values, table: str) -> dict[str, None]:
    """The names of a table in order, quick to search."""
    return dict.fromkeys(name for name in values.columns.get(table, {}).get(TABLE[table].key[0], []) if name is not None)


# rows


def _check_table(values: Values, table: Table) -> None:
    """Everything that concerns the rows of one key."""
    keys = list(_row_keys(values, table))
    groups: dict[Key, list[int]] = {}
    bad: set[Key] = set()
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
        if not _key_is_whole(values, table, row):
            bad.add(key)
    complete = {key: rows for key, rows in groups.items() if key not in bad}
    _check_doubles(values, table, complete)
    if table.name in values.unsure:
        return  # a row may have lost its key to a fault that has been told
    strays = _strays(values, table, complete)
    for key, rows in complete.items():
        if key in strays:
            continue
        for column in table.attributes:
            _check_attribute(values, table, column, rows)
        _check_series(values, table, rows)


def _row_keys(values: Values, table: Table) -> Iterator[Key]:
    cells = values.columns[table.name]
    for row in range(len(values.raws[table.name].rows)):
        yield tuple(_part(table.column(name), cells[name][row]) for name in table.key)


def _part(column: Column, value: Any) -> Any:
    if value is None or value != value:
        return column.default if isinstance(column.default, str | int | float) else None
    return value


def _key_is_whole(values: Values, table: Table, row: int) -> bool:
    """Tell blank parts of a key; false also where a part is faulty, which has been told."""
    whole = True
    for name in (*table.key, *(("year",) if table.by_year else ())):
        if (table.name, row, name) in values.faulty:
            whole = False
        elif name in table.key and table.column(name).is_required and _blank(values.columns[table.name][name][row]):
            allowed, fix = f"{name} is required", f"Fill it in: {table.column(name).meaning}"
            values.tell(CellFault("E101", "", allowed, fix), table.name, row, name)
            whole = False
    return whole


def _check_doubles(values: Values, table: Table, groups: dict[Key, list[int]]) -> None:
    raw = values.raws[table.name]
    for rows in groups.values():
        first: dict[Any, int] = {}
        for row in rows:
            year = values.columns[table.name]["year"][row] if table.by_year else 0.0
            year = None if _blank(year) else year
            if year not in first:
                first[year] = row
                continue
            when = (f" for {plain(year)}" if year else " without a year") if table.by_year else ""
            words = values.key(table.name, row)
            earlier = raw.grid.cell(raw.rows[first[year]][0], raw.positions.get(table.key[0] if table.key else "year"))
            place = raw.place(row, table.key[0] if table.key else "year", words)
            found = f"a second row{f' of {words}' if words else ''}{when}"
            fix = "Delete one, or give it another year" if table.by_year else "Delete one, or give it another name"
            problem = replace(place, code="E110", found=found, allowed=f"the first is at {earlier}", fix=fix)
            values.findings.add(problem, ("E110", table.name))


def _strays(values: Values, table: Table, groups: dict[Key, list[int]]) -> set[Key]:
    """Keys that look like a misspelt later row of another: every row has a year, what is required is missing, a near name is complete."""
    if not (table.by_year and table.key and not table.column(table.key[0]).refers):
        return set()
    cells = values.columns[table.name]
    required = [column.name for column in table.columns if column.is_required and column.name not in table.key]
    needed = [name for name in required if name in values.raws[table.name].positions]
    lacking = {key for key, rows in groups.items() if any(all(_blank(cells[name][row]) for row in rows) for name in needed)}
    dated = {key for key in lacking if not any(_blank(cells["year"][row]) for row in groups[key])}
    strays: set[Key] = set()
    for key in dated:
        others = [str(other[0]) for other in groups if other not in lacking and other[1:] == key[1:]]
        if near := closest(str(key[0]), others):
            strays.add(key)
            allowed = f"which no row states {', '.join(needed)} for"
            for row in groups[key]:
                place = values.raws[table.name].place(row, table.key[0], values.key(table.name, row))
                problem = replace(place, code="E109", found=repr(key[0]), allowed=allowed, fix=f"Did you mean {near!r}?")
                values.findings.add(problem, ("E109", table.name, key[0]))
    return strays


def _check_attribute(values: Values, table: Table, column: Column, rows: list[int]) -> None:
    """An attribute is stated once per key, or always the same; a required one is stated."""
    raw, cells = values.raws[table.name], values.columns[table.name][column.name]
    if any((table.name, row, column.name) in values.faulty for row in rows) or column.name not in raw.positions:
        return
    stated = [row for row in rows if not _blank(cells[row])]
    if not stated and column.is_required:
        fault = CellFault("E101", "", f"{column.name} is required", f"Fill it in: {column.meaning}")
        values.tell(fault, table.name, rows[0], column.name)
    for row in stated[1:]:
        if cells[row] != cells[stated[0]]:
            first, found = _shown(cells[stated[0]]), _shown(cells[row])
            earlier = raw.grid.cell(raw.rows[stated[0]][0], raw.positions[column.name])
            place = raw.place(row, column.name, values.key(table.name, row))
            fix = "It cannot vary by year: state it once" if table.by_year else "State it once"
            problem = replace(place, code="E111", found=found, allowed=f"{earlier} says {first}", fix=fix)
            values.findings.add(problem, ("E111", table.name, place.key, column.name))


def _check_series(values: Values, table: Table, rows: list[int]) -> None:
    """A series that is stated has a value for the first year; a required one is stated."""
    raw, cells = values.raws[table.name], values.columns[table.name]
    first_year = values.settings.get("first_year")
    late: list[tuple[float, int, str]] = []
    for column in table.series:
        if column.name not in raw.positions or any((table.name, row, column.name) in values.faulty for row in rows):
            continue
        stated = [row for row in rows if not _blank(cells[column.name][row])]
        if not stated and column.is_required:
            fault = CellFault("E101", "", f"{column.name} is required", f"Fill it in: {column.meaning}")
            values.tell(fault, table.name, rows[0], column.name)
        if not (stated and table.by_year and first_year is not None) or any(_blank(cells["year"][row]) for row in stated):
            continue
        year, row = min((cells["year"][row], row) for row in stated)
        if year > first_year:
            late.append((year, row, column.name))
    if late and first_year is not None:
        year, row, name = late[0]
        found = f"{', '.join(name for _, _, name in late)} stated from {plain(year)} on"
        place = raw.place(row, name, values.key(table.name, row))
        fix = f"Add a row for {plain(first_year)}, or leave the year blank where the number holds from the beginning"
        problem = replace(place, code="E112", found=found, allowed=f"the plan begins in {plain(first_year)}", fix=fix)
        values.findings.add(problem, ("E112", table.name, values.key(table.name, row)))


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, float) else repr(value)


def _blank(value: Any) -> bool:
    return value is None or value != value
