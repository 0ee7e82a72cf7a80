"""Scenario table: every scenario of a case solved, one row each: what it is worth, what it spends, what it reaches, what binds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.names import closest
from masterplan.data.plan import Plan
from masterplan.data.schema import TABLE
from masterplan.reports.binding import in_words
from masterplan.reports.recompute import Recomputed, recompute
from masterplan.solving import solve

AS_IT_STANDS = "(as it stands)"
_FORM = re.compile(r"^(?P<measure>[a-z_]+)/(?P<item>[^@]+?)(@(?P<year>\d{4}))?$")


@dataclass(frozen=True)
class Shown:
    """A column of the table: a measure of an item, in a year where it has one."""

    measure: str
    item: str
    year: int | None = None

    def __str__(self) -> str:
        return f"{self.measure}/{self.item}" + ("" if self.year is None else f"@{self.year}")


MEASURES: dict[str, tuple[str, str]] = {
    "level": ("activities", "level of an activity in the year"),
    "capacity": ("activities", "capacity of an activity in the year"),
    "modules": ("projects", "modules of a project alive in the year"),
    "started": ("projects", "modules of a project started up to the year"),
    "capex": ("projects", "capex of a project up to the year; * for all"),
    "first_output": ("projects", "first year in which a module of the project is alive"),
    "reached": ("limits", "what a target reaches in the year"),
    "first_reached": ("limits", "first year in which a target is reached"),
}
WITHOUT_YEAR = ("first_output", "first_reached")


def shown(text: str, case: Case) -> Shown:
    """The column that `measure/item@year` asks for. Raises ValueError that says what is allowed."""
    found = _FORM.match(text.strip())
    if found is None or found["measure"] not in MEASURES:
        raise ValueError(f"{text!r} is not measure/item@year; measures are {', '.join(MEASURES)}")
    table, item = MEASURES[found["measure"]][0], found["item"]
    if item not in case.names(table) and not (found["measure"] == "capex" and item == "*"):
        near = closest(item, case.names(table))
        raise ValueError(f"{text!r}: {item!r} is not in the table {table}" + (f". Did you mean {near!r}?" if near else ""))
    year = None if found["year"] is None else int(found["year"])
    if (year is None) != (found["measure"] in WITHOUT_YEAR) or (year is not None and year not in case.years):
        allowed = "takes no year" if found["measure"] in WITHOUT_YEAR else f"takes a year from {case.first_year} to {case.last_year}"
        raise ValueError(f"{text!r}: {found['measure']} {allowed}")
    return Shown(found["measure"], item, year)


def scenario_table(
    case: Case,
    scenarios: Sequence[str] | None = None,
    show: Sequence[str] = (),
    vary: Sequence[str] = (),
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
) -> pd.DataFrame:
    """Solve the case as it stands, in every scenario (or those named), and with every change of `vary`; one row each.

    A change whose key is `*` is a row for every name: `projects.*.max_total=0` removes one project after the other.

    Columns: scenario, kind, probability, status, stopped_because, gap, npv, npv_without_terminal, value_added, capex_total (money of
    the case), one per `show` (`level/ground_compute@2030`, see MEASURES), and `binds` in words. `told` is called with a line after
    each solve. A scenario whose case has problems is a row with that status. Raises ValueError for a `show` that cannot be read.
    """
    columns = [shown(text, case) for text in show]
    kinds, chances = case.attribute("scenarios", "kind"), case.attribute("scenarios", "probability")
    rows = []
    for name, made in _variants(case, case.names("scenarios") if scenarios is None else scenarios, vary):
        row: dict[str, Any] = {"scenario": name, "kind": kinds.get(name, ""), "probability": chances.get(name)}
        try:
            plan = solve(made(), gap, time_limit, threads)
            row |= _row(plan, columns)
        except CaseError as error:
            row |= {"status": "bad input", "binds": str(error)}
        rows.append(row)
        if row.get("stopped_because") == "interrupted":
            told(f"{name}: interrupted; the scenarios after it are left out")
            break
        told(f"{name}: {row['status']}" + (f", NPV {row['npv']:,.1f}, gap {row['gap']:.2%}" if row.get("gap") is not None else ""))
    return pd.DataFrame(rows)


def _variants(case: Case, scenarios: Sequence[str], vary: Sequence[str]) -> Iterator[tuple[str, Callable[[], Case]]]:
    """(name of the row, how to make its case) for the case itself, its scenarios, and every single change."""
    yield AS_IT_STANDS, lambda: case
    for name in scenarios:
        yield name, partial(case.scenario, name)
    for text in vary:
        table = text.split(".", 1)[0]
        every = case.names(table) if text.startswith(f"{table}.*.") and table in TABLE and TABLE[table].key else [None]
        for item in every:
            change = text if item is None else text.replace(".*.", f".{item}.", 1)
            yield change, partial(case.change, change)


def _row(plan: Plan, columns: Sequence[Shown]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "status": plan.status,
        "stopped_because": plan.stopped_because,
        "gap": plan.gap,
        "npv": plan.npv,
        "npv_without_terminal": plan.npv_without_terminal,
    }
    row |= {"value_added": plan.value_added}
    if not plan.found:
        return row | {"binds": plan.message}
    numbers = recompute(plan)
    row |= {"capex_total": numbers.totals["capex_total"]}
    row |= {str(column): _value(column, plan, numbers) for column in columns}
    return row | {"binds": in_words(plan, numbers)}


def _value(column: Shown, plan: Plan, numbers: Recomputed) -> float | int | None:
    item, year = column.item, column.year
    if column.measure in ("level", "capacity"):
        return _at(numbers.capacity, "activity", item, year, column.measure)
    if column.measure == "modules":
        return _at(numbers.modules, "project", item, year, "alive")
    if column.measure == "reached":
        return _at(numbers.targets, "target", item, year, "reached")
    if column.measure == "capex":
        return float(
            numbers.capex[(numbers.capex["year"] <= year) & (numbers.capex["project"].isin([item]) | (item == "*"))]["total"].sum()
        )
    if column.measure == "started":
        return float(plan.starts[(plan.starts["project"] == item) & (plan.starts["year"] <= year)]["modules"].sum())
    if column.measure == "first_output":
        return _first(numbers.modules[(numbers.modules["project"] == item) & (numbers.modules["alive"] > 1e-6)])
    return _first(numbers.targets[(numbers.targets["target"] == item) & (numbers.targets["missed"] <= 1e-9)])


def _at(data: pd.DataFrame, key: str, item: str, year: int | None, value: str) -> float | None:
    rows = data[(data[key] == item) & (data["year"] == year)]
    return float(rows[value].sum()) if len(rows) else None


def _first(rows: pd.DataFrame) -> int | None:
    return int(rows["year"].min()) if len(rows) else None
