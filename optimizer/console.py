"""Printing for people: results on stdout, messages on stderr. Texts of a case are printed as they are, never as markup."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from masterplan.data.errors import Problem

PIPE_WIDTH = 160  # columns of a table that no terminal limits
MEASURE = {"npv": "NPV", "least_cost": "cost", "final_cash": "final cash"}


def console(stderr: bool = False) -> Console:
    """A console that neither colours off a terminal nor where NO_COLOR is set, and never wraps a line in the middle of a pipe."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def say(message: str, style: str = "") -> None:
    """A message to the person, on stderr."""
    console(stderr=True).print(Text(message, style=style), soft_wrap=True)


def tell(message: str, style: str = "") -> None:
    """A line of the result, on stdout."""
    console().print(Text(message, style=style), soft_wrap=True)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table of texts on stdout; the columns in `right` are flush right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for position, name in enumerate(header):
        table.add_column(Text(name), justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


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
