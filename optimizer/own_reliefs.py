"""Own reliefs: small steps for a case that declares none, made from what holds its plan back."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.relief import Relief
from masterplan.reports.binding import CAPEX_LIMIT, MINIMUM_CASH, MONEY, PURCHASES, SALES, STARTS, binding
from masterplan.reports.recompute import Recomputed

TENTH = 0.1  # of a limit, of cash
MODULE = 1.0
YEAR = 1.0


def own_reliefs(plan: Plan, numbers: Recomputed, prices: pd.DataFrame) -> tuple[Relief, ...]:
    """A tenth more of each limit that is met, one module more where starts are at their limit, a year less for what is begun.

    A tenth: market limits (outside supply too), general limits (a tenth less of a floor), the capex limit, the debt limit, and of the
    dearest year's capex as cash. One module: starts a year and in total. One year: the lead time of every project that the plan starts.
    `prices` is the table of `price_table`: it knows limits that the reports do not follow.
    """
    found: dict[str, Relief] = {}
    for relief in (*_met(plan, numbers), *_priced(plan.case, prices), *_lead_times(plan)):
        found.setdefault(relief.name, relief)
    return tuple(found.values())


def _met(plan: Plan, numbers: Recomputed) -> Iterator[Relief]:
    for section, item, _ in binding(plan, numbers):
        if section in (PURCHASES, SALES):
            yield _tenth(f"limit of {item}", "markets", _market_key(plan.case, item), "limit")
        elif section == STARTS:
            project = item.removeprefix("starts of ")
            yield _plus(f"{item} a year", "projects", project, "max_per_year", MODULE)
        elif (section, item) == (MONEY, CAPEX_LIMIT):
            yield _tenth(item, "finance", "", "capex_limit")
        elif (section, item) == (MONEY, MINIMUM_CASH):
            dearest = float(numbers.capex.groupby("year")["total"].sum().max()) if len(numbers.capex) else 0.0
            if dearest > 0:
                yield _plus("opening cash", "settings", "", "opening_cash", float(f"{TENTH * dearest:.3g}"))


def _market_key(case: Case, item: str) -> str:
    """`ore/2` for `ore tier 2`."""
    market, _, tier = item.rpartition(" tier ")
    return f"{market}/{tier}" if market in case.names("markets") else f"{item}/1"


def _priced(case: Case, prices: pd.DataFrame) -> Iterator[Relief]:
    senses = case.attribute("limits", "sense")
    worth = prices[prices["price"] > 0]
    for kind, name in worth[["kind", "name"]].drop_duplicates().itertuples(index=False):
        if kind == "limit":
            yield _tenth(f"limit {name}", "limits", name, "bound", -TENTH if senses[name] == "at_least" else TENTH)
        elif kind == "debt limit" and name == kind:
            yield _tenth(name, "finance", "", "debt_limit")
        elif kind == "starts in total":
            yield _plus(f"starts of {name} in total", "projects", name, "max_total", MODULE)


def _lead_times(plan: Plan) -> Iterator[Relief]:
    lead = plan.case.attribute("projects", "lead_time")
    for name, modules in plan.starts.groupby("project", sort=False)["modules"].sum().items():
        if modules > 1e-9 and lead[name] >= 1:
            yield _plus(f"lead time of {name}", "projects", str(name), "lead_time", -YEAR)


def _tenth(limit: str, table: str, key: str, column: str, share: float = TENTH) -> Relief:
    return Relief(limit, limit, table, key, column, "times", share, share)


def _plus(limit: str, table: str, key: str, column: str, amount: float) -> Relief:
    return Relief(limit, limit, table, key, column, "plus", amount, amount)
