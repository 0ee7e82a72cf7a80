"""Audit: an independent reading of a plan that tests every rule of the case and every claim of the plan.

It shares no code with the model (see `recompute`). A row's violation is measured against the size of its own terms:
relative violation = violation / max(1, sum of the absolute terms of the row).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import audit_claims, audit_debt, audit_gates, audit_money, audit_operation, audit_retire, audit_rules, audit_starts
from masterplan.reports.audit_rows import NOT_FINITE, Check
from masterplan.reports.facts import Facts
from masterplan.reports.recompute import recompute_facts

CHECK_COLUMNS = ("name", "passed", "worst_relative", "worst_absolute", "where", "rows", "failed")
NOT_AUDITED = "not audited"


@dataclass(frozen=True, eq=False)
class Audit:
    """Is a plan what it says it is, and does it keep every rule?

    `checks` has the columns of `CHECK_COLUMNS`: `name` is the sentence that must hold, `worst_relative` the largest relative violation
    (0 where none), `worst_absolute` the largest violation in the row's own unit, or, where nothing is violated, minus the least slack;
    `where` names that row; `rows` were tested, `failed` of them failed. `objective_difference` is |audited - claimed| / max(1, |objective|,
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


def audit(plan: Plan, tolerance: float = 1e-6) -> Audit:
    """Test every rule of the case and every claim of the plan; `tolerance` is the largest relative violation that passes.

    Never raises on what a person may have typed into a plan: what cannot be read fails a check that says so.
    """
    facts = Facts(plan)
    found = recompute_facts(facts)
    parts = (
        audit_claims.readable(facts),
        audit_starts.checks(facts),
        audit_retire.checks(facts),
        audit_operation.checks(facts, found),
        audit_rules.checks(facts, found),
        audit_gates.checks(facts, found),
        audit_money.checks(facts, found),
        audit_debt.checks(facts, found),
        audit_claims.claims(facts, found),
        audit_claims.worth(facts, found),
    )
    rows = [_summary(tested, tolerance) for part in parts for tested in part]
    checks = pd.DataFrame(rows, columns=list(CHECK_COLUMNS))
    difference = None
    if plan.objective is not None:
        difference = float(checks.loc[checks["name"] == audit_claims.OBJECTIVE, "worst_relative"].iloc[0])
    return Audit(bool(checks["passed"].all()), float(checks["worst_relative"].max()), difference, checks, tuple(plan.extra_entries))


def sentences(audited: Audit) -> list[str]:
    """What fails, a sentence each for a planner, the worst first; then what was taken as given. Empty where all is well."""
    failed = audited.checks[~audited.checks["passed"].astype(bool)].sort_values("worst_relative", ascending=False, kind="stable")
    told = []
    for row in failed.to_dict("records"):
        more = f", and in {row['failed'] - 1} more of {row['rows']} rows" if row["failed"] > 1 else ""
        told.append(
            f"{row['name']}: broken at {row['where']}, by {row['worst_absolute']:.6g} (relative {row['worst_relative']:.2g}){more}."
        )
    return told + [f"Entry {entry}: taken as given, {NOT_AUDITED}." for entry in audited.extra]


def _summary(tested: Check, tolerance: float) -> tuple[object, ...]:
    """One line of `Audit.checks`."""
    worst = max(tested.tested, key=lambda row: (row.relative, row.excess), default=None)
    relative = 0.0 if worst is None else worst.relative
    absolute = 0.0 if worst is None else worst.excess if math.isfinite(worst.excess) else NOT_FINITE
    failed = sum(row.relative > tolerance for row in tested.tested)
    return tested.name, relative <= tolerance, relative, absolute, "" if worst is None else worst.where, tested.rows, failed
