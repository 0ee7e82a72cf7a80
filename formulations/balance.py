"""Balance: every resource, every year.

Decides   nothing
Holds     supply_equals_use[resource, year]   sum of the resource's ledger = 0                                     [resource unit]
          supply_covers_use[resource, year]   sum of the resource's ledger >= 0, where a surplus may be disposed of
Posts     nothing
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Members
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Collect the resource account."""
    disposal = case.attribute("resources", "disposal")
    net = ledger.collect(Account.RESOURCE, "balance")
    m.KEPT = Members(initialize=[r for r in m.RESOURCES if disposal[r] == "no"], doc="resources that must be used up")
    m.DISPOSABLE = Members(initialize=[r for r in m.RESOURCES if disposal[r] == "yes"], doc="resources whose surplus may be thrown away")

    @holds(m, m.KEPT, m.YEARS, doc="supply equals use")
    def supply_equals_use(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
        return net(m, resource, year) == 0

    @holds(m, m.DISPOSABLE, m.YEARS, doc="supply covers use")
    def supply_covers_use(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
        return net(m, resource, year) >= 0
