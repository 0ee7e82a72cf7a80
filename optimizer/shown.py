"""Shown: a measure of a plan that a study puts into a column, written `measure/item@year`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.names import closest
from masterplan.data.plan import Plan
from masterplan.reports.recompute import Recomputed

_FORM = re.compile(r"^(?P<measure>[a-z_]+)/(?P<item>[^@]+?)(@(?P<year>\d{4}))?$")

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


@dataclass(frozen=True)
class Shown:
    """A column of the table: a measure of an item, in a year where it has one."""

    measure: str
    item: str
    year: int | None = None

    def __str__(self) -> str:
        return f"{self.measure}/{self.item}" + ("" if self.year is None else f"@{self.year}")


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


def value_of(column: Shown, plan: Plan, numbers: Recomputed) -> float | int | None:
    """What a plan shows in a column, from its recomputed figures; None where it has no such thing."""
    item, year = column.item, column.year
    if column.measure in ("level", "capacity"):
        return _at(numbers.capacity, "activity", item, year, column.measure)
    if column.measure == "modules":
        return _at(numbers.modules, "project", item, year, "alive")
    if column.measure == "reached":
        return _at(numbers.targets, "target", item, year, "reached")
    if column.measure == "capex":
        up_to = (numbers.capex["year"] <= year) & (numbers.capex["project"].isin([item]) | (item == "*"))
        return float(numbers.capex[up_to]["total"].sum())
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
