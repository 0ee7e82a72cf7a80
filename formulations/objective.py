"""Objective: net present value (or the cost, or the final cash) that the plan is chosen by.

Decides   nothing
Holds     best_plan       maximise NPV or final cash, or minimise discounted cost                                   [money]
Posts     nothing

Penalties of limits count in the objective and not in NPV: discounted, but as they are where final cash is the objective. Final cash is
less the debt that is then outstanding; equity raised counts in it.
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
    m.penalties = _penalties(ledger, discounted=kind != "final_cash")
    if kind == "final_cash":
        sense, doc = pyo.maximize, "cash less debt at the end of the plan [money]"
    elif kind == "least_cost":
        sense, doc = pyo.minimize, "discounted cost [money]"
    else:
        sense, doc = pyo.maximize, "net present value [money]"

    def best(m: pyo.ConcreteModel) -> Term:
        if kind == "final_cash":
            left = m.cash[case.last_year] - sum(m.debt[year] for year in m.DEBT_YEARS_IN[case.last_year])
            return left - m.penalties(m)
        return m.penalties(m) - npv(m) if kind == "least_cost" else npv(m) - m.penalties(m)

    m.best_plan = pyo.Objective(rule=best, sense=sense, doc=doc)


def _without_terminal(ledger: Ledger) -> Post:
    after, charge = ledger.collect(Account.AFTER, "objective"), ledger.collect(Account.CHARGE, "objective")

    def value(m: pyo.ConcreteModel) -> Term:
        flows = sum(m.discount[year] * (m.value_flow(m, year) + charge(m, year)) for year in m.YEARS)
        return flows + m.discount_end * after(m)

    return value


def _penalties(ledger: Ledger, discounted: bool) -> Post:
    penalty = ledger.collect(Account.PENALTY, "objective")

    def value(m: pyo.ConcreteModel) -> Term:
        if not ledger.entries(Account.PENALTY):
            return total([])
        return sum((m.discount[year] if discounted else 1.0) * penalty(m, year) for year in m.YEARS)

    return value
