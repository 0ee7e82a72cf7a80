"""Checks of the years, the money, the scenarios and the provenance of a case."""

from __future__ import annotations

import math
from typing import Any

from masterplan.data.case import Case
from masterplan.data.change_rows import Editor
from masterplan.data.change_target import Change, change_of_row
from masterplan.data.errors import Problem
from masterplan.data.rows import advice, key_text, merged, number, rows
from masterplan.data.schema import TABLE

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


def tax_rate(case: Case) -> list[Problem]:
    """The tax rate never rises: with a rising rate a company would keep its losses for the dearer year, which the model does not hold."""
    rate = case.series("finance", "tax_rate")
    for before, year in zip(case.years, case.years[1:], strict=False):
        if rate[year] > rate[before] + 1e-12:
            found = f"{number(rate[year])} after {number(rate[before])} in {before}"
            allowed = "a tax rate that rises over time is not modelled: losses would be kept for the dearer year"
            return [Problem("E206", "finance", str(year), "tax_rate", found, allowed, "Use one rate, or one that falls")]
    return []


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
            told = Problem(problem.code, "changes", place, _column_of(problem), problem.found, problem.allowed, problem.fix)
            found.append((_cause(case, change, problem) or place, told))
    return merged(found)


def _cause(case: Case, change: Change, problem: Problem) -> tuple[str, ...]:
    """What several changes may suffer from together: an unknown table, column or key, or a table without rows."""
    shared = {"E504": (change.table,), "E505": (change.table, change.column), "E506": (change.table, change.key)}
    empty = problem.code == "E506" and change.table in case.tables and case.tables[change.table].empty
    return (problem.code, *((change.table,) if empty else shared[problem.code])) if problem.code in shared else ()


def _column_of(problem: Problem) -> str:
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
        for source in (part.strip() for part in (row["sources"] or "").split(";")):
            if source and source not in known:
                fix = advice(source, known, "source")
                problem = Problem("E605", "provenance", key, "sources", repr(source), "which the table sources has not", fix)
                found.append((("E605", source if known else ""), problem))
    return merged(found)
