"""Studied: how the studies of ranges and frontiers speak of money and of plans."""

from __future__ import annotations

from typing import Any

from masterplan.console import MEASURE
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.interval import Interval

NaN = float("nan")


class NoPlanError(ValueError):
    """A study has nothing to begin from: the case as it stands has no plan. `plan` says how its solve ended."""

    def __init__(self, plan: Plan | None, what: str) -> None:
        why = f". {plan.message}" if plan is not None and plan.message else ""
        super().__init__(f"{what}: {said(plan)}{why}")
        self.plan = plan


def worth_word(case: Case) -> str:
    """NPV, cost or final cash: what the case optimises."""
    return MEASURE[case.setting("objective")]


def found_plan(plan: Plan | CaseError | None) -> Plan | None:
    """The plan, if there is one."""
    return plan if isinstance(plan, Plan) and plan.found else None


def said(plan: Plan | CaseError | None) -> str:
    """How a solve ended, in a word or two."""
    if plan is None:
        return "not solved"
    return "bad input" if isinstance(plan, CaseError) else plan.status.replace("_", " ")


def ends(name: str, found: Interval | None) -> dict[str, Any]:
    """The columns of an interval: what was found, the least and the most that is proven."""
    if found is None:
        return {name: NaN, f"{name}_least": NaN, f"{name}_most": NaN}
    return {name: found.value, f"{name}_least": found.low, f"{name}_most": found.high}


def needed(plan: Plan | CaseError | None, what: str) -> Plan:
    """The plan; raises what its case had wrong, and NoPlanError where there is none."""
    if isinstance(plan, CaseError):
        raise plan
    if plan is None or not plan.found:
        raise NoPlanError(plan, what)
    return plan
