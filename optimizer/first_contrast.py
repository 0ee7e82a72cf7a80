"""First contrast: a plan unlike the known ones to begin the search from, found by turning one project after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.data.plan import Plan
from masterplan.forcing import new_starts, with_more, without
from masterplan.formulations.contrast import countable, least_in_all
from masterplan.pattern import pattern_of
from masterplan.plan_changes import prerequisites
from masterplan.prepared import Prepared

ROUNDS = 2  # through all projects: one that was turned may make room for another
PART_OF_TIME = 1 / 3  # of the time limit
STEP = 1e-6  # of distance; less is rounding


def first_contrast(ready: Prepared, best: Plan, options: SolverOptions) -> np.ndarray:
    """A solution to begin from: the best plan, with every project turned that leaves it worth enough and takes it further apart.

    A project that is not begun is begun as late as can be, with as little as counts, and with what the rules require of it; one that
    is begun is left out. Whether a turn leaves the plan worth enough is a linear program with the whole numbers as they are.
    """
    began, plan = time.perf_counter(), best
    solution = _as_solution(ready, plan)
    apart = _apart(ready, solution, options) or 0.0
    for _ in range(ROUNDS):
        for project in countable(best.case):
            for turned in _turns(plan, project):
                if time.perf_counter() - began > PART_OF_TIME * options.time_limit:
                    return solution
                tried = _as_solution(ready, turned)
                reached = _apart(ready, tried, options)
                if reached is not None and reached > apart + STEP:
                    plan, solution, apart = turned, tried, reached
                    break
    return solution


def _turns(plan: Plan, project: str) -> Iterator[Plan]:
    """The plan with the project begun where it is not, and left out where it is."""
    begun = new_starts(plan)
    if project in begun:
        yield without(plan, [project])
        return
    for others in dict.fromkeys(((project,), (project, *sorted(prerequisites(plan.case, project) - set(begun))))):
        yield with_more(plan, {start: modules for name in others for start, modules in _last_start(plan, name)})


def _last_start(plan: Plan, project: str) -> Iterator[tuple[tuple[str, int], float]]:
    years = countable(plan.case).get(project)
    if years:
        fewest = plan.case.attribute("projects", "min_per_year").get(project, 0.0)
        yield (project, years[-1]), max(least_in_all(plan.case, project), fewest)


def _as_solution(ready: Prepared, plan: Plan) -> np.ndarray:
    """The whole numbers of a plan, and its starts (NaN where open)."""
    solution, pattern = ready.start_from(plan), pattern_of(plan)
    for (project, year), column in ready.columns(ready.model.begun).items():
        solution[column] = 1.0 if pattern.get(project, year + 1) <= year else 0.0
    return solution


def _apart(ready: Prepared, solution: np.ndarray, options: SolverOptions) -> float | None:
    """How far apart a plan of these whole numbers is; None where none of them is worth enough."""
    arrays = ready.arrays
    known = arrays.whole & ~np.isnan(solution)
    low, high = arrays.low.copy(), arrays.high.copy()
    low[known] = high[known] = solution[known]
    answer = highs.run(arrays.with_bounds(low, high).relaxed(), options)
    return answer.objective if answer.quality == "optimal" else None
