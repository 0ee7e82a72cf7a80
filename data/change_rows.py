"""How a change acts on the rows of a case: find the rows, work out the number, state it in the years that change and only there."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_values import after, parsed, refused
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, advice, blank, key_of, key_text, rows, rows_frame
from masterplan.data.schema import SETTING, TABLE, Column, Table

_SIGNS = {"set": "=", "times": "*=", "plus": "+="}
_COMBINE: dict[str, Callable[[float, float], float]] = {"times": operator.mul, "plus": operator.add}


@dataclass(frozen=True)
class Change:
    """One change. `key` has its parts joined by `/`; `operation` is set, times or plus; years are None where open."""

    table: str
    key: str
    column: str
    operation: str
    value: str
    from_year: int | None = None
    to_year: int | None = None
    text: str = ""

    def __str__(self) -> str:
        if self.text:
            return self.text
        place = ".".join(part for part in (self.table, self.key, self.column) if part)
        first, last = self.from_year or "", self.to_year or ""
        years = "" if not (first or last) else f"@{first}" if first == last else f"@{first}:{last}"
        return f"{place}{_SIGNS[self.operation]}{self.value}{years}"

    @property
    def is_whole_horizon(self) -> bool:
        """Does it act on every year?"""
        return self.from_year is None and self.to_year is None


def change_of_row(row: Row) -> Change:
    """The change that a row of the table `changes` says."""
    return Change(
        str(row["table"] or ""),
        str(row["key"] or ""),
        str(row["column"] or ""),
        str(row["operation"] or "set"),
        str(row["value"] or ""),
        row["from_year"],
        row["to_year"],
    )


class RefusedError(Exception):
    """A change cannot be applied: the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Editor:
    """Applies changes one after the other to a copy of the rows; `case()` gives the result."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._rows: dict[str, list[Row]] = {}

    def case(self) -> Case:
        """The case with everything applied so far."""
        edited = {name: rows_frame(TABLE[name], given) for name, given in self._rows.items()}
        return replace(self._case, tables={**self._case.tables, **edited}) if edited else self._case

    def apply(self, change: Change) -> list[Problem]:
        """Apply a change; the problems, where it cannot be."""
        try:
            table, column, keys = self._target(change)
            if table.name == "settings":
                self._change_setting(change, SETTING[keys[0][0]])
            elif column.series:
                _each_with_a_value(change, keys, lambda key: self._change_series(change, table, column, key))
            else:
                _each_with_a_value(change, keys, lambda key: self._change_attribute(change, table, column, key))
        except RefusedError as refusal:
            return [refusal.problem]
        return []

    def check(self, change: Change) -> list[Problem]:
        """What is wrong with the table, key, column, years or value of a change, without applying it."""
        try:
            table, column, keys = self._target(change, create=False)
            setting = SETTING[keys[0][0]] if table.name == "settings" else column
            if not (change.operation == "set" and change.value == ""):
                _value(change, setting, self._case, table, keys[0])
        except RefusedError as refusal:
            return [refusal.problem]
        return []

    # where a change acts

    def _target(self, change: Change, create: bool = True) -> tuple[Table, Column, list[tuple[Any, ...]]]:
        table = TABLE.get(change.table)
        if table is None:
            raise RefusedError(
                _problem("E504", change, f"the table {change.table!r}", "which is not known", advice(change.table, TABLE, "table"))
            )
        if table.name == "settings":
            return self._setting_target(change, table)
        changeable = [name for name in table.column_names if name not in table.key and name != "year"]
        if change.column not in changeable:
            found = f"the column {change.column!r}"
            raise RefusedError(
                _problem("E505", change, found, f"which {table.name} has not (to change)", advice(change.column, changeable))
            )
        column = table.column(change.column)
        _check_years(change, column, self._case)
        keys = self._keys(change, table, create)
        return table, column, keys

    def _setting_target(self, change: Change, table: Table) -> tuple[Table, Column, list[tuple[Any, ...]]]:
        name = change.key if change.key else change.column
        if name not in SETTING or (change.key and change.column != "value"):
            found = f"the setting {name!r}" if name not in SETTING else f"the column {change.column!r}"
            raise RefusedError(
                _problem("E505", change, found, "which is not known", advice(name, SETTING) if name not in SETTING else "Use value")
            )
        _check_years(change, SETTING[name], self._case)
        return table, table.column("value"), [(name,)]

    def _table(self, name: str) -> list[Row]:
        return self._rows.setdefault(name, rows(self._case, name))

    def _keys(self, change: Change, table: Table, create: bool) -> list[tuple[Any, ...]]:
        """The keys that a change means; at least one."""
        if not table.key:
            if change.key not in ("", "*"):
                raise RefusedError(
                    _problem(
                        "E506",
                        change,
                        f"the key {change.key!r}",
                        f"but {table.name} has no key",
                        f"Leave it out: {table.name}.{change.column}",
                    )
                )
            return [()]
        known = list(dict.fromkeys(key_of(table, row) for row in self._table(table.name)))
        parts = change.key.split("/")
        if parts == ["*"] and known:
            return known
        _check_parts(change, table, parts)
        keys = _matching(table, known, parts)
        if keys:
            return keys
        if table.name == "given_starts" and change.operation == "set" and change.column == "modules":
            return [self._new_given_start(change, table, parts, create)]
        raise RefusedError(
            _problem("E506", change, f"the key {change.key!r}", f"which {table.name} has not", _nearest_key(table, known, parts))
        )

    def _new_given_start(self, change: Change, table: Table, parts: list[str], create: bool) -> tuple[Any, ...]:
        projects = self._case.names("projects")
        if parts[0] not in projects:
            raise RefusedError(
                _problem("E506", change, f"the project {parts[0]!r}", "which is not known", advice(parts[0], projects, "project"))
            )
        if not parts[1].isdigit():
            raise RefusedError(
                _problem("E506", change, f"the year {parts[1]!r}", "where a year stands", "Write given_starts.project/2028.modules=1")
            )
        key = (parts[0], int(parts[1]))
        if create:
            self._table(table.name).append(dict.fromkeys(table.column_names) | {"project": key[0], "year": key[1]})
        return key

    # what it does there

    def _change_setting(self, change: Change, setting: Column) -> None:
        given = self._table("settings")
        row = next((row for row in given if row["setting"] == setting.name), None)
        current = None if row is None or blank(row["value"]) else row["value"]
        value = self._new_value(change, setting, TABLE["settings"], (setting.name,), self._case_value(setting, current))
        if row is None:
            given.append({"setting": setting.name, "value": _text(value)})
        else:
            row["value"] = _text(value)

    def _case_value(self, setting: Column, stated: Any) -> Any:
        value = setting.default if stated is None else stated
        return float(value) if setting.is_number and isinstance(value, str | int | float) else value

    def _change_attribute(self, change: Change, table: Table, column: Column, key: tuple[Any, ...]) -> None:
        mine = [row for row in self._table(table.name) if key_of(table, row) == key]
        stated = next((row for row in mine if not blank(row[column.name])), mine[0])
        default = None if column.is_required else column.default
        current = default if blank(stated[column.name]) else stated[column.name]
        value = self._new_value(change, column, table, key, current)
        for row in mine:
            if row is stated or not blank(row[column.name]):
                row[column.name] = value

    def _new_value(self, change: Change, column: Column, table: Table, key: tuple[Any, ...], current: Any) -> Any:
        if change.operation == "set" and change.value == "":
            if column.is_required:
                raise RefusedError(_problem("E508", change, "no value", "but one is required", "Give one", key=key))
            return None
        value = _value(change, column, self._case, table, key)
        if change.operation == "set":
            return _within(change, column, value, key)
        if current is None:
            raise NoValueError(change, key)
        return _within(change, column, _COMBINE[change.operation](float(current), value), key)

    def _change_series(self, change: Change, table: Table, column: Column, key: tuple[Any, ...]) -> None:
        given = self._table(table.name)
        mine = [row for row in given if key_of(table, row) == key]
        if not mine:  # only finance has a key without rows
            mine = [dict.fromkeys(table.column_names)]
            given.extend(mine)
        stated = {row["year"]: row[column.name] for row in mine if not blank(row[column.name])}
        default = column.default if isinstance(column.default, int | float) else None
        if not stated and default is None and change.operation != "set":
            raise NoValueError(change, key)
        if change.value == "" and not change.is_whole_horizon:
            raise RefusedError(_problem("E508", change, "no value", "some years cannot be left blank", "Give a value", key=key))
        if not stated and default is None and not change.is_whole_horizon:
            raise RefusedError(
                _problem(
                    "E510",
                    change,
                    "no value outside the years of the change",
                    "blank in some years only is not possible",
                    "State a value for every year first",
                    key=key,
                )
            )
        window = (change.from_year, change.to_year)
        new = after(
            stated or ({} if default is None else {None: float(default)}),
            window,
            lambda now: self._new_value(change, column, table, key, now),
            change.operation == "set",
            (self._case.start_years[0], self._case.last_year),
        )
        self._state(given, mine, table, column, new)

    def _state(self, given: list[Row], mine: list[Row], table: Table, column: Column, new: dict[int | None, float | None]) -> None:
        """Write year -> value into the rows of a key, with new rows after its last one where a year has none."""
        by_year = {row["year"]: row for row in mine}
        for row in mine:
            row[column.name] = None
        last = max(number for number, row in enumerate(given) if row is mine[-1]) + 1
        for year, value in new.items():
            if year in by_year:
                by_year[year][column.name] = value
            elif value is not None:
                row = dict.fromkeys(table.column_names) | {name: mine[0][name] for name in table.key}
                given.insert(last, row | {"year": year, column.name: value})
                last += 1


class NoValueError(RefusedError):
    """There is no number to change: the cell and its default are blank."""

    def __init__(self, change: Change, key: tuple[Any, ...]) -> None:
        super().__init__(
            _problem("E510", change, "no value to change", "the cell is blank and has no default", "Set a value with =", key=key)
        )


def _each_with_a_value(change: Change, keys: list[tuple[Any, ...]], act: Callable[[tuple[Any, ...]], None]) -> None:
    """Act on every key; where many are meant, blank ones are passed over unless all are blank."""
    blanks: list[NoValueError] = []
    for key in keys:
        try:
            act(key)
        except NoValueError as refusal:
            blanks.append(refusal)
    if blanks and len(blanks) == len(keys):
        raise blanks[0]


def _problem(code: str, change: Change, found: str, allowed: str, fix: str, key: tuple[Any, ...] | None = None) -> Problem:
    place = key_text(change.table, key) if key else change.key
    return Problem(code, change.table, place, change.column, f"{found} in the change {change}", allowed, fix)


def _value(change: Change, column: Column, case: Case, table: Table, key: tuple[Any, ...]) -> Any:
    """The value of a change, typed for its column."""
    if change.operation != "set" and not column.is_number:
        raise RefusedError(_problem("E508", change, f"{change.operation} on text", f"{column.name} is a {column.kind}", "Set it with ="))
    value, trouble = parsed(change.value, column, change.operation == "times", case, table, key)
    if trouble:
        raise RefusedError(_problem("E508", change, f"the value {change.value!r}", trouble[0], trouble[1], key=key))
    return value


def _within(change: Change, column: Column, value: Any, key: tuple[Any, ...]) -> Any:
    trouble = refused(value, column)
    if trouble:
        raise RefusedError(_problem("E509", change, trouble[0], trouble[1], trouble[2], key=key))
    return value


def _check_years(change: Change, column: Column, case: Case) -> None:
    if change.is_whole_horizon:
        return
    first, last = change.from_year, change.to_year
    if not column.series:
        raise RefusedError(_problem("E507", change, "years", f"but {column.name} does not vary by year", "Leave the years out"))
    begin, end = case.start_years[0], case.last_year
    if (
        (first is not None and last is not None and first > last)
        or (first is not None and first > end)
        or (last is not None and last < begin)
    ):
        raise RefusedError(
            _problem("E507", change, f"years {first or ''}:{last or ''}", f"the plan has {begin} to {end}", "Give years inside the plan")
        )


def _check_parts(change: Change, table: Table, parts: list[str]) -> None:
    shape = "/".join(table.key)
    missing = [name for name in table.key[len(parts) :] if table.column(name).is_required]
    if len(parts) > len(table.key) or missing or not all(parts[: 1 + sum(table.column(name).is_required for name in table.key[1:])]):
        raise RefusedError(
            _problem("E506", change, f"the key {change.key!r}", f"a key of {table.name} is {shape}", "Write its parts, * for every name")
        )


def _matching(table: Table, known: list[tuple[Any, ...]], parts: list[str]) -> list[tuple[Any, ...]]:
    keys = [
        key
        for key in known
        if all(part == "*" or part == ("" if cell is None else str(cell)) for part, cell in zip(parts, key, strict=False))
    ]
    for place in range(len(parts), len(table.key)):
        column = table.column(table.key[place])
        if column.kind == "choice" and any(key[place] == column.default for key in keys):
            keys = [key for key in keys if key[place] == column.default]
    return keys


def _nearest_key(table: Table, known: list[tuple[Any, ...]], parts: list[str]) -> str:
    """The nearest name of the first part that no key has."""
    for place in range(len(parts)):
        if not _matching(table, known, parts[: place + 1]):
            before = _matching(table, known, parts[:place]) if place else known
            return advice(parts[place], ("" if key[place] is None else str(key[place]) for key in before), "row")
    return advice("/".join(parts), (key_text(table.name, key) for key in known), "row")


def _text(value: Any) -> Any:
    return f"{value:.17g}" if isinstance(value, float) else value if value is None else str(value)
