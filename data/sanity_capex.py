"""What looks wrong in the capex: modules whose salvage is above their cost, capex decided already above its own limit."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import number, rows


def salvage_above_cost(case: Case) -> list[Problem]:
    """Modules that are worth more scrapped than they cost: building them to scrap them earns money.

    The cost is capex, with the fixed capex of one module alone and the construction inputs at the value that counts as capex, less the
    investment credit. Projects on a cost curve, or with inputs in building that no value is given for, are left out.
    """
    retirable = case.attribute("projects", "retirable")
    paid, capex, fixed = (case.series("projects", column) for column in ("retirement_cost", "capex", "fixed_capex"))
    credit, credit_until = (case.attribute("projects", column) for column in ("credit", "credit_last_start"))
    first, last = (case.attribute("projects", column) for column in ("first_start", "last_start"))
    curved = {row["project"] for row in rows(case, "learning")}
    problems = []
    for project in (name for name, may in retirable.items() if may == "yes" and name not in curved):
        gains: dict[int, tuple[float, float]] = {}
        for start in range(max(first.get(project, case.first_year), case.first_year), last.get(project, case.last_year) + 1):
            inputs = _inputs(case, project, start)
            if start not in case.years or inputs is None:
                continue
            earned = credit.get(project, 0.0) if start <= credit_until.get(project, start) else 0.0
            cost = (capex[project, start] + fixed[project, start] + inputs) * (1.0 - earned)
            if -paid[project, start] > cost + 1e-9:
                gains[start] = (-paid[project, start], cost)
        if gains:
            start, (salvage, cost) = next(iter(gains.items()))
            found = f"a salvage of {number(salvage)} in {start}"
            allowed = f"a module costs {number(cost)} then, so building it to scrap it earns money"
            problems.append(Problem("W824", "projects", str(project), "retirement_cost", found, allowed, "Check retirement_cost and capex"))
    return problems


def _inputs(case: Case, project: Any, start: int) -> float | None:
    """What the inputs in building count as capex per module; None where one has no such value."""
    amount, value = (case.series("construction_inputs", column) for column in ("amount", "capitalised_value"))
    keys = [key for key in case.keys("construction_inputs") if key[0] == project and key[2] == "building"]
    if any(amount[*key, start] and not value[*key, start] for key in keys):
        return None
    return float(sum(amount[*key, start] * value[*key, start] for key in keys))


def committed_above_limit(case: Case) -> list[Problem]:
    """Committed capex that its own limit cannot hold, even with all that earlier years could have left: no plan keeps such a limit."""
    limit, share, committed = (case.series("finance", column) for column in ("capex_limit", "carry_over_share", "committed_capex"))
    if case.setting("committed_inside_limit") != "yes":
        return []
    left: dict[int, float] = defaultdict(float)
    short = []
    for year in case.years:
        if year in limit:
            available = limit[year] + share.get(year, 0.0) * left[year - 1]
            left[year] = max(0.0, available - committed.get(year, 0.0))
            if committed.get(year, 0.0) > available + 1e-9:
                short.append((year, committed[year], available))
    if not short:
        return []
    year, fixed, available = short[0]
    also = tuple(f"finance {later}" for later, *_ in short[1:])
    allowed = f"the capex limit of {year} holds {number(available)} at most, carry-over included, so no plan can keep it"
    fix = "Raise capex_limit, or set committed_inside_limit to no"
    return [Problem("W825", "finance", str(year), "committed_capex", number(fixed), allowed, fix, also=also)]
