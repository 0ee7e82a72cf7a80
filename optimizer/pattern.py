"""Pattern of a plan: which projects it begins, and when first."""

from __future__ import annotations

from masterplan.data.plan import Plan
from masterplan.forcing import new_starts
from masterplan.formulations.contrast import countable, least_at_first, least_in_all

NEARLY = 1.0 - 1e-6  # what a solver calls as many


def pattern_of(plan: Plan) -> dict[str, int]:
    """project -> year in which the plan has begun it: its new starts so far are as many as count; for projects that count."""
    found: dict[str, int] = {}
    counted = countable(plan.case)
    for project, years in new_starts(plan).items():
        if project in counted and sum(years.values()) >= least_in_all(plan.case, project) * NEARLY:
            so_far = 0.0
            for year, modules in sorted(years.items()):
                so_far += modules
                if so_far >= least_at_first(plan.case, project) * NEARLY:
                    found.setdefault(project, year)
    return found
