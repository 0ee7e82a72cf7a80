"""Depreciation: capex of a project with a depreciation class is deducted from taxable income by its schedule, not when it is spent.

Decides   nothing
Holds     nothing
Posts     TAXABLE capex_not_expensed, depreciation; TERMINAL tax_basis

The cost of a start is its capex, its capitalised inputs and, with the opening, its fixed capex, before any credit and wherever they fall.
It is deducted from the first output year on; years before the plan have had their part, years after it are not deducted in it.
What is then left to deduct saves tax at the last rate, where the end of the plan is worth book value: so that tax is owed on what
the book value exceeds the tax basis by.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.vintages import Start, Vintages, vintages

Spent = tuple[str, int, int]  # project, start, year


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post what is not deducted when spent, what is written off instead, and what is left of it at the end."""
    v = vintages(case)
    _deferred(m, v)
    _written_off(m, v)
    ledger.post(Account.TAXABLE, "capex_not_expensed", _not_expensed)
    ledger.post(Account.TAXABLE, "depreciation", lambda m, year: -_depreciation(m, year))
    if case.setting("terminal_value") == "book_value":
        _left(m, v)
        ledger.post(Account.TERMINAL, "tax_basis", _tax_saved_later)


def is_depreciated(v: Vintages, project: str) -> bool:
    """Has the project a depreciation class?"""
    return project in v.attribute("depreciation_class")


def schedule(v: Vintages, project: str) -> tuple[float, ...]:
    """Share of the cost that is deducted at each age, 0 being the first output year; of a project with a class."""
    name = v.attribute("depreciation_class")[project]
    method, years, rate, immediate = (v.case.attribute("depreciation", column) for column in ("method", "years", "rate", "immediate"))
    if method[name] == "expensing":
        return (1.0,)
    left = 1.0 - immediate[name]
    shares = [immediate[name]] + [0.0] * (years[name] - 1)
    for age in range(years[name]):
        straight = left / (years[name] - age)
        part = max(straight, rate[name] * left) if method[name] == "declining_balance" else straight
        shares[age] += part
        left -= part
    return tuple(shares)


def deducted(v: Vintages, project: str, start: int) -> dict[int, float]:
    """year -> share of the cost that is deducted in it, years of the plan only; of a project with a class."""
    first = v.first_output(project, start)
    return {first + age: share for age, share in enumerate(schedule(v, project)) if first + age in v.case.years and share}


def left_to_deduct(v: Vintages, project: str, start: int) -> float:
    """Share of the cost that is not deducted by the end of the plan; of a project with a class."""
    used = v.case.last_year - v.first_output(project, start) + 1
    return float(sum(schedule(v, project)[max(used, 0) :]))


def _deferred(m: pyo.ConcreteModel, v: Vintages) -> None:
    """The spending of depreciated projects, by year."""
    spending = {"MODULE": m.SPENT_PER_MODULE, "OPENING": m.SPENT_PER_OPENING, "INPUT": m.SPENT_PER_INPUT, "CURVE": m.SPENT_ON_CURVE}
    for name, keys in spending.items():
        found = _by_year(v, [key for key in keys if is_depreciated(v, key[0])])
        setattr(m, f"DEFERRED_PER_{name}", Lists(m.YEARS, dimen=2, initialize=found, doc="starts whose spending is not expensed"))


def _not_expensed(m: pyo.ConcreteModel, year: int) -> Term:
    return (
        sum(m.spent_per_module[p, s, year] * m.start[p, s] for p, s in m.DEFERRED_PER_MODULE[year])
        + sum(m.spent_per_opening[p, s, year] * m.open_project[p, s] for p, s in m.DEFERRED_PER_OPENING[year])
        + sum(m.spent_per_input[p, s, year] * m.start[p, s] for p, s in m.DEFERRED_PER_INPUT[year])
        + sum(m.spent_on_curve[p, s, year] * m.curve_cost[p, s] for p, s in m.DEFERRED_PER_CURVE[year])
    )


def _written_off(m: pyo.ConcreteModel, v: Vintages) -> None:
    """Sets and Params of depreciation by (project, start, year): per module, per opening, and as a share of the cost on a curve."""
    shares = {(p, s, year): share for p, s in v.starts if is_depreciated(v, p) for year, share in deducted(v, p, s).items()}
    for name, cost in _costs(m, v).items():
        amounts = {key: share * cost[key[:2]] for key, share in shares.items() if key[:2] in cost}
        keys = Members(dimen=3, initialize=list(amounts), doc=f"(project, start, year) of depreciation per {name}")
        setattr(m, f"DEDUCTED_PER_{name.upper()}", keys)
        setattr(m, f"deducted_per_{name}", Numbers(keys, initialize=amounts, doc=f"deducted in the year [money/{name}]"))
        doc = "starts that are written off in the year"
        setattr(m, f"DEDUCTING_PER_{name.upper()}", Lists(m.YEARS, dimen=2, initialize=_by_year(v, list(amounts)), doc=doc))


def _costs(m: pyo.ConcreteModel, v: Vintages) -> dict[str, dict[Start, float]]:
    """What is deducted in all: money per module and per opening, 1 per money on a cost curve; none where there is none."""
    modules = {start: cost for start in v.starts if (cost := v.cost_of_module(*start))}
    openings = {start: v.fixed_capex[start] for start in m.OPENINGS if v.fixed_capex[start]}
    return {"module": modules, "opening": openings, "curve": dict.fromkeys(m.CURVED, 1.0)}


def _by_year(v: Vintages, keys: list[Spent]) -> dict[int, list[Start]]:
    found: dict[int, list[Start]] = {year: [] for year in v.case.years}
    for project, start, year in keys:
        found[year].append((project, start))
    return found


def _depreciation(m: pyo.ConcreteModel, year: int) -> Term:
    return (
        sum(m.deducted_per_module[p, s, year] * m.start[p, s] for p, s in m.DEDUCTING_PER_MODULE[year])
        + sum(m.deducted_per_opening[p, s, year] * m.open_project[p, s] for p, s in m.DEDUCTING_PER_OPENING[year])
        + sum(m.deducted_per_curve[p, s, year] * m.curve_cost[p, s] for p, s in m.DEDUCTING_PER_CURVE[year])
    )


def _left(m: pyo.ConcreteModel, v: Vintages) -> None:
    """Tax that later deductions will save: per module, per opening, and per money on a cost curve."""
    rate = m.tax_rate[v.case.last_year]
    shares = {(p, s): rate * left_to_deduct(v, p, s) for p, s in v.starts if is_depreciated(v, p)}
    for name, cost in _costs(m, v).items():
        saved = {start: share * cost[start] for start, share in shares.items() if share and start in cost}
        keys = Members(dimen=2, initialize=list(saved), doc=f"cost per {name} that is left to deduct after the plan")
        setattr(m, f"LEFT_PER_{name.upper()}", keys)
        setattr(m, f"saved_per_{name}", Numbers(keys, initialize=saved, doc=f"tax saved after the plan [money/{name}]"))


def _tax_saved_later(m: pyo.ConcreteModel) -> Term:
    return (
        sum(m.saved_per_module[p, s] * m.start[p, s] for p, s in m.LEFT_PER_MODULE)
        + sum(m.saved_per_opening[p, s] * m.open_project[p, s] for p, s in m.LEFT_PER_OPENING)
        + sum(m.saved_per_curve[p, s] * m.curve_cost[p, s] for p, s in m.LEFT_PER_CURVE)
    )
