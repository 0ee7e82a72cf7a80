"""Plan: the answer to a case, as tidy frames. What acts on a plan is a function elsewhere (`audit`, `write_workbook`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from masterplan.data.case import Case

Status = Literal["optimal", "feasible", "no_plan", "infeasible", "unbounded", "failed"]
Stopped = Literal["gap", "time_limit", "interrupted", "proof", "error"]

# The decisions: everything else follows from these and the case.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "starts": ("project", "year", "modules"),
    "cancellations": ("project", "year", "modules"),
    "levels": ("activity", "year", "level"),
    "vintage_levels": ("project", "start_year", "year", "level"),
    "trades": ("market", "tier", "year", "quantity"),
    "stocks": ("resource", "year", "stock"),
    "loss_pool": ("year", "losses"),
    "retirements": ("project", "start_year", "year", "modules"),
    "closures": ("activity", "year", "capacity"),
    "gates": ("gate", "year", "opened"),
    "synergies": ("synergy", "year", "active"),
    "financing": ("flow", "year", "amount"),
}

# What the solved model says follows from them; the audit recomputes each.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "capacity": ("activity", "year", "capacity"),
    "capex": ("project", "year", "amount"),
    "ledger": ("resource", "entry", "year", "amount"),
    "cash": ("entry", "year", "amount"),
    "kpis": ("kpi", "value", "unit"),
}


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan for a case: decisions, what follows from them, and how good it is proven to be.

    `status` says how good the answer is, `stopped_because` why the solve ended: two different facts.
    Money is in the case's unit, quantities in each resource's or activity's unit, a row for every year of the plan.
    `objective` is the measure that was optimised (NPV, cost or final cash), `bound` the best it could still be;
    both are None without a plan. `npv` includes the terminal value, `npv_without_terminal` does not.
    `do_nothing` is the objective of the plan without any free start (None where that is not feasible).
    `gap` = |bound - objective| / |objective - do_nothing| (/ |objective| without a do-nothing plan); `gap_money` is its numerator.
    """

    case: Case
    status: Status
    stopped_because: Stopped
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    gap_money: float | None = None
    npv: float | None = None
    npv_without_terminal: float | None = None
    do_nothing: float | None = None
    starts: pd.DataFrame = field(default_factory=lambda: _empty("starts"), repr=False)
    cancellations: pd.DataFrame = field(default_factory=lambda: _empty("cancellations"), repr=False)
    levels: pd.DataFrame = field(default_factory=lambda: _empty("levels"), repr=False)
    vintage_levels: pd.DataFrame = field(default_factory=lambda: _empty("vintage_levels"), repr=False)
    trades: pd.DataFrame = field(default_factory=lambda: _empty("trades"), repr=False)
    stocks: pd.DataFrame = field(default_factory=lambda: _empty("stocks"), repr=False)
    loss_pool: pd.DataFrame = field(default_factory=lambda: _empty("loss_pool"), repr=False)
    retirements: pd.DataFrame = field(default_factory=lambda: _empty("retirements"), repr=False)
    closures: pd.DataFrame = field(default_factory=lambda: _empty("closures"), repr=False)
    gates: pd.DataFrame = field(default_factory=lambda: _empty("gates"), repr=False)
    synergies: pd.DataFrame = field(default_factory=lambda: _empty("synergies"), repr=False)
    financing: pd.DataFrame = field(default_factory=lambda: _empty("financing"), repr=False)
    capacity: pd.DataFrame = field(default_factory=lambda: _empty("capacity"), repr=False)
    capex: pd.DataFrame = field(default_factory=lambda: _empty("capex"), repr=False)
    ledger: pd.DataFrame = field(default_factory=lambda: _empty("ledger"), repr=False)
    cash: pd.DataFrame = field(default_factory=lambda: _empty("cash"), repr=False)
    kpis: pd.DataFrame = field(default_factory=lambda: _empty("kpis"), repr=False)
    message: str = ""
    run: Mapping[str, Any] = field(default_factory=dict, repr=False)
    extra_entries: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Is there a plan at all (proven best or not)?"""
        return self.status in ("optimal", "feasible")

    @property
    def modules_started(self) -> dict[tuple[str, int], float]:
        """(project, year) -> modules, for every row of `starts`."""
        rows = self.starts[["project", "year", "modules"]].itertuples(index=False)
        return {(str(project), int(year)): float(modules) for project, year, modules in rows}

    @property
    def value_added(self) -> float | None:
        """Objective over the do-nothing plan (a saving, where cost is minimised)."""
        if self.objective is None or self.do_nothing is None:
            return None
        sign = -1.0 if self.case.setting("objective") == "least_cost" else 1.0
        return sign * (self.objective - self.do_nothing)


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(DECISIONS.get(name) or RESULTS[name]))
