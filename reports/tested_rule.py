"""What a rule that the workbook tests looks at, and how the violation of one is measured: as the audit does.

By how much a rule is broken, over the size of what it compares (at least 1); 0 where it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from masterplan.reports.facts import Facts
from masterplan.reports.formula import ONE, ZERO, Term, greatest, size
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_begun import Begun
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_measures import Measured
from masterplan.reports.live_money import Early, Spent
from masterplan.reports.live_operation import Decided, Operation
from masterplan.reports.live_worth import Worth


@dataclass(frozen=True, eq=False)
class Built:
    """All that the rules look at."""

    facts: Facts
    inputs: Inputs
    begun: Begun
    ages: Ages
    decided: Decided
    early: Early
    operation: Operation
    spent: Spent
    worth: Worth
    measured: Measured


Tests = Iterator[tuple[str, Term]]


def beyond(left: Term, right: Term, scale: Term | None = None) -> Term:
    """left <= right: by how much it is not, relative to both."""
    return greatest(ZERO, left - right) / greatest(ONE, size(left) + size(right) if scale is None else scale)


def apart(left: Term, right: Term, scale: Term | None = None) -> Term:
    """left = right: by how much it is not, relative to both."""
    return size(left - right) / greatest(ONE, size(left) + size(right) if scale is None else scale)
