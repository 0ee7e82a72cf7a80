"""Horizon: the sets every block shares, and how money of a year counts at the start of the first.

Decides   nothing
Holds     nothing
Posts     GIVEN baseline_cash, committed_capex; FINANCING external_capital
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger
from masterplan.formulations.listed import Members, Numbers

OFFSET = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add shared sets, discount factors and the finance table's given lines."""
    m.YEARS = Members(initialize=case.years, doc="years of the plan")
    m.RESOURCES = Members(initialize=case.names("resources"))
    m.ACTIVITIES = Members(initialize=case.names("activities"))
    m.PROJECTS = Members(initialize=case.names("projects"))
    m.first_year = case.first_year

    def inside(series: dict[Any, float]) -> dict[Any, float]:
        """Only the years of the plan."""
        return {key: value for key, value in series.items() if (key[-1] if isinstance(key, tuple) else key) >= case.first_year}

    m.inside = inside
    rate, offset = case.setting("discount_rate"), OFFSET[case.setting("flow_timing")]
    given = inside(case.series("finance", "discount_factor"))
    factors = {year: given.get(year, (1.0 + rate) ** -(year - case.first_year + offset)) for year in case.years}
    m.discount = Numbers(m.YEARS, initialize=factors, doc="worth of a flow of the year at the start of the plan")
    end = case.setting("terminal_discount_factor")
    m.discount_end = float(end if end is not None else given.get(case.last_year, (1.0 + rate) ** -len(case.years)))

    def after_factor(year: int) -> float:
        """Worth at the end of the plan of a flow of a year after it."""
        return float((1.0 + rate) ** -(year - case.last_year - 1.0 + offset))

    m.after_factor = after_factor
    for name in ("tax_rate", "baseline_cash", "baseline_taxable", "committed_capex", "external_capital"):
        setattr(m, name, Numbers(m.YEARS, initialize=inside(case.series("finance", name)), default=0.0, doc=f"finance: {name}"))
    ledger.post(Account.GIVEN, "baseline_cash", lambda m, year: m.baseline_cash[year])
    ledger.post(Account.GIVEN, "committed_capex", lambda m, year: -m.committed_capex[year])
    ledger.post(Account.FINANCING, "external_capital", lambda m, year: m.external_capital[year])
