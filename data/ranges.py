"""Ranges: what the low and the high of a source do to the numbers whose provenance names it, as changes.

A number that is sourced or derived moves in proportion to its source: by (low or high) / central, to the power of the elasticity that its
provenance states (1 where it states none; -1 for a number that falls as its source rises; 0 for one that does not move). Where several
sources stand behind a number, each moves all of it: state the elasticities where that is too much. The most particular row of
provenance speaks for a number. Whole numbers are rounded, and every number stays within what its column allows. Numbers that are
assumed, and those of scenarios, stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_target import Change, Key, RefusedError, keys_of
from masterplan.data.rows import Row, blank, key_of, number, rows
from masterplan.data.schema import SETTING, TABLE, Column

UNMOVED = "nothing moves"
"""Why an end has no changes: the numbers are what they were."""
_NO_NUMBERS = ("scenarios", "changes", "sources", "provenance")


@dataclass(frozen=True)
class Tied:
    """A number of the case that follows a source: settings have the key of their name and the column `value`."""

    table: str
    key: Key
    column: str
    elasticity: float

    @property
    def place(self) -> str:
        """Where it stands, as changes write it."""
        if self.table == "settings":
            return f"settings.{self.key[0]}"
        key = "/".join("" if part is None else str(part) for part in self.key)
        return ".".join(part for part in (self.table, key, self.column) if part)

    @property
    def declared(self) -> Column:
        return SETTING[self.key[0]] if self.table == "settings" else TABLE[self.table].column(self.column)


def elasticities(row: Row) -> dict[str, float]:
    """source -> elasticity of a row of provenance. Raises ValueError that says what is allowed."""
    named = [part.strip() for part in (row["sources"] or "").split(";") if part.strip()]
    stated = [part.strip() for part in (row["elasticity"] or "").split(";") if part.strip()]
    try:
        numbers = [float(part) for part in stated] or [1.0]
    except ValueError:
        numbers = [math.nan]
    if not all(math.isfinite(one) for one in numbers):
        raise ValueError("numbers joined by ; are allowed")
    if len(numbers) not in (1, len(named)):
        raise ValueError(f"{len(named)} sources are named")
    return dict(zip(named, numbers * len(named) if len(numbers) == 1 else numbers, strict=True))


def tied_numbers(case: Case) -> dict[str, tuple[Tied, ...]]:
    """source -> the numbers that follow it, in the order of the table `provenance`."""
    said: dict[tuple[str, Key, str], tuple[int, Row]] = {}
    known: dict[str, dict[Key, None]] = {}
    for row in rows(case, "provenance"):
        table, stars = row["table"], str(row["key"] or "").count("*") + ((row["column"] or "*") == "*")
        if table in _NO_NUMBERS:
            continue
        for key, column in _places(case, row, known):
            if (table, key, column) not in said or stars < said[table, key, column][0]:
                said[table, key, column] = (stars, row)
    found: dict[str, list[Tied]] = {}
    for (table, key, column), (_, row) in said.items():
        if row["basis"] in ("sourced", "derived"):
            for source, elasticity in elasticities(row).items():
                if elasticity:
                    found.setdefault(source, []).append(Tied(table, key, column, elasticity))
    return {source: tuple(ties) for source, ties in found.items()}


def _places(case: Case, row: Row, known: dict[str, dict[Key, None]]) -> Iterator[tuple[Key, str]]:
    """(key, column) of the numbers that a row of provenance is about; none where no row has its key."""
    table, key, column = TABLE[row["table"]], str(row["key"] or ""), row["column"] or "*"
    if table.name not in known:
        known[table.name] = dict.fromkeys(key_of(table, one) for one in rows(case, table.name))
    if table.name == "settings":
        if key in SETTING and SETTING[key].is_number and (key,) in known["settings"]:
            yield (key,), "value"
        return
    columns = [one.name for one in table.columns if one.is_number and one.name not in table.key and column in ("*", one.name)]
    try:
        keys = keys_of(Change(table.name, key, column, "times", "1"), table, known[table.name])
    except RefusedError:  # a key that is none says nothing about any number
        return
    for found in keys:
        for name in columns:
            yield found, name


@dataclass(frozen=True)
class Range:
    """A source with what its ends do: changes for its low and its high, none where nothing moves.

    `reasons` say why an end has no changes, `reason` why the source cannot be varied at all; blank otherwise.
    """

    source: str
    low: float
    central: float
    high: float
    to_low: tuple[str, ...] = ()
    to_high: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    reason: str = ""
    reasons: tuple[str, str] = ("", "")


def ranges(case: Case) -> dict[str, Range]:
    """source -> its range, of every source in order; those that cannot be varied say why."""
    tied = tied_numbers(case)
    cells = _Cells(case)
    return {row["source"]: _range(row, tied.get(row["source"], ()), cells) for row in rows(case, "sources")}


def _range(row: Row, tied: tuple[Tied, ...], cells: _Cells) -> Range:
    low, central, high = (math.nan if blank(row[name]) else float(row[name]) for name in ("low", "central", "high"))
    bare = Range(row["source"], low, central, high)
    told = (
        "no number of the case follows it"
        if not tied
        else "it has no central value, or 0"
        if math.isnan(central) or central == 0
        else "it has neither low nor high"
        if math.isnan(low) and math.isnan(high)
        else ""
    )
    if told:
        return Range(**{**bare.__dict__, "reason": told})
    changes: list[tuple[str, ...]] = []
    reasons: list[str] = []
    for end in (low, high):
        try:
            changes.append(tuple(_changes(tied, end / central, cells)))
            reasons.append("" if changes[-1] else UNMOVED)
        except ValueError as error:
            changes.append(())
            reasons.append(str(error))
    worst = next((reason for reason in reasons if reason != UNMOVED), "its ends move nothing")
    return Range(
        row["source"],
        low,
        central,
        high,
        changes[0],
        changes[1],
        places=tuple(one.place for one in tied),
        reason="" if any(changes) else worst,
        reasons=(reasons[0], reasons[1]),
    )


def _changes(tied: tuple[Tied, ...], ratio: float, cells: _Cells) -> Iterator[str]:
    if math.isnan(ratio) or abs(ratio - 1.0) <= 1e-12:
        return
    for one in tied:
        if ratio < 0 or (ratio == 0 and one.elasticity < 0):
            raise ValueError(f"{one.place} cannot be scaled by {number(ratio)}")
        yield from _change(one, ratio**one.elasticity, cells)


def _change(tied: Tied, factor: float, cells: _Cells) -> Iterator[str]:
    """The changes that scale a number: one, or one for each stated year where a bound or whole numbers keep it from being exact."""
    stated = cells.of(tied)
    new = {year: _allowed(value * factor, tied.declared) for year, value in stated.items()}
    if all(new[year] == stated[year] for year in stated):
        return
    if all(new[year] == value * factor for year, value in stated.items()):
        yield f"{tied.place}*={factor:.12g}"
        return
    years = sorted(new, key=lambda year: -math.inf if year is None else year)
    for place, year in enumerate(years):
        last = "" if place + 1 == len(years) else str(years[place + 1] - 1)  # type: ignore[operator]
        span = "" if year is None and not last else f"@{'' if year is None else year}:{last}"
        yield f"{tied.place}={new[year]:.12g}{span}"


def _allowed(value: float, column: Column) -> float:
    """The value as its column takes it."""
    value = float(round(value)) if column.kind in ("whole", "year") else value
    value = value if column.minimum is None else max(value, column.minimum)
    return value if column.maximum is None else min(value, column.maximum)


class _Cells:
    """The stated numbers of a case by where they stand."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._rows: dict[str, Mapping[Key, list[Row]]] = {}

    def of(self, tied: Tied) -> dict[int | None, float]:
        """year -> number (None: from the beginning, or without years); empty where it is not stated."""
        found: dict[int | None, float] = {}
        for row in self._table(tied.table).get(tied.key, []):
            value: Any = row[tied.column]
            if not blank(value):
                found[row.get("year") if tied.declared.series else None] = float(value)
        return found

    def _table(self, name: str) -> Mapping[Key, list[Row]]:
        if name not in self._rows:
            groups: dict[Key, list[Row]] = {}
            for row in rows(self._case, name):
                groups.setdefault(key_of(TABLE[name], row), []).append(row)
            self._rows[name] = groups
        return self._rows[name]
