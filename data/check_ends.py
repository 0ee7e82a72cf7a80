"""Checks of what ends early (retirement, closures) and of cost curves."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, number, rows

ENOUGH = 1e-9  # relative; below this a curve reaches as far as it has to


def closures(case: Case) -> list[Problem]:
    """What may be closed exists, and only what may be closed or retired has a cost of it."""
    capacity = case.series("existing_capacity", "capacity")
    exists = {activity for (activity, _), amount in capacity.items() if amount > 0}
    exists |= {row["activity"] for row in rows(case, "existing_capacity") if row["capacity"] is None}  # reading says so
    all_named = exists <= set(case.keys("activities"))
    problems = []
    for activity, answer in case.attribute("activities", "closable").items():
        if answer == "yes" and activity not in exists and all_named:
            fix = "Fill existing_capacity, or set closable to no"
            problems.append(Problem("E330", "activities", str(activity), "closable", "yes", "it has no existing capacity to close", fix))
    problems += _cost_without_leave(case, "activities", "activity", "closable", "closing_cost", "E331")
    return problems + _cost_without_leave(case, "projects", "project", "retirable", "retirement_cost", "E332")


def _cost_without_leave(case: Case, table: str, name: str, leave: str, cost: str, code: str) -> list[Problem]:
    allowed = case.attribute(table, leave)
    stated = {row[name]: row[cost] for row in reversed(rows(case, table)) if row[cost] and allowed.get(row[name]) == "no"}
    fix = f"Set {leave} to yes, or clear it"
    return [Problem(code, table, str(key), cost, number(value), f"{leave} is no", fix) for key, value in stated.items()]


def cost_curves(case: Case) -> list[Problem]:
    """A cost curve begins with nothing for no module, never falls, has one basis, and is all that its project says of capex."""
    problems = []
    capex = {row["project"]: row["capex"] for row in reversed(rows(case, "projects")) if row["capex"]}
    for project, given in _curves(case).items():
        key, points = str(project), sorted((row["modules"], row["cost"]) for row in given)
        first, kinds = points[0], sorted({row["basis"] for row in given if row["basis"] is not None})
        if len(kinds) > 1:
            problems.append(Problem("E333", "learning", key, "basis", " and ".join(kinds), "a curve has one basis", "Make its rows agree"))
        if first != (0, 0):
            found = f"{number(first[1])} for {number(first[0])} modules at its beginning"
            fix = "Begin with 0 modules at cost 0; what a start costs once is fixed_capex"
            problems.append(Problem("E334", "learning", key, "modules", found, "a curve begins with nothing for no module", fix))
        if len(points) < 2:
            problems.append(Problem("E335", "learning", key, "modules", "one point", "a curve needs two or more", "Add points"))
        falls = next((later for before, later in pairwise(points) if later[1] < before[1]), None)
        if falls is not None:
            found, fix = f"{number(falls[1])} for {number(falls[0])} modules", "Give the cost of all of them together, not of one"
            problems.append(Problem("E336", "learning", key, "cost", found, "more modules never cost less in total", fix))
        if project in capex:
            allowed, fix = "its capex stands in the table learning", "Clear it, or delete the rows of its curve"
            problems.append(Problem("E337", "projects", key, "capex", number(capex[project]), allowed, fix))
    return problems


def curve_lengths(case: Case) -> list[Problem]:
    """A cost curve reaches as far as modules can be built."""
    problems = []
    for project, given in _curves(case).items():
        per_year = any(row["basis"] == "per_year" for row in given)
        reach, most = max(row["modules"] for row in given), _most_counted(case, project, per_year)
        if most is None:
            allowed, fix = "a cost curve needs a most number of modules", "Fill max_per_year or max_total"
            problems.append(Problem("E338", "projects", str(project), "max_total", "blank", allowed, fix))
        elif most > reach * (1 + ENOUGH):
            each = "a year" if per_year else "in all"
            allowed, fix = f"{number(most)} modules {each} can be built", "Add points, or lower max_per_year or max_total"
            problems.append(Problem("E339", "learning", str(project), "modules", f"a curve that ends at {number(reach)}", allowed, fix))
    return problems


def curves_and_retirement(case: Case) -> list[Problem]:
    """What is left of a retired module's cost is not known where modules have no cost of their own, so it can have no value at the end."""
    if case.setting("terminal_value") == "none":
        return []
    retirable = case.attribute("projects", "retirable")
    allowed, fix = "its modules have no cost of their own to take out of the terminal value", "Set it to no, or terminal_value to none"
    return [
        Problem("E340", "projects", str(project), "retirable", "yes on a cost curve", allowed, fix)
        for project in _curves(case)
        if retirable.get(project) == "yes"
    ]


def built_before(case: Case) -> list[Problem]:
    """Modules built before the plan count on a curve of modules ever built, and nowhere else."""
    learning = {project for project, given in _curves(case).items() if not any(row["basis"] == "per_year" for row in given)}
    fix = "Clear it, or add a curve of the basis cumulative to the table learning"
    return [
        Problem("E341", "projects", str(project), "built_before", number(built), "only a cumulative cost curve counts them", fix)
        for project, built in case.attribute("projects", "built_before").items()
        if built and project not in learning
    ]


def _curves(case: Case) -> dict[Any, list[Row]]:
    """Project -> rows of its curve; without curves of which reading refused a cell."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(case, "learning"):
        found[row["project"]].append(row)
    known = set(case.keys("projects"))
    whole = {p: given for p, given in found.items() if not any(row["modules"] is None or row["cost"] is None for row in given)}
    return {project: given for project, given in whole.items() if project in known}


def _most_counted(case: Case, project: Any, per_year: bool) -> float | None:
    """Most modules that can stand on the curve, in one year or in all; None where nothing limits them."""
    yearly = [_most_started(case, project, year) for year in case.start_years]
    total, basis = case.attribute("projects", "max_total").get(project), case.attribute("projects", "total_basis").get(project)
    known = [most for most in yearly if most is not None]
    if per_year:
        return max(known, default=0.0) if len(known) == len(yearly) else None
    caps = [sum(known)] if len(known) == len(yearly) else []
    caps += [total] if total is not None and basis == "starts" else []
    before = case.attribute("projects", "built_before").get(project) or 0.0
    return float(before + min(caps)) if caps else None


def _most_started(case: Case, project: Any, year: int) -> float | None:
    """Most modules of a start year, given ones included; None where nothing limits them."""
    at = {name: case.attribute("projects", name).get(project) for name in ("first_start", "last_start", "lead_time", "max_total")}
    given = case.attribute("given_starts", "modules").get((project, year), 0.0)
    kind = case.attribute("given_starts", "kind").get((project, year))
    last = case.last_year - (at["lead_time"] or 0) if at["last_start"] is None else at["last_start"]
    if kind == "fixed" or not max(at["first_start"] or case.first_year, case.first_year) <= year <= last:
        return float(given)
    caps = [cap for cap in (case.series("projects", "max_per_year").get((project, year)), at["max_total"]) if cap is not None]
    return float(max(min(caps), given)) if caps else None
