"""Spend: the capex of every start, in the years of its spend profile, with its capitalised inputs.

Decides   nothing
Holds     nothing
Posts     CAPEX capex, capitalised_capex; OPERATING capitalised_inputs; AFTER spend_after
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.vintages import Start, Vintages, vintages

Spent = tuple[str, int, int]  # project, start, year


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post capex by year; what falls after the plan is charged at its end."""
    v = vintages(case)
    per_module, per_opening, capitalised = _spending(v, m)
    for name, amounts in (("module", per_module), ("opening", per_opening), ("input", capitalised)):
        inside = {key: amount for key, amount in amounts.items() if key[2] <= case.last_year}
        by_year: dict[int, list[Start]] = {year: [] for year in case.years}
        for project, start, year in inside:
            by_year[year].append((project, start))
        keys = Members(dimen=3, initialize=list(inside), doc=f"(project, start, year) of spending per {name}")
        setattr(m, f"SPENT_PER_{name.upper()}", keys)
        setattr(m, f"spent_per_{name}", Numbers(keys, initialize=inside, doc="[money/module]"))
        setattr(m, f"SPENDING_PER_{name.upper()}", Lists(m.YEARS, dimen=2, initialize=by_year, doc="starts that spend in the year"))
    _after(m, case, per_module, per_opening, capitalised)
    _on_curves(m, v)
    ledger.post(Account.CAPEX, "capex", _own)
    ledger.post(Account.CAPEX, "capitalised_capex", _capitalised)
    ledger.post(Account.OPERATING, "capitalised_inputs", _capitalised)
    ledger.post(Account.AFTER, "spend_after", _spend_after)


def _own(m: pyo.ConcreteModel, year: int) -> Term:
    return (
        sum(m.spent_per_module[p, s, year] * m.start[p, s] for p, s in m.SPENDING_PER_MODULE[year])
        + sum(m.spent_per_opening[p, s, year] * m.open_project[p, s] for p, s in m.SPENDING_PER_OPENING[year])
        + sum(m.spent_on_curve[p, s, year] * m.curve_cost[p, s] for p, s in m.SPENDING_ON_CURVE[year])
    )


def _capitalised(m: pyo.ConcreteModel, year: int) -> Term:
    return sum(m.spent_per_input[p, s, year] * m.start[p, s] for p, s in m.SPENDING_PER_INPUT[year])


def _spend_after(m: pyo.ConcreteModel) -> Term:
    return (
        -sum(m.after_per_module[p, s] * m.start[p, s] for p, s in m.AFTER_MODULES)
        - sum(m.after_per_opening[p, s] * m.open_project[p, s] for p, s in m.AFTER_OPENINGS)
        - sum(m.after_on_curve[p, s] * m.curve_cost[p, s] for p, s in m.AFTER_CURVES)
    )


def _spending(v: Vintages, m: pyo.ConcreteModel) -> tuple[dict[Spent, float], dict[Spent, float], dict[Spent, float]]:
    """Money by (project, start, year), also after the plan: per module, per opening, and capitalised inputs per module."""
    per_module: dict[Spent, float] = {}
    per_opening: dict[Spent, float] = {}
    capitalised: dict[Spent, float] = defaultdict(float)
    for project, start in v.starts:
        for year, share in v.spend_shares(project, start).items():
            if v.capex[project, start]:
                per_module[project, start, year] = share * v.capex[project, start]
            if (project, start) in m.OPENINGS and v.fixed_capex[project, start]:
                per_opening[project, start, year] = share * v.fixed_capex[project, start]
        for _, year, _, value in v.building_inputs(project, start):
            if value and year >= v.case.first_year:
                capitalised[project, start, year] += value
    return per_module, per_opening, capitalised


def _after(
    m: pyo.ConcreteModel, case: Case, per_module: dict[Spent, float], per_opening: dict[Spent, float], capitalised: dict[Spent, float]
) -> None:
    """Spending after the plan, charged at its end: net of the tax it will save, but whole where it is written off by schedule.

    At face value: unfinished work counts in the book value at cost, so a discount here would pay for starting what nobody needs.
    """
    modules: dict[Start, float] = defaultdict(float)
    openings: dict[Start, float] = defaultdict(float)
    classed = case.attribute("projects", "depreciation_class")
    kept = {project: 1.0 if project in classed else 1.0 - m.tax_rate[case.last_year] for project in m.PROJECTS}
    for amounts, found in ((per_module, modules), (capitalised, modules), (per_opening, openings)):
        for (project, start, year), amount in amounts.items():
            if year > case.last_year:
                found[project, start] += amount * kept[project]
    m.AFTER_MODULES = Members(dimen=2, initialize=list(modules), doc="starts with spending after the plan")
    m.AFTER_OPENINGS = Members(dimen=2, initialize=list(openings), doc="openings with spending after the plan")
    m.after_per_module = Numbers(m.AFTER_MODULES, initialize=dict(modules), doc="worth at the end of the plan [money/module]")
    m.after_per_opening = Numbers(m.AFTER_OPENINGS, initialize=dict(openings), doc="worth at the end of the plan [money]")


def _on_curves(m: pyo.ConcreteModel, v: Vintages) -> None:
    """Shares of what a cost curve says, by year; after the plan net of the tax it will save, at the end of the plan."""
    case = v.case
    shares = {(p, s, year): share for p, s in m.CURVED for year, share in v.spend_shares(p, s).items()}
    inside = {key: share for key, share in shares.items() if key[2] <= case.last_year}
    by_year: dict[int, list[Start]] = {year: [] for year in case.years}
    for project, start, year in inside:
        by_year[year].append((project, start))
    later: dict[Start, float] = defaultdict(float)
    classed = case.attribute("projects", "depreciation_class")
    for (project, start, year), share in shares.items():
        if year > case.last_year:
            kept = 1.0 if project in classed else 1.0 - m.tax_rate[case.last_year]
            later[project, start] += share * kept
    m.SPENT_ON_CURVE = Members(dimen=3, initialize=list(inside), doc="(project, start, year) of spending on a cost curve")
    m.spent_on_curve = Numbers(m.SPENT_ON_CURVE, initialize=inside, doc="share of the start's capex")
    m.SPENDING_ON_CURVE = Lists(m.YEARS, dimen=2, initialize=by_year, doc="starts that spend in the year")
    m.AFTER_CURVES = Members(dimen=2, initialize=list(later), doc="starts on a curve with spending after the plan")
    m.after_on_curve = Numbers(m.AFTER_CURVES, initialize=dict(later), doc="worth of a money at the end of the plan")
