"""Objective: net present value (or the cost, or the final cash) that the plan is chosen by.

Decides   nothing
Holds     best_plan       maximise NPV or final cash, or minimise discounted cost                                   [money]
Posts     nothing
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Post, Term, total


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Discount the flows and add what the end of the plan is worth."""
    m.npv_without_terminal = _without_terminal(ledger)
    terminal = ledger.collect(Account.TERMINAL, "objective")

    def npv(m: pyo.ConcreteModel) -> Term:
        return m.npv_without_terminal(m) + m.discount_end * terminal(m)

    m.npv = npv
    kind = case.setting("objective")
    if kind == "final_cash":
        m.best_plan = pyo.Objective(expr=m.cash[case.last_year], sense=pyo.maximize, doc="cash at the end of the plan [money]")
    elif kind == "least_cost":
        m.best_plan = pyo.Objective(expr=-npv(m), sense=pyo.minimize, doc="discounted cost [money]")
    else:
        m.best_plan = pyo.Objective(expr=npv(m), sense=pyo.maximize, doc="net present value [money]")


def _without_terminal(ledger: Ledger) -> Post:
    after = ledger.collect(Account.AFTER, "objective")

    def value(m: pyo.ConcreteModel) -> Term:
        flows = total(m.discount[year] * m.value_flow(m, year) for year in m.YEARS)
        return flows + m.discount_end * after(m)

    return value
