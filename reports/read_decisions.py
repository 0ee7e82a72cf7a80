"""Reading a decision sheet back, as a person may have left it: every cell that cannot be read is told, with its place.

Columns are found by their names in the header row, years by their number, so inserted rows and columns do no harm. A blank cell is 0.
Codes: E801 sheet or column missing, E802 not a number, E803 unknown name, E804 stands twice, E805 row without a name, E806 not a year
of the plan; E807 belongs to the run log.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.cells import proposal, shown
from masterplan.data.errors import Problem
from masterplan.data.grid import ErrorValue, NoStoredValue, is_blank, letters
from masterplan.data.names import meant, tidy
from masterplan.data.plan import DECISIONS
from masterplan.data.sheets import Rows
from masterplan.reports.decisions import ALL, Decision, Key
from masterplan.reports.flows import flows_of

SPARSE = ("starts", "cancellations", "retirements", "closures")  # a start that is not there is no start: these frames hold no zeros
HEADER_WITHIN = 30
TABLES = {
    "project": "projects",
    "activity": "activities",
    "market": "markets",
    "resource": "resources",
    "gate": "gates",
    "synergy": "synergies",
}


@dataclass
class Reading:
    """A decision sheet while it is read: where its columns are, and what was found."""

    case: Case
    decision: Decision
    item: int
    part: int | None
    total: int | None
    years: Mapping[int, int]
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[Any, ...], float] = field(default_factory=dict)

    def problem(self, code: str, row: int, column: int | None, key: str, found: str, allowed: str, fix: str) -> None:
        """Note a problem of a cell."""
        place = f"{letters(column if column is not None else self.item)}{row}"
        self.problems.append(
            Problem(code, self.decision.frame, key, "", found=found, allowed=allowed, fix=fix, sheet=self.decision.sheet, cell=place)
        )

    def number(self, row: int, column: int, cells: tuple[Any, ...], key: str) -> float:
        """The number of a cell, 0 where it is blank or cannot be read (which is told)."""
        raw = cells[column] if column < len(cells) else None
        if is_blank(raw):
            return 0.0
        if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
            return float(raw)
        found, fix = _told(raw)
        self.problem("E802", row, column, key, found, f"{self.decision.value} is a number", fix)
        return 0.0


def read_decision(rows: Rows, decision: Decision, heads: tuple[str, str, str], case: Case) -> tuple[pd.DataFrame, list[Problem]]:
    """The decision's frame as the sheet has it, and every problem; the frame holds a row per line and year of the plan."""
    reading, header = _header(rows, decision, heads, case)
    if isinstance(reading, Problem):
        return _frame(decision, {}), [reading]
    known = _known(case, decision)
    for number, cells in rows:
        if number > header:
            _read_row(reading, number, cells, known)
    return _frame(decision, reading.seen), reading.problems


def _header(rows: Rows, decision: Decision, heads: tuple[str, str, str], case: Case) -> tuple[Reading | Problem, int]:
    """Where the columns are; the header row is the one that names the most years of the plan."""
    found: list[tuple[int, int, tuple[Any, ...]]] = []
    for number, cells in rows:
        if number <= HEADER_WITHIN:
            found.append((sum(_year(cell) in case.years for cell in cells), number, cells))
    _, number, cells = max(found, key=lambda entry: (entry[0], -entry[1]), default=(0, 1, ()))
    texts = {tidy(cell).casefold(): place for place, cell in reversed(list(enumerate(cells))) if isinstance(cell, str)}
    years: dict[int, int] = {}
    for place, cell in enumerate(cells):
        if (year := _year(cell)) is not None:
            years.setdefault(year, place)
    missing = [heads[0]] if heads[0].casefold() not in texts else []
    missing += [heads[1]] if decision.part and heads[1].casefold() not in texts else []
    missing += [str(year) for year in case.years if year not in years]
    if missing:
        told = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        allowed, fix = f"{decision.sheet} needs columns named {told}", "Put the column names back, or write the plan again"
        return Problem("E801", decision.frame, found="no such column", allowed=allowed, fix=fix, sheet=decision.sheet, cell=f"A{number}"), 0
    part, total = texts.get(heads[1].casefold()) if heads[1] else None, texts.get("total")
    return Reading(case, decision, texts[heads[0].casefold()], part, total, years), number


def _read_row(reading: Reading, row: int, cells: tuple[Any, ...], known: Mapping[Key, None]) -> None:
    decision, case = reading.decision, reading.case
    item = cells[reading.item] if reading.item < len(cells) else None
    part = cells[reading.part] if reading.part is not None and reading.part < len(cells) else None
    filled = [place for place in reading.years.values() if place < len(cells) and not is_blank(cells[place])]
    if is_blank(item):
        if filled:
            reading.problem("E805", row, None, "", "numbers in a row without a name", "every row is named", "Name it, or clear the row")
        return
    name = tidy(str(item))
    key = _key(reading, row, name, part, known)
    if key is None:
        return
    if not decision.part and not is_blank(part):
        _read_early(reading, row, name, part, cells)
        return
    for year, place in reading.years.items():
        label = "/".join(str(piece) for piece in (*key, year))
        amount = reading.number(row, place, cells, label)
        if year in case.years:
            _note(reading, row, place, (*key, year), amount)
        elif amount:
            allowed = f"the plan runs from {case.first_year} to {case.last_year}"
            reading.problem("E806", row, place, label, str(year), allowed, "Clear the cell, or change last_year")


def _read_early(reading: Reading, row: int, name: str, part: object, cells: tuple[Any, ...]) -> None:
    """A start before the plan: its year stands beside the name, its number in the column Total."""
    year, first = _year(part), reading.case.first_year
    if year is None or year >= first:
        allowed = f"a start year before the plan is before {first}"
        reading.problem("E806", row, reading.part, name, _told(part)[0], allowed, "Put starts inside the plan in the column of their year")
    elif reading.total is not None:
        amount = reading.number(row, reading.total, cells, f"{name}/{year}")
        _note(reading, row, reading.total, (name, year), amount)


def _key(reading: Reading, row: int, name: str, part: object, known: Mapping[Key, None]) -> Key | None:
    """The row's key, or None where it names nothing of the case (which is told)."""
    decision = reading.decision
    if not decision.item:
        if name != ALL:
            _tell_unknown(reading, row, name, [ALL])
        return () if name == ALL else None
    names = list(dict.fromkeys(str(key[0]) for key in known))
    if name not in names:
        _tell_unknown(reading, row, name, names)
        return None
    if not decision.part:
        return (name,)
    whole = _year(part)
    parts = [key[1] for key in known if key[0] == name]
    if whole is None or whole not in parts:
        allowed = f"{decision.part.replace('_', ' ')} of {name} is one of {', '.join(str(each) for each in parts)}"
        found = "nothing" if is_blank(part) else _told(part)[0]
        reading.problem("E803", row, reading.part, name, found, allowed, f"Type {parts[0] if parts else 1}, for instance")
        return None
    return (name, whole)


def _tell_unknown(reading: Reading, row: int, name: str, names: list[str]) -> None:
    kind = reading.decision.item or "name"
    fix = meant(name, names, f"Use a {kind} of the case, or clear the row")
    reading.problem("E803", row, reading.item, name, repr(shown(name)), f"which is no {kind} of this sheet", fix)


def _note(reading: Reading, row: int, column: int, key: tuple[Any, ...], amount: float) -> None:
    if key in reading.seen:
        label = "/".join(str(piece) for piece in key)
        reading.problem("E804", row, column, label, label, "stands twice on this sheet", "Keep one of the rows")
    reading.seen[key] = amount


def _known(case: Case, decision: Decision) -> dict[Key, None]:
    """The keys that a sheet may have, in the case's order."""
    if decision.frame == "trades":
        return dict.fromkeys(case.keys("markets"))
    if decision.frame == "retirements":
        retirable = case.attribute("projects", "retirable")
        return dict.fromkeys((p, year) for p, answer in retirable.items() if answer == "yes" for year in case.start_years)
    if decision.frame == "financing":
        return dict.fromkeys((flow,) for flow in flows_of(case))
    if decision.frame == "vintage_levels":
        projects = case.attribute("projects", "output_profile")
        return dict.fromkeys((project, year) for project in projects for year in case.start_years)
    return dict.fromkeys((name,) for name in case.names(TABLES[decision.item])) if decision.item else {}


def _frame(decision: Decision, amounts: Mapping[tuple[Any, ...], float]) -> pd.DataFrame:
    kept = [(*key, amount) for key, amount in amounts.items() if amount or decision.frame not in SPARSE]
    return pd.DataFrame(kept, columns=list(DECISIONS[decision.frame]))


def _year(raw: object) -> int | None:
    """A whole number, or None; 2030.0 is 2030, and so is the text `2030`, which spreadsheet programs make of headers."""
    if isinstance(raw, str) and raw.strip().isdecimal():
        return int(raw.strip())
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or raw != int(raw):
        return None
    return int(raw)


def _told(raw: object) -> tuple[str, str]:
    """What a cell holds and what to do, for a message."""
    if isinstance(raw, ErrorValue):
        return f"the error {raw.text}", "Repair the formula, or type the value"
    if isinstance(raw, NoStoredValue):
        fix = "Open the workbook in Excel or LibreOffice, save it, and read it again"
        return f"the formula {shown(raw.formula)} without a stored value", fix
    if isinstance(raw, str):
        return repr(shown(raw)), proposal(raw)
    return str(raw), "Type a number, or leave the cell blank for 0"
