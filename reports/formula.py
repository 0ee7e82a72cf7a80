"""Formulas that know their value: a term is the text of a formula and, for every column it is copied to, the number it gives.

A text holds `@` where the letter of its own column stands, and `~` for the column to its left. So a row has one text for all its columns,
which is what makes it the same formula everywhere. Names of things never enter a text: only cells do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
ATOM, PRODUCT, SUM = 0, 1, 2  # how tightly a text holds together


@dataclass(frozen=True, eq=False)
class Term:
    """A piece of a formula: its text, its value in every column, and whether it needs brackets inside a product."""

    text: str
    values: Numbers
    kind: int = ATOM

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.text}+{_guarded(other)}", self.values + other.values, SUM)

    def __sub__(self, other: Term) -> Term:
        text = f"({other.text})" if other.kind == SUM else other.text
        return Term(f"{self.text}-{text}", self.values - other.values, SUM)

    def __mul__(self, other: Term) -> Term:
        return Term(f"{_bracketed(self)}*{_bracketed(other)}", self.values * other.values, PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        right = f"({other.text})" if other.kind else other.text
        return Term(f"{_bracketed(self)}/{right}", self.values / other.values, PRODUCT)

    def __neg__(self) -> Term:
        return Term(f"-{_bracketed(self)}", -self.values, SUM)

    def __pow__(self, other: Term) -> Term:
        pair = [f"({term.text})" if term.kind else term.text for term in (self, other)]
        return Term("^".join(pair), self.values**other.values, PRODUCT)


def _bracketed(term: Term) -> str:
    return f"({term.text})" if term.kind == SUM else term.text


def _guarded(term: Term) -> str:
    """A term after a plus: one that begins with a minus is bracketed."""
    return f"({term.text})" if term.text.startswith("-") else term.text


def number(value: float) -> Term:
    """One of the few numbers that may stand in a formula: 0, 1, 2 or a half."""
    if value not in (0.0, 0.5, 1.0, 2.0):
        raise ValueError(f"{value} has to stand in a cell of its own, not in a formula")
    return Term(f"{value:g}", np.array(float(value)))


ZERO, ONE = number(0.0), number(1.0)


def added(terms: Sequence[Term]) -> Term:
    """The sum of terms, 0 where there is none."""
    found = terms[0] if terms else ZERO
    for term in terms[1:]:
        found = found + term
    return found


def greatest(*terms: Term) -> Term:
    """MAX of terms."""
    values = terms[0].values
    for term in terms[1:]:
        values = np.maximum(values, term.values)
    return Term(f"MAX({_listed(terms)})", values)


def least(*terms: Term) -> Term:
    """MIN of terms."""
    values = terms[0].values
    for term in terms[1:]:
        values = np.minimum(values, term.values)
    return Term(f"MIN({_listed(terms)})", values)


def size(term: Term) -> Term:
    """ABS of a term."""
    return Term(f"ABS({term.text})", np.abs(term.values))


def rounded(term: Term) -> Term:
    """ROUND of a term to whole numbers, halves away from zero."""
    return Term(f"ROUND({term.text},0)", np.sign(term.values) * np.floor(np.abs(term.values) + 0.5))


def compare(left: Term, sign: str, right: Term) -> Term:
    """A comparison: its values are 1 and 0. It only stands inside IF, AND and OR."""
    test = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "=": np.equal}[sign]
    return Term(f"{left.text}{sign}{right.text}", test(left.values, right.values).astype(float), SUM)


def both(*tests: Term) -> Term:
    """AND of comparisons."""
    values = tests[0].values
    for test in tests[1:]:
        values = values * test.values
    return Term(f"AND({_listed(tests)})", values)


def either(*tests: Term) -> Term:
    """OR of comparisons."""
    values = tests[0].values
    for test in tests[1:]:
        values = np.maximum(values, test.values)
    return Term(f"OR({_listed(tests)})", values)


def when(test: Term, then: Term, otherwise: Term) -> Term:
    """IF: only the side that holds has to have a value."""
    return Term(f"IF({test.text},{then.text},{otherwise.text})", np.where(test.values > 0, then.values, otherwise.values))


def spread(values: Any, width: int) -> Numbers:
    """Values as one number per column."""
    return np.broadcast_to(np.asarray(values, dtype=float), (width,))


def _listed(terms: Sequence[Term]) -> str:
    return ",".join(term.text for term in terms)
