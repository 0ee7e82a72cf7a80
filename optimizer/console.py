"""Printing for people: results on stdout, messages on stderr. Texts of a case are printed as they are, never as markup."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from masterplan.data.errors import Problem

GAP = "  "  # between the columns of a table
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LEAST_ROOM = 24  # columns that are enough for a last column to go on in lines below
MEASURE = {"npv": "NPV", "least_cost": "cost", "final_cash": "final cash"}


class _Console(Console):
    """A console whose reader may leave."""

    def on_broken_pipe(self) -> None:
        reader_left(self.file)


def reader_left(stream: IO[str]) -> None:
    """A reader that has seen enough (`masterplan solve | head`) is no fault: the rest goes nowhere, and the exit code stays true."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def console(stderr: bool = False) -> Console:
    """A console that neither colours off a terminal nor where NO_COLOR is set."""
    return _Console(file=sys.stderr if stderr else sys.stdout, highlight=False, markup=False, emoji=False)


def say(message: str, style: str = "") -> None:
    """A message to the person, on stderr."""
    console(stderr=True).print(Text(shown(message), style=style), soft_wrap=True)


def tell(message: str, style: str = "") -> None:
    """A line of the result, on stdout."""
    console().print(Text(shown(message), style=style), soft_wrap=True)


def shown(text: str) -> str:
    """Text without control characters: a name from a stranger's file must not steer the terminal."""
    return _CONTROL.sub("", text)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table of texts on stdout; the columns in `right` are flush right.

    In a pipe a line is as long as it has to be: nothing is broken. In a terminal that is too narrow the last column goes on in lines
    below, parted at its spaces; where that leaves it no room, each row becomes a list of its own.
    """
    lines = [tuple(header), *(tuple(row) for row in rows)]
    wide = [max(cell_len(line[place]) for line in lines) for place in range(len(header))]
    room = _room()
    last = room - sum(wide[:-1]) - len(GAP) * (len(wide) - 1)
    if wide[-1] > last and (last < LEAST_ROOM or len(header) - 1 in right):
        _print_lists(lines)
        return
    for number, line in enumerate(lines):
        pieces = [line[-1]] if wide[-1] <= last else _parted(line[-1], last)
        for position, piece in enumerate(pieces):
            cells = (*line[:-1], piece) if position == 0 else (*("" for _ in line[:-1]), piece)
            flush = [_padded(cell, size, place in right) for place, (cell, size) in enumerate(zip(cells, wide, strict=True))]
            tell(GAP.join(flush).rstrip(), style="dim" if number == 0 else "")


def _print_lists(lines: Sequence[Sequence[str]]) -> None:
    """Every row as its first cell, and below it the other cells with their heads."""
    header, *rows = lines
    wide = max(cell_len(name) for name in header)
    for row in rows:
        tell(row[0], style="bold")
        for name, cell in zip(header[1:], row[1:], strict=True):
            tell(f"{GAP}{_padded(name, wide, False)}{GAP}{cell}")


def _room() -> int:
    """Columns that a line may have."""
    return console().width if sys.stdout.isatty() else sys.maxsize


def _padded(cell: str, size: int, right: bool) -> str:
    space = " " * (size - cell_len(cell))
    return f"{space}{cell}" if right else f"{cell}{space}"


def _parted(text: str, room: int) -> list[str]:
    """A text in lines, never parted behind a colon (`2030: 12`) nor inside a word."""
    kept = text.replace(": ", ":\u00a0")
    lines = textwrap.wrap(kept, room, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines] or [""]


def print_problems(problems: Iterable[Problem]) -> None:
    """Every problem on a line of its own, on stderr."""
    for problem in problems:
        say(f"  {problem}")


# numbers as text


def known(value: float | None) -> bool:
    """Is it a finite number?"""
    return value is not None and abs(value) < float("inf")


def number(value: float | None) -> str:
    """About five digits, thousands apart: 7,121.2, 12.35, 0.01234."""
    if not known(value) or value is None:
        return "-"
    size = abs(value)
    digits = 0 if size < 1e-9 else 1 if size >= 100 else 2 if size >= 1 else 4
    return f"{value if size >= 1e-9 else 0.0:,.{digits}f}"


def count(value: float) -> str:
    """A number of modules: whole where it is."""
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.3g}"


def percent(share: float | None) -> str:
    """A share as a percentage with two significant digits below 10 %."""
    return "-" if share is None else f"{100 * share:.3g} %"
