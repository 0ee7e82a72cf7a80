"""What looks wrong in the funding: numbers that nothing reads, debt that nothing needs, capital that pays for itself."""

from __future__ import annotations

from masterplan.data.case import Case
from masterplan.data.check_debt import borrows
from masterplan.data.errors import Problem
from masterplan.data.rows import number

NO_DEBT = "finance gives debt no limit, so nothing is borrowed"


def idle_funding(case: Case) -> list[Problem]:
    """Interest, spread and issue cost of money that cannot be had."""
    problems = []
    interest, cost = (_first(case, name) for name in ("interest_rate", "issue_cost"))
    if interest is not None and not borrows(case):
        fix = "Fill debt_limit or debt_multiple, or clear it"
        problems.append(Problem("W821", "finance", str(interest[0]), "interest_rate", number(interest[1]), NO_DEBT, fix))
    if cost is not None and not borrows(case) and _first(case, "raise_limit") is None:
        allowed, fix = "there is neither debt nor equity to raise", "Fill debt_limit, debt_multiple or raise_limit, or clear it"
        problems.append(Problem("W821", "finance", str(cost[0]), "issue_cost", number(cost[1]), allowed, fix))
    if case.setting("debt_spread") and not borrows(case):
        spread = number(case.setting("debt_spread"))
        problems.append(
            Problem("W821", "settings", "debt_spread", "value", spread, NO_DEBT, "Fill debt_limit or debt_multiple, or clear it")
        )
    return problems


def needless_funding(case: Case) -> list[Problem]:
    """Money is raised only where cash is short: cash needs a minimum; and equity raised is no gain of the plan."""
    funded = borrows(case) or _first(case, "raise_limit") is not None
    final = case.setting("objective") == "final_cash"
    if funded and not final and not case.series("finance", "minimum_cash"):
        allowed, fix = "without a least cash no money is ever needed", "Fill minimum_cash (0, for instance)"
        return [Problem("W822", "finance", "", "minimum_cash", "blank, with money that can be raised", allowed, fix)]
    raised = _first(case, "raise_limit")
    if final and raised is not None:
        allowed, fix = "final cash counts equity raised, so all of it is raised", "Use the objective npv, or clear raise_limit"
        return [Problem("W823", "finance", str(raised[0]), "raise_limit", number(raised[1]), allowed, fix)]
    return []


def _first(case: Case, column: str) -> tuple[int, float] | None:
    """The first year of the plan with an amount in a column of finance, and the amount; None without one."""
    series = case.series("finance", column)
    return next(((year, series[year]) for year in case.years if series.get(year)), None)
