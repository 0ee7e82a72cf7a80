"""Rows of an audit: one tested relation each, with how far it is from breaking, in its own unit and relative to its terms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

NOT_FINITE = 1e30  # stands for a violation that is no finite number, so that JSON can hold it


@dataclass(frozen=True)
class Tested:
    """One row of a check: `excess` > 0 is a violation in the row's unit, < 0 its slack; `scale` the sum of its absolute terms."""

    where: str
    excess: float
    scale: float

    @property
    def relative(self) -> float:
        """Violation relative to the row's size, 0 where the row holds."""
        return max(0.0, self.excess) / max(1.0, self.scale) if math.isfinite(self.excess + self.scale) else NOT_FINITE


@dataclass(frozen=True)
class Check:
    """A sentence that must hold, and every row it was tested on (`rows` where only the broken ones are listed)."""

    name: str
    tested: tuple[Tested, ...]
    rows: int


def check(name: str, tested: Iterable[Tested]) -> Check:
    """A check of all its rows."""
    listed = tuple(tested)
    return Check(name, listed, len(listed))


def at_most(where: Iterable[object], left: float, right: float, scale: float | None = None) -> Tested:
    """left <= right; the scale is the size of both where it is not given."""
    return Tested(_told(where), left - right, abs(left) + abs(right) if scale is None else scale)


def at_least(where: Iterable[object], left: float, right: float, scale: float | None = None) -> Tested:
    """left >= right."""
    return at_most(where, right, left, scale)


def equal(where: Iterable[object], left: float, right: float, scale: float | None = None) -> Tested:
    """left = right."""
    return Tested(_told(where), abs(left - right), abs(left) + abs(right) if scale is None else scale)


def _told(where: Iterable[object]) -> str:
    return " ".join(str(part) for part in where)
