"""Cells: one raw cell turned into the value of its column, or a fault that says what is wrong and what to type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from masterplan.data.files import safe_text
from masterplan.data.grid import ErrorValue, NoStoredValue, is_blank
from masterplan.data.names import illegal_characters, meant, tidy
from masterplan.data.schema import Column
from masterplan.data.units import UnitError, convert, parse_number, parse_quantity

FIRST_PLAUSIBLE_YEAR, LAST_PLAUSIBLE_YEAR = 1900, 2300
_LONGEST_SHOWN = 60


class CellFault(ValueError):  # noqa: N818 - the fault of a cell, not of the program
    """What is wrong with a cell, in the words of a problem."""

    def __init__(self, code: str, found: str, allowed: str, fix: str = "") -> None:
        super().__init__(f"{code} found {found}, {allowed}. {fix}")
        self.code, self.found, self.allowed, self.fix = code, found, allowed, fix


class UnitUnknown(ValueError):  # noqa: N818 - not an error of this cell: the cause is told elsewhere
    """The unit of the column cannot be known, because what it hangs on is wrong itself."""


def read_text(column: Column, raw: Any) -> str | None:
    """The text of a cell, None where blank. Raises CellFault."""
    if is_blank(raw):
        return None
    _refuse_marks(raw)
    if isinstance(raw, bool):
        fix = f"Type {'yes' if raw else 'no'}" if column.choices == ("yes", "no") else "Type the text"
        raise CellFault("E103", str(raw).upper(), "a truth value is no text", fix)
    if isinstance(raw, date | time | timedelta):
        if column.kind == "text" and isinstance(raw, date):
            return raw.date().isoformat() if isinstance(raw, datetime) and raw.time() == time() else raw.isoformat()
        raise CellFault("E103", str(raw), "a date is no text", "Format the cell as text and type it again")
    text = plain(raw) if isinstance(raw, int | float) else safe_text(raw)
    if column.kind == "text":
        return text.strip() or None
    return _named(column, tidy(text))


def _named(column: Column, text: str) -> str:
    """A name or a choice."""
    if column.kind == "choice" and text not in column.choices:
        allowed = f"{column.name} is one of: {', '.join(column.choices)}"
        raise CellFault("E107", repr(shown(text)), allowed, meant(text, column.choices, f"Type {column.choices[0]}, for instance"))
    if column.kind == "name" and not column.refers and (bad := illegal_characters(text)):
        listed = " ".join("a control character" if ord(c) < 32 else c for c in bad)
        raise CellFault("E108", repr(shown(text)), f"a name holds none of . / = @ * ; (here: {listed})", "Use other characters")
    return text


def read_number(column: Column, raw: Any, target: Callable[[], str], plain_text: bool) -> float:
    """The number of a cell, NaN where blank. `target` names the unit that a quantity is turned into; asked only if needed.

    `plain_text` accepts `1234.5` written as text, as CSV files have it. Raises CellFault, UnitUnknown.
    """
    if is_blank(raw):
        return math.nan
    _refuse_marks(raw)
    if isinstance(raw, bool):
        raise CellFault("E103", str(raw).upper(), f"{column.name} is a number", f"Type {int(raw)} if that is meant")
    if isinstance(raw, date | time | timedelta):
        year = f"Type {raw.year} for the year" if isinstance(raw, date) and column.kind == "year" else "Format the cell as a number"
        raise CellFault("E103", f"the date {raw}", f"{column.name} is a number", year)
    value = 0.0 + (_from_text(column, raw.strip(), target, plain_text) if isinstance(raw, str) else float(raw))  # never -0.0
    _check_number(column, value, raw)
    return value


def _from_text(column: Column, text: str, target: Callable[[], str], plain_text: bool) -> float:
    number = parse_number(text)
    if number is not None and plain_text:
        return number
    quantity = parse_quantity(text) if number is None else None
    if quantity is None:
        raise CellFault("E102", f"the text {shown(text)!r}", f"{column.name} is a number", proposal(text))
    unit = target()
    if not unit:
        fix = f"Type {plain(quantity[0])} if that is meant"
        raise CellFault("E114", repr(shown(text)), f"{column.name} takes a number without a unit", fix)
    try:
        return convert(quantity[0], quantity[1], unit)
    except UnitError as error:
        raise CellFault("E114", repr(shown(text)), str(error), f"Give it in {unit}, or as a bare number") from error


def _check_number(column: Column, value: float, raw: Any) -> None:
    found = repr(raw) if isinstance(raw, str) and parse_number(raw.strip()) is None else plain(value)
    if math.isinf(value):
        raise CellFault("E106", found, f"{column.name} is a finite number", "Leave the cell blank where there is no limit")
    if column.kind in ("whole", "year") and value != math.floor(value):
        raise CellFault("E105", found, f"{column.name} is a whole number", f"Type {math.floor(value)} or {math.ceil(value)}")
    if column.kind == "year" and not FIRST_PLAUSIBLE_YEAR <= value <= LAST_PLAUSIBLE_YEAR:
        allowed = f"a year lies between {FIRST_PLAUSIBLE_YEAR} and {LAST_PLAUSIBLE_YEAR}"
        raise CellFault("E113", found, allowed, "Type the year, such as 2030")
    if column.maximum is not None and value > column.maximum:
        share = f"Did you mean {plain(float(f'{value / 100:.12g}'))}?" if column.maximum == 1 and value <= 100 else ""
        raise CellFault("E106", found, f"{column.name} is at most {plain(column.maximum)}", share)
    if column.minimum is not None and value < column.minimum:
        sign = f"Did you mean {plain(-value)}?" if -value >= column.minimum else ""
        raise CellFault("E106", found, f"{column.name} is at least {plain(column.minimum)}", sign)


def _refuse_marks(raw: Any) -> None:
    if isinstance(raw, ErrorValue):
        raise CellFault("E104", f"the error {raw.text}", "a cell holds a value", "Repair the formula, or type the value")
    if isinstance(raw, NoStoredValue):
        fix = "Open the workbook in Excel or LibreOffice, save it, and read it again"
        found = f"the formula {shown(raw.formula)} without a stored value"
        raise CellFault("E120", found, "the result of a formula is stored in the file", fix)


def plain(value: float | int) -> str:
    """A number as it is written in files: all its digits, whole numbers without a point."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def shown(text: str) -> str:
    """Text for a message, cut where it is long."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def proposal(text: str) -> str:
    """What to type in place of a text that looks like a number, in whatever way its country writes them."""
    bare = re.sub(r"[\s\u00a0\u202f'’_]", "", text)
    if re.fullmatch(r"\(.+\)", bare):
        bare = "-" + bare[1:-1]
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?", bare):
        return "Type a number, or leave the cell blank"
    readings = list(dict.fromkeys(_readings(bare)))
    numbers = [plain(float(reading)) for reading in readings if parse_number(reading) is not None]
    return f"Type {' or '.join(numbers)} as a number" if numbers else "Type a number, or leave the cell blank"


def _readings(bare: str) -> list[str]:
    """Both ways to read points and commas, or the one where there is no doubt."""
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
        decimal = "," if bare.rfind(",") > bare.rfind(".") else "."
        return [bare.replace("." if decimal == "," else ",", "").replace(",", ".")]
    mark = "," if commas else "."
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+", bare)
    if commas + points > 1:
        return [bare.replace(mark, "")] if grouped else []
    return [bare.replace(mark, ""), bare.replace(",", ".")] if grouped else [bare.replace(",", ".")]
