"""masterplan decides what to build, when, and with which money: `import masterplan as mp`.

case = mp.load("base"); plan = mp.solve(case); mp.audit(plan); mp.write_workbook(plan, "plan.xlsx")

Names are imported when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.check import check
    from masterplan.data.describe import describe
    from masterplan.data.errors import CaseError, ChangeError, Problem
    from masterplan.data.plan import Plan
    from masterplan.data.read import cases, load
    from masterplan.data.sanity import sanity
    from masterplan.data.template import write_template
    from masterplan.data.write import write_folder
    from masterplan.highs import Progress
    from masterplan.reports.annotate import annotate
    from masterplan.reports.audit import Audit, audit
    from masterplan.reports.read_plan import read_plan
    from masterplan.reports.report_page import write_report
    from masterplan.reports.workbook import write_workbook
    from masterplan.resolving import what_if
    from masterplan.scenario_study import scenario_table
    from masterplan.solving import reoptimise, solve

_HOME = {
    "Audit": "masterplan.reports.audit",
    "Case": "masterplan.data.case",
    "CaseError": "masterplan.data.errors",
    "ChangeError": "masterplan.data.errors",
    "Plan": "masterplan.data.plan",
    "Problem": "masterplan.data.errors",
    "Progress": "masterplan.highs",
    "annotate": "masterplan.reports.annotate",
    "audit": "masterplan.reports.audit",
    "cases": "masterplan.data.read",
    "check": "masterplan.data.check",
    "describe": "masterplan.data.describe",
    "load": "masterplan.data.read",
    "read_plan": "masterplan.reports.read_plan",
    "reoptimise": "masterplan.solving",
    "sanity": "masterplan.data.sanity",
    "scenario_table": "masterplan.scenario_study",
    "solve": "masterplan.solving",
    "what_if": "masterplan.resolving",
    "write_folder": "masterplan.data.write",
    "write_report": "masterplan.reports.report_page",
    "write_template": "masterplan.data.template",
    "write_workbook": "masterplan.reports.workbook",
}

__all__ = [
    "Audit",
    "Case",
    "CaseError",
    "ChangeError",
    "Plan",
    "Problem",
    "Progress",
    "annotate",
    "audit",
    "cases",
    "check",
    "describe",
    "load",
    "read_plan",
    "reoptimise",
    "sanity",
    "scenario_table",
    "solve",
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
