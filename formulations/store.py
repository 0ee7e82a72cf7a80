"""Store: what is kept from one year to the next.

Decides   stock[resource, year]     at the end of the year, within the storage limit                               [resource unit]
Holds     nothing
Posts     RESOURCE from_stock, to_stock; OPERATING holding_cost; TERMINAL stocks
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add stocks of storable resources, and post what they give back, take up and cost."""
    storable = [resource for resource, answer in case.attribute("resources", "storable").items() if answer == "yes"]
    limit = m.inside(case.series("resources", "storage_limit"))
    opening, loss = case.attribute("resources", "opening_stock"), m.inside(case.series("resources", "storage_loss"))
    m.STORABLE = Members(initialize=storable, doc="resources that can be kept")
    stocked = [(r, y) for r in storable for y in m.YEARS]
    most = {key: (0.0, limit.get(key)) for key in stocked}
    m.stock = Decisions(m.STORABLE, m.YEARS, bounds=most, doc="stock at the end of the year [resource unit]")
    kept = {(r, y): 1.0 - loss[r, y] for r, y in stocked}
    m.kept = Numbers(m.STORABLE, m.YEARS, initialize=kept, doc="share of last year's stock that is left")
    from_opening = {(r, case.first_year): kept[r, case.first_year] * opening[r] for r in storable}
    m.from_opening = Numbers(m.RESOURCES, m.YEARS, initialize=from_opening, default=0.0, doc="left of the opening stock [resource unit]")
    m.holding_cost = Numbers(
        m.RESOURCES, m.YEARS, initialize=m.inside(case.series("resources", "holding_cost")), doc="[money/resource unit]"
    )
    m.stock_value = Numbers(m.RESOURCES, initialize=case.attribute("resources", "stock_value"), doc="[money/resource unit]")
    m.STOCKED = Lists(m.RESOURCES, m.YEARS, dimen=2, initialize={key: [key] for key in stocked}, doc="stock at the year's end")
    brought = {(r, y): [(r, y, y - 1)] for r, y in stocked if y > case.first_year}
    m.STOCKED_BEFORE = Lists(m.RESOURCES, m.YEARS, dimen=3, initialize=brought, doc="stock brought in")
    ledger.post(
        Account.RESOURCE,
        "from_stock",
        lambda m, r, year: m.from_opening[r, year] + sum(m.kept[k, y] * m.stock[k, last] for k, y, last in m.STOCKED_BEFORE[r, year]),
    )
    ledger.post(Account.RESOURCE, "to_stock", lambda m, r, year: -sum(m.stock[k, y] for k, y in m.STOCKED[r, year]))
    ledger.post(Account.OPERATING, "holding_cost", lambda m, year: -sum(m.holding_cost[r, year] * m.stock[r, year] for r in m.STORABLE))
    if case.setting("terminal_value") == "book_value":
        last_year = case.last_year
        ledger.post(Account.TERMINAL, "stocks", lambda m: sum(m.stock_value[r] * m.stock[r, last_year] for r in m.STORABLE))
