"""Comparison: why one plan is worth more than another: what is started otherwise, when and why, and every cash line of the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from masterplan.console import number
from masterplan.data.case import Case
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.input_differences import input_differences
from masterplan.data.plan import Plan
from masterplan.interval import ZERO, Interval, difference
from masterplan.reports.binding import binding
from masterplan.reports.moves import Move, moves
from masterplan.reports.names import entry_in_words
from masterplan.reports.recompute import Recomputed, recompute
from masterplan.reports.value_lines import value_lines
from masterplan.studied import said, worth_word

NAMED = 4  # moves and cash lines in sentences
INPUTS_NAMED = 3


@dataclass(frozen=True, eq=False)
class Comparison:
    """What plan `b` is and does otherwise than plan `a`. Money is discounted; better is positive.

    `starts`: project, what (moved, added, cancelled), modules, from_year, to_year, why, own_money (the discounted cash lines and terminal
    value of the project, b - a). `lines`: entry, a, b, change; they sum to the NPVs and their difference. `items`: the same by entry and
    item, largest change first. `inputs`: the cells in which the cases differ. `worth` is the interval of the difference of the best plans,
    None where a bound is not known or both are plans of the same case (then the difference is what it is).
    """

    a: Plan = field(repr=False)
    b: Plan = field(repr=False)
    npv_change: float
    worth: Interval | None
    starts: pd.DataFrame
    lines: pd.DataFrame
    items: pd.DataFrame
    inputs: pd.DataFrame

    def findings(self) -> Findings:
        """As sentences and tables."""
        unit = str(self.a.case.setting("money_unit"))
        return Findings(
            "Comparison",
            "What the second plan does otherwise than the first, why, and what that is worth line by line.",
            tuple(self._sentences(unit)),
            (
                FoundTable(
                    "Starts", f"what is started otherwise; own money is the project's own lines, discounted, in {unit}", self.starts
                ),
                FoundTable("Cash lines", f"discounted, in {unit}; they sum to the NPV and to its difference", self.lines),
                FoundTable("Cash lines by item", f"discounted, in {unit}; largest change first", self.items),
                FoundTable("Inputs that differ", "cells of the tables; blank where there is none", self.inputs),
            ),
        )

    def _sentences(self, unit: str) -> Iterator[str]:
        word = worth_word(self.a.case)
        yield (
            f"The second plan has an NPV of {number(self.b.npv)} {unit}, the first {number(self.a.npv)}: {_told(self.npv_change)} {unit}."
        )
        if self.worth is not None:
            yield f"The best plans of the two cases differ in {word}, as better or worse, by {self.worth} {unit}."
        yield _why_cases_differ(self.a.case, self.b.case, self.inputs)
        if not len(self.starts):
            yield "Nothing is started otherwise."
        by_project: dict[str, list[dict[Any, Any]]] = {}
        for row in self.starts.to_dict("records"):
            by_project.setdefault(row["project"], []).append(row)
        largest = sorted(by_project.values(), key=lambda rows: -abs(rows[0]["own_money"]))
        for rows in largest[:NAMED]:
            told = ", ".join(str(Move(row["project"], row["modules"], row["from_year"], row["to_year"])) for row in rows)
            yield f"{rows[0]['project']}: {told}; {rows[0]['why']}. Its own lines change the NPV by {rows[0]['own_money']:+,.4g} {unit}."
        if len(largest) > NAMED:
            yield f"{len(largest) - NAMED} more projects start otherwise; the table tells them."
        changed = self.lines[self.lines["change"].abs() > ZERO].head(-1)
        if len(changed):
            most = changed.reindex(changed["change"].abs().sort_values(ascending=False, kind="stable").index).head(NAMED)
            told = ", ".join(f"{row['entry']} {row['change']:+,.4g}" for row in most.to_dict("records"))
            yield f"By cash line: {told}."


def _told(change: float) -> str:
    """A change with its sign; what is only the computer's noise is 0."""
    return f"{change:+,.4g}" if abs(change) > ZERO else "0"


def compare(a: Plan, b: Plan) -> Comparison:
    """Explain what plan `b` is worth over plan `a`, by decision and by cash line.

    Raises ValueError where one of them is no plan, or their money units differ.
    """
    for name, plan in (("first", a), ("second", b)):
        if not plan.found:
            raise ValueError(f"The {name} plan is none: {said(plan)}. {plan.message}")
    units = [plan.case.setting("money_unit") for plan in (a, b)]
    if units[0] != units[1]:
        raise ValueError(f"The plans count in {units[0]} and in {units[1]}: bring both cases to one money unit")
    before, after = recompute(a), recompute(b)
    inputs = input_differences(a.case, b.case)
    lines = pd.merge(value_lines(a, before), value_lines(b, after), on=["entry", "item"], how="outer", suffixes=("_a", "_b"), sort=False)
    lines = lines.rename(columns={"value_a": "a", "value_b": "b"}).fillna({"a": 0.0, "b": 0.0})
    lines["change"] = lines["b"] - lines["a"]
    own = _own_money(lines, {*a.case.names("projects"), *b.case.names("projects")})
    found = moves(a, b)
    reasons = _Reasons(a, b, before, after, inputs)
    starts = pd.DataFrame(
        [(m.project, m.what, m.modules, m.before, m.after, reasons.of(m), own.get(m.project, 0.0)) for m in found],
        columns=["project", "what", "modules", "from_year", "to_year", "why", "own_money"],
    )
    for column, years in (("from_year", [move.before for move in found]), ("to_year", [move.after for move in found])):
        starts[column] = pd.Series(years, dtype=object)  # whole, and None where there is none
    return Comparison(
        a,
        b,
        float(lines["change"].sum()),
        difference(b, a) if len(inputs) else None,
        starts,
        _by_entry(lines),
        lines.assign(entry=lines["entry"].map(entry_in_words)).sort_values(
            "change", key=lambda column: -column.abs(), kind="stable", ignore_index=True
        ),
        inputs,
    )


def _by_entry(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines by entry, and their sum as the last row."""
    by_entry = lines.groupby("entry", sort=False)[["a", "b", "change"]].sum().reset_index()
    by_entry["entry"] = by_entry["entry"].map(entry_in_words)
    total = pd.DataFrame([("NPV", *by_entry[["a", "b", "change"]].sum())], columns=list(by_entry.columns))
    return pd.concat([by_entry, total], ignore_index=True)


def _own_money(lines: pd.DataFrame, projects: set[str]) -> dict[str, float]:
    """project -> change of the lines that bear its name; a terminal value is named `project year`."""
    found: dict[str, float] = {}
    for row in lines.to_dict("records"):
        item = str(row["item"])
        name = item if item in projects else item.split(",")[0].rpartition(" ")[0]
        if name in projects:
            found[name] = found.get(name, 0.0) + row["change"]
    return found


class _Reasons:
    """Why a start moved: its own numbers, those of what it makes and takes, a limit that now binds, or what the rest does."""

    def __init__(self, a: Plan, b: Plan, before: Recomputed, after: Recomputed, inputs: pd.DataFrame) -> None:
        self.case, self.inputs = b.case, inputs
        known = {(item, year) for _, item, year in binding(a, before)}
        self.new: dict[str, list[int]] = {}
        for _, item, year in binding(b, after):
            if (item, year) not in known:
                self.new.setdefault(item, []).append(year)

    def of(self, move: Move) -> str:
        """The reason in words, the nearest first."""
        if not len(self.inputs):
            return "another choice in the same case"
        own = self._inputs({move.project})
        if own:
            return f"its own numbers differ: {own}"
        near = self._inputs(self._around(move.project))
        if near:
            return f"what it makes or takes differs: {near}"
        limits = {
            item: years for item, years in self.new.items() if item in self._around(move.project) or item == f"starts of {move.project}"
        }
        if limits:
            return "now at the limit: " + ", ".join(f"{item} from {min(years)}" for item, years in list(limits.items())[:INPUTS_NAMED])
        return "it follows from the rest of the plan"

    def _around(self, project: str) -> set[str]:
        """The activity of a project, the resources that it and its activity make and take, and their markets."""
        activity = self.case.attribute("projects", "activity").get(project)
        resources = {key[1] for key in self.case.keys("recipes") if key[0] == activity}
        resources |= {key[1] for key in self.case.keys("construction_inputs") if key[0] == project}
        markets = {key[0] for key, resource in self.case.attribute("markets", "resource").items() if resource in resources}
        profiles = (
            self.case.attribute("projects", name).get(project) for name in ("availability_profile", "output_profile", "spend_profile")
        )
        return {str(name) for name in (activity, *resources, *markets, *profiles) if name}

    def _inputs(self, names: set[str]) -> str:
        """The first cells that differ and whose key begins with one of the names, in words; blank where none does."""
        rows = [row for row in self.inputs.to_dict("records") if row["key"].split("/")[0] in names]
        told = [f"{row['table']} {row['key']} {row['column']} {_cell(row['before'])} -> {_cell(row['after'])}" for row in rows]
        return "; ".join(dict.fromkeys(told[:INPUTS_NAMED])) + (f" and {len(rows) - INPUTS_NAMED} more" if len(rows) > INPUTS_NAMED else "")


def _cell(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _why_cases_differ(a: Case, b: Case, inputs: pd.DataFrame) -> str:
    if not len(inputs):
        return "Both are plans of the same tables: the difference is exact."
    more = [f"the scenario {name}" for name in _beyond(a.scenarios_applied, b.scenarios_applied)]
    more += _beyond(a.changes_applied, b.changes_applied)
    less = [f"the scenario {name}" for name in _beyond(b.scenarios_applied, a.scenarios_applied)] + _beyond(
        b.changes_applied, a.changes_applied
    )
    told = ([f"the second has {', '.join(more)}"] if more else []) + ([f"the first has {', '.join(less)}"] if less else [])
    return f"The cases differ in {len(inputs)} number{'' if len(inputs) == 1 else 's'}" + (
        f": {'; '.join(told)}." if told else "; the table tells them."
    )


def _beyond(one: Iterable[str], other: Iterable[str]) -> list[str]:
    known = list(one)
    return [name for name in other if name not in known]
