"""Grids: a sheet, a CSV file or a data frame as rows of raw cells, before anything is known about them; and what was found wrong.

Raw cells are None, str, bool, int, float, a date or time, or one of the two marks below.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from masterplan.data.errors import Problem
from masterplan.data.schema import Table

Source = Literal["workbook", "folder", "frames"]


@dataclass(frozen=True)
class ErrorValue:
    """A cell that holds an Excel error such as `#DIV/0!`."""

    text: str


@dataclass(frozen=True)
class NoStoredValue:
    """A formula whose result was never stored in the file."""

    formula: str


@dataclass(frozen=True)
class Grid:
    """Rows with the number that the source gives them (row of a sheet, line of a file, position in a frame from 1)."""

    name: str
    source: Source
    rows: tuple[tuple[int, tuple[Any, ...]], ...]

    @property
    def sheet(self) -> str:
        """What a message calls the source: the sheet, the file, or nothing for a data frame."""
        return "" if self.source == "frames" else f"{self.name}.csv" if self.source == "folder" else self.name

    def cell(self, number: int, position: int | None) -> str:
        """Where a cell is, in the words of the source; `position` counts columns from 0, None is the whole row."""
        if self.source == "workbook":
            return f"{letters(position)}{number}" if position is not None else f"A{number}"
        return f"line {number}" if self.source == "folder" else f"row {number}"


@dataclass(frozen=True)
class RawTable:
    """A grid whose header is understood: the position of each known column, and the rows under it that hold anything."""

    table: Table
    grid: Grid
    header: int
    positions: dict[str, int]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]

    def raw(self, row: int, column: str) -> Any:
        """The raw cell of a column, None where the column or the cell is not there."""
        position = self.positions.get(column)
        cells = self.rows[row][1]
        return cells[position] if position is not None and position < len(cells) else None

    def place(self, row: int | None, column: str, key: str = "") -> Problem:
        """A problem that says nothing yet, at the cell of a column (`row` None: its header)."""
        number = self.header if row is None else self.rows[row][0]
        cell = self.grid.cell(number, self.positions.get(column))
        return Problem("", self.table.name, key, column, sheet=self.grid.sheet, cell=cell)


@dataclass
class Findings:
    """The problems found so far, one per cause; further places of the same cause are listed in `also`."""

    by_cause: dict[tuple[Any, ...], Problem] = field(default_factory=dict)
    more: dict[tuple[Any, ...], list[str]] = field(default_factory=dict)

    def add(self, problem: Problem, cause: tuple[Any, ...] | None = None) -> None:
        """Take a problem in. Without a cause of its own, equal code, table, column and found text are one."""
        key = cause or (problem.code, problem.table, problem.column, problem.found)
        if key in self.by_cause:
            self.more[key].append(where(problem))
        else:
            self.by_cause[key], self.more[key] = problem, []

    def problems(self) -> list[Problem]:
        """All problems in the order they were found."""
        return [replace(problem, also=(*problem.also, *self.more[key])) for key, problem in self.by_cause.items()]

    def __bool__(self) -> bool:
        return any(problem.is_error for problem in self.by_cause.values())


def as_float_can(cell: Any) -> Any:
    """A whole number beyond what a float can hold as infinity, which the checks refuse in words; every other cell as it is."""
    if isinstance(cell, int) and abs(cell) > sys.float_info.max:
        return math.inf if cell > 0 else -math.inf
    return cell


def where(problem: Problem) -> str:
    """The place of a problem in a word or two."""
    if problem.sheet and problem.cell:
        return f"{problem.sheet} {problem.cell}" if " " in problem.cell else f"{problem.sheet}!{problem.cell}"
    return " ".join(part for part in (problem.table, problem.key, problem.column, problem.cell) if part)


def letters(position: int) -> str:
    """The letters of a sheet's column; position 0 is A."""
    text, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def is_blank(raw: Any) -> bool:
    """Does a raw cell say nothing: None, NaN, or only spaces?"""
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, float) and raw != raw)
