"""Case: the tables of one planning problem, with the look-ups that the model and the reports share."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from masterplan.data.schema import SETTING, TABLE, TABLES, Column

Key = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """One planning problem as normalised tables.

    Every table of the schema is there, each with exactly its columns: text as `str` or None, numbers as float with NaN for blank.
    `masterplan.data.read.load` makes one from a folder, a workbook, or data frames.
    """

    name: str
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    scenarios_applied: tuple[str, ...] = ()
    changes_applied: tuple[str, ...] = ()

    # settings and years

    def setting(self, name: str) -> Any:
        """The value of a setting, typed, with its default where it is not stated."""
        return self._settings[name]

    @cached_property
    def _settings(self) -> dict[str, Any]:
        frame = self.tables["settings"]
        stated = {str(n): v for n, v in zip(frame["setting"], frame["value"], strict=True) if v is not None and v == v}
        return {name: _typed(column, stated.get(name, column.default)) for name, column in SETTING.items()}

    @cached_property
    def first_year(self) -> int:
        return int(self.setting("first_year"))

    @cached_property
    def last_year(self) -> int:
        return int(self.setting("last_year"))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the plan."""
        return tuple(range(self.first_year, self.last_year + 1))

    @cached_property
    def start_years(self) -> tuple[int, ...]:
        """Years of the plan, and before it those of work in progress."""
        given = self.tables["given_starts"]["year"].dropna()
        return tuple(range(min([self.first_year, *(int(year) for year in given)]), self.last_year + 1))

    # look-ups: a key of one part is that part, of several parts a tuple; each is worked out once and shared, so nobody changes it

    @cached_property
    def _known(self) -> dict[tuple[str, ...], Any]:
        return {}

    def _once(self, find: Callable[..., Any], *named: str) -> Any:
        """What a look-up finds, worked out at the first time that it is asked for."""
        at = (find.__name__, *named)
        if at not in self._known:
            self._known[at] = find(*named)
        return self._known[at]

    def keys(self, table: str) -> tuple[Any, ...]:
        """The row keys of a table in order, each once; blank parts are None."""
        return tuple(self._once(self._rows_by_key, table))

    def rows(self, table: str) -> dict[Any, list[int]]:
        """key -> the places of its rows in the table, from 0."""
        found: dict[Any, list[int]] = self._once(self._rows_by_key, table)
        return found

    def names(self, table: str) -> tuple[str, ...]:
        """The values of the first key column in order, each once."""
        found: tuple[str, ...] = self._once(self._names, table)
        return found

    def attribute(self, table: str, column: str) -> dict[Any, Any]:
        """key -> value for a column that does not vary by year; the default where blank; keys without a value are absent."""
        found: dict[Any, Any] = self._once(self._attribute, table, column)
        return found

    def series(self, table: str, column: str) -> dict[Any, float]:
        """(*key, year) -> number for every start year and plan year; the default where never stated; without either, absent.

        A year before the first stated one has the first stated value (work in progress).
        """
        found: dict[Any, float] = self._once(self._series, table, column)
        return found

    def _names(self, table: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.tables[table][TABLE[table].key[0]]))

    def _attribute(self, table: str, column: str) -> dict[Any, Any]:
        declared = TABLE[table].column(column)
        values = self.tables[table][column].to_list()
        found: dict[Any, Any] = {}
        for key, rows in self._once(self._rows_by_key, table).items():
            stated = [values[row] for row in rows if not _blank(values[row])]
            value = _typed(declared, stated[0] if stated else declared.default)
            if value is not None:
                found[key] = value
        return found

    def _series(self, table: str, column: str) -> dict[Any, float]:
        declared = TABLE[table].column(column)
        values = self.tables[table][column].to_list()
        since = self.tables[table]["year"].to_list()
        default = float(declared.default) if isinstance(declared.default, int | float) else None
        years, found = self.start_years, {}
        for key, rows in self._once(self._rows_by_key, table).items():
            stated = sorted((-math.inf if _blank(since[row]) else since[row], values[row]) for row in rows if not _blank(values[row]))
            if not stated and default is None:
                continue
            parts = key if isinstance(key, tuple) else (key,)
            value, later = stated[0][1] if stated else default, iter([*stated, (math.inf, default)])
            begin, following = next(later)
            for year in years:
                while begin <= year:
                    value = following
                    begin, following = next(later)
                found[(*parts, year) if parts else year] = float(value)  # type: ignore[arg-type]
        return found

    def _rows_by_key(self, table: str) -> dict[Any, list[int]]:
        if table not in self._indexed:
            self._indexed[table] = self._index(table)
        return self._indexed[table]

    @cached_property
    def _indexed(self) -> dict[str, dict[Any, list[int]]]:
        """The rows of a table by key, of those tables that were asked for."""
        return {}

    def _index(self, table: str) -> dict[Any, list[int]]:
        frame, key = self.tables[table], TABLE[table].key
        if not key:
            return {(): list(range(len(frame)))}
        columns = [_key_parts(TABLE[table].column(name), frame[name].to_list()) for name in key]
        rows: dict[Any, list[int]] = {}
        for row, parts in enumerate(zip(*columns, strict=True)):
            rows.setdefault(parts if len(key) > 1 else parts[0], []).append(row)
        return rows

    # variants and identity

    def change(self, *changes: str) -> Case:
        """The case after changes in command-line form (`projects.terafab.lead_time+=2`), applied in order.

        Raises ChangeError with every change that cannot be read or applied, CaseError if the changed case has problems.
        """
        from masterplan.data.change import changed

        return changed(self, changes)

    def scenario(self, *names: str) -> Case:
        """The case after the changes of scenarios: perimeters first, then left to right."""
        from masterplan.data.change import with_scenarios

        return with_scenarios(self, names)

    def with_tables(self, **tables: pd.DataFrame) -> Case:
        """A copy with some tables replaced (already normalised)."""
        return replace(self, tables={**self.tables, **tables})

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 over all tables: equal inputs have equal hashes."""
        digest = hashlib.sha256()
        for table in TABLES:
            digest.update(table.name.encode())
            digest.update(self.tables[table.name].to_csv(index=False).encode())
        return digest.hexdigest()


def _blank(value: Any) -> bool:
    return value is None or value != value or value == ""


def _key_parts(column: Column, values: list[Any]) -> list[Any]:
    default = column.default if isinstance(column.default, str | int | float) else None
    if column.kind in ("whole", "year"):
        return [default if _blank(value) else int(value) for value in values]
    return [default if _blank(value) else value for value in values]


def _typed(column: Column, value: Any) -> Any:
    if _blank(value) or not isinstance(value, str | int | float):
        return None
    if column.kind in ("whole", "year"):
        return int(float(value))
    return float(value) if column.kind == "number" else str(value)
