"""What the independent audit tested: each rule with its worst violation and where that is. It shares no code with the model."""

from __future__ import annotations

import pandas as pd

from masterplan.reports.audit import Audit

SHEET = "Checks"
TAB = "check"
COLUMNS = ("Check", "Result", "Worst violation, relative", "Worst violation (+) or slack (−)", "Where", "Rows tested")
HOLDS, FAILS = "✓ holds", "✗ FAILS"
OVERALL = "The whole plan"


def table(audit: Audit) -> pd.DataFrame:
    """The overall result, then a row per check; a worst violation below zero is the least slack. Last, what could not be audited."""
    rows: list[tuple[object, ...]] = [
        (OVERALL, _word(audit.passed), float(audit.worst), None, f"{len(audit.checks)} checks", int(audit.checks["rows"].sum()))
    ]
    for name, passed, relative, absolute, where, count in audit.checks[
        ["name", "passed", "worst_relative", "worst_absolute", "where", "rows"]
    ].itertuples(index=False):
        rows.append((str(name), _word(bool(passed)), _number(relative), _number(absolute), str(where or ""), int(count)))
    if audit.objective_difference is not None:
        rows.append(("Difference to the solver's objective, relative", "", float(audit.objective_difference), None, "", 1))
    rows += [(f"Entry {name} of the caller's own block", "not audited", None, None, "", None) for name in audit.extra]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def verdict(audit: Audit) -> str:
    """The audit in one line, for every page."""
    failed = int((~audit.checks["passed"].astype(bool)).sum())
    if audit.passed:
        return f"✓ audit passed: all {len(audit.checks)} checks hold"
    return f"✗ AUDIT FAILED: {failed} of {len(audit.checks)} checks do not hold, see Checks"


def _word(passed: bool) -> str:
    return HOLDS if passed else FAILS


def _number(value: object) -> float | None:
    """A number as it is; a violation without measure (not a number, or infinite) as none."""
    return float(value) if isinstance(value, int | float) and abs(value) < float("inf") else None
