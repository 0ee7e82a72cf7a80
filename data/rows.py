"""The rows of a table as plain dicts, and the few words that every check and change needs: key texts, numbers, advice on unknown names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.names import listed, meant
from masterplan.data.schema import TABLE, Table

Row = dict[str, Any]


def blank(value: Any) -> bool:
    """Is a cell empty: None, NaN or no text?"""
    return value is None or value != value or value == ""


def rows(case: Case, table: str) -> list[Row]:
    """The rows of a table: None for blank, whole numbers and years as int, key parts with their default where blank."""
    return frame_rows(TABLE[table], case.tables[table])


def frame_rows(table: Table, frame: pd.DataFrame) -> list[Row]:
    """The rows of a normalised frame of `table`, as `rows` gives them."""
    columns = {name: _cells(table, name, frame[name].to_list()) for name in table.column_names}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def rows_frame(table: Table, given: list[Row]) -> pd.DataFrame:
    """The normalised frame of rows: numbers as float with NaN for blank, anything else as text or None (a setting is what it is)."""
    columns: dict[str, pd.Series[Any]] = {}
    for name in table.column_names:
        cells = [row.get(name) for row in given]
        if table.column(name).is_number:
            numbers = [math.nan if blank(cell) else float(str(cell)) for cell in cells]
            columns[name] = pd.Series(numbers, dtype=float)
        else:
            kept = table.name == "settings" and name == "value"
            texts = [None if blank(cell) else float(cell) if kept and isinstance(cell, int | float) else str(cell) for cell in cells]
            columns[name] = pd.Series(texts, dtype=object)
    return pd.DataFrame(columns)


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    """The key of a row as a tuple, whatever its length."""
    return tuple(row[name] for name in table.key)


def key_text(table: str, key: Any) -> str:
    """A key in words, parts joined by `/`; trailing parts that are blank or their default are left out."""
    parts = list(key) if isinstance(key, tuple) else [key]
    declared = [TABLE[table].column(name) for name in TABLE[table].key]
    while len(parts) > 1 and (parts[-1] is None or parts[-1] == declared[len(parts) - 1].default):
        parts.pop()
    return "/".join("" if part is None else str(part) for part in parts)


def number(value: float) -> str:
    """A number for people: `2` not `2.0`, ten digits at most."""
    return f"{value:.10g}"


def advice(name: str, allowed: Iterable[str], what: str = "name") -> str:
    """What to do about an unknown name: the nearest known one, or the known ones."""
    known = [str(one) for one in dict.fromkeys(allowed)]
    return meant(name, known, f"Use one of: {listed(known)}" if known else f"There is no {what} yet")


def merged(found: Iterable[tuple[Any, Problem]]) -> list[Problem]:
    """(cause, problem) pairs as one problem per cause, in order; the places of the others stand in its `also`."""
    first: dict[Any, Problem] = {}
    others: dict[Any, list[str]] = {}
    for cause, problem in found:
        if cause in first:
            others.setdefault(cause, []).append(f"{problem.table} {problem.key}")
        else:
            first[cause] = problem
    return [replace(problem, also=tuple(others.get(cause, ()))) for cause, problem in first.items()]


def _cells(table: Table, name: str, values: list[Any]) -> list[Any]:
    column = table.column(name)
    default = column.default if name in table.key and isinstance(column.default, str | int | float) else None
    if column.kind in ("whole", "year"):
        return [default if blank(value) else _whole(value) for value in values]
    return [default if blank(value) else value for value in values]


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
