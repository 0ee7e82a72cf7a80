"""Audit: an independent reading of a plan that tests every rule of the case and every claim of the plan.

It shares no code with the model (see `recompute`). A row's violation is measured against the size of its own terms:
relative violation = violation / max(1, sum of the absolute terms of the row).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

CHECK_COLUMNS = ("name", "passed", "worst_relative", "worst_absolute", "where", "rows")
NOT_AUDITED = "not audited"


@dataclass(frozen=True, eq=False)
class Audit:
    """Is a plan what it says it is, and does it keep every rule?

    `checks` has the columns of `CHECK_COLUMNS`: `name` is the sentence that must hold, `worst_relative` the largest relative violation
    (0 where none), `worst_absolute` the largest violation in the row's own unit, or, where nothing is violated, minus the least slack;
    `where` names that row, `rows` how many rows were tested. `objective_difference` is |audited - claimed| / max(1, |objective|,
    |objective - do nothing|), None where the plan claims no objective. `extra` names the entries of the caller's own blocks: not audited.
    """

    passed: bool
    worst: float
    objective_difference: float | None
    checks: pd.DataFrame = field(repr=False)
    extra: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The audit for JSON: plain numbers, text and lists."""
        return {
            "passed": self.passed,
            "worst": self.worst,
            "objective_difference": self.objective_difference,
            NOT_AUDITED.replace(" ", "_"): list(self.extra),
            "checks": [dict(zip(CHECK_COLUMNS, row, strict=True)) for row in self.checks[list(CHECK_COLUMNS)].to_numpy().tolist()],
        }
