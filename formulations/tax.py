"""Tax: a simple profit tax; capex is deducted when it is spent, losses are carried forward.

Decides   taxed_income[year]             income that is taxed                                                       [money]
          loss_pool[year]                losses left to carry forward at the end of the year                        [money]
Holds     income_after_losses[year]      taxed income = taxable base + growth of the loss pool
Posts     TAX tax

A pool could also be filled by paying tax early; with a rate that never rises that cannot pay, and a rising rate is refused by the checks.
Where it costs nothing either, `settle` takes the plan that uses losses first.
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

    def tax_base(m: pyo.ConcreteModel, year: int) -> Term:
        """Operating income less capex, with the given baseline [money]."""
        return m.baseline_taxable[year] + income(m, year) - spend(m, year)

    m.tax_base = tax_base

    @holds(m, m.TAX_YEARS, doc="taxed income is the year's taxable base, less losses used, plus losses kept")
    def income_after_losses(m: pyo.ConcreteModel, year: int) -> Term:
        kept = m.loss_pool[year] - sum(m.loss_pool[before] for before in m.POOL_BEFORE[year]) - m.opening_pool[year]
        return m.taxed_income[year] - kept == tax_base(m, year)

    m.TAXED_IN = pyo.Set(m.YEARS, dimen=1, initialize=lambda m, year: [year] if taxed else [], doc="the year, if there is a tax")
    ledger.post(Account.TAX, "tax", lambda m, year: sum(m.tax_rate[y] * m.taxed_income[y] for y in m.TAXED_IN[year]))


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, use losses as early as they can be used: never worse, and the same plan every time."""
    pool = m.opening_losses
    for year in m.TAX_YEARS:
        base = float(pyo.value(m.tax_base(m, year)))
        m.taxed_income[year].set_value(max(0.0, base - pool), skip_validation=True)
        pool = max(0.0, pool - base)
        m.loss_pool[year].set_value(pool, skip_validation=True)
