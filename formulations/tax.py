"""Tax: a profit tax; capex is deducted when it is spent or by its depreciation class, losses are carried forward.

Decides   taxed_income[year]             income that is taxed, after losses                                         [money]
          loss_pool[year]                losses left to carry forward at the end of the year                        [money]
          losses_used[year]              losses that offset income of the year, where the law has to be told        [money]
          profitable[year]               1 if the year has an income, 0 if a loss, where it must be chosen          [0/1]
Holds     income_after_losses[year]          taxed income = taxable base + growth of the loss pool
          losses_used_were_left[year]        losses used <= pool of the year before
          losses_made_not_negative[year]     growth of the pool + losses used >= 0
          losses_used_within_share[year]     losses used <= loss cap x (taxed income + losses used)
          income_only_if_profitable[year]    taxed income + losses used <= most x profitable
          loss_only_if_not_profitable[year]  growth of the pool + losses used <= most x (1 - profitable)
Posts     TAX tax

The law: income - loss = taxable base, one of them 0; pool = pool before + loss - used; used <= pool before and <= cap x income; tax is
a rate on income - used. Without a cap, and where no later year weighs tax more, the first row alone is exact: a pool could also be
filled by paying tax early, but that never pays. With a cap the law is told, and the choice where paying early could pay.
Where nothing has to be chosen, `settle` takes the plan that uses losses first.
"""

from __future__ import annotations

import math
from typing import Any

import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from masterplan.data import tax_law
from masterplan.data.case import Case
from masterplan.data.most import Most, most, most_of_sum
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Members, Numbers
from masterplan.formulations.templates import holds

OWN_ENTRIES = {"production", "use", "presence", "arrivals", "construction", "standing", "buy", "sell", "from_stock", "to_stock"}


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Collect what is taxable, where there is a tax."""
    taxed = any(m.tax_rate[year] for year in m.YEARS)
    m.TAX_YEARS = Members(initialize=m.YEARS if taxed else [], doc="years of a case with a tax")
    m.opening_losses = float(case.setting("opening_losses"))
    m.taxed_income = pyo.Var(m.TAX_YEARS, domain=pyo.NonNegativeReals, doc="income that is taxed [money]")
    m.loss_pool = pyo.Var(m.TAX_YEARS, domain=pyo.NonNegativeReals, doc="losses carried forward [money]")
    m.opening_pool = Numbers(m.YEARS, initialize={case.first_year: m.opening_losses}, default=0.0, doc="losses from before [money]")
    m.POOL_BEFORE = pyo.Set(
        m.YEARS, dimen=1, initialize=lambda m, year: [year - 1] if year > case.first_year else [], doc="the year before"
    )
    m.tax_base = _tax_base(ledger)

    @holds(m, m.TAX_YEARS, doc="taxed income is the year's taxable base, less losses used, plus losses kept")
    def income_after_losses(m: pyo.ConcreteModel, year: int) -> Term:
        kept = m.loss_pool[year] - sum(m.loss_pool[before] for before in m.POOL_BEFORE[year]) - m.opening_pool[year]
        return m.taxed_income[year] - kept == m.tax_base(m, year)

    choices = tax_law.choice_years(case)
    _law(m, case, m.TAX_YEARS if choices or tax_law.has_cap(case) else [])
    _choices(m, case, ledger, choices)
    m.TAXED_IN = pyo.Set(m.YEARS, dimen=1, initialize=lambda m, year: [year] if taxed else [], doc="the year, if there is a tax")
    ledger.post(Account.TAX, "tax", lambda m, year: sum(m.tax_rate[y] * m.taxed_income[y] for y in m.TAXED_IN[year]))


def _tax_base(ledger: Ledger) -> Any:
    income, spend, adjusted = (ledger.collect(account, "tax") for account in (Account.OPERATING, Account.CAPEX, Account.TAXABLE))

    def tax_base(m: pyo.ConcreteModel, year: int) -> Term:
        """Operating income less what is deducted for capex, with the given baseline [money]."""
        return m.baseline_taxable[year] + income(m, year) - spend(m, year) + adjusted(m, year)

    return tax_base


def _pool_before(m: pyo.ConcreteModel, year: int) -> Term:
    return sum(m.loss_pool[before] for before in m.POOL_BEFORE[year]) + m.opening_pool[year]


def _law(m: pyo.ConcreteModel, case: Case, years: Any) -> None:
    m.LAW_YEARS = Members(initialize=list(years), doc="years in which the law on losses is told")
    m.loss_cap = Numbers(
        m.YEARS, initialize=m.inside(case.series("finance", "loss_cap")), default=1.0, doc="most of the income that losses may offset"
    )
    m.losses_used = pyo.Var(m.LAW_YEARS, domain=pyo.NonNegativeReals, doc="losses that offset income of the year [money]")

    @holds(m, m.LAW_YEARS, doc="losses that are used were left from the year before")
    def losses_used_were_left(m: pyo.ConcreteModel, year: int) -> Term:
        return m.losses_used[year] <= _pool_before(m, year)

    @holds(m, m.LAW_YEARS, doc="the pool shrinks by no more than what is used")
    def losses_made_not_negative(m: pyo.ConcreteModel, year: int) -> Term:
        return m.loss_pool[year] + m.losses_used[year] - _pool_before(m, year) >= 0

    @holds(m, m.LAW_YEARS, doc="losses offset no more than their share of the year's income")
    def losses_used_within_share(m: pyo.ConcreteModel, year: int) -> Term:
        return m.losses_used[year] <= m.loss_cap[year] * (m.taxed_income[year] + m.losses_used[year])


def _choices(m: pyo.ConcreteModel, case: Case, ledger: Ledger, years: tuple[int, ...]) -> None:
    m.CHOICE_YEARS = Members(initialize=list(years), doc="years in which income and loss are told apart by a choice")
    m.profitable = pyo.Var(m.CHOICE_YEARS, domain=pyo.Binary, doc="1 if the year has an income, 0 if it has a loss")
    income: dict[int, float] = {}
    loss: dict[int, float] = {}
    if years:
        bounds = _bounds(m, case, most(case, through_balances=set(ledger.entries(Account.RESOURCE)) <= OWN_ENTRIES))
        for year in years:
            income[year], loss[year] = _range(m, case, m.tax_base(m, year), bounds)
    m.most_income = Numbers(m.CHOICE_YEARS, initialize=income, doc="most the taxable base can be [money]")
    m.most_loss = Numbers(m.CHOICE_YEARS, initialize=loss, doc="most it can be below zero [money]")

    @holds(m, m.CHOICE_YEARS, doc="a year has an income only if it is profitable")
    def income_only_if_profitable(m: pyo.ConcreteModel, year: int) -> Term:
        return m.taxed_income[year] + m.losses_used[year] <= m.most_income[year] * m.profitable[year]

    @holds(m, m.CHOICE_YEARS, doc="a year has a loss only if it is not profitable")
    def loss_only_if_not_profitable(m: pyo.ConcreteModel, year: int) -> Term:
        return m.loss_pool[year] + m.losses_used[year] - _pool_before(m, year) <= m.most_loss[year] * (1 - m.profitable[year])


def _bounds(m: pyo.ConcreteModel, case: Case, found: Most) -> dict[str, Any]:
    """Variable -> upper bound by index, for those that have none of their own."""
    curve_points, owed = case.attribute("learning", "cost"), case.series("markets", "take_or_pay")
    return {
        "start": lambda p, s: found.started[p, s],
        "gone": lambda p, s, y: found.started[p, s],
        "curve_cost": lambda p, s: max(cost for (project, _), cost in curve_points.items() if project == p),
        "capacity": lambda a, y: found.capacity[a, y],
        "level": lambda a, y: found.level[a, y],
        "traded": lambda k, n, y: found.traded[k, n, y],
        "stock": lambda r, y: found.stock[r, y],
        "untaken": lambda k, n, y: owed[k, n, y],
        "bonus": lambda s, a, y: m.benefit_per_level[s, a, y] * m.most_rewarded[s, a, y],
    }


def _range(m: pyo.ConcreteModel, case: Case, base: Term, bounds: dict[str, Any]) -> tuple[float, float]:
    """Most income and most loss that a year's taxable base can come to; starts of one project count together within its total."""
    together = case.attribute("projects", "max_total")
    form = generate_standard_repn(base)
    high = low = float(form.constant)
    counted = {p: basis == "starts" for p, basis in case.attribute("projects", "total_basis").items()}
    grouped: dict[str, list[tuple[float, float]]] = {}
    for variable, weight in zip(form.linear_vars, form.linear_coefs, strict=True):
        name, index = variable.parent_component().name, variable.index()
        stated = bounds[name](*index) if name in bounds else math.inf
        amount = min(stated, math.inf if variable.ub is None else variable.ub)
        least = variable.lb if variable.lb is not None else 0.0 if name == "capacity" else -math.inf  # conversions leave none below 0
        if math.isinf(amount) or math.isinf(least):
            raise ValueError(f"{variable.name} counts in taxable income and has no bound: a tax rate that rises needs one")
        if name == "start" and counted[index[0]]:
            grouped.setdefault(index[0], []).append((weight, amount))
            continue
        high += max(weight * least, weight * amount)
        low += min(weight * least, weight * amount)
    for project, terms in grouped.items():
        high += most_of_sum(terms, together.get(project, math.inf))
        low -= most_of_sum([(-weight, amount) for weight, amount in terms], together.get(project, math.inf))
    return max(high, 0.0), max(-low, 0.0)


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, hold the law to the last digit; where nothing had to be chosen, use losses as early as they can be used."""
    pool, chosen = m.opening_losses, len(m.CHOICE_YEARS) > 0
    for year in m.TAX_YEARS:
        base = float(pyo.value(m.tax_base(m, year)))
        income, loss = max(0.0, base), max(0.0, -base)
        used = min(pool, float(m.loss_cap[year]) * income)
        if chosen:
            used = min(used, max(0.0, float(pyo.value(m.losses_used[year]))))
        m.taxed_income[year].set_value(income - used, skip_validation=True)
        pool = pool + loss - used
        m.loss_pool[year].set_value(pool, skip_validation=True)
        if year in m.LAW_YEARS:
            m.losses_used[year].set_value(used, skip_validation=True)
