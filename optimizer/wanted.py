"""Wanted: something that a plan has or has not, `starts/orbit_own@:2040>0`, and the limits that force it or forbid it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from masterplan.data.added_rows import Added
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.extreme import LIMIT
from masterplan.measured import Measured, measured

HAIR = 1e-6
_FORM = re.compile(r"^(?P<measure>[^<>=]+?)\s*(?P<sign>>=|<=|>|<)\s*(?P<value>[-+0-9.eE]+)\s*$")


@dataclass(frozen=True)
class Wanted:
    """A plan has it where its measure is at least `floor` (at most, if `falls`), and has it not from `other` on, the next value."""

    text: str
    measure: Measured
    falls: bool
    floor: float
    other: float

    def holds(self, plan: Plan) -> bool:
        """Has the plan what is wanted?"""
        value, hair = self.measure.value(plan), 0.1 * HAIR * max(1.0, abs(self.floor))
        return value <= self.floor + hair if self.falls else value >= self.floor - hair

    def rows(self, forced: bool) -> tuple[Added, ...]:
        """The limit that forces it, or that forbids it."""
        sense = "at_most" if self.falls == forced else "at_least"
        return tuple(self.measure.limit(LIMIT, sense, self.floor if forced else self.other))


def wanted(text: str, case: Case) -> Wanted:
    """What is wanted, from `measure/item@year` with >, >=, < or <= and a number. Raises ValueError that says what is allowed."""
    found = _FORM.match(text.strip())
    try:
        value = float(found["value"]) if found else math.nan
    except ValueError:
        value = math.nan
    if found is None or not math.isfinite(value):
        raise ValueError(f"{text!r} is not a measure, a sign (>, >=, <, <=) and a number, as in started/mine@{case.last_year}>0")
    measure, sign = measured(found["measure"], case), found["sign"]
    step = 1.0 if measure.counts_modules(case) else HAIR * max(1.0, abs(value))
    if measure.counts_modules(case):  # between two whole numbers there is nothing
        value = {">": math.floor(value) + 1, ">=": math.ceil(value), "<": math.ceil(value) - 1, "<=": math.floor(value)}[sign]
        sign = sign[0] + "="
    falls = sign.startswith("<")
    away = -step if falls else step
    floor = value + away if sign in (">", "<") else value
    return Wanted(text.strip(), measure, falls, float(floor), float(floor - away))
