"""What a change means: the table, column and keys that it acts on, or the one problem that says why it cannot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, advice, key_text
from masterplan.data.schema import SETTING, TABLE, Column, Table

Key = tuple[Any, ...]

_SIGNS = {"set": "=", "times": "*=", "plus": "+="}


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

    def is_outside(self, case: Case) -> bool:
        """Are all its years outside the plan? A scenario may say more than a shortened plan needs; a change typed in may not."""
        begin, end = case.start_years[0], case.last_year
        return (self.from_year is not None and self.from_year > end) or (self.to_year is not None and self.to_year < begin)

    @property
    def clears(self) -> bool:
        """Does it leave the cell blank?"""
        return self.operation == "set" and self.value == ""


def change_of_row(row: Row) -> Change:
    """The change that a row of the table `changes` says."""
    table, key, column, value = (str(row[name] or "") for name in ("table", "key", "column", "value"))
    return Change(table, key, column, str(row["operation"] or "set"), value, row["from_year"], row["to_year"])


class RefusedError(Exception):
    """A change cannot be applied: the one problem that says why."""

    def __init__(self, code: str, change: Change, found: str, allowed: str, fix: str, key: Key | None = None) -> None:
        place = key_text(change.table, key) if key else change.key
        self.problem = Problem(code, change.table, place, change.column, f"{found} in the change {change}", allowed, fix)
        super().__init__(str(self.problem))


class NoValueError(RefusedError):
    """There is no number to change: the cell and its default are blank."""

    def __init__(self, change: Change, key: Key) -> None:
        super().__init__("E510", change, "no value to change", "the cell is blank and has no default", "Set a value with =", key)


def column_of(change: Change, case: Case) -> tuple[Table, Column]:
    """The table and column of a change; for a setting, its own declaration. Raises RefusedError."""
    table = TABLE.get(change.table)
    if table is None:
        raise RefusedError("E504", change, f"the table {change.table!r}", "which is not known", advice(change.table, TABLE, "table"))
    if table.name == "settings":
        column = _setting(change)
    else:
        changeable = [name for name in table.column_names if name not in table.key and name != "year"]
        if change.column not in changeable:
            found, fix = f"the column {change.column!r}", advice(change.column, changeable)
            raise RefusedError("E505", change, found, f"which {table.name} has not (to change)", fix)
        column = table.column(change.column)
    _check_years(change, column, case)
    return table, column


def _setting(change: Change) -> Column:
    """The declaration of a setting: `settings.discount_rate`, or in a table of changes the key and the column `value`."""
    if change.key and change.column != "value":
        raise RefusedError("E505", change, f"the column {change.column!r}", "a setting has the column value", "Use value")
    name = change.key or change.column
    if name not in SETTING:
        raise RefusedError("E505", change, f"the setting {name!r}", "which is not known", advice(name, SETTING))
    return SETTING[name]


def _check_years(change: Change, column: Column, case: Case) -> None:
    if change.is_whole_horizon:
        return
    if not column.series:
        raise RefusedError("E507", change, "years", f"but {column.name} does not vary by year", "Leave the years out")
    first, last = change.from_year, change.to_year
    if (first is not None and last is not None and first > last) or (change.text and change.is_outside(case)):
        found = f"the years {'' if first is None else first} to {'' if last is None else last}"
        allowed = f"the plan has {case.start_years[0]} to {case.last_year}"
        raise RefusedError("E507", change, found, allowed, "Give years of the plan, the first before the last")


def keys_of(change: Change, table: Table, known: Collection[Key]) -> list[Key]:
    """The keys of a table that a change means, none where no row has it. Raises RefusedError where it has not the form of a key."""
    if not table.key:
        if change.key not in ("", "*"):
            fix = f"Write {table.name}.{change.column}"
            raise RefusedError("E506", change, f"the key {change.key!r}", f"but {table.name} has no key", fix)
        return [()]
    if change.key == "*":
        return list(known)
    parts = change.key.split("/")
    required = sum(table.column(name).is_required for name in table.key)
    if not required <= len(parts) <= len(table.key) or not all(parts[:required]):
        allowed = f"a key of {table.name} is {'/'.join(table.key)}"
        raise RefusedError("E506", change, f"the key {change.key!r}", allowed, "Write its parts, * for every name")
    return _matching(table, known, parts)


def unknown_key(change: Change, table: Table, known: Collection[Key]) -> RefusedError:
    """The refusal of a key that no row has, with the nearest name of the first part that is unknown."""
    parts = change.key.split("/")
    for place in range(len(parts)):
        if not _matching(table, known, parts[: place + 1]):
            before = _matching(table, known, parts[:place]) if place else known
            fix = advice(parts[place], (_part(key[place]) for key in before), "row")
            break
    else:
        fix = advice(change.key, (key_text(table.name, key) for key in known), "row")
    return RefusedError("E506", change, f"the key {change.key!r}", f"which {table.name} has not", fix)


def _matching(table: Table, known: Collection[Key], parts: list[str]) -> list[Key]:
    """The keys that begin with the parts; of a choice that is left out, the default where it has rows."""
    keys = [key for key in known if all(part in ("*", _part(cell)) for part, cell in zip(parts, key, strict=False))]
    for place in range(len(parts), len(table.key)):
        column = table.column(table.key[place])
        if column.kind == "choice" and any(key[place] == column.default for key in keys):
            keys = [key for key in keys if key[place] == column.default]
    return keys


def _part(cell: Any) -> str:
    return "" if cell is None else str(cell)
