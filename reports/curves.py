"""Cost curves, read a second time: what the modules of a start year cost where a project has a curve instead of capex per module."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from masterplan.data.case import Case

Points = tuple[tuple[float, float], ...]  # modules in total and their cost, from no module on


def points(case: Case) -> dict[str, Points]:
    """project -> the points of its curve in order."""
    found: dict[str, list[tuple[float, float]]] = {}
    for (project, modules), cost in case.attribute("learning", "cost").items():
        found.setdefault(project, []).append((modules, cost))
    return {project: tuple(sorted(given)) for project, given in found.items()}


def is_learning(case: Case, project: str) -> bool:
    """Do the modules of all years count on the curve (else each year begins at 0)?"""
    return all(basis == "cumulative" for (name, _), basis in case.attribute("learning", "basis").items() if name == project)


def on_curve(curve: Points, modules: float) -> float:
    """Cost of so many modules: straight between the points, and on with the last slope beyond them [money]."""
    for (begin, paid), (end, cost) in pairwise(curve):
        if modules <= end or end == curve[-1][0]:
            return paid + (cost - paid) * (modules - begin) / (end - begin)
    return curve[0][1] if curve else 0.0


def reached(case: Case, starts: Mapping[Any, float], project: str, start: int) -> tuple[float, float]:
    """Modules on the project's curve before and after the starts of a year."""
    own = starts.get((project, start), 0.0)
    if not is_learning(case, project):
        return 0.0, own
    before = sum(modules for (name, year), modules in starts.items() if name == project and year < start)
    before += float(case.attribute("projects", "built_before")[project])
    return before, before + own
