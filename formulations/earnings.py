"""Earnings: operating money of a year before tax and capex, and the debt that it carries.

Decides   nothing
Holds     earnings_are_operating_money[year]      earnings = operating entries + baseline cash + production credits
          debt_within_multiple_of_earnings[year]  debt <= multiple x earnings
Posts     nothing

Close to EBITDA: interest, tax, capex and investment credits are left out. A year of negative earnings carries no debt at all, not even
none, unless its multiple is 0: such a plan is infeasible, so give early years of loss a multiple of 0.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Members, Numbers
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Collect operating money as earnings, where debt or a limit asks for them."""
    multiple = m.inside(case.series("finance", "debt_multiple"))
    m.MULTIPLE_YEARS = Members(initialize=[year for year in m.YEARS if year in multiple], doc="years with a multiple of earnings")
    m.debt_multiple = Numbers(m.MULTIPLE_YEARS, initialize=multiple, doc="most debt per money of earnings")
    operating, credited = ledger.collect(Account.OPERATING, "earnings"), ledger.entries(Account.CREDIT)

    def earned(m: pyo.ConcreteModel, year: int) -> Term:
        """Operating money of the year, with that of the base business and production credits [money]."""
        return operating(m, year) + m.baseline_cash[year] + credited["production_credit"](m, year)

    m.earned = earned

    @holds(m, m.EARNING_YEARS, doc="earnings are operating entries, baseline cash and production credits")
    def earnings_are_operating_money(m: pyo.ConcreteModel, year: int) -> Term:
        return m.earnings[year] == earned(m, year)

    @holds(m, m.MULTIPLE_YEARS, doc="debt is within its multiple of earnings")
    def debt_within_multiple_of_earnings(m: pyo.ConcreteModel, year: int) -> Term:
        return m.debt[year] <= m.debt_multiple[year] * m.earnings[year]


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, follow earnings from the operation as it is."""
    for year in m.EARNING_YEARS:
        m.earnings[year].set_value(float(pyo.value(m.earned(m, year))), skip_validation=True)
