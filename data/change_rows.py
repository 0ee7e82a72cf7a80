"""How a change acts on the rows of a case: work out the number, and state it in the years that change and only there."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_target import Change, Key, NoValueError, RefusedError, column_of, keys_of, unknown_key
from masterplan.data.change_values import after, parsed, refused
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, advice, blank, key_of, rows, rows_frame
from masterplan.data.schema import TABLE, Column, Table

_COMBINE: dict[str, Callable[[float, float], float]] = {"times": operator.mul, "plus": operator.add}


class Editor:
    """Applies changes one after the other to a copy of the rows; `case()` gives the result."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._tables: dict[str, dict[Key, list[Row]]] = {}
        self._edited: set[str] = set()

    def case(self) -> Case:
        """The case with everything applied so far."""
        return replace(self._case, tables={**self._case.tables, **{name: self._frame(name) for name in sorted(self._edited)}})

    def apply(self, change: Change) -> list[Problem]:
        """Apply a change; the problems, where it cannot be."""
        try:
            table, column, keys = self._target(change)
            if change.is_outside(self._case):
                return []
            act = self._change_setting if table.name == "settings" else self._change_series if column.series else self._change_attribute
            _each_with_a_value(keys, lambda key: act(change, table, column, key))
        except RefusedError as refusal:
            return [refusal.problem]
        self._edited.add(table.name)
        if table.name == "settings":  # the years of later changes may hang on it
            self._case = self._case.with_tables(settings=self._frame("settings"))
        return []

    def check(self, change: Change) -> list[Problem]:
        """What is wrong with the table, key, column, years or value of a change, without applying it."""
        try:
            table, column, keys = self._target(change)
            if not change.clears:
                self._value(change, table, column, keys[0])
        except RefusedError as refusal:
            return [refusal.problem]
        return []

    def _frame(self, name: str) -> Any:
        return rows_frame(TABLE[name], [row for group in self._table(name).values() for row in group])

    def _table(self, name: str) -> dict[Key, list[Row]]:
        """The rows of a table by key."""
        if name not in self._tables:
            groups: dict[Key, list[Row]] = {}
            for row in rows(self._case, name):
                groups.setdefault(key_of(TABLE[name], row), []).append(row)
            self._tables[name] = groups
        return self._tables[name]

    def _target(self, change: Change) -> tuple[Table, Column, list[Key]]:
        table, column = column_of(change, self._case)
        if table.name == "settings":
            return table, column, [(column.name,)]
        known = self._table(table.name)
        keys = keys_of(change, table, known)
        if not keys and table.name == "given_starts" and change.operation == "set" and change.column == "modules":
            keys = [self._new_start(change)]
        if not keys:
            raise unknown_key(change, table, known)
        return table, column, keys

    def _new_start(self, change: Change) -> Key:
        """The key of a start that is not given yet."""
        project, year = change.key.split("/")
        projects = self._case.names("projects")
        if project not in projects:
            fix = advice(project, projects, "project")
            raise RefusedError("E506", change, f"the project {project!r}", "which is not known", fix)
        if not (year.isascii() and year.isdigit()):
            fix = "Write given_starts.project/2028.modules=1"
            raise RefusedError("E506", change, f"the year {year!r}", "where a year stands", fix)
        return (project, int(year))

    def _rows(self, table: Table, key: Key) -> list[Row]:
        """The rows of a key; a new one where it has none."""
        groups = self._table(table.name)
        if key not in groups:
            groups[key] = [dict.fromkeys(table.column_names) | dict(zip(table.key, key, strict=True))]
        return groups[key]

    def _change_setting(self, change: Change, table: Table, setting: Column, key: Key) -> None:
        row = self._rows(table, key)[0]
        stated = setting.default if blank(row["value"]) else row["value"]
        current = float(stated) if setting.is_number and isinstance(stated, str | int | float) else None
        row["value"] = self._new_value(change, table, setting, key, current)

    def _change_attribute(self, change: Change, table: Table, column: Column, key: Key) -> None:
        mine = self._rows(table, key)
        stated = next((row for row in mine if not blank(row[column.name])), mine[0])
        default = None if column.is_required else column.default
        current = default if blank(stated[column.name]) else stated[column.name]
        value = self._new_value(change, table, column, key, current)
        for row in mine:
            if row is stated or not blank(row[column.name]):
                row[column.name] = value

    def _change_series(self, change: Change, table: Table, column: Column, key: Key) -> None:
        mine = self._rows(table, key)
        stated = {row["year"]: row[column.name] for row in mine if not blank(row[column.name])}
        if not stated and isinstance(column.default, int | float):
            stated = {None: float(column.default)}
        if not stated and change.operation != "set":
            raise NoValueError(change, key)
        if not change.is_whole_horizon and (change.clears or not stated):
            found = "no value in some years" if change.clears else "no value outside the years of the change"
            fix = "State a value for every year"
            raise RefusedError("E510", change, found, f"{column.name} is blank in every year or in none", fix, key)

        def changed(now: float | None) -> Any:
            return self._new_value(change, table, column, key, now)

        window, horizon = (change.from_year, change.to_year), (self._case.start_years[0], self._case.last_year)
        _state(mine, column.name, after(stated, window, changed, change.operation == "set", horizon), table)

    def _new_value(self, change: Change, table: Table, column: Column, key: Key, current: Any) -> Any:
        """What a cell holds after a change, within the bounds of its column."""
        if change.clears:
            if column.is_required:
                raise RefusedError("E508", change, "no value", f"{column.name} is required", "Give one", key)
            return None
        value = self._value(change, table, column, key)
        if change.operation != "set":
            if current is None:
                raise NoValueError(change, key)
            value = _as_saved(_COMBINE[change.operation](float(current), value))
        trouble = refused(value, column)
        if trouble:
            raise RefusedError("E509", change, *trouble, key)
        return value

    def _value(self, change: Change, table: Table, column: Column, key: Key) -> Any:
        """The value that a change states, typed for its column."""
        if change.operation != "set" and not column.is_number:
            raise RefusedError(
                "E508", change, f"the operation {change.operation}", f"{column.name} is a {column.kind}", "Set it with =", key
            )
        value, trouble = parsed(change.value, column, change.operation == "times", self._case, table, key)
        if trouble:
            raise RefusedError("E508", change, f"the value {change.value!r}", *trouble, key)
        return value


def _as_saved(value: float) -> float:
    """With the 15 digits that a spreadsheet program saves: 3 x 0.9 is 2.7, there and back."""
    return float(f"{value:.15g}")


def _state(mine: list[Row], name: str, cells: dict[int | None, Any], table: Table) -> None:
    """Write year -> value into the rows of a key, with a new row for a year that has none."""
    by_year = {row["year"]: row for row in mine}
    for row in mine:
        row[name] = None
    for year, value in cells.items():
        if year not in by_year and value is not None:
            by_year[year] = dict.fromkeys(table.column_names) | {part: mine[0][part] for part in table.key} | {"year": year}
            mine.append(by_year[year])
        if year in by_year:
            by_year[year][name] = value


def _each_with_a_value(keys: list[Key], act: Callable[[Key], None]) -> None:
    """Act on every key; where many are meant, blank ones are passed over unless all are blank."""
    blanks: list[NoValueError] = []
    for key in keys:
        try:
            act(key)
        except NoValueError as refusal:
            blanks.append(refusal)
    if len(blanks) == len(keys):
        raise blanks[0]
