"""The rules of what is started: whole modules, windows, counts a year and in all, and rules between projects."""

from __future__ import annotations

import numpy as np

from masterplan.reports import live_begun as columns
from masterplan.reports.facts import ANY
from masterplan.reports.formula import ONE, ZERO, Term, added, compare, either, greatest, least, rounded, size, when
from masterplan.reports.live_begun import LEAST
from masterplan.reports.live_money import cancelled
from masterplan.reports.live_sheet import year_term
from masterplan.reports.tested_rule import Built, Tests, apart, beyond


def whole(built: Built) -> Tests:
    """Starts and retirements of projects with whole modules are whole."""
    lumpy = built.facts.attribute("projects", "lumpy")
    for (project, _), row in built.decided["starts"].items():
        if lumpy.get(project) == "yes":
            yield project, apart(row.here, rounded(row.here), size(row.here))
    for (project, start), row in built.decided["retirements"].items():
        if lumpy.get(project) == "yes":
            yield f"{project} {start}, retired", apart(row.here, rounded(row.here), size(row.here))


def window(built: Built) -> Tests:
    """Nothing but given starts begins outside the window of its project."""
    facts, inputs, year = built.facts, built.inputs, year_term(built.facts.case.years)
    first, last = facts.attribute("projects", "first_start"), facts.attribute("projects", "last_start")
    for (project, _), row in built.decided["starts"].items():
        begin = inputs.attribute("projects", "first_start", project) if project in first else inputs.setting("first_year")
        lead = inputs.attribute("projects", "lead_time", project)
        end = inputs.attribute("projects", "last_start", project) if project in last else inputs.setting("last_year") - lead
        free = row.here
        for key in facts.keys("given_starts"):
            if key[0] == project and facts.case.first_year <= key[1] <= facts.case.last_year:
                given = inputs.attribute("given_starts", "modules", key)
                there = compare(year, "=", inputs.attribute("given_starts", "year", key))
                free = free - when(there, given, ZERO)
        outside = either(compare(year, "<", begin), compare(year, ">", end))
        yield project, when(outside, greatest(ZERO, free) / greatest(ONE, size(row.here)), ZERO)


def per_year(built: Built) -> Tests:
    """No year starts more modules than allowed."""
    for (project, _), row in built.decided["starts"].items():
        if built.inputs.has_any("projects", "max_per_year", project):
            yield project, beyond(row.here, built.inputs.series("projects", "max_per_year", project))


def fewest(built: Built) -> Tests:
    """A year that starts anything starts at least the fewest."""
    for (project, _), row in built.decided["starts"].items():
        if project in built.facts.attribute("projects", "min_per_year") and not any(
            key[0] == project for key in built.facts.keys("given_starts")
        ):
            fewest = beyond(built.inputs.attribute("projects", "min_per_year", project), row.here)
            yield project, when(compare(row.here, ">", Term(LEAST, np.array(ANY))), fewest, ZERO)


def total(built: Built) -> Tests:
    """Starts, or what stands, are within the total."""
    most, basis = built.facts.attribute("projects", "max_total"), built.facts.attribute("projects", "total_basis")
    for project in most:
        limit = built.inputs.attribute("projects", "max_total", project)
        if basis[project] == "starts":
            yield project, beyond(built.begun.blocks[project].total(columns.MODULES), limit)
        else:
            there = built.ages.under_construction[project].here + built.ages.alive[project].here
            yield project, beyond(there, limit)


def given(built: Built) -> Tests:
    """Starts that are given are made, but for what was cancelled."""
    facts, kinds = built.facts, built.facts.attribute("given_starts", "kind")
    for key in facts.keys("given_starts"):
        if key[1] > facts.case.last_year:
            continue
        block, year = built.begun.blocks[key[0]], built.inputs.attribute("given_starts", "year", key)
        started, given = (
            block.sum_where(columns.MODULES, (columns.START, "=", year)),
            built.inputs.attribute("given_starts", "modules", key),
        )
        if kinds[key] == "cancellable":
            given = given - cancelled(built.inputs, built.decided, built.early, key)
        yield f"{key[0]} {key[1]}", apart(started, given) if kinds[key] == "fixed" else beyond(given, started)


def rules(built: Built) -> Tests:
    """What must come first, must not come together, or must be done is so."""
    facts, inputs, year = built.facts, built.inputs, year_term(built.facts.case.years)
    kinds, lags = facts.attribute("rules", "kind"), facts.attribute("rules", "lag")
    amounts = facts.attribute("rules", "amount")

    def by(project: str, when_: Term) -> Term:
        return built.begun.blocks[project].sum_where(columns.MODULES, (columns.START, "<=", when_))

    for key in facts.keys("rules"):
        rule, project, other = key
        amount = inputs.attribute("rules", "amount", key) if key in amounts else ONE
        last = inputs.setting("last_year")
        if kinds[key] == "requires":
            since = year - inputs.attribute("rules", "lag", key) if lags[key] else year
            own, before = by(project, year), by(other, since)
            allowed = amount * before if key in amounts else when(compare(before, ">", Term(LEAST, np.array(ANY))), own, ZERO)
            yield f"{rule}: {project}", beyond(own, allowed)
        elif kinds[key] == "excludes":
            yield f"{rule}: {project}", beyond(least(by(project, last), by(other, last)), ZERO)
        elif kinds[key] in ("deadline", "must_do"):
            has_end = kinds[key] == "deadline" and key in facts.attribute("rules", "deadline")
            end = inputs.attribute("rules", "deadline", key) if has_end else last
            yield f"{rule}: {project}", beyond(amount, by(project, end))
    for kind in ("at_most", "at_least"):
        groups = dict.fromkeys(key[0] for key in facts.keys("rules") if kinds[key] == kind)
        for rule in groups:
            group = [key for key in facts.keys("rules") if key[0] == rule and kinds[key] == kind]
            begun = [
                when(compare(built.begun.blocks[name].total(columns.MODULES), ">", Term(LEAST, np.array(ANY))), ONE, ZERO)
                for name in dict.fromkeys(key[1] for key in group)
            ]
            stated = [inputs.attribute("rules", "amount", key) for key in group if key in amounts]
            count = stated[0] if stated else ONE
            yield rule, beyond(added(begun), count) if kind == "at_most" else beyond(count, added(begun))
