"""Audit of what ends early: only what may be retired or closed is, and no more than there is."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_most, check
from masterplan.reports.facts import Facts


def checks(facts: Facts) -> list[Check]:
    """Every rule on retirements and closures by themselves."""
    return [
        check("Only modules that are alive and may be retired are retired", _retirable(facts)),
        check("No more modules are retired than were started", _started(facts)),
        check("Only capacity that may be closed is closed", _closable(facts)),
    ]


def _retirable(facts: Facts) -> Iterator[Tested]:
    allowed, lead, life = (facts.attribute("projects", column) for column in ("retirable", "lead_time", "life"))
    for (project, start, year), modules in facts.decisions.retirements.items():
        alive = 0 <= year - start - lead[project] < life[project]
        yield at_most((project, start, year), 0.0 if alive and allowed[project] == "yes" else modules, 0.0)


def _started(facts: Facts) -> Iterator[Tested]:
    for key, retired in facts.retired.items():
        yield at_most(key, sum(modules for _, modules in retired), facts.decisions.starts.get(key, 0.0))


def _closable(facts: Facts) -> Iterator[Tested]:
    allowed = facts.attribute("activities", "closable")
    for (activity, year), amount in facts.decisions.closures.items():
        yield at_most((activity, year), 0.0 if allowed[activity] == "yes" else amount, 0.0)
