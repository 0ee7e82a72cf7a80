"""Dial: a number that a study turns, written as a change without its value: `projects.mine.capex`, `markets.street.price*=@2030:`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from masterplan.data.change import parse

_FORM = re.compile(r"^\s*(?P<place>[^=@]*?)\s*(?P<sign>\+=|-=|\*=|=)?\s*(?P<years>@[^=@]*)?\s*$")


@dataclass(frozen=True)
class Dial:
    """A change that waits for its value: where, `=`, `+=`, `-=` or `*=`, and in which years (blank: all)."""

    place: str
    sign: str
    years: str = ""

    def at(self, value: float) -> str:
        """The change with a value, in command-line form."""
        return f"{self.place}{self.sign}{value:.12g}{self.years}"

    def __str__(self) -> str:
        return f"{self.place}{'' if self.sign == '=' else self.sign}{self.years}"


def dial(text: str, sign: str = "=") -> Dial:
    """The dial that a text says; `sign` is meant where it has none. Raises ChangeError where it cannot be read."""
    found = _FORM.match(text)
    if found is None:
        parse(text)  # tells what is wrong with a change that has its value already
        raise ValueError(f"{text!r} has its value already: write the change without it, as in projects.mine.capex*=")
    made = Dial(found["place"], found["sign"] or sign, (found["years"] or "").strip())
    parse(made.at(1.0))
    return made


def dial_values(text: str) -> tuple[str, tuple[float, ...]]:
    """`CHANGE:v1,v2,...` as the text of a dial and its values. Raises ValueError that says how to write it."""
    place, _, listed = text.rpartition(":")
    try:
        values = tuple(float(value) for value in listed.split(","))
    except ValueError:
        values = ()
    if not place or not values:
        raise ValueError(f"{text!r} is not CHANGE:VALUE,VALUE,... such as markets.street.price*=:0.8,1,1.2")
    return place, values


def ordered(values: Iterable[float]) -> tuple[float, ...]:
    """The values from low to high, each once."""
    return tuple(sorted(set(values)))
