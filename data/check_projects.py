"""Checks of single projects: their window, bounds, profiles, construction inputs, conversions and given starts."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, key_text, number, rows

PROFILE_COLUMNS = {"spend_profile": "spend", "availability_profile": "availability", "output_profile": "output"}


def start_window(case: Case) -> list[Problem]:
    """A project can first be started inside the plan, and not after it can last be started."""
    last = case.attribute("projects", "last_start")
    problems = []
    for project, first in case.attribute("projects", "first_start").items():
        if not case.first_year <= first <= case.last_year:
            allowed = f"the plan runs from {case.first_year} to {case.last_year}"
            problems.append(Problem("E301", "projects", _key(project), "first_start", str(first), allowed, "Use a year of the plan"))
        elif project in last and first > last[project]:
            allowed = f"the last start is {last[project]}"
            problems.append(Problem("E302", "projects", _key(project), "first_start", str(first), allowed, "Put the first before the last"))
    return problems


def starts_per_year(case: Case) -> list[Problem]:
    """The fewest modules of a year with a start fit into the most; a year where none may start is fine."""
    most = case.series("projects", "max_per_year")
    problems = []
    in_all = case.attribute("projects", "max_total")
    for project, least in case.attribute("projects", "min_per_year").items():
        if 0 < in_all.get(project, math.inf) < least:
            allowed = f"max_total is {number(in_all[project])}"
            problems.append(
                Problem("E303", "projects", _key(project), "min_per_year", number(least), allowed, "Lower one or raise the other")
            )
        short = [year for year in case.years if 0 < most.get((project, year), math.inf) < least]
        if short:
            allowed = f"max_per_year is {number(most[project, short[0]])} in {short[0]}"
            problems.append(
                Problem("E303", "projects", _key(project), "min_per_year", number(least), allowed, "Lower one or raise the other")
            )
    return problems


def bounded_starts(case: Case) -> list[Problem]:
    """A fixed cost or a fewest number per year needs a most number of modules: its row is written with that bound."""
    least = case.attribute("projects", "min_per_year")
    fixed = {project for (project, _), cost in case.series("projects", "fixed_capex").items() if cost > 0}
    problems = []
    for project in case.keys("projects"):
        if (project in fixed or least.get(project, 0) > 0) and not is_bounded(case, project):
            column = "fixed_capex" if project in fixed else "min_per_year"
            allowed = "which needs a most number of modules"
            problems.append(Problem("E304", "projects", _key(project), column, "a value", allowed, "Fill max_per_year or max_total"))
    return problems


def is_bounded(case: Case, project: Any) -> bool:
    """Is there a most number of modules for a project in the tables?"""
    return any(project in case.attribute("projects", column) for column in ("max_per_year", "max_total"))


def output_profiles(case: Case) -> list[Problem]:
    """An output profile scales one output that the project's activity makes per level."""
    activities, resources = case.attribute("projects", "activity"), case.attribute("projects", "output_resource")
    made = {(row["activity"], row["resource"]) for row in rows(case, "recipes") if row["basis"] == "level" and (row["amount"] or 0) > 0}
    misnamed = {row["activity"] for row in rows(case, "recipes") if row["amount"] is None or row["resource"] not in case.names("resources")}
    profiled = case.attribute("projects", "output_profile")
    problems = []
    for project in profiled:
        key, activity, resource = _key(project), activities.get(project), resources.get(project)
        if activity is None:
            problems.append(
                Problem(
                    "E305",
                    "projects",
                    key,
                    "output_profile",
                    "a profile without an activity",
                    "it scales what an activity makes",
                    "Fill activity",
                )
            )
        elif resource is None:
            fix = "Fill output_resource"
            problems.append(
                Problem("E306", "projects", key, "output_resource", "blank", "an output profile names the output it scales", fix)
            )
        elif (activity, resource) not in made and activity not in misnamed:
            outputs = ", ".join(r for a, r in sorted(made) if a == activity) or "nothing"
            allowed, fix = f"which {activity} does not make per level: it makes {outputs}", "Name an output, or add the recipe"
            problems.append(Problem("E307", "projects", key, "output_resource", repr(resource), allowed, fix))
    for project in resources.keys() - profiled.keys():
        fix = "Fill output_profile or clear output_resource"
        problems.append(
            Problem(
                "E308", "projects", _key(project), "output_resource", repr(resources[project]), "which only an output profile needs", fix
            )
        )
    return problems


def profile_uses(case: Case) -> list[Problem]:
    """A profile is of the kind that the column asks for."""
    kinds = {row["profile"]: row["kind"] for row in rows(case, "profiles") if row["kind"] is not None}
    problems = []
    for column, wanted in PROFILE_COLUMNS.items():
        for project, profile in case.attribute("projects", column).items():
            kind = kinds.get(profile, wanted)
            if kind != wanted:
                found, fix = f"the {kind} profile {profile!r}", f"Name a profile of the kind {wanted}"
                problems.append(Problem("E309", "projects", _key(project), column, found, f"a {wanted} profile belongs here", fix))
    return problems


def profile_shapes(case: Case) -> list[Problem]:
    """A profile has one kind and every age from 0; a spend profile sums to 1 in every start year."""
    by_name: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(case, "profiles"):
        by_name[row["profile"]].append(row)
    values = case.series("profiles", "value")
    problems = []
    for profile, given in by_name.items():
        kinds = sorted({row["kind"] for row in given if row["kind"] is not None})
        ages = {row["age"] for row in given}
        if len(kinds) > 1:
            problems.append(
                Problem("E310", "profiles", _key(profile), "kind", " and ".join(kinds), "a profile has one kind", "Use two names")
            )
        if None in ages:
            continue  # reading says so
        gaps = [str(age) for age in range(max(ages)) if age not in ages]
        if gaps:
            problems.append(
                Problem("E311", "profiles", _key(profile), "age", f"no age {', '.join(gaps)}", "every age from 0 is stated", "Add them")
            )
        elif kinds == ["spend"]:
            problems.extend(_sum_of_spend(profile, ages, values, case.start_years))
    return problems


def _sum_of_spend(profile: Any, ages: set[int], values: dict[Any, float], years: tuple[int, ...]) -> list[Problem]:
    if any((profile, age, year) not in values for age in ages for year in years):
        return []  # a cell that reading refused
    for year in years:
        total = math.fsum(values[profile, age, year] for age in ages)
        if abs(total - 1) > 1e-6:
            found = f"shares that sum to {number(total)} for a start in {year}"
            return [Problem("E312", "profiles", _key(profile), "value", found, "spend profiles sum to 1", "Scale the shares")]
    return []


def construction(case: Case) -> list[Problem]:
    """A standing input has no year of building and no capitalised value."""
    problems = []
    for row in rows(case, "construction_inputs"):
        if row["when"] != "standing":
            continue
        key = key_text("construction_inputs", (row["project"], row["resource"], row["when"], row["years_after_start"]))
        if row["years_after_start"] is not None:
            allowed, fix = "a standing input is taken in every year alive", "Leave it blank, or use building"
            problems.append(Problem("E313", "construction_inputs", key, "years_after_start", str(row["years_after_start"]), allowed, fix))
        if row["capitalised_value"]:
            allowed, fix = "only building inputs count as capex", "Leave it blank, or use building"
            problems.append(
                Problem("E314", "construction_inputs", key, "capitalised_value", number(row["capitalised_value"]), allowed, fix)
            )
    return problems


def conversions(case: Case) -> list[Problem]:
    """A conversion takes something out of existing capacity."""
    capacity = case.series("existing_capacity", "capacity")
    exists = {activity for (activity, _), amount in capacity.items() if amount > 0}
    exists |= {row["activity"] for row in rows(case, "existing_capacity") if row["capacity"] is None}  # reading says so
    all_named = exists <= set(case.keys("activities"))
    problems = []
    for row in rows(case, "conversions"):
        key, source = key_text("conversions", (row["project"], row["from_activity"])), row["from_activity"]
        if all_named and source is not None and source not in exists:
            found, fix = repr(source), "Fill existing_capacity, or name another activity"
            problems.append(Problem("E315", "conversions", key, "from_activity", found, "which has no existing capacity to take", fix))
        if row["amount"] == 0:
            problems.append(
                Problem("E316", "conversions", key, "amount", "0", "a conversion takes some capacity", "Give the amount, or delete the row")
            )
    return problems


def given_starts(case: Case) -> list[Problem]:
    """Given starts fall before the end of the plan, are whole where lumpy, fit the project's bounds, and are not long over."""
    lumpy = case.attribute("projects", "lumpy")
    lead, life = case.attribute("projects", "lead_time"), case.attribute("projects", "life")
    most = case.series("projects", "max_per_year")
    problems = []
    for row in rows(case, "given_starts"):
        project, year, modules = row["project"], row["year"], row["modules"]
        if project is None or year is None or modules is None:
            continue
        key = key_text("given_starts", (project, year))
        if year > case.last_year:
            problems.append(Problem("E317", "given_starts", key, "year", str(year), f"the plan ends in {case.last_year}", "Delete the row"))
        elif project in lead and project in life and year + lead[project] + life[project] - 1 < case.first_year:
            allowed = f"its modules are past their life before the plan starts in {case.first_year}"
            problems.append(Problem("E318", "given_starts", key, "year", str(year), allowed, "Delete the row"))
        if lumpy.get(project) == "yes" and not float(modules).is_integer():
            problems.append(
                Problem("E319", "given_starts", key, "modules", number(modules), "the project's modules are whole", "Use a whole number")
            )
        limit = most.get((project, year), math.inf) if year >= case.first_year else math.inf
        if modules > limit:
            allowed = f"max_per_year is {number(limit)}"
            problems.append(Problem("E320", "given_starts", key, "modules", number(modules), allowed, "Lower it, or raise max_per_year"))
    return problems


def given_in_total(case: Case) -> list[Problem]:
    """All given starts of a project together fit into max_total."""
    limits, basis = case.attribute("projects", "max_total"), case.attribute("projects", "total_basis")
    lead, life = case.attribute("projects", "lead_time"), case.attribute("projects", "life")
    given = [row for row in rows(case, "given_starts") if None not in (row["project"], row["year"], row["modules"])]
    problems = []
    for project, limit in limits.items():
        mine = [row for row in given if row["project"] == project]
        if basis[project] == "in_place" and project in lead and project in life:
            span = lead[project] + life[project]
            total = max((sum(r["modules"] for r in mine if r["year"] <= year < r["year"] + span) for year in case.start_years), default=0)
        else:
            total = sum(row["modules"] for row in mine)
        if total > limit:
            found, allowed = f"{number(total)} modules given", f"max_total of {project} is {number(limit)}"
            problems.append(Problem("E321", "given_starts", _key(project), "modules", found, allowed, "Lower them, or raise max_total"))
    return problems


def _key(name: Any) -> str:
    return str(name)
