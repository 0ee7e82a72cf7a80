"""Harvest: the values of a solved model as tidy frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.plan import DECISIONS, RESULTS
from masterplan.formulations.capacity import usable_capacity
from masterplan.formulations.ledger import Account, Ledger
from masterplan.formulations.limits import MEASURES

CASH_LINES = {
    Account.OPERATING: 1.0,
    Account.CREDIT: 1.0,
    Account.CAPEX: -1.0,
    Account.TAX: -1.0,
    Account.GIVEN: 1.0,
    Account.FINANCING: 1.0,
    Account.RAISING: 1.0,
}


def _tidy(columns: Iterable[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _var(variable: pyo.Var) -> list[tuple[Any, ...]]:
    """(*index, value) rows; a decision the solver never saw is zero."""
    rows = []
    for index in variable:
        value = variable[index].value
        parts = index if isinstance(index, tuple) else (index,)
        rows.append((*parts, 0.0 if value is None else float(value) + 0.0))
    return rows


def decisions(m: pyo.ConcreteModel) -> dict[str, pd.DataFrame]:
    """The decision frames of a Plan (see DECISIONS), with starts, cancellations, retirements and closures only where there are any."""
    variables = {
        "starts": m.start,
        "cancellations": m.cancelled,
        "levels": m.level,
        "vintage_levels": m.vintage_level,
        "trades": m.traded,
        "stocks": m.stock,
        "loss_pool": m.loss_pool,
        "gates": m.opened,
        "synergies": m.synergy_active,
        "retirements": m.retired,
        "closures": m.closed,
    }
    frames = {name: _tidy(DECISIONS[name], _var(variable)) for name, variable in variables.items()}
    flows = {"drawn": m.drawn, "repaid": m.repaid, "raised": m.raised, "distributed": m.distributed}
    rows = [(flow, *row) for flow, variable in flows.items() for row in _var(variable)]
    frames["financing"] = _tidy(DECISIONS["financing"], rows)
    for name in ("starts", "cancellations", "retirements", "closures"):
        frames[name] = frames[name][frames[name][DECISIONS[name][-1]] != 0].reset_index(drop=True)
    return frames


def results(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> dict[str, pd.DataFrame]:
    """The result frames of a Plan (see RESULTS): what the model itself says follows from its decisions."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in RESULTS}
    for year in case.years:
        rows["capacity"] += [(a, year, float(pyo.value(usable_capacity(m, a, year)))) for a in m.ACTIVITIES]
        rows["capex"] += [(p, year, float(pyo.value(MEASURES["spend"](m, p, year))) + 0.0) for p in m.PROJECTS]
        for account, sign in CASH_LINES.items():
            rows["cash"] += [(entry, year, sign * float(pyo.value(post(m, year))) + 0.0) for entry, post in ledger.entries(account).items()]
        for resource in m.RESOURCES:
            rows["ledger"] += [
                (resource, entry, year, float(pyo.value(post(m, resource, year))) + 0.0)
                for entry, post in ledger.entries(Account.RESOURCE).items()
            ]
    return {name: _tidy(RESULTS[name], rows[name]) for name in RESULTS if name != "kpis"}


def key_figures(m: pyo.ConcreteModel, case: Case, ledger: Ledger, cash: pd.DataFrame, do_nothing: float | None) -> pd.DataFrame:
    """Key figures of a plan as (kpi, value, unit): NPV both ways, penalties, capex, cash, debt, peak funding need, payback."""
    money = str(case.setting("money_unit"))
    flow = cash[~cash["entry"].isin(ledger.entries(Account.FINANCING))].groupby("year")["amount"].sum().reindex(case.years, fill_value=0.0)
    position = case.setting("opening_cash") + cash.groupby("year")["amount"].sum().reindex(case.years, fill_value=0.0).cumsum()
    built_up = flow.cumsum()
    below = [year for year in case.years if built_up[year] < 0]
    payback = None if below and below[-1] == case.last_year else (below[-1] + 1 if below else case.first_year)
    capex = -cash[cash["entry"].isin(["capex", "capitalised_capex"])]["amount"].sum()
    rows = [
        ("npv", float(pyo.value(m.npv(m))), money),
        ("npv_without_terminal", float(pyo.value(m.npv_without_terminal(m))), money),
        ("penalties", float(pyo.value(m.penalties(m))), money),
        ("do_nothing", do_nothing, money),
        ("capex_total", float(capex), money),
        ("final_cash", float(position.iloc[-1]), money),
        ("lowest_cash", float(position.min()), money),
        ("lowest_cash_year", int(position.idxmin()), "year"),
        ("peak_funding_need", float(max(0.0, -built_up.min())), money),
        ("peak_debt", max((float(m.debt[year].value) for year in m.DEBT_YEARS), default=0.0), money),
        ("payback_year", payback, "year"),
    ]
    return _tidy(RESULTS["kpis"], rows)
