"""What the do-nothing plan earns in each year: what a plan is compared with, year by year."""

from __future__ import annotations

from typing import Any

from masterplan.answer import Answer
from masterplan.data.plan import Plan
from masterplan.harvest import decisions
from masterplan.prepared import Prepared
from masterplan.reports.recompute import recompute


def do_nothing_flow(ready: Prepared, answer: Answer) -> dict[str, Any]:
    """For the run log: cash flow that counts by year (the charge for debt included), and the discounted worth of what comes after the plan.

    Empty where the do-nothing plan is not proven best, or where blocks of the caller add entries that only they know.
    """
    if answer.quality != "optimal" or answer.solution is None or ready.extra_entries:
        return {}
    ready.put(answer.solution)
    frames: dict[str, Any] = {**decisions(ready.model)}
    found = recompute(Plan(ready.case, "feasible", "proof", **frames))
    rows = found.present_value
    flow = {str(year): float(amount) for year, amount in zip(rows["year"], rows["cash_flow"] + rows["debt_spread"], strict=True)}
    after = [found.totals[name] or 0.0 for name in ("after_horizon", "terminal_value")]
    return {"do_nothing": {"cash_flow": flow, "after": sum(after)}}
