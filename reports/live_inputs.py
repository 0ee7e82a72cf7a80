"""The cells of the case's tables as terms: attributes, and series by year, which hold from a row's year until the next row's.

A number that its table states once is read from its cell. One that it states for several years is listed on the sheet Steps (from which
year, which cell), and read from there by year, on the sheet Yearly. What is text, or how many rows there are, is fixed as solved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter

from masterplan.data.case import Case
from masterplan.data.schema import SETTINGS, TABLE
from masterplan.data.template import FIRST_ROW as TABLE_ROW
from masterplan.data.write import table_rows
from masterplan.reports.formula import Term
from masterplan.reports.live_sheet import LiveSheet, Row, year_term
from masterplan.reports.timeline import FIRST_ROW

STEPS, YEARLY = "Steps", "Yearly"


@dataclass(frozen=True)
class Step:
    """A line of the sheet Steps: what it belongs to, and the cells of its year (none for the first) and of its number."""

    table: str
    key: str
    column: str
    since: str
    year: float
    cell: str
    value: float


@dataclass(eq=False)
class Inputs:
    """The inputs of one workbook, with the sheets Steps and Yearly as they fill."""

    case: Case
    yearly: LiveSheet
    steps: list[Step] = field(default_factory=list)
    _blocks: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)
    _rows: dict[tuple[Any, ...], Row] = field(default_factory=dict)
    _columns: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def setting(self, name: str) -> Term:
        """A number of the sheet settings."""
        (at, is_stated), value = self._settings[name], float(self.case.setting(name))
        cell = f"settings!$B${TABLE_ROW + at}"
        return Term(cell if is_stated or not value else f'IF({cell}="",1,{cell})', np.array(value))

    @cached_property
    def _settings(self) -> dict[str, tuple[int, bool]]:
        """Name -> its row on the sheet settings, from 0, and whether a value stands there."""
        stated = [str(row[0]) for row in table_rows(self.case, "settings")]
        names = [*stated, *(column.name for column in SETTINGS if column.name not in stated)]
        return {name: (at, name in stated) for at, name in enumerate(names)}

    def cell(self, table: str, column: str, row: int) -> str:
        """The place of a cell, by its row in the case's table."""
        return f"{table}!${get_column_letter(TABLE[table].column_names.index(column) + 1)}${TABLE_ROW + row}"

    def attribute(self, table: str, column: str, key: Any) -> Term:
        """A number that does not vary by year; its default has to be 0 or 1 where it is not stated."""
        rows = self.case.rows(table)[key]
        stated = [row for row in rows if not _blank(self._column(table, column)[row])]
        value = float(self.case.attribute(table, column)[key])
        cell = self.cell(table, column, (stated or rows)[0])
        return Term(cell if stated or not value else f'IF({cell}="",1,{cell})', np.array(value))

    def series(self, table: str, column: str, key: Any = ()) -> Term:
        """A number by year, in the column's own year."""
        if len(self._stated(table, column, key)) <= 1:
            return self.at(table, column, key, year_term(self.case.years))
        name = (table, column, key)
        if name not in self._rows:
            term = self.at(table, column, key, year_term(self.case.years))
            self._rows[name] = self.yearly.line(table, _told(key) or "all", term, "", column)
        return self._rows[name].here

    def at(self, table: str, column: str, key: Any, year: Term) -> Term:
        """A number by year, in the year that `year` gives."""
        known = self.case.series(table, column)
        parts = key if isinstance(key, tuple) else (key,)
        begin, end = self.case.start_years[0], self.case.start_years[-1]
        years = [int(min(max(when, begin), end)) for when in np.ravel(year.values)]
        values = np.array([known[(*parts, when) if parts else when] for when in years])
        stated = self._stated(table, column, key)
        if len(stated) > 1:
            first, last = self._block(table, column, key, stated)
            spans = [f"{STEPS}!${letter}${first}:${letter}${last}" for letter in "EF"]
            return Term(f"INDEX({spans[1]},MATCH({year.text},{spans[0]},1))", values)
        cell = self.cell(table, column, stated[0][1] if stated else self.case.rows(table)[key][0])
        blank = not stated and bool(values.any())
        return Term(f'IF({cell}="",1,{cell})' if blank else cell, values)

    def is_given(self, table: str, column: str, key: Any = ()) -> bool:
        """Does the table say anything for this number, or is it other than 0 without?"""
        if key not in self.case.rows(table) or not self.case.rows(table)[key]:
            return False
        return bool(self._stated(table, column, key)) or bool(TABLE[table].column(column).default)

    def has_any(self, table: str, column: str, key: Any = ()) -> bool:
        """Does the table say anything at all for this number?"""
        return bool(self._stated(table, column, key))

    def has_row(self, table: str, column: str, key: Any) -> bool:
        """Is a number other than 0 stated for a key that does not vary by year?"""
        return bool(self.case.attribute(table, column).get(key))

    def has_steps(self, table: str, column: str, key: Any = ()) -> bool:
        """Does the table state this number for more than one year?"""
        return len(self._stated(table, column, key)) > 1

    def _stated(self, table: str, column: str, key: Any) -> list[tuple[float, int]]:
        values, since = (self._column(table, name) for name in (column, "year"))
        rows = [row for row in self.case.rows(table).get(key, []) if not _blank(values[row])]
        return sorted((-math.inf if _blank(since[row]) else float(since[row]), row) for row in rows)

    def _column(self, table: str, column: str) -> list[Any]:
        """A column of a table as a list, made once."""
        if (table, column) not in self._columns:
            self._columns[table, column] = self.case.tables[table][column].tolist()
        return self._columns[table, column]

    def _block(self, table: str, column: str, key: Any, stated: list[tuple[float, int]]) -> tuple[int, int]:
        name = (table, column, key)
        if name not in self._blocks:
            first = FIRST_ROW + len(self.steps)
            for place, (since, row) in enumerate(stated):
                value = float(self._column(table, column)[row])
                told = "" if place == 0 else self.cell(table, "year", row)
                year = 0.0 if place == 0 else since
                self.steps.append(Step(table, _told(key), column, told, year, self.cell(table, column, row), value))
            self._blocks[name] = (first, FIRST_ROW + len(self.steps) - 1)
        return self._blocks[name]


def _blank(value: Any) -> bool:
    return value is None or value != value or value == ""


def _told(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return " / ".join(str(part) for part in parts if part is not None)
