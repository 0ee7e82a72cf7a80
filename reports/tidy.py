"""Every number of the plan as one tidy table, values only: for pandas, Power Query, and for reading the plan back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.flows import flows_of
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed

SHEET = "Data"
TAB = "output"
COLUMNS = ("scenario", "entity_type", "metric", "entity", "unit", "year", "value")
AS_GIVEN = "as given"


@dataclass(frozen=True)
class Kind:
    """How a plan's frame lies in the tidy table: `entity` are the key columns that make up the entity, joined by /.

    `metric` is a word; blank: the frame's column `entry` holds it. `value` is the frame's number column.
    """

    frame: str
    entity_type: str
    metric: str
    entity: tuple[str, ...]
    value: str


DECIDED = (
    Kind("starts", "project", "starts", ("project",), "modules"),
    Kind("cancellations", "project", "cancellations", ("project",), "modules"),
    Kind("levels", "activity", "level", ("activity",), "level"),
    Kind("vintage_levels", "vintage", "level", ("project", "start_year"), "level"),
    Kind("retirements", "vintage", "retired", ("project", "start_year"), "modules"),
    Kind("closures", "activity", "closed", ("activity",), "capacity"),
    Kind("trades", "market", "quantity", ("market", "tier"), "quantity"),
    Kind("stocks", "resource", "stock", ("resource",), "stock"),
    Kind("loss_pool", "company", "losses", (), "losses"),
    Kind("financing", "financing", "amount", ("flow",), "amount"),
    Kind("gates", "gate", "opened", ("gate",), "opened"),
    Kind("synergies", "synergy", "active", ("synergy",), "active"),
)
WORKED_OUT = (
    Kind("capacity", "activity", "capacity", ("activity",), "capacity"),
    Kind("capex", "project", "capex", ("project",), "amount"),
    Kind("ledger", "balance", "", ("resource",), "amount"),
    Kind("cash", "cash", "", (), "amount"),
)
USE = Kind("capacity", "activity", "utilisation", ("activity",), "utilisation")
CLOSING = Kind("cash_position", "company", "closing_cash", (), "closing")
KPI = "kpi"


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Columns scenario, entity_type, metric, entity, unit, year, value; decisions first, then what follows from them, then figures."""
    results: dict[str, pd.DataFrame] = {
        "capacity": numbers.capacity,
        "capex": numbers.capex.rename(columns={"total": "amount"}),
        "ledger": _summed(numbers.balance, ["resource", "entry", "year"]),
        "cash": _summed(numbers.cash, ["entry", "year"]),
    }
    rows: list[tuple[object, ...]] = []
    for kind in DECIDED:
        rows.extend(_rows(plan.case, kind, getattr(plan, kind.frame)))
    for kind in WORKED_OUT:
        rows.extend(_rows(plan.case, kind, results[kind.frame]))
    rows.extend(_rows(plan.case, USE, numbers.capacity))
    rows.extend(_rows(plan.case, CLOSING, numbers.cash_position))
    figures = {str(name): (value, unit) for name, value, unit in plan.kpis[["kpi", "value", "unit"]].itertuples(index=False)}
    known = {name: figure for name, figure in figures.items() if figure[0] is not None and figure[0] == figure[0]}
    rows.extend((KPI, name, "", unit or "", None, float(value)) for name, (value, unit) in known.items())
    scenario = " + ".join(plan.case.scenarios_applied) or AS_GIVEN
    return pd.DataFrame([(scenario, *row) for row in rows], columns=list(COLUMNS), dtype=object)


def _summed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.groupby(keys, sort=False)[["amount"]].sum().reset_index()


def _rows(case: Case, kind: Kind, frame: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    units = _units(case, kind)
    for record in frame.to_dict("records"):
        number = record[kind.value]
        if number is None or number != number:
            continue
        parts = [str(int(record[name]) if name in ("start_year", "tier") else record[name]) for name in kind.entity]
        metric = kind.metric or str(record["entry"])
        yield (kind.entity_type, metric, "/".join(parts), units.get(parts[0] if parts else "", ""), int(record["year"]), float(number))


def _units(case: Case, kind: Kind) -> dict[str, str]:
    activity_units, resource_units = case.attribute("activities", "unit"), case.attribute("resources", "unit")
    if kind.metric in ("starts", "cancellations", "retired"):
        return dict.fromkeys(case.names("projects"), "modules")
    if kind.entity_type in ("gate", "synergy"):
        return {}
    if kind.entity_type == "financing":
        return dict.fromkeys(flows_of(case), money_unit(case))
    if kind.metric == "utilisation":
        return dict.fromkeys(activity_units, "fraction")
    if kind.entity_type == "activity":
        return activity_units
    if kind.entity_type == "vintage":
        return {project: activity_units.get(activity, "") for project, activity in case.attribute("projects", "activity").items()}
    if kind.entity_type == "market":
        return {market: resource_units[resource] for (market, _), resource in case.attribute("markets", "resource").items()}
    if kind.entity_type in ("resource", "balance"):
        return resource_units
    return dict.fromkeys((*case.names("projects"), ""), money_unit(case))
