"""Credit: investment credits, a share of capex paid in the first output year.

Decides   nothing
Holds     nothing
Posts     CREDIT investment_credit; AFTER credit_after
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.vintages import Start, vintages


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post credits where they fall due, in the plan or after it."""
    v = vintages(case)
    due: dict[Start, int] = {}
    for project, start in v.starts:
        if v.credit_share(project, start) and v.first_output(project, start) >= case.first_year:
            due[project, start] = v.first_output(project, start)
    openings = [start for start in due if start in m.OPENINGS]
    worth = {start: v.credit_share(*start) * (m.after_factor(year) if year > case.last_year else 1.0) for start, year in due.items()}
    m.CREDITED = Members(dimen=2, initialize=list(due), doc="starts that earn an investment credit")
    m.CREDITED_OPENINGS = Members(dimen=2, initialize=openings, doc="openings whose fixed capex earns it")
    m.credit_per_module = Numbers(
        m.CREDITED, initialize={(p, s): worth[p, s] * v.cost_of_module(p, s) for p, s in due}, doc="when due, or at the end [money/module]"
    )
    m.credit_per_opening = Numbers(
        m.CREDITED_OPENINGS,
        initialize={(p, s): worth[p, s] * v.fixed_capex[p, s] for p, s in openings},
        doc="when due, or at the end [money]",
    )
    m.CREDIT_DUE = Lists(m.YEARS, dimen=2, initialize=_by_year(list(due), due), doc="credits due in the year")
    m.OPENING_CREDIT_DUE = Lists(m.YEARS, dimen=2, initialize=_by_year(openings, due), doc="the same")
    curved = [start for start in due if start in m.CURVED]
    m.CREDITED_CURVES = Members(dimen=2, initialize=curved, doc="starts whose capex is on a cost curve")
    m.credit_on_curve = Numbers(m.CREDITED_CURVES, initialize={start: worth[start] for start in curved}, doc="share of the start's capex")
    m.CURVE_CREDIT_DUE = Lists(m.YEARS, dimen=2, initialize=_by_year(curved, due), doc="the same")
    later = [start for start in due if due[start] > case.last_year]
    m.CREDIT_AFTER = Members(dimen=2, initialize=later, doc="credits due after the plan")
    m.OPENING_CREDIT_AFTER = Members(dimen=2, initialize=[start for start in openings if due[start] > case.last_year], doc="the same")
    m.CURVE_CREDIT_AFTER = Members(dimen=2, initialize=[start for start in curved if due[start] > case.last_year], doc="the same")
    ledger.post(
        Account.CREDIT,
        "investment_credit",
        lambda m, year: _credits(m, m.CREDIT_DUE[year], m.OPENING_CREDIT_DUE[year], m.CURVE_CREDIT_DUE[year]),
    )
    ledger.post(Account.AFTER, "credit_after", lambda m: _credits(m, m.CREDIT_AFTER, m.OPENING_CREDIT_AFTER, m.CURVE_CREDIT_AFTER))


def _by_year(starts: list[Start], due: dict[Start, int]) -> dict[int, list[Start]]:
    found: dict[int, list[Start]] = defaultdict(list)
    for start in starts:
        found[due[start]].append(start)
    return found


def _credits(m: pyo.ConcreteModel, modules: pyo.Set, openings: pyo.Set, curves: pyo.Set) -> Term:
    return (
        sum(m.credit_per_module[p, s] * m.start[p, s] for p, s in modules)
        + sum(m.credit_per_opening[p, s] * m.open_project[p, s] for p, s in openings)
        + sum(m.credit_on_curve[p, s] * m.curve_cost[p, s] for p, s in curves)
    )
