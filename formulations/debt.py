"""Debt: money that is borrowed, raised and paid out, and what it costs.

Decides   drawn[year]              borrowed in the year                                                             [money]
          repaid[year]             paid back in the year                                                            [money]
          debt[year]               debt at the end of the year, within its limit                                    [money]
          raised[year]             equity raised by choice, within its limit                                        [money]
          distributed[year]        paid out to owners, no less than asked for                                       [money]
          earnings[year]           money of the year that debt is measured by (block earnings)                      [money]
Holds     debt_carries_over[year]  debt = debt of the year before + drawn - repaid
Posts     FINANCING drawn, repaid, interest, raised, distributions; RAISING issue_cost; CHARGE debt_spread

NPV is unlevered: draws, repayments, interest, equity and distributions move cash and not value, and tax ignores interest. The cost of
raising money is paid and counts as value; `debt_spread` counts as value and is not paid, since cash pays the interest itself.
Debt and the payments of a year rest on the debt at its start. Without a limit on debt or equity nothing is decided here.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.templates import holds


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add debt where it has a limit, equity where it may be raised, and post what they move and cost."""
    _years(m, case)
    _decisions(m, case)
    rates = {"interest_rate": "interest", "issue_cost": "cost of drawing and raising", "distributions": "least paid out [money]"}
    for name, doc in rates.items():
        setattr(m, f"given_{name}", Numbers(m.YEARS, initialize=m.inside(case.series("finance", name)), default=0.0, doc=doc))
    m.opening_debt = Numbers(
        m.YEARS, initialize={case.first_year: case.setting("opening_debt")}, default=0.0, doc="debt from before the plan [money]"
    )

    @holds(m, m.DEBT_YEARS, doc="debt carries over from the year before, grows by draws and shrinks by repayments")
    def debt_carries_over(m: pyo.ConcreteModel, year: int) -> Term:
        return m.debt[year] == debt_before(m, year) + m.drawn[year] - m.repaid[year]

    _post(m, case, ledger)


def debt_before(m: pyo.ConcreteModel, year: int) -> Term:
    """Debt at the start of the year [money]."""
    return sum(m.debt[before] for before in m.DEBT_BEFORE[year]) + m.opening_debt[year]


def _years(m: pyo.ConcreteModel, case: Case) -> None:
    limits = [m.inside(case.series("finance", name)) for name in ("debt_limit", "debt_multiple")]
    borrows, raises = any(limits), any(m.inside(case.series("finance", "raise_limit")).values())
    measured = any(measure == "earnings" for _, measure, _ in case.keys("limit_members"))
    for name, wanted, doc in (
        ("DEBT_YEARS", borrows, "years of a case that may borrow"),
        ("RAISING_YEARS", raises, "years of a case that may raise equity"),
        ("FUNDED_YEARS", borrows or raises, "years of a case that decides on money"),
        ("EARNING_YEARS", bool(limits[1]) or measured, "years in which earnings limit debt or are measured"),
    ):
        years = list(m.YEARS) if wanted else []
        setattr(m, name, Members(initialize=years, doc=doc))
        each = Lists(m.YEARS, dimen=1, initialize={year: [year] for year in years}, doc="the year, if so")
        setattr(m, f"{name}_IN", each)
    m.DEBT_BEFORE = pyo.Set(
        m.YEARS, dimen=1, initialize=lambda m, year: [year - 1] if borrows and year > case.first_year else [], doc="the year before"
    )


def _decisions(m: pyo.ConcreteModel, case: Case) -> None:
    limit, most = (m.inside(case.series("finance", name)) for name in ("debt_limit", "raise_limit"))
    least = m.inside(case.series("finance", "distributions"))
    positive = pyo.NonNegativeReals
    m.drawn = pyo.Var(m.DEBT_YEARS, domain=positive, doc="borrowed in the year [money]")
    m.repaid = pyo.Var(m.DEBT_YEARS, domain=positive, doc="paid back in the year [money]")
    m.debt = pyo.Var(m.DEBT_YEARS, domain=positive, bounds=lambda m, year: (0, limit.get(year)), doc="debt at the year's end [money]")
    m.raised = pyo.Var(m.RAISING_YEARS, domain=positive, bounds=lambda m, year: (0, most[year]), doc="equity raised by choice [money]")
    m.distributed = pyo.Var(m.FUNDED_YEARS, domain=positive, bounds=lambda m, year: (least[year], None), doc="paid out to owners [money]")
    m.earnings = pyo.Var(m.EARNING_YEARS, domain=pyo.Reals, doc="what debt is measured by [money]")


def _post(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    spread = case.setting("debt_spread")
    if len(m.DEBT_YEARS):
        ledger.post(Account.FINANCING, "drawn", lambda m, year: m.drawn[year])
        ledger.post(Account.FINANCING, "repaid", lambda m, year: -m.repaid[year])
        ledger.post(Account.FINANCING, "interest", lambda m, year: -m.given_interest_rate[year] * debt_before(m, year))
        if spread:
            ledger.post(Account.CHARGE, "debt_spread", lambda m, year: -spread * debt_before(m, year))
    if len(m.RAISING_YEARS):
        ledger.post(Account.FINANCING, "raised", lambda m, year: m.raised[year])
    if len(m.FUNDED_YEARS):
        ledger.post(Account.FINANCING, "distributions", lambda m, year: -m.distributed[year])
        ledger.post(Account.RAISING, "issue_cost", _issue_cost)
    elif any(m.given_distributions[year] for year in m.YEARS):
        ledger.post(Account.FINANCING, "distributions", lambda m, year: -m.given_distributions[year])


def _issue_cost(m: pyo.ConcreteModel, year: int) -> Term:
    new = sum(m.drawn[y] for y in m.DEBT_YEARS_IN[year]) + sum(m.raised[y] for y in m.RAISING_YEARS_IN[year])
    return -m.given_issue_cost[year] * new


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, draw or repay but not both in a year, and pay out what is asked for: never worse, the same plan every time."""
    before = m.opening_debt[m.first_year]
    for year in m.DEBT_YEARS:
        debt = max(0.0, float(m.debt[year].value))
        m.debt[year].set_value(debt, skip_validation=True)
        m.drawn[year].set_value(max(0.0, debt - before), skip_validation=True)
        m.repaid[year].set_value(max(0.0, before - debt), skip_validation=True)
        before = debt
    for year in m.FUNDED_YEARS:
        m.distributed[year].set_value(m.given_distributions[year], skip_validation=True)
