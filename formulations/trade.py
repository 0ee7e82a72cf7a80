"""Trade: what is bought and sold in markets, tier by tier.

Decides   traded[market, tier, year]        quantity, between its minimum and its limit                            [resource unit]
          untaken[market, tier, year]       contracted quantity that is paid for but not taken                     [resource unit]
Holds     taken_or_paid[market, tier, year]       traded + untaken >= take-or-pay quantity
Posts     RESOURCE buy, sell; OPERATING sales, purchases, take_or_pay
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds

Tier = tuple[str, int]


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add trades within their limits and post what they bring and cost."""
    limit, least = m.inside(case.series("markets", "limit")), m.inside(case.series("markets", "minimum"))
    owed = {key: amount for key, amount in m.inside(case.series("markets", "take_or_pay")).items() if amount > 0}
    m.TIERS = Members(dimen=2, initialize=list(case.keys("markets")), doc="(market, tier)")
    m.price = Numbers(m.TIERS, m.YEARS, initialize=m.inside(case.series("markets", "price")), doc="[money/resource unit]")
    within = {key: (amount, limit.get(key)) for key, amount in least.items()}
    m.traded = Decisions(m.TIERS, m.YEARS, bounds=within, doc="quantity traded [resource unit]")
    m.CONTRACTED = Members(dimen=3, initialize=list(owed), doc="(market, tier, year) with take-or-pay")
    m.take_or_pay = Numbers(m.CONTRACTED, initialize=owed, doc="[resource unit]")
    m.untaken = Decisions(m.CONTRACTED, doc="paid for, not taken [resource unit]")

    @holds(m, m.CONTRACTED, doc="the contracted quantity is taken or paid for")
    def taken_or_paid(m: pyo.ConcreteModel, market: str, tier: int, year: int) -> Term:
        return m.traded[market, tier, year] + m.untaken[market, tier, year] >= m.take_or_pay[market, tier, year]

    _sets_by_resource(m, case, list(owed))
    ledger.post(Account.RESOURCE, "buy", lambda m, r, year: sum(m.traded[k, n, year] for k, n in m.BUYING[r]))
    ledger.post(Account.RESOURCE, "sell", lambda m, r, year: -sum(m.traded[k, n, year] for k, n in m.SELLING[r]))
    ledger.post(Account.OPERATING, "sales", lambda m, year: sum(m.price[k, n, year] * m.traded[k, n, year] for k, n in m.SALES))
    ledger.post(Account.OPERATING, "purchases", lambda m, year: -sum(m.price[k, n, year] * m.traded[k, n, year] for k, n in m.PURCHASES))
    ledger.post(
        Account.OPERATING,
        "take_or_pay",
        lambda m, year: -sum(m.price[k, n, year] * m.untaken[k, n, year] for k, n in m.CONTRACTED_IN[year]),
    )


def _sets_by_resource(m: pyo.ConcreteModel, case: Case, contracted: list[tuple[str, int, int]]) -> None:
    resource, side = case.attribute("markets", "resource"), case.attribute("markets", "side")
    buying: dict[str, list[Tier]] = defaultdict(list)
    selling: dict[str, list[Tier]] = defaultdict(list)
    for key in case.keys("markets"):
        (buying if side[key] == "buy" else selling)[resource[key]].append(key)
    m.BUYING = Lists(m.RESOURCES, dimen=2, initialize=buying, doc="tiers that supply the resource")
    m.SELLING = Lists(m.RESOURCES, dimen=2, initialize=selling, doc="tiers that take the resource")
    m.PURCHASES = Members(dimen=2, initialize=[key for key in side if side[key] == "buy"], doc="tiers that cost")
    m.SALES = Members(dimen=2, initialize=[key for key in side if side[key] == "sell"], doc="tiers that bring money")
    m.CONTRACTED_IN = pyo.Set(
        m.YEARS, dimen=2, initialize=lambda m, y: [(k, n) for k, n, year in contracted if year == y], doc="take-or-pay tiers of the year"
    )
