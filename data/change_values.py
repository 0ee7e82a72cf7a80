"""The numbers of a change: what its text says, what a column allows, and how a change of some years reads as cells that hold on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from masterplan.data.case import Case
from masterplan.data.cells import proposal
from masterplan.data.rows import advice, number
from masterplan.data.schema import Column, Table
from masterplan.data.units import UnitError, convert, parse_number, parse_quantity

Key = tuple[Any, ...]

Stated = Mapping[int | None, float]


def parsed(text: str, column: Column, is_factor: bool, case: Case, table: Table, key: Key) -> tuple[Any, tuple[str, str] | None]:
    """The value that a text says for a column, and what is wrong with it: (allowed, fix) or None."""
    if column.is_number:
        value = parse_number(text)
        return (value, None) if value is not None else _quantity(text, column, is_factor, case, table, key)
    if column.kind == "choice" and text not in column.choices:
        return None, (f"{column.name} is one of {', '.join(column.choices)}", advice(text, column.choices))
    if column.refers and text not in case.names(column.refers):
        return None, (f"{column.name} is a name of {column.refers}", advice(text, case.names(column.refers)))
    return text, None


def _quantity(text: str, column: Column, is_factor: bool, case: Case, table: Table, key: Key) -> tuple[Any, tuple[str, str] | None]:
    """The number of a quantity such as `1.5 GWh` in the unit of the column."""
    quantity = parse_quantity(text)
    if quantity is None:
        return None, (f"{column.name} is a number", proposal(text))
    unit = "" if is_factor else unit_of(case, table, column, key)
    if not unit:
        what = "a factor has no unit" if is_factor else f"{column.name} takes a number without a unit"
        return None, (what, f"Write {number(quantity[0])} if that is meant")
    try:
        return convert(quantity[0], quantity[1], unit), None
    except UnitError as error:
        return None, (str(error), f"Give it in {unit}, or as a bare number")


def unit_of(case: Case, table: Table, column: Column, key: Key) -> str:
    """The unit of a column in a row of the table: `money / resource` in the words of the case, such as `billion USD / kt`."""
    words = []
    for word in column.unit.split(" / ") if column.unit else []:
        owner = {"resource": "resources", "activity": "activities"}.get(word)
        if owner is not None:
            words.append(case.attribute(owner, "unit").get(_owner(case, table, word, key), ""))
        else:
            words.append(case.setting("money_unit") if word == "money" else word)
    return " / ".join(words)


def _owner(case: Case, table: Table, word: str, key: Key) -> Any:
    """The resource or activity that a row is about: a part of its key, or an attribute."""
    name = word if word in table.column_names else f"from_{word}"
    if name in table.key:
        return key[table.key.index(name)]
    return case.attribute(table.name, name).get(key if len(key) > 1 else key[0])


def refused(value: Any, column: Column) -> tuple[str, str, str] | None:
    """Why a column does not take a value: (found, allowed, fix), or None where it does."""
    if not column.is_number or value is None:
        return None
    if column.kind in ("whole", "year") and abs(value - round(value)) > 1e-9:
        return f"{column.name} becoming {number(value)}", "a whole number is needed", "Use a change that leaves it whole"
    if column.minimum is not None and value < column.minimum:
        return f"{column.name} becoming {number(value)}", f"at least {number(column.minimum)} is allowed", "Use a smaller change"
    if column.maximum is not None and value > column.maximum:
        return f"{column.name} becoming {number(value)}", f"at most {number(column.maximum)} is allowed", "Use a smaller change"
    return None


def after(
    stated: Stated,
    window: tuple[int | None, int | None],
    change: Callable[[float | None], float | None],
    is_set: bool,
    horizon: tuple[int, int],
) -> dict[int | None, float | None]:
    """The cells of a series after a change in the years of `window`, by year; a cell holds until the next (None: from the beginning).

    `stated` are the cells before. Years outside the window keep their value: a cell at its start and one after its end see to that.
    A whole-horizon change acts on every stated cell; setting states one.
    """
    begin, end = horizon
    first = window[0] if window[0] is not None and window[0] > begin else None
    last = window[1] if window[1] is not None and window[1] < end else None
    if first is None and last is None:
        return {None: change(None)} if is_set else {year: change(value) for year, value in _ordered(stated)}
    inside = {year: value for year, value in _ordered(stated) if _since(year) >= _since(first) and (last is None or _since(year) <= last)}
    new: dict[int | None, float | None] = {year: value for year, value in _ordered(stated) if year not in inside}
    earliest = _ordered(stated)[0]
    if first is not None and earliest[0] is not None and earliest[0] >= first:
        new[None] = earliest[1]
    if is_set or first is not None or None in stated:
        new[first] = change(_at(stated, first))
    if not is_set:
        new |= {year: change(value) for year, value in inside.items()}
    if last is not None and last + 1 not in new:
        new[last + 1] = _at(stated, last + 1)
    return dict(sorted(new.items(), key=lambda cell: _since(cell[0])))


def _ordered(stated: Stated) -> list[tuple[int | None, float]]:
    return sorted(stated.items(), key=lambda cell: _since(cell[0]))


def _since(year: int | None) -> float:
    return -math.inf if year is None else year


def _at(stated: Stated, year: int | None) -> float:
    """The value in a year: that of the last cell until then; before the first cell, the first."""
    cells = _ordered(stated)
    past = [value for since, value in cells if _since(since) <= _since(year)]
    return past[-1] if past else cells[0][1]
