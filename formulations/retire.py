"""Retire: modules that end before their life does, and existing capacity that is closed; both for good.

Decides   retired[project, start, year]    modules of a start retired at the beginning of the year, whole where lumpy  [modules]
          gone[project, start, year]       modules of a start retired by then                                          [modules]
          closed[activity, year]           existing capacity closed at the beginning of the year                       [activity unit]
Holds     retirements_add_up[project, start, year]        gone = gone the year before + retired
          no_more_retired_than_started[project, start]    gone in the last year alive <= start
          modules_left_in_place_within_limit[project, year]  starts not past their life, less those gone <= max_total
Posts     OPERATING retirement_cost, closing_cost

What is gone has no capacity, standing use, yearly cost, place, book value or replacement. The fixed capex of a start year stays
with the start as a whole, and an investment credit that was earned stays paid.
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, Vintages, vintages

Alive = tuple[str, int, int]  # project, start, year


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add the decisions to retire and to close, and post what they cost."""
    v = vintages(case)
    _retirements(m, v)
    _places(m, v)
    _closures(m, case)
    ledger.post(
        Account.OPERATING,
        "retirement_cost",
        lambda m, year: -sum(m.retirement_cost[p, s] * m.retired[p, s, y] for p, s, y in m.RETIRED_IN[year]),
    )
    ledger.post(
        Account.OPERATING, "closing_cost", lambda m, year: -sum(m.closing_cost[a, y] * m.closed[a, y] for a, y in m.CLOSED_IN[year])
    )


def closed_so_far(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
    """Existing capacity that is closed by the year [activity unit]."""
    return sum(m.closed[a, y] for a, y in m.CLOSED_BY[activity, year])


def _retirements(m: pyo.ConcreteModel, v: Vintages) -> None:
    case, cost = v.case, v.case.series("projects", "retirement_cost")
    m.RETIREMENTS = Members(dimen=3, initialize=v.retirements, doc="(project, start, year alive in which it may be retired)")
    m.RETIRABLE_STARTS = Members(dimen=2, initialize=list(dict.fromkeys((p, s) for p, s, _ in v.retirements)), doc="their starts")
    m.retirement_cost = Numbers(m.RETIRABLE_STARTS, initialize=cost, doc="[money/module]")
    most = {(p, s, y): (0.0, v.bounds[p, s][1]) for p, s, y in v.retirements}
    m.retired = Decisions(m.RETIREMENTS, whole=v.lumpy, bounds=most, doc="modules retired at the beginning of the year [modules]")
    m.gone = Decisions(m.RETIREMENTS, doc="modules retired by the year [modules]")
    by_year: dict[int, list[Alive]] = {year: [] for year in case.years}
    for project, start, year in v.retirements:
        by_year[year].append((project, start, year))
    m.RETIRED_IN = Lists(m.YEARS, dimen=3, initialize=by_year, doc="retirements of the year")
    known = frozenset(v.retirements)
    before = {(p, s, y): [(p, s, y - 1)] for p, s, y in v.retirements if (p, s, y - 1) in known}
    m.GONE_BEFORE = Lists(
        m.RETIREMENTS,
        dimen=3,
        initialize=before,
        doc="the year before, if the modules were alive then",
    )
    last = {(p, s): [(p, s, v.alive(p, s)[-1])] for p, s in m.RETIRABLE_STARTS}
    m.GONE_AT_LAST = Lists(m.RETIRABLE_STARTS, dimen=3, initialize=last, doc="the last year alive in the plan")

    @holds(m, m.RETIREMENTS, doc="what is gone was gone the year before, or is retired now")
    def retirements_add_up(m: pyo.ConcreteModel, project: str, start: int, year: int) -> Term:
        before = sum(m.gone[p, s, y] for p, s, y in m.GONE_BEFORE[project, start, year])
        return m.gone[project, start, year] == before + m.retired[project, start, year]

    @holds(m, m.RETIRABLE_STARTS, doc="no more modules are retired than were started")
    def no_more_retired_than_started(m: pyo.ConcreteModel, project: str, start: int) -> Term:
        return sum(m.gone[p, s, y] for p, s, y in m.GONE_AT_LAST[project, start]) <= m.start[project, start]


def _places(m: pyo.ConcreteModel, v: Vintages) -> None:
    """The limit on modules in place, for projects that may be retired (`build` has it for the others)."""
    limited = [p for p, basis in v.attribute("total_basis").items() if basis == "in_place" and p in v.attribute("max_total")]
    starts: dict[tuple[str, int], list[Start]] = defaultdict(list)
    gone: dict[tuple[str, int], list[Alive]] = defaultdict(list)
    for project, start in v.starts:
        if project in limited and project in v.retirable:
            for year in v.in_place(project, start):
                starts[project, year].append((project, start))
                if year in v.alive(project, start):
                    gone[project, year].append((project, start, year))
    m.LEFT_LIMITED = Members(dimen=2, initialize=list(starts), doc="(project, year) with a limit on modules left in place")
    m.PLACED = Lists(m.LEFT_LIMITED, dimen=2, initialize=dict(starts), doc="starts under construction or alive in the year")
    m.PLACE_GIVEN_UP = Lists(m.LEFT_LIMITED, dimen=3, initialize=gone, doc="retirements that free a place")

    @holds(m, m.LEFT_LIMITED, doc="modules under construction or alive, less those retired, within the limit")
    def modules_left_in_place_within_limit(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        left = sum(m.start[p, s] for p, s in m.PLACED[project, year]) - sum(m.gone[p, s, y] for p, s, y in m.PLACE_GIVEN_UP[project, year])
        return left <= m.max_total[project]


def _closures(m: pyo.ConcreteModel, case: Case) -> None:
    closable = [activity for activity, answer in case.attribute("activities", "closable").items() if answer == "yes"]
    existing, cost = case.series("existing_capacity", "capacity"), case.series("activities", "closing_cost")
    m.CLOSABLE = Members(initialize=closable, doc="activities whose existing capacity may be closed")
    m.closing_cost = Numbers(m.CLOSABLE, m.YEARS, initialize=cost, doc="[money/activity unit]")
    m.closed = pyo.Var(
        m.CLOSABLE,
        m.YEARS,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, a, y: (0, existing.get((a, y), 0.0)),
        doc="existing capacity closed at the beginning of the year [activity unit]",
    )
    m.CLOSED_IN = Lists(m.YEARS, dimen=2, initialize={y: [(a, y) for a in closable] for y in case.years}, doc="closures of the year")
    so_far = {(a, y): [(a, t) for t in case.years if t <= y] for a in closable for y in case.years}
    m.CLOSED_BY = Lists(m.ACTIVITIES, m.YEARS, dimen=2, initialize=so_far, doc="closures up to the year")
