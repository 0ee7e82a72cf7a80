"""Terminal: what stands at the end of the plan is worth something.

Decides   nothing
Holds     nothing
Posts     TERMINAL modules, perpetuity

Book value: the share of each start's cost that is not used up, work in progress at cost, less the tax that expensed assets still owe.
Perpetuity: (operating cash of the last year - the annuity that replaces what stands) x (1 + g) / (r - g), Gordon and Shapiro (1956),
brought to the timing of flows in their year and taxed as a steady year: the last rate on operating income less that annuity. The last
year's own tax would pass on for ever what its capex and its losses saved once. What is paid once in the last year (investment credits,
retiring, closing) is not in it for ever; committed capex is.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Members, Numbers
from masterplan.formulations.vintages import Start, Vintages, vintages


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post the terminal value that the settings ask for."""
    v, kind = vintages(case), case.setting("terminal_value")
    weights = {"none": {}, "book_value": _book_weights(m, v), "perpetuity": _replacement_weights(v)}[kind]
    _weigh(m, v, weights)
    if kind == "book_value":
        ledger.post(Account.TERMINAL, "modules", _weighted_cost)
    if kind == "perpetuity":
        rate, growth, last = case.setting("discount_rate"), case.setting("perpetuity_growth"), case.last_year
        operating, credit, given = (ledger.collect(account, "terminal") for account in (Account.OPERATING, Account.CREDIT, Account.GIVEN))
        multiple = (1.0 + growth) / (rate - growth) * m.after_factor(last)  # flows fall as early in their year as the plan's do
        paid_once = {"investment_credit", "retirement_cost", "closing_cost"}
        once = [post for entry, post in ledger.entries(Account.CREDIT).items() if entry in paid_once]
        taxed_once = [post for entry, post in ledger.entries(Account.OPERATING).items() if entry in paid_once]

        def perpetuity(m: pyo.ConcreteModel) -> Term:
            taxed = m.baseline_taxable[last] + operating(m, last) - sum(post(m, last) for post in taxed_once) - _weighted_cost(m)
            untaxed = credit(m, last) + given(m, last) - sum(post(m, last) for post in once) - m.baseline_taxable[last]
            return multiple * ((1.0 - m.tax_rate[last]) * taxed + untaxed)

        ledger.post(Account.TERMINAL, "perpetuity", perpetuity)


def _book_weights(m: pyo.ConcreteModel, v: Vintages) -> dict[Start, float]:
    kept = 1.0 - m.tax_rate[v.case.last_year]
    return {(p, s): kept * v.remaining_share(p, s) for p, s in v.starts}


def _replacement_weights(v: Vintages) -> dict[Start, float]:
    """Yearly cost of replacing a module, per money of its cost, where it is alive in the last year."""
    rate = v.case.setting("discount_rate")

    def annuity(life: int) -> float:
        return rate / (1.0 - (1.0 + rate) ** -life) if rate else 1.0 / life

    return {(p, s): annuity(v.life[p]) for p, s in v.starts if v.case.last_year in v.alive(p, s)}


def _weigh(m: pyo.ConcreteModel, v: Vintages, weights: dict[Start, float]) -> None:
    net = {(p, s): weight * (1.0 - v.credit_share(p, s)) for (p, s), weight in weights.items() if weight}
    openings = {start: weight for start, weight in net.items() if start in m.OPENINGS and v.fixed_capex[start]}
    m.STANDING_MODULES = Members(dimen=2, initialize=list(net), doc="starts that count at the end of the plan")
    m.STANDING_OPENINGS = Members(dimen=2, initialize=list(openings), doc="openings that count at the end of the plan")
    m.weighted_cost = Numbers(m.STANDING_MODULES, initialize={s: w * v.cost_of_module(*s) for s, w in net.items()}, doc="[money/module]")
    curves = {start: weight for start, weight in net.items() if start in m.CURVED}
    gone = [(p, s, v.case.last_year) for p, s in net if (p, s, v.case.last_year) in m.RETIREMENTS]
    m.STANDING_CURVES = Members(dimen=2, initialize=list(curves), doc="starts on a cost curve that count at the end of the plan")
    m.weighted_curve = Numbers(m.STANDING_CURVES, initialize=curves, doc="share of the start's capex")
    m.GONE_BY_THE_END = Members(dimen=3, initialize=gone, doc="of the starts that count, what may be retired")
    m.weighted_opening = Numbers(m.STANDING_OPENINGS, initialize={s: w * v.fixed_capex[s] for s, w in openings.items()}, doc="[money]")


def _weighted_cost(m: pyo.ConcreteModel) -> Term:
    return (
        sum(m.weighted_cost[p, s] * m.start[p, s] for p, s in m.STANDING_MODULES)
        - sum(m.weighted_cost[p, s] * m.gone[p, s, y] for p, s, y in m.GONE_BY_THE_END)
        + sum(m.weighted_opening[p, s] * m.open_project[p, s] for p, s in m.STANDING_OPENINGS)
        + sum(m.weighted_curve[p, s] * m.curve_cost[p, s] for p, s in m.STANDING_CURVES)
    )
