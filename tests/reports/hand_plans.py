"""Plans written by hand: decisions as dictionaries, with the rows of zero that a whole plan has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import DECISIONS, RESULTS, Plan
from masterplan.reports.flows import flows_of
from masterplan.reports.recompute import recompute

Amounts = Mapping[Any, float]


def hand_plan(case: Case, **decisions: Amounts) -> Plan:
    """A plan of these decisions ({key: amount}), and of 0 for every level, trade, stock, loss and flow of money that is not named."""
    storable = case.attribute("resources", "storable")
    zeros: dict[str, list[Any]] = {
        "levels": [(name, year) for name in case.names("activities") for year in case.years],
        "trades": [(*key, year) for key in case.keys("markets") for year in case.years],
        "stocks": [(name, year) for name in case.names("resources") if storable[name] == "yes" for year in case.years],
        "loss_pool": [(year,) for year in case.years],
        "financing": [(flow, year) for flow in flows_of(case) for year in case.years],
    }
    frames = {}
    for name, columns in DECISIONS.items():
        stated = {key if isinstance(key, tuple) else (key,): amount for key, amount in decisions.get(name, {}).items()}
        rows = {**dict.fromkeys(zeros.get(name, []), 0.0), **stated}
        frames[name] = pd.DataFrame([(*key, amount) for key, amount in rows.items()], columns=list(columns))
    return Plan(case, "feasible", "gap", **frames)


def with_results(plan: Plan) -> Plan:
    """The plan with true statements of what follows from it."""
    found = recompute(plan)
    frames = {
        "capacity": found.capacity[list(RESULTS["capacity"])],
        "capex": found.capex.rename(columns={"total": "amount"})[list(RESULTS["capex"])],
        "ledger": found.balance.groupby(["resource", "entry", "year"], as_index=False)["amount"].sum(),
        "cash": found.cash.groupby(["entry", "year"], as_index=False)["amount"].sum(),
    }
    worth = {name: found.totals[name] for name in ("objective", "npv", "npv_without_terminal")}
    return replace(plan, **frames, **worth)


def by_year(frame: pd.DataFrame, value: str, **where: str) -> dict[int, float]:
    """{year: value} of the rows that match."""
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    return dict(zip(frame["year"].tolist(), frame[value].tolist(), strict=True))
