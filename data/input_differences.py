"""Input differences: the cells of the tables in which two cases differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.rows import Row, key_of, key_text, rows
from masterplan.data.schema import TABLE

COLUMNS = ("table", "key", "column", "year", "before", "after")
_NO_INPUT = ("scenarios", "changes", "sources", "provenance")


def input_differences(before: Case, after: Case) -> pd.DataFrame:
    """Columns table, key, column, year (None: all), before, after; None where a cell is blank or its row is not there.

    Tables that decide nothing (scenarios, changes, sources, provenance) are passed over.
    """
    found = [row for name in TABLE if name not in _NO_INPUT for row in _of_table(name, before, after)]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object)


def _of_table(name: str, before: Case, after: Case) -> Iterator[tuple[Any, ...]]:
    mine, theirs = _by_key(name, before), _by_key(name, after)
    table = TABLE[name]
    for key, year in dict.fromkeys([*mine, *theirs]):
        one, two = mine.get((key, year)), theirs.get((key, year))
        for column in table.columns:
            if column.name in table.key:
                continue
            was, now = (None if row is None else row[column.name] for row in (one, two))
            if not _same(was, now):
                yield name, key_text(name, key if len(key) != 1 else key[0]), column.name, year, _shown(was), _shown(now)


def _by_key(name: str, case: Case) -> dict[tuple[tuple[Any, ...], int | None], Row]:
    table = TABLE[name]
    return {(key_of(table, row), _shown(row.get("year") if table.by_year else None)): row for row in rows(case, name)}


def _same(one: Any, two: Any) -> bool:
    return bool(_shown(one) == _shown(two))


def _shown(value: Any) -> Any:
    return None if value is None or value != value else value
