"""Checks of the ways to relieve what holds the plan back."""

from __future__ import annotations

from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_rows import Editor
from masterplan.data.check_money import cause_of, column_told
from masterplan.data.errors import Problem
from masterplan.data.relief import relief_of_row
from masterplan.data.rows import Row, merged, number, rows


def reliefs(case: Case) -> list[Problem]:
    """A relief goes one way, in steps, by amounts that its column can take; its table, key, column and years are there."""
    found: list[tuple[Any, Problem]] = []
    for row in rows(case, "reliefs"):
        if any(row[name] is None for name in ("limit", "table", "column", "step")):
            continue  # reading says so
        name = str(row["relief"])
        if (fault := _amounts(row)) is not None:
            found.append((name, Problem(fault[0], "reliefs", name, *fault[1:])))
            continue
        change = relief_of_row(row).change(row["step"] if row["max_relief"] is None else row["max_relief"])
        for problem in Editor(case).apply(change):
            column = "max_relief" if column_told(problem) == "value" else column_told(problem)
            told = Problem(problem.code, "reliefs", name, column, problem.found, problem.allowed, problem.fix)
            found.append((cause_of(case, change, problem) or name, told))
    return merged(found)


def _amounts(row: Row) -> tuple[str, str, str, str, str] | None:
    """(code, column, found, allowed, fix) of a step or a total that makes no sense."""
    step, most = row["step"], row["max_relief"]
    if step == 0:
        return "E611", "step", "0", "a step changes something", "Give the size of one step, below 0 where less is a relief"
    if most is not None and most / step < 1 - 1e-9:
        allowed = f"it is at least one step of {number(step)}, with its sign"
        return "E612", "max_relief", number(most), allowed, "Raise it, make the step smaller, or clear it for one step"
    if row["operation"] == "times" and min(step, most if most is not None else step) <= -1:
        worst = "step" if step <= -1 else "max_relief"
        return "E613", worst, number(row[worst]), "a share that is taken away is less than 1", "Use -0.1 for a tenth less"
    return None
