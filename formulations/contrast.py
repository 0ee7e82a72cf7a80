"""Contrast: a plan that is nearly as good as the best, and as unlike the plans that are known as it can be.

Decides   begun[project, year]                  1 if new modules of the project have been started by the year               [0/1]
          apart                                 distance to the nearest known plan                                          [projects]
Holds     start_only_if_begun[project, year]    start - given <= most x begun
          begun_stays_begun[project, year]      begun of the year before <= begun
          begun_only_if_started[project, year]  sum of starts so far - given >= least start x begun
          apart_from_known_plan[known]          apart <= sum of weight x |begun - begun of the known plan|
          worth_enough                          objective no worse than the least worth that is asked for
          most_apart                            maximise apart, in place of the objective
Posts     nothing

It stands after the objective. Two plans are apart by 1 for each project that only one of them starts, and by 1 over the years of the plan
for each year by which the first start of a project moves (one that is never started counts as started after the last year). How many
modules are started counts nothing. Given starts are in every plan and count nothing either. So that no token start makes a plan unlike
another, a divisible project is begun with a tenth of a module, and comes to a whole one (or to all that it may have, where that is less):
plans that start less are passed over. A project whose number of modules the tables do not bound has no row here, and counts nothing.

Source: generating alternatives by maximising difference under a bound on the objective (MGA), Brill, Chang and Hopkins 1982,
https://doi.org/10.1287/mnsc.28.3.221; distances over 0/1 decisions as in integer cuts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.most import most
from masterplan.formulations.ledger import Ledger, Term
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, vintages

FIRST_PART = 0.1  # of what counts of a divisible project in all, with which it is begun
Pattern = Mapping[str, int]  # project -> year of its first new start; one that is never started is absent


@dataclass(frozen=True)
class Contrast:
    """A block: the patterns that the plan shall be unlike, and the objective that it has to keep [money].

    `projects` are those that count (None: all), `years_count` says whether their years do, or only whether they are started.
    """

    known: tuple[Pattern, ...]
    least_worth: float
    projects: frozenset[str] | None = None
    years_count: bool = True

    def add(self, m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
        """Add what is begun when, the distance, and the floor under the objective."""
        _beginnings(m, case)
        _distance(m, case, self)
        if m.best_plan.sense == pyo.maximize:
            m.worth_enough = pyo.Constraint(expr=m.best_plan.expr >= self.least_worth, doc="worth as much as is asked for [money]")
        else:
            m.worth_enough = pyo.Constraint(expr=m.best_plan.expr <= self.least_worth, doc="costs no more than is asked for [money]")
        m.best_plan.deactivate()
        m.most_apart = pyo.Objective(expr=m.apart, sense=pyo.maximize, doc="distance to the nearest known plan [projects]")


@lru_cache(maxsize=16)
def countable(case: Case) -> Mapping[str, range]:
    """project -> years in which it may be begun, where it may, and where the tables bound how many modules a year may start."""
    v, started = vintages(case), most(case, through_balances=False).started
    return {
        project: years
        for project, years in v.windows.items()
        if len(years) and all(math.isfinite(started.get((project, year), math.inf)) for year in years)
    }


def _beginnings(m: pyo.ConcreteModel, case: Case) -> None:
    v, started, windows = vintages(case), most(case, through_balances=False).started, countable(case)
    free = [(project, year) for project, years in windows.items() for year in years]
    given = {start: v.given[start][1] if start in v.given else 0.0 for start in free}
    room = {start: max(started[start] - given[start], 0.0) for start in free}
    least = {(p, y): least_in_all(case, p) if y == windows[p][-1] else least_at_first(case, p) for p, y in free}
    m.BEGINNINGS = pyo.Set(dimen=2, initialize=free, doc="(project, year) in which it may be begun")
    m.BEGUN_BEFORE = pyo.Set(m.BEGINNINGS, dimen=2, initialize=_before(free), doc="the year before, where it may be begun then")
    m.BEGUN_SO_FAR = pyo.Set(
        m.BEGINNINGS, dimen=2, initialize={(p, y): [(p, s) for s in windows[p] if s <= y] for p, y in free}, doc="starts so far"
    )
    m.given_start = pyo.Param(m.BEGINNINGS, initialize=given, doc="modules that are given [modules]")
    m.room_to_start = pyo.Param(m.BEGINNINGS, initialize=room, doc="most new modules of the start [modules]")
    m.least_start = pyo.Param(m.BEGINNINGS, initialize=least, doc="fewest new modules so far, if begun [modules]")
    m.begun = pyo.Var(m.BEGINNINGS, domain=pyo.Binary, doc="1 if the project is begun by the year")

    @holds(m, m.BEGINNINGS, doc="new modules are started only from the year in which the project is begun")
    def start_only_if_begun(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.start[project, year] - m.given_start[project, year] <= m.room_to_start[project, year] * m.begun[project, year]

    @holds(m, m.BEGINNINGS, doc="what is begun stays so")
    def begun_stays_begun(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return sum(m.begun[p, y] for p, y in m.BEGUN_BEFORE[project, year]) <= m.begun[project, year]

    @holds(m, m.BEGINNINGS, doc="a project is begun only with new modules")
    def begun_only_if_started(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        new = sum(m.start[p, s] - m.given_start[p, s] for p, s in m.BEGUN_SO_FAR[project, year])
        return new >= m.least_start[project, year] * m.begun[project, year]


def least_at_first(case: Case, project: str) -> float:
    """The fewest new modules with which a project is begun [modules]."""
    least = least_in_all(case, project)
    return least if project in vintages(case).lumpy else FIRST_PART * least


def least_in_all(case: Case, project: str) -> float:
    """The fewest new modules over the plan with which a project counts as started [modules]."""
    v = vintages(case)
    if project in v.lumpy:
        return 1.0
    cap, given = v.most_in_total[project], sum(modules for (name, _), (_, modules, _) in v.given.items() if name == project)
    return 1.0 if cap is None else min(1.0, cap - given)


def weights(case: Case, projects: Iterable[str], years_count: bool) -> dict[Start, float]:
    """What it counts that a project is begun by a year in one plan and not in another; its last year stands for those after it."""
    each = 1.0 / len(case.years) if years_count else 0.0
    found: dict[Start, float] = {}
    for project, years in countable(case).items():
        if project in projects:
            found |= {(project, year): each for year in years}
            found[project, years[-1]] = 1.0 + each * (case.last_year - years[-1] + 1)
    return found


def _distance(m: pyo.ConcreteModel, case: Case, asked: Contrast) -> None:
    weight = weights(case, case.names("projects") if asked.projects is None else asked.projects, asked.years_count)
    # |begun - its known value| is begun where that is 0, and 1 - begun where it is 1
    before = {(k, p, y): known.get(p, case.last_year + 1) <= y for k, known in enumerate(asked.known) for p, y in weight}
    m.KNOWN = pyo.Set(initialize=range(len(asked.known)), doc="known plans")
    m.COUNTED = pyo.Set(dimen=2, initialize=list(weight), doc="(project, year) that count in the distance")
    slope = {key: weight[key[1:]] * (-1.0 if was else 1.0) for key, was in before.items()}
    m.slope = pyo.Param(m.KNOWN, m.COUNTED, initialize=slope, doc="distance more where the project is begun by the year")
    constant = {k: sum(weight[key[1:]] for key, was in before.items() if was and key[0] == k) for k in range(len(asked.known))}
    m.distance_if_none = pyo.Param(m.KNOWN, initialize=constant, doc="distance of a plan that begins nothing")
    m.apart = pyo.Var(bounds=(0.0, sum(weight.values())), doc="distance to the nearest known plan [projects]")

    @holds(m, m.KNOWN, doc="no further apart than from any known plan")
    def apart_from_known_plan(m: pyo.ConcreteModel, known: int) -> Term:
        return m.apart <= m.distance_if_none[known] + sum(m.slope[known, p, y] * m.begun[p, y] for p, y in m.COUNTED)


def _before(free: list[Start]) -> dict[Start, list[Start]]:
    known = set(free)
    return {(project, year): [(project, year - 1)] if (project, year - 1) in known else [] for project, year in free}
