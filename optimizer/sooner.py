"""Sooner: repairs in which a project takes fewer years from start to output. Lead times shape the whole model, so each is tried anew."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.data.case import Case
from masterplan.data.change import apply
from masterplan.data.change_target import Change
from masterplan.data.errors import CaseError
from masterplan.elastic import Elastic, Give
from masterplan.elastic_model import elastic_model
from masterplan.give_way import WAYS, YEAR_SHARE
from masterplan.money_weights import Weights
from masterplan.repair import Repair, Step, cheapest

MOST_YEARS = 5


def sooner(case: Case, projects: Sequence[str], cutoff: float, options: SolverOptions, seconds: float) -> Repair | None:
    """The cheapest repair of less than `cutoff` in which one of the projects has a shorter lead time; the first ones are tried first."""
    ends, best = time.perf_counter() + seconds, None
    lead = case.attribute("projects", "lead_time")
    for project in projects:
        years = min(lead.get(project, 0), MOST_YEARS)
        left = replace(options, time_limit=max(ends - time.perf_counter(), 0.1))
        if years and (most := _shorter(case, project, years)) is not None and _least(most, project, 1, left) < cutoff:
            for repair in _repairs(case, project, years, options, ends):
                if repair.cost < cutoff * (1.0 - 1e-9):
                    best, cutoff = repair, repair.cost
        if time.perf_counter() > ends:
            break
    return best


def _repairs(case: Case, project: str, most: int, options: SolverOptions, ends: float) -> Iterator[Repair]:
    for years in range(1, most + 1):
        left = ends - time.perf_counter()
        if left <= 0:
            return
        elastic = _shorter(case, project, years)
        if elastic is None:
            continue
        priced = _priced(elastic, project, years)
        repair = cheapest(priced, replace(options, time_limit=left))
        if repair is not None and repair.found is not None:
            modules = {v: n for v, n in repair.found.items() if v.startswith("start[")}
            columns = {variable.name: priced.arrays.cost[at] for at, variable in enumerate(priced.arrays.variables) if variable is not None}
            cost = float(sum(columns[name] * number for name, number in modules.items()))
            if cost > 0:
                step = Step(Give(WAYS["projects.lead_time"], (project,), None, (), (), (), "years"), float(years), cost)
                yield replace(repair, steps=(step, *repair.steps), cost=repair.cost + cost, bound=repair.bound)


def _shorter(case: Case, project: str, years: int) -> Elastic | None:
    """The elastic model with a shorter lead time; None where other tables do not allow it."""
    try:
        return elastic_model(apply(case, [Change("projects", project, "lead_time", "plus", f"-{years}")]))
    except CaseError:
        return None


def _priced(elastic: Elastic, project: str, years: int) -> Elastic:
    """Each start of the project pays for the years that it is sooner."""
    weights, cost = Weights(elastic.case), elastic.arrays.cost.copy()
    column = {id(variable): at for at, variable in enumerate(elastic.arrays.variables) if variable is not None}
    for (name, year), variable in elastic.model.start.items():
        if name == project and year >= elastic.case.first_year and id(variable) in column:
            cost[column[id(variable)]] = YEAR_SHARE * years * weights.module(project, year)
    return replace(elastic, arrays=replace(elastic.arrays, cost=cost))


def _least(elastic: Elastic, project: str, years: int, options: SolverOptions) -> float:
    """No repair with this lead time weighs less: parts of modules allowed [money]."""
    arrays = _priced(elastic, project, years).arrays
    answer = highs.run(arrays.relaxed(), options)
    return answer.objective if answer.objective is not None else np.inf
