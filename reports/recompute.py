"""Recomputation: what follows from a plan's decisions, read from the tables and the decisions alone.

It shares no code with the model: the arithmetic here is written a second time, in plain Python, so that an error in either shows.
Only `plan.case` and the decision frames are read; entries that the caller's own blocks added (`plan.extra_entries`) are taken as given.
Rows of a hand-edited plan that cannot be read (unknown names, text in numbers) count as absent; `audit` names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import funding, money, operations, worth
from masterplan.reports.facts import Facts
from masterplan.reports.measures import everything, limits, targets

WORDS = ("project", "activity", "resource", "entry", "kind", "item", "disposal", "target", "name")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "modules": ("project", "year", "started", "under_construction", "alive"),
    "capacity": ("activity", "year", "existing", "converted", "closed", "built", "capacity", "level", "utilisation"),
    "balance": ("resource", "entry", "item", "year", "amount"),
    "surplus": ("resource", "year", "amount", "disposal"),
    "capex": ("project", "year", "own", "fixed", "capitalised", "total"),
    "capex_after": ("project", "year", "own", "fixed", "capitalised", "total"),
    "budget": ("year", "limit", "carried_over", "available", "spend", "committed_inside", "unspent"),
    "cash": ("entry", "kind", "item", "year", "amount"),
    "cash_position": ("year", "opening", "net", "closing", "minimum"),
    "tax": ("year", "depreciation", "base", "losses_used", "loss_pool", "income", "tax"),
    "present_value": ("year", "cash_flow", "factor", "present_value", "debt_spread"),
    "debt": ("year", "opening", "drawn", "repaid", "closing", "interest", "earnings", "limit", "carried"),
    "targets": ("target", "year", "reached", "bound", "missed", "penalty"),
    "limits": ("name", "year", "reached", "bound"),
    "terminal": ("item", "basis", "share", "amount"),
}


@dataclass(frozen=True, eq=False)
class Recomputed:
    """Everything that follows from a plan's decisions, as tidy frames (columns in `COLUMNS`, a row for every item and year).

    Quantities are in the units of their resource, activity or module, money in the case's unit; money in is positive.
    `balance` and `cash` hold a row only where the amount is not zero. `converted` and `closed` are capacity taken away, so
    that capacity = existing - converted - closed + built. `minimum` in `cash_position` is NaN where cash is not limited; `budget` is empty
    without a capex limit, `tax` without a tax rate. `capex_after` holds what falls after the last year.
    `depreciation` in `tax` is NaN where no project has a depreciation class.
    `terminal` is in money at the end of the last year: for book value `amount` = basis x share x what tax leaves, and, of what is
    still to be deducted from taxable income, basis x share x tax rate;
    for a perpetuity `basis` is money a year and `share` the number of years it is worth.
    `present_value` = (cash_flow + debt_spread) x factor. `debt` is empty where the case does not borrow; its `carried` is what earnings
    allow, NaN as `limit` where there is none. `targets` holds floors and limits with a penalty, see `measures.targets`; its penalties are
    not discounted, those of `totals` are, unless final cash is the objective. `limits` has every limit in the years that it is checked in.
    `totals`: npv, npv_without_terminal, terminal_value (discounted), after_horizon (discounted), final_cash, objective, capex_total,
    penalties, peak_debt, peak_funding_need (>= 0), lowest_cash, lowest_cash_year, payback_year (None where the plan never pays back).
    """

    modules: pd.DataFrame = field(repr=False)
    capacity: pd.DataFrame = field(repr=False)
    balance: pd.DataFrame = field(repr=False)
    surplus: pd.DataFrame = field(repr=False)
    capex: pd.DataFrame = field(repr=False)
    capex_after: pd.DataFrame = field(repr=False)
    budget: pd.DataFrame = field(repr=False)
    cash: pd.DataFrame = field(repr=False)
    cash_position: pd.DataFrame = field(repr=False)
    tax: pd.DataFrame = field(repr=False)
    present_value: pd.DataFrame = field(repr=False)
    debt: pd.DataFrame = field(repr=False)
    targets: pd.DataFrame = field(repr=False)
    limits: pd.DataFrame = field(repr=False)
    terminal: pd.DataFrame = field(repr=False)
    totals: Mapping[str, float | None]


def recompute(plan: Plan) -> Recomputed:
    """Everything that follows from the plan's decisions; the case must be one that passed its checks, the plan may be any."""
    return recompute_facts(Facts(plan))


def recompute_facts(facts: Facts) -> Recomputed:
    """The same from facts that are read already."""
    modules = operations.modules(facts)
    capacity = operations.capacity(facts)
    balance = operations.balance(facts, capacity)
    capex, capex_after = money.spend(facts)
    cash = money.cash_before_tax(facts, capacity, modules, capex)
    tax = money.tax(facts, cash)
    cash += [("tax", money.KINDS["tax"], "", row[0], -row[-1]) for row in tax if row[-1]]
    position = money.cash_position(facts, cash)
    flows, terminal = worth.present_value(facts, cash), worth.terminal(facts, cash)
    after = worth.after_horizon(facts, capex_after)
    rows = {
        "modules": modules,
        "capacity": capacity,
        "balance": balance,
        "surplus": operations.surplus(facts, balance),
        "capex": capex,
        "capex_after": capex_after,
        "budget": money.budget(facts, capex),
        "cash": cash,
        "cash_position": position,
        "tax": tax,
        "present_value": flows,
        "debt": funding.debt(facts, cash),
        "terminal": terminal,
    }
    frames = {name: _frame(rows[name], columns) for name, columns in COLUMNS.items() if name in rows}
    measured = everything(facts, frames, funding.earnings(facts, cash))
    missed = targets(facts, measured)
    frames |= {"targets": _frame(missed, COLUMNS["targets"]), "limits": _frame(limits(facts, measured), COLUMNS["limits"])}
    return Recomputed(**frames, totals=worth.totals(facts, capex, terminal, after, flows, position, missed))


def _frame(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Years are whole numbers, words stay words, all else is a number."""
    types = {column: int if column == "year" else float for column in columns if column not in WORDS}
    return pd.DataFrame(rows, columns=list(columns)).astype(types)
