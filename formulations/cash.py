"""Cash: what the year brings in and takes out, and how much is left.

Decides   cash[year]                   cash at the end of the year, no less than the minimum                       [money]
Holds     cash_carries_over[year]      cash = cash of the year before + all flows of the year
Posts     nothing

The rows exist only where cash matters: a minimum is given, or final cash is the objective.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Post, Term, total
from masterplan.formulations.listed import Members, Numbers
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Collect all flows; keep cash above its minimum."""
    m.value_flow = value_flow(ledger)
    m.financing = ledger.collect(Account.FINANCING, "cash")
    least = m.inside(case.series("finance", "minimum_cash"))
    matters = bool(least) or case.setting("objective") == "final_cash"
    m.CASH_YEARS = Members(initialize=m.YEARS if matters else [], doc="years in which cash is followed")
    m.CASH_BEFORE = pyo.Set(
        m.YEARS, dimen=1, initialize=lambda m, year: [year - 1] if year > case.first_year else [], doc="the year before"
    )
    opening = {case.first_year: case.setting("opening_cash")}
    m.opening_cash = Numbers(m.YEARS, initialize=opening, default=0.0, doc="cash from before the plan [money]")
    m.cash = pyo.Var(m.CASH_YEARS, domain=pyo.Reals, bounds=lambda m, year: (least.get(year), None), doc="cash at the year's end [money]")

    @holds(m, m.CASH_YEARS, doc="cash carries over from the year before and takes the year's flows")
    def cash_carries_over(m: pyo.ConcreteModel, year: int) -> Term:
        before = sum(m.cash[y] for y in m.CASH_BEFORE[year]) + m.opening_cash[year]
        return m.cash[year] == before + m.value_flow(m, year) + m.financing(m, year)


def value_flow(ledger: Ledger) -> Post:
    """All flows of a year but financing: what NPV discounts (unlevered)."""
    operating, credit, given = (ledger.collect(account, "cash") for account in (Account.OPERATING, Account.CREDIT, Account.GIVEN))
    capex, tax, raising = (ledger.collect(account, "cash") for account in (Account.CAPEX, Account.TAX, Account.RAISING))

    def flow(m: pyo.ConcreteModel, year: int) -> Term:
        return total([operating(m, year), credit(m, year), given(m, year), -capex(m, year), -tax(m, year), raising(m, year)])

    return flow


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, follow cash from the flows as they are."""
    for year in m.CASH_YEARS:
        before = sum(pyo.value(m.cash[y]) for y in m.CASH_BEFORE[year]) + m.opening_cash[year]
        m.cash[year].set_value(before + float(pyo.value(m.value_flow(m, year) + m.financing(m, year))), skip_validation=True)
