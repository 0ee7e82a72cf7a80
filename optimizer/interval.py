"""Interval: the difference of two solves, as far as both bounds prove it."""

from __future__ import annotations

from dataclasses import dataclass

from masterplan.data.plan import Plan

ZERO = 1e-9  # money; below it rounding speaks


@dataclass(frozen=True)
class Interval:
    """By how much one plan is worth more than another: what was found, and the least and the most that the bounds allow [money].

    Worth more is better: where cost is minimised, a saving is positive.
    """

    value: float
    low: float
    high: float

    @property
    def tolerance(self) -> float:
        """The width of what is not proven."""
        return self.high - self.low

    @property
    def is_proven(self) -> bool:
        """Is it certainly not zero? Otherwise the difference is below solve tolerance."""
        return self.low > ZERO or self.high < -ZERO

    def __str__(self) -> str:
        value, low, high = (0.0 if abs(money) < ZERO else money for money in (self.value, self.low, self.high))
        told = f"{value:,.4g} ({low:,.4g} to {high:,.4g})"
        return told if self.is_proven else f"{told}, below solve tolerance"


def difference(plan: Plan, other: Plan) -> Interval | None:
    """What `plan` is worth over `other`; None where one of them has no plan or no bound."""
    if plan.objective is None or plan.bound is None or other.objective is None or other.bound is None:
        return None
    sign = -1.0 if plan.case.setting("objective") == "least_cost" else 1.0
    return Interval(sign * (plan.objective - other.objective), sign * (plan.objective - other.bound), sign * (plan.bound - other.objective))
