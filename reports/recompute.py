"""Recomputation: what follows from a plan's decisions, read from the tables and the decisions alone.

It shares no code with the model: the arithmetic here is written a second time, in plain Python, so that an error in either shows.
Only `plan.case` and the decision frames are read; entries that the caller's own blocks added (`plan.extra_entries`) are taken as given.
Rows of a hand-edited plan that cannot be read (unknown names, text in numbers) count as absent; `audit` names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "modules": ("project", "year", "started", "under_construction", "alive"),
    "capacity": ("activity", "year", "existing", "converted", "built", "capacity", "level", "utilisation"),
    "balance": ("resource", "entry", "item", "year", "amount"),
    "surplus": ("resource", "year", "amount", "disposal"),
    "capex": ("project", "year", "own", "fixed", "capitalised", "total"),
    "capex_after": ("project", "year", "own", "fixed", "capitalised", "total"),
    "budget": ("year", "limit", "carried_over", "available", "spend", "committed_inside", "unspent"),
    "cash": ("entry", "kind", "item", "year", "amount"),
    "cash_position": ("year", "opening", "net", "closing", "minimum"),
    "tax": ("year", "base", "losses_used", "loss_pool", "income", "tax"),
    "present_value": ("year", "cash_flow", "factor", "present_value"),
    "terminal": ("item", "basis", "share", "amount"),
}


@dataclass(frozen=True, eq=False)
class Recomputed:
    """Everything that follows from a plan's decisions, as tidy frames (columns in `COLUMNS`, a row for every item and year).

    Quantities are in the units of their resource, activity or module, money in the case's unit; money in is positive.
    `balance` and `cash` hold a row only where the amount is not zero. `converted` is capacity taken away, so that
    capacity = existing - converted + built. `minimum` in `cash_position` is NaN where cash is not limited; `budget` is empty
    without a capex limit, `tax` without a tax rate. `capex_after` holds what falls after the last year.
    `terminal` is in money at the end of the last year: for book value `amount` = basis x share x what tax leaves,
    for a perpetuity `basis` is money a year and `share` the number of years it is worth.
    `totals`: npv, npv_without_terminal, terminal_value (discounted), after_horizon (discounted), final_cash, objective, capex_total,
    peak_funding_need (>= 0), lowest_cash, lowest_cash_year, payback_year (None where the plan never pays back).
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
    terminal: pd.DataFrame = field(repr=False)
    totals: Mapping[str, float | None]
