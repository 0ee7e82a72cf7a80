"""Audit of the rules between projects and of the general limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check
from masterplan.reports.facts import ANY, Facts
from masterplan.reports.measures import Measures, checked_years, counted, measures
from masterplan.reports.recompute import Recomputed

SPANS: Mapping[str, str] = {
    "each_year": "Limits of each year hold",
    "cumulative": "Limits summed up to each year hold",
    "total": "Limits over all their years hold",
}


def checks(facts: Facts, found: Recomputed) -> list[Check]:
    """Every kind of rule, every span of limit."""
    kinds: Mapping[str, tuple[str, Callable[[Facts], Iterator[Tested]]]] = {
        "requires": ("A project that requires another follows it", _requires),
        "excludes": ("Projects that exclude each other are not both started", _excludes),
        "at_most": ("No more projects of a group are started than its rule says", _at_most),
        "at_least": ("As many projects of a group are started as its rule says", _at_least),
        "deadline": ("What has a deadline is started by then", _deadline),
        "must_do": ("What must be done is started", _must_do),
    }
    measured = measures(facts, found)
    limits = [check(name, _limits(facts, measured, span)) for span, name in SPANS.items()]
    return [check(name, test(facts)) for name, test in kinds.values()] + limits


def started_by(facts: Facts, project: str, year: int) -> float:
    """Modules of a project started up to and including a year, work in progress included."""
    return sum(modules for (other, start), modules in facts.decisions.starts.items() if other == project and start <= year)


def _rows(facts: Facts, kind: str) -> Iterator[tuple[str, str, str]]:
    kinds = facts.attribute("rules", "kind")
    return (key for key in facts.keys("rules") if kinds[key] == kind)


def _requires(facts: Facts) -> Iterator[Tested]:
    amount, lag = facts.attribute("rules", "amount"), facts.attribute("rules", "lag")
    for key in _rows(facts, "requires"):
        rule, project, other = key
        for year in facts.case.years:
            own, before = started_by(facts, project, year), started_by(facts, other, year - lag[key])
            allowed = amount[key] * before if key in amount else max(own, 0.0) if before > ANY else 0.0
            yield at_most((rule, project, year), own, allowed)


def _excludes(facts: Facts) -> Iterator[Tested]:
    last = facts.case.last_year
    for rule, project, other in _rows(facts, "excludes"):
        own, others = started_by(facts, project, last), started_by(facts, other, last)
        yield at_most((rule, project, "and", other), min(own, others) if own > ANY and others > ANY else 0.0, 0.0)


def _groups(facts: Facts, kind: str) -> Iterator[tuple[str, int, float]]:
    """(rule, projects started, number that the rule states) of every group."""
    amount = facts.attribute("rules", "amount")
    rows = list(_rows(facts, kind))
    for rule in dict.fromkeys(key[0] for key in rows):
        own = [key for key in rows if key[0] == rule]
        started = {key[1] for key in own if started_by(facts, key[1], facts.case.last_year) > ANY}
        yield rule, len(started), next((amount[key] for key in own if key in amount), 1.0)


def _at_most(facts: Facts) -> Iterator[Tested]:
    for rule, started, number in _groups(facts, "at_most"):
        yield at_most((rule,), started, number)


def _at_least(facts: Facts) -> Iterator[Tested]:
    for rule, started, number in _groups(facts, "at_least"):
        yield at_least((rule,), started, number)


def _deadline(facts: Facts) -> Iterator[Tested]:
    amount, deadline = facts.attribute("rules", "amount"), facts.attribute("rules", "deadline")
    for key in _rows(facts, "deadline"):
        yield at_least(key[:2], started_by(facts, key[1], deadline.get(key, facts.case.last_year)), amount.get(key, 1.0))


def _must_do(facts: Facts) -> Iterator[Tested]:
    amount = facts.attribute("rules", "amount")
    for key in _rows(facts, "must_do"):
        yield at_least(key[:2], started_by(facts, key[1], facts.case.last_year), amount.get(key, 1.0))


def _limits(facts: Facts, measured: Measures, span: str) -> Iterator[Tested]:
    """Limits without a penalty; what a penalty allows shows in the objective."""
    spans, senses, penalty = (facts.attribute("limits", name) for name in ("span", "sense", "penalty"))
    bound = facts.series("limits", "bound")
    for limit in facts.keys("limits"):
        if spans[limit] != span or limit in penalty:
            continue
        for year in checked_years(facts, limit):
            summed = counted(facts, measured, limit, year)
            scale = sum(abs(term) for term in summed) + abs(bound[limit, year])
            compare = at_most if senses[limit] == "at_most" else at_least
            yield compare((limit, year), sum(summed), bound[limit, year], scale)
