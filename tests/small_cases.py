"""Tiny cases in few lines: name the rows that matter, the rest is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.read import load
from masterplan.data.schema import TABLE, TABLES

Row = Mapping[str, Any]
Rows = Sequence[Row]

SETTINGS: Row = {"first_year": 2026, "last_year": 2028, "discount_rate": 0.0}
FILLED: Mapping[str, Row] = {
    "resources": {"unit": "t"},
    "activities": {"unit": "t"},
    "projects": {"lead_time": 1, "life": 20},
}


def small_case(settings: Row | None = None, *, name: str = "small", **tables: Rows) -> Case:
    """A checked case of 2026..2028 at rate 0 from rows as dicts, read like any case (so it raises CaseError like any case).

    `settings` is one dict {setting: value}. Resources and activities that other rows name are declared (in t) where they are not;
    a project without `lead_time` and `life` has 1 and 20 years. Tables that are not given are empty.
    """
    return load(small_frames(settings, **tables), name)


def small_frames(settings: Row | None = None, **tables: Rows) -> dict[str, pd.DataFrame]:
    """The frames of `small_case`, not yet read: for tests of what reading refuses."""
    rows = {name: _filled(name, given) for name, given in tables.items()}
    _declare(rows, "activities", "activity")
    _declare(rows, "resources", "resource")
    rows["settings"] = [{"setting": setting, "value": value} for setting, value in {**SETTINGS, **(settings or {})}.items()]
    frames = {table: _frame(table, given) for table, given in rows.items()}
    return {**{table.name: _frame(table.name, []) for table in TABLES if table.required}, **frames}


def _filled(table: str, given: Rows) -> list[dict[str, Any]]:
    """The rows, with what `FILLED` says in the first row of a name, where no row of that name says it."""
    fill, rows = FILLED.get(table, {}), [dict(row) for row in given]
    for row in rows if fill else []:
        same = [other for other in rows if other.get(TABLE[table].key[0]) == row.get(TABLE[table].key[0])]
        if same[0] is row:
            row.update({column: value for column, value in fill.items() if not any(column in other for other in same)})
    return rows


def _frame(table: str, rows: Rows) -> pd.DataFrame:
    columns = list(TABLE[table].column_names) if table in TABLE else []
    extra = [column for row in rows for column in row if column not in columns]
    stated = {column for row in rows for column in row}
    keep = [column for column in [*columns, *dict.fromkeys(extra)] if column in stated] if rows else columns
    return pd.DataFrame([dict(row) for row in rows], columns=keep, dtype=object)


def _declare(rows: dict[str, list[dict[str, Any]]], table: str, column: str) -> None:
    """Add a row for every name that the column `column` of other tables has and `table` has not."""
    declared = {row.get(column) for row in rows.get(table, [])}
    named = [row[column] for other, given in rows.items() if other != table for row in given if row.get(column)]
    missing = [name for name in dict.fromkeys(named) if name not in declared]
    rows.setdefault(table, []).extend({column: name, **FILLED[table]} for name in missing)
