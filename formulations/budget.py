"""Budget: capex within its yearly limit, with carry-over of what is not spent.

Decides   unspent[year]                 what is left of the year's capex limit                                     [money]
Holds     spend_within_limit[year]      limit + carry-over x last year's unspent - capex = unspent
Posts     nothing
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Members, Numbers
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Limit the capex account where the finance table gives a limit."""
    limit = m.inside(case.series("finance", "capex_limit"))
    committed = case.setting("committed_inside_limit") == "yes"
    spend = ledger.collect(Account.CAPEX, "budget")
    m.LIMITED_YEARS = Members(initialize=[year for year in m.YEARS if year in limit], doc="years with a capex limit")
    left = {year: limit[year] - (m.committed_capex[year] if committed else 0.0) for year in m.LIMITED_YEARS}
    m.capex_limit = Numbers(m.LIMITED_YEARS, initialize=left, doc="limit open to choice [money]")
    m.carry_over = Numbers(m.YEARS, initialize=m.inside(case.series("finance", "carry_over_share")), doc="share that carries over")
    m.UNSPENT_BEFORE = pyo.Set(
        m.YEARS,
        dimen=1,
        initialize=lambda m, year: [year - 1] if year - 1 in limit and year > case.first_year else [],
        doc="the year before, if limited",
    )
    m.unspent = pyo.Var(m.LIMITED_YEARS, domain=pyo.NonNegativeReals, doc="left of the limit [money]")

    @holds(m, m.LIMITED_YEARS, doc="capex and what is left of the limit make up the limit and what was carried over")
    def spend_within_limit(m: pyo.ConcreteModel, year: int) -> Term:
        carried = sum(m.carry_over[year] * m.unspent[before] for before in m.UNSPENT_BEFORE[year])
        return spend(m, year) + m.unspent[year] - carried == m.capex_limit[year]
