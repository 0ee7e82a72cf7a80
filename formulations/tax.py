"""Tax: a simple profit tax; capex is deducted when it is spent, losses are carried forward.

Decides   taxed_income[year]             income that is taxed                                                       [money]
          loss_pool[year]                losses left to carry forward at the end of the year                        [money]
Holds     income_after_losses[year]      taxed income = taxable base + growth of the loss pool
Posts     TAX tax

A pool could also be filled by paying tax early; with a rate that never rises that cannot pay, and a rising rate is refused by the checks.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Collect operating income and capex as the tax base, where there is a tax."""
    income, spend = ledger.collect(Account.OPERATING, "tax"), ledger.collect(Account.CAPEX, "tax")
    taxed = any(m.tax_rate[year] for year in m.YEARS)
    m.TAX_YEARS = pyo.Set(initialize=m.YEARS if taxed else [], doc="years of a case with a tax")
    m.opening_losses = float(case.setting("opening_losses"))
    m.taxed_income = pyo.Var(m.TAX_YEARS, domain=pyo.NonNegativeReals, doc="income that is taxed [money]")
    m.loss_pool = pyo.Var(m.TAX_YEARS, domain=pyo.NonNegativeReals, doc="losses carried forward [money]")
    m.opening_pool = pyo.Param(m.YEARS, initialize={case.first_year: m.opening_losses}, default=0.0, doc="losses from before [money]")
    m.POOL_BEFORE = pyo.Set(
        m.YEARS, dimen=1, initialize=lambda m, year: [year - 1] if year > case.first_year else [], doc="the year before"
    )

    @holds(m, m.TAX_YEARS, doc="taxed income is the year's taxable base, less losses used, plus losses kept")
    def income_after_losses(m: pyo.ConcreteModel, year: int) -> Term:
        kept = m.loss_pool[year] - sum(m.loss_pool[before] for before in m.POOL_BEFORE[year]) - m.opening_pool[year]
        return m.taxed_income[year] - kept == m.baseline_taxable[year] + income(m, year) - spend(m, year)

    m.TAXED_IN = pyo.Set(m.YEARS, dimen=1, initialize=lambda m, year: [year] if taxed else [], doc="the year, if there is a tax")
    ledger.post(Account.TAX, "tax", lambda m, year: sum(m.tax_rate[y] * m.taxed_income[y] for y in m.TAXED_IN[year]))
