"""Cost curves as formulas: where a curve bends, and what so many modules cost along it.

A curve that is straight between its points costs, for x modules, the sum over its points of (x - modules of the point) times the change
of the cost per module there, over the points below x. So it is one product of two short lists, which stand on the sheet Ages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from masterplan.reports.curves import is_learning
from masterplan.reports.facts import Facts
from masterplan.reports.formula import Term
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import LiveSheet, Row

BENDS, SLOPES = "cost curve, from so many modules", "cost curve, change of the cost per module"


@dataclass(frozen=True, eq=False)
class Curve:
    """The points of a project's curve but the last, and by how much the cost per module changes at each."""

    bends: tuple[Row, ...]
    slopes: tuple[Row, ...]
    built_before: Term | None

    def counted(self, own: Term, before: Term | None) -> Term:
        """Modules on the curve after the starts of a year; where all years count, those of the year `before` (None: there is none) too."""
        if self.built_before is None:
            return own
        return (self.built_before if before is None else before) + own

    def cost(self, modules: Term) -> Term:
        """What so many modules cost along the curve [money]."""
        bends, slopes = (f"{rows[0].sheet}!$F${rows[0].at}:$F${rows[-1].at}" for rows in (self.bends, self.slopes))
        at, change = (np.array([float(row.values[0]) for row in rows]) for rows in (self.bends, self.slopes))
        beyond = np.maximum(0.0, float(np.ravel(modules.values)[0]) - at)
        text = f"SUMPRODUCT(({modules.text}>{bends})*({modules.text}-{bends})*{slopes})"
        return Term(text, np.array(float(beyond @ change)))


def curves(facts: Facts, inputs: Inputs, sheet: LiveSheet) -> Mapping[str, Curve]:
    """project -> its curve, written down in two sections of the sheet."""
    found: dict[str, list[tuple[float, Any]]] = {}
    for key in facts.keys("learning"):
        found.setdefault(key[0], []).append((key[1], key))
    return {project: _curve(facts, inputs, sheet, project, [key for _, key in sorted(points)]) for project, points in found.items()}


def _curve(facts: Facts, inputs: Inputs, sheet: LiveSheet, project: str, points: list[Any]) -> Curve:
    built = inputs.attribute("projects", "built_before", project) if is_learning(facts.case, project) else None
    modules = [_modules(inputs, key) for key in points]
    costs = [inputs.attribute("learning", "cost", key) for key in points]
    bends = [sheet.figure(f"{project}: {BENDS}", project, term, "modules") for term in modules[:-1]]
    slopes: list[Row] = []
    before: Term | None = None
    for (begin, end), (paid, cost) in zip(pairwise(modules), pairwise(costs), strict=True):
        slope = (cost - paid) / (end - begin)
        change = slope if before is None else slope - before
        slopes.append(sheet.figure(f"{project}: {SLOPES}", project, change))
        before = slope
    return Curve(tuple(bends), tuple(slopes), built)


def _modules(inputs: Inputs, key: Any) -> Term:
    """The cell that says of how many modules a point tells the cost."""
    return Term(inputs.cell("learning", "modules", inputs.case.rows("learning")[key][0]), np.array(float(key[1])))
