"""Checks of debt, and of limits on what is measured of the company."""

from __future__ import annotations

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import key_text, number, rows

COMPANY = "company"
OF_COMPANY = ("earnings", "debt")


def borrows(case: Case) -> bool:
    """Is debt limited, by an amount or by earnings? Without a limit nothing is borrowed."""
    return bool(case.series("finance", "debt_limit") or case.series("finance", "debt_multiple"))


def opening_debt(case: Case) -> list[Problem]:
    """Debt from before the plan is repaid or kept within a limit, so there has to be one."""
    debt = case.setting("opening_debt")
    if not debt or borrows(case):
        return []
    fix = "Fill debt_limit or debt_multiple in finance (0 from the year by which it has to be repaid)"
    return [Problem("E221", "settings", "opening_debt", "value", number(debt), "finance gives debt no limit to stay within", fix)]


def company_measures(case: Case) -> list[Problem]:
    """Earnings and debt are measured of the company; debt only where there can be any."""
    problems = []
    for row in rows(case, "limit_members"):
        measure, item = row["measure"], row["item"]
        if measure not in OF_COMPANY:
            continue
        key = key_text("limit_members", (row["limit"], measure, item))
        if item is not None and item != COMPANY:
            allowed, fix = f"{measure} are of the whole {COMPANY}" if measure == "earnings" else f"debt is of the whole {COMPANY}", COMPANY
            problems.append(Problem("E222", "limit_members", key, "item", repr(item), allowed, f"Write {fix}"))
        if measure == "debt" and not borrows(case):
            fix = "Fill debt_limit or debt_multiple in finance"
            problems.append(Problem("E223", "limit_members", key, "measure", "debt", "a case without a limit of debt borrows nothing", fix))
    return problems
