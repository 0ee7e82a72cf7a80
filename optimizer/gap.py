"""Gap: how far a plan may be from the best, as a share of the value added."""

from __future__ import annotations


def gap_of(objective: float, bound: float | None, reference: float | None) -> float | None:
    """|bound - objective| / |objective - do-nothing|, 0 where both are nothing; against the objective where doing nothing is impossible."""
    if bound is None:
        return None
    money = abs(bound - objective)
    scale = abs(objective - (reference if reference is not None else 0.0))
    if money <= 1e-9 * max(1.0, abs(objective)):
        return 0.0
    return money / scale if scale > 0 else None


def met_at(bound: float, gap: float, reference: float | None) -> float:
    """The objective at which the gap to a bound is met."""
    return bound if reference is None else (bound + gap * reference) / (1.0 + gap)


def is_reached(gap: float | None, asked: float) -> bool:
    """Is the plan as near to its bound as was asked for? A solver that says so is believed only if the numbers say so too."""
    return gap is not None and gap <= max(asked * 1.001, 1e-6)
