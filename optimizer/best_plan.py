"""The plan that a study is about: the one that is given, or the best one, found first."""

from __future__ import annotations

from collections.abc import Callable

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.runs import Run
from masterplan.study import SolveOptions, plans

THE_PLAN = "the plan"


def best_plan(case: Case, plan: Plan | None, options: SolveOptions, told: Callable[[str], None]) -> Plan:
    """`plan`, or the plan of the case, solved or kept.

    Raises CaseError, ValueError for a plan of another case, and KeyboardInterrupt after a Ctrl-C before there is anything to tell.
    """
    if plan is not None:
        if plan.case.input_hash != case.input_hash:
            raise ValueError(f"plan: found a plan of other tables than those of the case {case.name}: leave it out, or solve it again")
        return plan
    found = plans(case, [Run(THE_PLAN)], options, told=told).get(THE_PLAN)
    if found is None:
        raise KeyboardInterrupt
    if isinstance(found, CaseError):
        raise found
    return found


def worth(plan: Plan, money: float) -> float:
    """An objective or bound so that more is better: a cost counts negative."""
    return -money if plan.case.setting("objective") == "least_cost" else money
