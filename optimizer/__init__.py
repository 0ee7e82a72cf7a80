"""masterplan decides what to build, when, and with which money: `import masterplan as mp`.

case = mp.load("base"); plan = mp.solve(case); mp.audit(plan); mp.write_workbook(plan, "plan.xlsx")

Names are imported when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from masterplan.alternative_plans import Alternatives, alternatives
    from masterplan.answer import Progress
    from masterplan.bottleneck_study import Bottlenecks, bottlenecks
    from masterplan.break_evens import BreakEven, break_even
    from masterplan.compare_plans import Comparison, compare
    from masterplan.data.case import Case
    from masterplan.data.check import check
    from masterplan.data.describe import describe
    from masterplan.data.errors import CaseError, ChangeError, Problem
    from masterplan.data.plan import Plan
    from masterplan.data.read import cases, load
    from masterplan.data.sanity import sanity
    from masterplan.data.template import write_template
    from masterplan.data.write import write_folder
    from masterplan.dials import Turned, spider, two_way
    from masterplan.explanation import Explanation, explain
    from masterplan.frontiers import Frontier, frontier
    from masterplan.price_of_no import OptionPrices, options
    from masterplan.reports.annotate import annotate
    from masterplan.reports.audit import Audit, audit
    from masterplan.reports.read_plan import read_plan
    from masterplan.reports.report_page import write_report
    from masterplan.reports.tracing import Trace, trace
    from masterplan.reports.workbook import write_workbook
    from masterplan.resolving import what_if
    from masterplan.scenario_study import Scenarios, scenario_table, scenarios
    from masterplan.solving import reoptimise, solve
    from masterplan.tornado import Sensitivity, sensitivity

_HOME = {
    "Alternatives": "masterplan.alternative_plans",
    "Audit": "masterplan.reports.audit",
    "Bottlenecks": "masterplan.bottleneck_study",
    "BreakEven": "masterplan.break_evens",
    "Case": "masterplan.data.case",
    "CaseError": "masterplan.data.errors",
    "ChangeError": "masterplan.data.errors",
    "Comparison": "masterplan.compare_plans",
    "Explanation": "masterplan.explanation",
    "Frontier": "masterplan.frontiers",
    "OptionPrices": "masterplan.price_of_no",
    "Plan": "masterplan.data.plan",
    "Problem": "masterplan.data.errors",
    "Progress": "masterplan.answer",
    "Scenarios": "masterplan.scenario_study",
    "Sensitivity": "masterplan.tornado",
    "Trace": "masterplan.reports.tracing",
    "Turned": "masterplan.dials",
    "alternatives": "masterplan.alternative_plans",
    "annotate": "masterplan.reports.annotate",
    "audit": "masterplan.reports.audit",
    "bottlenecks": "masterplan.bottleneck_study",
    "break_even": "masterplan.break_evens",
    "cases": "masterplan.data.read",
    "check": "masterplan.data.check",
    "compare": "masterplan.compare_plans",
    "describe": "masterplan.data.describe",
    "explain": "masterplan.explanation",
    "frontier": "masterplan.frontiers",
    "load": "masterplan.data.read",
    "options": "masterplan.price_of_no",
    "read_plan": "masterplan.reports.read_plan",
    "reoptimise": "masterplan.solving",
    "sanity": "masterplan.data.sanity",
    "scenario_table": "masterplan.scenario_study",
    "scenarios": "masterplan.scenario_study",
    "sensitivity": "masterplan.tornado",
    "solve": "masterplan.solving",
    "spider": "masterplan.dials",
    "trace": "masterplan.reports.tracing",
    "two_way": "masterplan.dials",
    "what_if": "masterplan.resolving",
    "write_folder": "masterplan.data.write",
    "write_report": "masterplan.reports.report_page",
    "write_template": "masterplan.data.template",
    "write_workbook": "masterplan.reports.workbook",
}

__all__ = [
    "Alternatives",
    "Audit",
    "Bottlenecks",
    "BreakEven",
    "Case",
    "CaseError",
    "ChangeError",
    "Comparison",
    "Explanation",
    "Frontier",
    "OptionPrices",
    "Plan",
    "Problem",
    "Progress",
    "Scenarios",
    "Sensitivity",
    "Trace",
    "Turned",
    "alternatives",
    "annotate",
    "audit",
    "bottlenecks",
    "break_even",
    "cases",
    "check",
    "compare",
    "describe",
    "explain",
    "frontier",
    "load",
    "options",
    "read_plan",
    "reoptimise",
    "sanity",
    "scenario_table",
    "scenarios",
    "sensitivity",
    "solve",
    "spider",
    "trace",
    "two_way",
    "what_if",
    "write_folder",
    "write_report",
    "write_template",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'masterplan' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
