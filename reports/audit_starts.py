"""Audit of the starts: whole, inside their window, within what a year and a project may have, and as given."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check, equal
from masterplan.reports.facts import ANY, Facts


def checks(facts: Facts) -> list[Check]:
    """Every rule on the starts of a project by itself."""
    return [
        check("No decision is negative", _not_negative(facts)),
        check("Modules of a project with whole modules are whole", _whole(facts)),
        check("Free starts fall inside the start window of their project", _inside_window(facts)),
        check("A year starts no more modules than the project may have in a year", _most_per_year(facts)),
        check("A year with a start has at least the fewest modules of the project", _fewest_per_year(facts)),
        check("All starts of a project stay within its total", _total_started(facts)),
        check("Modules in place stay within the total of their project", _total_in_place(facts)),
        check("Fixed starts are made as given", _given(facts, "fixed")),
        check("Starts given as a minimum are made", _given(facts, "minimum")),
        check("Cancellable starts are made unless cancelled", _given(facts, "cancellable")),
        check("Only cancellable starts are cancelled, and no more than was given", _cancelled(facts)),
    ]


def given_modules(facts: Facts, project: str, start: int) -> float:
    """Modules given for a start year, less what the plan cancels of them; 0 where nothing is given."""
    given = float(facts.attribute("given_starts", "modules").get((project, start), 0.0))
    if facts.attribute("given_starts", "kind").get((project, start)) != "cancellable":
        return given
    return given - facts.decisions.cancellations.get((project, start), 0.0)


def _not_negative(facts: Facts) -> Iterator[Tested]:
    decisions = facts.decisions
    named = {
        "starts": decisions.starts,
        "cancellations": decisions.cancellations,
        "levels": decisions.levels,
        "vintage_levels": decisions.vintage_levels,
        "trades": decisions.trades,
        "stocks": decisions.stocks,
        "loss_pool": decisions.loss_pool,
        "financing": decisions.financing,
        "retirements": decisions.retirements,
        "closures": decisions.closures,
    }
    for name, amounts in named.items():
        for key, amount in amounts.items():
            yield at_least((name, *key), amount, 0.0)


def _whole(facts: Facts) -> Iterator[Tested]:
    lumpy = facts.attribute("projects", "lumpy")
    for (project, start), modules in facts.decisions.starts.items():
        if lumpy[project] == "yes":
            yield equal((project, start), modules, float(round(modules)), abs(modules))
    for (project, start, year), modules in facts.decisions.retirements.items():
        if lumpy[project] == "yes":
            yield equal((project, start, "retired", year), modules, float(round(modules)), abs(modules))


def _may_start(facts: Facts, project: str, start: int) -> bool:
    """May modules be started freely, besides those given?"""
    first, last = facts.attribute("projects", "first_start"), facts.attribute("projects", "last_start")
    begin = max(first.get(project, facts.case.first_year), facts.case.first_year)
    end = last.get(project, facts.case.last_year - facts.attribute("projects", "lead_time")[project])
    return begin <= start <= end and facts.attribute("given_starts", "kind").get((project, start)) != "fixed"


def _inside_window(facts: Facts) -> Iterator[Tested]:
    """Fixed starts have a check of their own."""
    kind = facts.attribute("given_starts", "kind")
    for (project, start), modules in facts.decisions.starts.items():
        if kind.get((project, start)) != "fixed":
            free = 0.0 if _may_start(facts, project, start) else modules - given_modules(facts, project, start)
            yield at_most((project, start), free, 0.0, abs(modules))


def _most_per_year(facts: Facts) -> Iterator[Tested]:
    """Work in progress is what it is."""
    most = facts.series("projects", "max_per_year")
    for key, modules in facts.decisions.starts.items():
        if key in most and key[1] >= facts.case.first_year:
            yield at_most(key, modules, most[key])


def _fewest_per_year(facts: Facts) -> Iterator[Tested]:
    """Where nothing may be started freely, fewer given modules stand alone."""
    fewest, given = facts.attribute("projects", "min_per_year"), facts.attribute("given_starts", "modules")
    for (project, start), modules in facts.decisions.starts.items():
        alone = not _may_start(facts, project, start) and given.get((project, start), 0.0) < fewest.get(project, 0.0)
        if project in fewest and modules > ANY and not alone:
            yield at_least((project, start), modules, fewest[project])


def _total_started(facts: Facts) -> Iterator[Tested]:
    most, basis = facts.attribute("projects", "max_total"), facts.attribute("projects", "total_basis")
    for project in facts.case.names("projects"):
        if project in most and basis[project] == "starts":
            started = sum(modules for (other, _), modules in facts.decisions.starts.items() if other == project)
            yield at_most((project,), started, most[project])


def _total_in_place(facts: Facts) -> Iterator[Tested]:
    most, basis = facts.attribute("projects", "max_total"), facts.attribute("projects", "total_basis")
    for project in facts.case.names("projects"):
        if project in most and basis[project] == "in_place":
            own = [vintage for vintage in facts.vintages if vintage.project == project]
            for year in facts.case.years:
                there = sum(vintage.left(year) for vintage in own if vintage.start <= year <= vintage.last_output)
                yield at_most((project, year), there, most[project])


def _given(facts: Facts, wanted: str) -> Iterator[Tested]:
    kinds = facts.attribute("given_starts", "kind")
    for project, start in facts.keys("given_starts"):
        if kinds[project, start] == wanted and start <= facts.case.last_year:
            modules = facts.decisions.starts.get((project, start), 0.0)
            given = given_modules(facts, project, start)
            yield (equal if wanted == "fixed" else at_least)((project, start), modules, given)


def _cancelled(facts: Facts) -> Iterator[Tested]:
    given, kinds = facts.attribute("given_starts", "modules"), facts.attribute("given_starts", "kind")
    for key, modules in facts.decisions.cancellations.items():
        yield at_most(key, modules, given[key] if kinds.get(key) == "cancellable" else 0.0)
