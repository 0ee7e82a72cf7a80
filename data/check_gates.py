"""Checks of gates and synergies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.most_level import most_level
from masterplan.data.rows import key_text, rows


def gate_waits(case: Case) -> list[Problem]:
    """A gate waits for a year or a condition; its rows open together."""
    earliest: dict[Any, set[int]] = defaultdict(set)
    for row in rows(case, "gates"):
        earliest[row["gate"]] |= set() if row["earliest_year"] is None else {row["earliest_year"]}
    conditions = {row["gate"] for row in rows(case, "gate_conditions")}
    misnamed = conditions - set(earliest)  # told by reading; one of them may be what is missing
    problems = []
    for gate, years in earliest.items():
        if len(years) > 1:
            found, fix = " and ".join(str(year) for year in sorted(years)), "Make them agree, or use two gates"
            problems.append(Problem("E421", "gates", str(gate), "earliest_year", found, "the rows of a gate open together", fix))
        if not years and gate not in conditions and not misnamed:
            fix = "Fill earliest_year, or add a row to gate_conditions"
            problems.append(Problem("E422", "gates", str(gate), "", "nothing to wait for", "a gate waits for a year or a condition", fix))
    return problems


def gate_bounds(case: Case) -> list[Problem]:
    """A closed gate holds the level at 0: its row is written with the most that the activity can run."""
    stated = case.attribute("gates", "most")
    problems = []
    for gate, activity in case.keys("gates"):
        if (gate, activity) not in stated and (year := _unbounded(case, activity)) is not None:
            found, allowed = "blank", f"neither capacity and projects nor markets limit {activity} in {year}"
            fix = "Fill most, or max_per_year or max_total of its projects"
            problems.append(Problem("E423", "gates", key_text("gates", (gate, activity)), "most", found, allowed, fix))
    return problems


def gate_conditions(case: Case) -> list[Problem]:
    """What a gate waits for is measured on the side of its market."""
    return _sides(case, "gate_conditions", "gate", "E424")


def synergy_members(case: Case) -> list[Problem]:
    """A synergy has members, measured on the side of their market."""
    members = {row["synergy"] for row in rows(case, "synergy_members")}
    misnamed = members - set(case.names("synergies"))
    empty = [synergy for synergy in case.names("synergies") if synergy not in members and not misnamed]
    fix = "Add rows to synergy_members"
    told = [Problem("E431", "synergies", str(synergy), "", "no members", "a synergy needs at least one", fix) for synergy in empty]
    return told + _sides(case, "synergy_members", "synergy", "E432")


def synergy_penalties(case: Case) -> list[Problem]:
    """A penalty cannot be avoided by not counting it: that needs the most that each member can be."""
    penalties: dict[Any, float] = {}
    for (synergy, year), benefit in case.series("synergies", "benefit").items():
        if benefit < 0 and year >= case.first_year:
            penalties.setdefault(synergy, benefit)
    stated = case.attribute("synergy_members", "most")
    problems = []
    for key in case.keys("synergy_members"):
        if key[0] in penalties and key not in stated:
            allowed, fix = f"{key[0]} is a penalty, which needs the most that each member can be", "Fill most"
            problems.append(Problem("E433", "synergy_members", key_text("synergy_members", key), "most", "blank", allowed, fix))
    return problems


def synergy_levels(case: Case) -> list[Problem]:
    """A benefit per level names its activity, whose level has a most number."""
    activities, stated = case.attribute("synergies", "per_activity"), case.attribute("synergies", "most")
    paid = {synergy for (synergy, _), benefit in case.series("synergies", "benefit_per_level").items() if benefit > 0}
    problems = []
    for synergy in [name for name in case.names("synergies") if name in paid]:
        activity = activities.get(synergy)
        if activity is None:
            allowed, fix = "a benefit per level needs the activity whose level it is", "Fill per_activity, or clear benefit_per_level"
            problems.append(Problem("E434", "synergies", str(synergy), "per_activity", "blank", allowed, fix))
        elif synergy not in stated and (year := _unbounded(case, activity)) is not None:
            allowed = f"neither capacity and projects nor markets limit {activity} in {year}"
            fix = "Fill most, or max_per_year or max_total of its projects"
            problems.append(Problem("E435", "synergies", str(synergy), "most", "blank", allowed, fix))
    return problems


def _unbounded(case: Case, activity: Any) -> int | None:
    """The first year in which nothing limits the level of an activity; None where there is none, or the activity is not known."""
    timed = (case.attribute("projects", column).keys() for column in ("lead_time", "life"))
    if activity not in case.names("activities") or any(set(case.names("projects")) - keys for keys in timed):
        return None  # told by reading
    bounds = most_level(case, activity)
    return next((year for year in case.years if year not in bounds), None)


def _sides(case: Case, table: str, owner: str, code: str) -> list[Problem]:
    """Trades are measured on the side of their market."""
    side_of = {key[0]: side for key, side in case.attribute("markets", "side").items()}
    problems = []
    for row in rows(case, table):
        measure, item = row["measure"], row["item"]
        if measure in ("buy", "sell") and side_of.get(item, measure) != measure:
            key, fix = key_text(table, (row[owner], measure, item)), f"Use the measure {side_of[item]}"
            problems.append(Problem(code, table, key, "measure", measure, f"{item} is a market to {side_of[item]}", fix))
    return problems
