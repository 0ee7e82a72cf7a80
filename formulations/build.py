"""Build: how many modules of each project are started in each year.

Decides   start[project, year]                  modules started, whole where lumpy, within the yearly limits       [modules]
          open_project[project, year]           1 in a year with a start, where that costs a fixed sum             [0/1]
          cancelled[project, year]              given modules that are cancelled at a cost                         [modules]
Holds     no_start_without_opening[project, year]      start <= most x open_project
          no_opening_without_start[project, year]      open_project <= start, where modules are whole
          start_of_minimum_size[project, year]         start >= fewest x open_project, but for given starts of fewer
          total_starts_within_limit[project]           sum of starts <= max_total
          modules_in_place_within_limit[project, year]  starts not past their life <= max_total (`retire` has it where modules may be)
          given_start_or_cancelled[project, year]      start >= given - cancelled
Posts     OPERATING cancel_cost
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, Vintages, vintages


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add the decisions to start, and what limits them."""
    v = vintages(case)
    m.STARTS = Members(dimen=2, initialize=v.starts, doc="(project, year) in which modules may be started")
    m.STARTS_OF = Lists(m.PROJECTS, dimen=2, initialize=v.starts_of, doc="starts of a project, in all years")
    m.STARTED_IN = Lists(m.PROJECTS, m.YEARS, dimen=2, initialize={start: [start] for start in v.starts}, doc="the start, if there is one")
    m.start = Decisions(m.STARTS, whole=v.lumpy, bounds=v.bounds, doc="modules started in the year [modules]")
    _openings(m, v)
    _totals(m, v)
    _cancellations(m, v, ledger)


def _openings(m: pyo.ConcreteModel, v: Vintages) -> None:
    fewest = v.attribute("min_per_year")
    opened = [(p, s) for p, s in v.starts if v.fixed_capex[p, s] > 0 or fewest.get(p, 0) > 0]
    m.OPENINGS = Members(dimen=2, initialize=opened, doc="starts that need an opening")
    m.most_started = Numbers(m.OPENINGS, initialize={start: v.most(start) for start in opened}, doc="most modules of the start [modules]")
    m.fewest_started = Numbers(
        m.OPENINGS, initialize={(p, s): fewest.get(p, 0.0) for p, s in opened}, doc="fewest modules of a start [modules]"
    )
    m.open_project = Decisions(m.OPENINGS, domain=pyo.Binary, doc="1 in a year with a start")

    @holds(m, m.OPENINGS, doc="modules start only in a year that is opened")
    def no_start_without_opening(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.start[project, year] <= m.most_started[project, year] * m.open_project[project, year]

    m.WHOLE_OPENINGS = Members(dimen=2, initialize=[(p, s) for p, s in opened if p in v.lumpy], doc="openings of whole modules")

    @holds(m, m.WHOLE_OPENINGS, doc="a year is opened only for a start")
    def no_opening_without_start(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.open_project[project, year] <= m.start[project, year]

    sized = [(p, s) for p, s in opened if fewest.get(p, 0) > 0 and m.most_started[p, s] >= fewest[p]]
    m.SIZED = Members(dimen=2, initialize=sized, doc="starts of a minimum size")

    @holds(m, m.SIZED, doc="a year with a start has at least the minimum size")
    def start_of_minimum_size(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.start[project, year] >= m.fewest_started[project, year] * m.open_project[project, year]


def _totals(m: pyo.ConcreteModel, v: Vintages) -> None:
    basis, limit = v.attribute("total_basis"), v.attribute("max_total")
    startable = {project for project, _ in v.starts}
    limited = [project for project in limit if project in startable]
    m.max_total = Numbers(m.PROJECTS, initialize=limit, default=0.0, doc="most modules over the plan [modules]")
    m.LIMITED_STARTS = Members(initialize=[p for p in limited if basis[p] == "starts"], doc="projects with a limit on all starts")

    @holds(m, m.LIMITED_STARTS, doc="all starts of the project within its limit")
    def total_starts_within_limit(m: pyo.ConcreteModel, project: str) -> Term:
        return sum(m.start[p, s] for p, s in m.STARTS_OF[project]) <= m.max_total[project]

    present: dict[tuple[str, int], list[Start]] = defaultdict(list)
    for project, start in v.starts:
        if project in limited and basis[project] == "in_place" and project not in v.retirable:
            for year in v.in_place(project, start):
                present[project, year].append((project, start))
    m.LIMITED_IN_PLACE = Members(dimen=2, initialize=list(present), doc="(project, year) with a limit on modules in place")
    m.IN_PLACE = Lists(m.LIMITED_IN_PLACE, dimen=2, initialize=present, doc="starts under construction or alive in the year")

    @holds(m, m.LIMITED_IN_PLACE, doc="modules under construction or alive within the limit")
    def modules_in_place_within_limit(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return sum(m.start[p, s] for p, s in m.IN_PLACE[project, year]) <= m.max_total[project]


def _cancellations(m: pyo.ConcreteModel, v: Vintages, ledger: Ledger) -> None:
    given = {start: (modules, cost) for start, (kind, modules, cost) in v.given.items() if kind == "cancellable"}
    m.CANCELLABLE = Members(dimen=2, initialize=list(given), doc="given starts that may be cancelled")
    m.given_modules = Numbers(m.CANCELLABLE, initialize={start: modules for start, (modules, _) in given.items()}, doc="[modules]")
    m.cancel_cost = Numbers(m.CANCELLABLE, initialize={start: cost for start, (_, cost) in given.items()}, doc="[money/module]")
    most = {start: (0.0, modules) for start, (modules, _) in given.items()}
    m.cancelled = Decisions(m.CANCELLABLE, whole=v.lumpy, bounds=most, doc="given modules cancelled [modules]")

    @holds(m, m.CANCELLABLE, doc="given modules are started or cancelled")
    def given_start_or_cancelled(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.start[project, year] >= m.given_modules[project, year] - m.cancelled[project, year]

    paid: dict[int, list[Start]] = {year: [] for year in v.case.years}
    for project, year in given:
        paid[max(year, v.case.first_year)].append((project, year))
    m.CANCELLED_IN = Lists(m.YEARS, dimen=2, initialize=paid, doc="given starts whose cancelling is paid in the year")
    ledger.post(
        Account.OPERATING,
        "cancel_cost",
        lambda m, year: -sum(m.cancel_cost[p, s] * m.cancelled[p, s] for p, s in m.CANCELLED_IN[year]),
    )
