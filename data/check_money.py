"""Checks of the years, the money, the scenarios and the provenance of a case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_rows import Editor
from masterplan.data.change_target import Change, change_of_row
from masterplan.data.errors import Problem
from masterplan.data.most import most
from masterplan.data.ranges import elasticities
from masterplan.data.rows import advice, key_text, merged, number, rows
from masterplan.data.schema import TABLE
from masterplan.data.tax_law import choice_years

MOST_YEARS = 100


def years(case: Case) -> list[Problem]:
    """The plan ends when it begins or later, and is no longer than `MOST_YEARS`."""
    first, last = case.setting("first_year"), case.setting("last_year")
    if first is None or last is None:
        return []
    if last < first:
        return [Problem("E201", "settings", "last_year", "value", str(last), f"the plan starts in {first}", f"Use {first} or later")]
    if last - first + 1 > MOST_YEARS:
        found = f"{last}, a plan of {last - first + 1} years"
        return [Problem("E202", "settings", "last_year", "value", found, f"at most {MOST_YEARS} years", "Check both years")]
    return []


def perpetuity(case: Case) -> list[Problem]:
    """A perpetuity has a value only where the rate is above its growth."""
    rate, growth = case.setting("discount_rate"), case.setting("perpetuity_growth")
    if case.setting("terminal_value") != "perpetuity" or rate is None or rate > growth:
        return []
    found = f"a growth of {number(growth)} with the discount rate {number(rate)}"
    return [Problem("E203", "settings", "perpetuity_growth", "value", found, "a perpetuity grows slower than the rate", "Lower the growth")]


def discount_factors(case: Case) -> list[Problem]:
    """Given discount factors are there for every year (or one for all), and never zero."""
    stated = {row["year"]: row["discount_factor"] for row in rows(case, "finance") if row["discount_factor"] is not None}
    problems = [
        Problem("E204", "finance", str(year or ""), "discount_factor", "0", "a factor is above 0", "Leave the column blank to use the rate")
        for year, factor in stated.items()
        if factor == 0
    ]
    missing = [str(year) for year in case.years if year not in stated]
    if len(stated) > 1 and missing:
        found = f"no factor for {', '.join(missing)}"
        problems.append(Problem("E205", "finance", "", "discount_factor", found, "every year has its own or none has", "State them all"))
    return problems


def taxable_bounds(case: Case) -> list[Problem]:
    """Where losses could be kept for a dearer year, what income and loss can be at most follows from the tables."""
    years = choice_years(case)
    if not years:
        return []
    reason = f"the tax weighs more after {years[0]}, and then the most that income and loss can be has to follow from the tables"
    problems = []
    for table, key, column in _without_bound(case, years):
        fix = f"Fill {column}, or use a tax rate that does not rise"
        problems.append(Problem("E206", table, key, column, "no bound", reason, fix))
    return problems


def _without_bound(case: Case, years: tuple[int, ...]) -> list[tuple[str, str, str]]:
    """(table, key, column to fill) of what earns or costs taxable money in these years without a bound."""
    found = most(case)
    unlimited = list(dict.fromkeys(project for (project, _), amount in found.started.items() if math.isinf(amount)))
    missing = [("projects", str(project), "max_total") for project in unlimited if project in _costly(case)]

    def unbounded(table: str, column: str, bounds: Mapping[Any, float]) -> list[Any]:
        priced = {key for key, money in case.series(table, column).items() if money and key[-1] in years}
        return [key for key in bounds if key in priced and math.isinf(bounds[key])]

    grows = {activity for project, activity in case.attribute("projects", "activity").items() if project in unlimited}
    missing += [("markets", key_text("markets", key[:2]), "limit") for key in unbounded("markets", "price", found.traded)]
    levels = unbounded("activities", "variable_cost", found.level)
    missing += [("activities", str(key[0]), "capacity_limited") for key in levels if key[0] not in grows]
    missing += [("resources", str(key[0]), "storage_limit") for key in unbounded("resources", "holding_cost", found.stock)]
    return list(dict.fromkeys(missing))


def _costly(case: Case) -> set[Any]:
    """The projects that cost money, themselves or through an activity of theirs."""
    costly = {key[0] for column in ("capex", "fixed_cost") for key, money in case.series("projects", column).items() if money}
    costly |= {key[0] for key, money in case.series("construction_inputs", "capitalised_value").items() if money}
    running = {key[0] for column in ("variable_cost", "fixed_cost") for key, money in case.series("activities", column).items() if money}
    return costly | {project for project, activity in case.attribute("projects", "activity").items() if activity in running}


def depreciation(case: Case) -> list[Problem]:
    """A declining balance has a rate, and no other method has one; what is written off at once has no years to go."""
    problems = []
    for row in rows(case, "depreciation"):
        name, method, rate = str(row["depreciation_class"]), row["method"], row["rate"]
        if method == "declining_balance" and rate is None:
            fix = "Fill rate: 2 / years is the double declining balance"
            problems.append(Problem("E207", "depreciation", name, "rate", "blank", "a declining balance has a rate", fix))
        if method in ("straight_line", "expensing") and rate is not None:
            allowed, fix = f"{method} has no rate", "Clear it, or use declining_balance"
            problems.append(Problem("E208", "depreciation", name, "rate", number(rate), allowed, fix))
        if method == "expensing" and ((row["years"] or 1) > 1 or row["immediate"]):
            column = "years" if (row["years"] or 1) > 1 else "immediate"
            allowed, fix = "expensing deducts all in the first output year", "Clear it, or use straight_line"
            problems.append(Problem("E209", "depreciation", name, column, number(row[column]), allowed, fix))
    return problems


def futures(case: Case) -> list[Problem]:
    """Futures have weights that sum to 1."""
    weights = {row["scenario"]: row["probability"] for row in rows(case, "scenarios") if row["kind"] == "future"}
    blanks = [
        Problem("E601", "scenarios", name, "probability", "no weight", "every future has one", "Give its weight; all sum to 1")
        for name, weight in weights.items()
        if weight is None
    ]
    total = math.fsum(weight for weight in weights.values() if weight is not None)
    if weights and not blanks and abs(total - 1) > 1e-6:
        found = f"weights of futures that sum to {number(total)} ({', '.join(weights)})"
        return [Problem("E602", "scenarios", next(iter(weights)), "probability", found, "they sum to 1", "Scale them")]
    return blanks


def changes(case: Case) -> list[Problem]:
    """Every change of a scenario names a table, a key and a column that are there, a value that fits, and years in order."""
    editor = Editor(case)
    found: list[tuple[Any, Problem]] = []
    for row in rows(case, "changes"):
        if row["table"] is None or row["column"] is None or row["value"] is None:
            continue  # reading says so
        change = change_of_row(row)
        for problem in editor.check(change):
            place = key_text("changes", (row["scenario"], row["step"]))
            told = Problem(problem.code, "changes", place, column_told(problem), problem.found, problem.allowed, problem.fix)
            found.append((cause_of(case, change, problem) or place, told))
    return merged(found)


def cause_of(case: Case, change: Change, problem: Problem) -> tuple[str, ...]:
    """What several changes may suffer from together: an unknown table, column or key, or a table without rows."""
    shared = {"E504": (change.table,), "E505": (change.table, change.column), "E506": (change.table, change.key)}
    empty = problem.code == "E506" and change.table in case.tables and case.tables[change.table].empty
    return (problem.code, *((change.table,) if empty else shared[problem.code])) if problem.code in shared else ()


def column_told(problem: Problem) -> str:
    """The column of a row about a change that a problem with the change is told at."""
    return {"E504": "table", "E505": "column", "E506": "key", "E507": "from_year"}.get(problem.code, "value")


def provenance(case: Case) -> list[Problem]:
    """Provenance names tables, columns and sources that are there; one problem for each name that is not."""
    known = set(case.names("sources"))
    found: list[tuple[Any, Problem]] = []
    for row in rows(case, "provenance"):
        table, column, key = row["table"], row["column"], key_text("provenance", (row["table"], row["key"], row["column"]))
        if table is None:
            continue
        if table not in TABLE:
            problem = Problem("E603", "provenance", key, "table", repr(table), "which is not a table", advice(table, TABLE, "table"))
            found.append((("E603", table), problem))
        elif column not in ("*", None, *TABLE[table].column_names):
            fix = advice(column, TABLE[table].column_names)
            problem = Problem("E604", "provenance", key, "column", repr(column), f"which {table} has not", fix)
            found.append((("E604", table, column), problem))
        try:
            elasticities(row)
        except ValueError as error:
            fix = "Write one number, or one for each source joined by ;"
            found.append(
                (("E606", row["elasticity"]), Problem("E606", "provenance", key, "elasticity", repr(row["elasticity"]), str(error), fix))
            )
        for source in (part.strip() for part in (row["sources"] or "").split(";")):
            if source and source not in known:
                fix = advice(source, known, "source")
                problem = Problem("E605", "provenance", key, "sources", repr(source), "which the table sources has not", fix)
                found.append((("E605", source if known else ""), problem))
    return merged(found)
