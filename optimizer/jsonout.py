"""The JSON documents of the command line: one object on stdout, with the `schema` name and version first.

A key never changes its meaning within a version; new keys may be added. Numbers that do not exist (no plan, no bound) are null.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from masterplan.data.case import Case
    from masterplan.data.errors import Problem
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan

VERSION = 1


def document(command: str, **content: Any) -> dict[str, Any]:
    """A document of a command: its schema, then what it holds."""
    return {"schema": f"masterplan.{command}/{VERSION}", **content}


def emit(content: Mapping[str, Any]) -> None:
    """Write one document to stdout."""
    try:
        json.dump(plain(content), sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")
        sys.stdout.flush()
    except BrokenPipeError:
        from masterplan.console import reader_left

        reader_left(sys.stdout)


def plain(value: Any) -> Any:
    """The value in the types of JSON: numpy numbers as numbers, NaN and infinity as null, everything else unknown as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return [plain(row) for row in value.to_dict("records")]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """The problems as rows."""
    return [problem.as_dict() for problem in problems]


def case_identity(case: Case) -> dict[str, Any]:
    """Which case it is: name, scenarios and changes applied, hash of its tables."""
    return {
        "case": case.name,
        "scenarios": list(case.scenarios_applied),
        "changes": list(case.changes_applied),
        "input_hash": case.input_hash,
        "money_unit": case.setting("money_unit"),
    }


def solve_document(plan: Plan, audit: Any, warnings: Sequence[Problem], outputs: Sequence[str], exit_code: int) -> dict[str, Any]:
    """The answer of `solve`: how good it is, what it starts, what it costs, what the audit says; `audit` is None without a plan."""
    return document(
        "solve",
        **case_identity(plan.case),
        status=plan.status,
        stopped_because=plan.stopped_because,
        message=plan.message,
        exit_code=exit_code,
        **quality(plan),
        seconds=dict(plan.run.get("seconds", {})),
        size=dict(plan.run.get("size", {})),
        nodes=plan.run.get("nodes"),
        starts=begun(plan.starts, "modules"),
        capex=begun(plan.capex, "amount"),
        kpis=plan.kpis,
        after_the_plan=after_the_plan(plan),
        audit=None if audit is None else audit.as_dict(),
        warnings=problem_rows(warnings),
        outputs=list(outputs),
        versions=dict(plan.run.get("versions", {})),
        options=dict(plan.run.get("options", {})),
    )


def quality(plan: Plan) -> dict[str, Any]:
    """The value of a plan and how close it is proven to be to the best, in the case's money unit."""
    return {
        "objective_measure": plan.case.setting("objective"),
        "objective": plan.objective,
        "npv": plan.npv,
        "npv_without_terminal": plan.npv_without_terminal,
        "do_nothing": plan.do_nothing,
        "value_added": plan.value_added,
        "bound": plan.bound,
        "gap": plan.gap,
        "gap_money": plan.gap_money,
    }


def after_the_plan(plan: Plan) -> dict[str, Any] | None:
    """What the plan's own starts are worth after its last year, and what the plan adds without that; None without a plan."""
    if not plan.found:
        return None
    from masterplan.reports.after_the_plan import left, sentences

    found = left(plan)
    return {
        "worth": found.worth,
        "no_output_inside": found.silent,
        "value_added_without": found.added,
        "only_by_terminal_value": found.only_by_terminal,
        "notes": sentences(found, plan.case.setting("money_unit")),
    }


def begun(frame: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """The rows of a frame by project and year whose number is not zero."""
    return [row for row in plain(frame) if row.get(column) and abs(row[column]) > 1e-9]


def verify_content(stated: Plan, found: Plan | None, audit: Any) -> dict[str, Any]:
    """The answer of `verify`: what the workbook states, what was found when its operation was re-solved (None: it was not), the audit."""
    return {
        **case_identity(stated.case),
        "tables_changed": tables_changed(stated),
        "stated": {"status": stated.status, "message": stated.message, **quality(stated)},
        "reoptimised": None if found is None else {"status": found.status, "message": found.message, **quality(found)},
        "distance_to_bound": distance_to_bound(stated, stated if found is None else found),
        "audit": None if audit is None else audit.as_dict(),
    }


def findings_content(found: Findings) -> dict[str, Any]:
    """What a study found: its sentences, its tables by title in lower case with underscores, and its seconds."""
    tables = {table.title.lower().replace(" ", "_"): table.rows for table in found.tables}
    return {"sentences": list(found.sentences), **tables, "seconds": {"study": found.seconds}}


def tables_changed(plan: Plan) -> bool | None:
    """Were the tables of a plan workbook edited since the solve (so that its bound is about other numbers)? None: it does not say."""
    solved = plan.run.get("input_hash")
    return None if not solved else solved != plan.case.input_hash


def distance_to_bound(stated: Plan, found: Plan) -> float | None:
    """How much better than the re-solved plan the best could still be, by the bound that the workbook states [money]."""
    if stated.bound is None or found.objective is None:
        return None
    sign = -1.0 if stated.case.setting("objective") == "least_cost" else 1.0
    return sign * (stated.bound - found.objective)
