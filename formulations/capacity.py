"""Capacity: how much each activity can run in each year.

Decides   level[activity, year]                    yearly level                                                     [activity unit]
          vintage_level[project, start, year]      the part of the level that runs on modules whose output ages     [activity unit]
          capacity[activity, year]                 usable capacity, where a recipe, a cost or a limit counts it      [activity unit]
Holds     level_within_capacity[activity, year]          level <= existing - converted - closed + available vintages
          capacity_as_built[activity, year]              capacity = existing - converted - closed + available vintages
          vintage_within_capacity[project, start, year]  vintage_level <= its available capacity
          rest_within_capacity[activity, year]           level - vintage levels <= capacity whose output does not age
          rest_not_negative[activity, year]              level >= vintage levels
Posts     nothing
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.links import MEASURED
from masterplan.formulations.convert import converted
from masterplan.formulations.ledger import Ledger, Term
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.retire import closed_so_far
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, Vintages, vintages


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add levels and what limits them."""
    v = vintages(case)
    _online(m, v)
    limited = {activity for activity, answer in case.attribute("activities", "capacity_limited").items() if answer == "yes"}
    ageing = {activity for (activity, _), found in m.AGEING.lists.items() if found}
    m.level = Decisions(m.ACTIVITIES, m.YEARS, doc="level of the activity [activity unit]")
    m.vintage_level = Decisions(m.AGEING_VINTAGES, doc="level on one ageing vintage [activity unit]")
    m.COUNTED = Members(initialize=_counted(case), doc="activities whose capacity is counted")
    m.capacity = Decisions(m.COUNTED, m.YEARS, domain=pyo.Reals, doc="usable capacity [activity unit]")
    m.LIMITED = Members(initialize=[a for a in m.ACTIVITIES if a in limited and a not in ageing], doc="level within capacity")
    m.AGEING_ACTIVITIES = Members(initialize=[a for a in m.ACTIVITIES if a in ageing], doc="activities with ageing output")
    m.AGEING_LIMITED = Members(initialize=[a for a in m.ACTIVITIES if a in ageing and a in limited], doc="of these, within capacity")

    @holds(m, m.LIMITED, m.YEARS, doc="level <= existing - converted - closed + sum of available capacity x modules over vintages")
    def level_within_capacity(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
        return m.level[activity, year] <= usable_capacity(m, activity, year)

    @holds(m, m.COUNTED, m.YEARS, doc="capacity that is counted is what stands and was built")
    def capacity_as_built(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
        return m.capacity[activity, year] == usable_capacity(m, activity, year)

    @holds(m, m.AGEING_VINTAGES, doc="an ageing vintage runs within its own capacity")
    def vintage_within_capacity(m: pyo.ConcreteModel, project: str, start: int, year: int) -> Term:
        retired = sum(m.available[p, s, y] * m.gone[p, s, y] for p, s, y in m.GONE_OF[project, start, year])
        return m.vintage_level[project, start, year] <= m.available[project, start, year] * m.start[project, start] - retired

    @holds(m, m.AGEING_LIMITED, m.YEARS, doc="what does not run on ageing vintages runs on the rest of the capacity")
    def rest_within_capacity(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
        return rest_of_level(m, activity, year) <= steady_capacity(m, activity, year)

    @holds(m, m.AGEING_ACTIVITIES, m.YEARS, doc="the level is no less than that of its ageing vintages")
    def rest_not_negative(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
        return rest_of_level(m, activity, year) >= 0


def _counted(case: Case) -> list[str]:
    """Activities whose capacity itself makes, takes, costs, or is limited."""
    counted = {activity for activity, _, basis in case.keys("recipes") if basis == "capacity"}
    counted |= {activity for (activity, _), cost in case.series("activities", "fixed_cost").items() if cost}
    counted |= {item for table in MEASURED for _, measure, item in case.keys(table) if measure == "capacity"}
    return [activity for activity in case.names("activities") if activity in counted]


def _online(m: pyo.ConcreteModel, v: Vintages) -> None:
    """Sets of vintages by activity and year, and the capacity of one module of each."""
    activity_of, aged, size = v.attribute("activity"), v.attribute("output_profile"), v.case.series("projects", "module_capacity")
    steady: dict[tuple[str, int], list[Start]] = defaultdict(list)
    ageing: dict[tuple[str, int], list[Start]] = defaultdict(list)
    available: dict[tuple[str, int, int], float] = {}
    alive: dict[int, list[Start]] = {year: [] for year in v.case.years}
    for project, start in v.starts:
        for year in v.alive(project, start):
            alive[year].append((project, start))
            if project in activity_of:
                available[project, start, year] = size[project, start] * v.availability(project, start, year)
                (ageing if project in aged else steady)[activity_of[project], year].append((project, start))
    m.ALIVE = Lists(m.YEARS, dimen=2, initialize=alive, doc="starts whose modules are alive in the year")
    m.ONLINE = Members(dimen=3, initialize=list(available), doc="(project, start, year) with output")
    m.available = Numbers(m.ONLINE, initialize=available, doc="usable capacity of one module [activity unit/module]")
    m.STEADY = Lists(m.ACTIVITIES, m.YEARS, dimen=2, initialize=steady, doc="vintages that do not age")
    m.AGEING = Lists(m.ACTIVITIES, m.YEARS, dimen=2, initialize=ageing, doc="vintages whose output ages")
    m.AGEING_VINTAGES = Members(dimen=3, initialize=[(p, s, y) for p, s, y in available if p in aged], doc="(project, start, year)")
    for name, lists in (("STEADY", steady), ("AGEING", ageing)):
        gone = {at: [start for start in found if start[0] in v.retirable] for at, found in lists.items()}
        setattr(m, f"{name}_GONE", Lists(m.ACTIVITIES, m.YEARS, dimen=2, initialize=gone, doc="of these, what may be retired"))
    gone_of = {(p, s, y): [(p, s, y)] for p, s, y in m.AGEING_VINTAGES if p in v.retirable}
    m.GONE_OF = Lists(m.AGEING_VINTAGES, dimen=3, initialize=gone_of, doc="the vintage itself, where it may be retired")
    m.ALIVE_GONE = Lists(
        m.YEARS,
        dimen=2,
        initialize={y: [start for start in alive[y] if start[0] in v.retirable] for y in alive},
        doc="alive unless retired",
    )


def steady_capacity(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
    """Capacity whose output does not age: existing, less converted or closed, and vintages without an output profile [activity unit]."""
    return (
        m.existing[activity, year]
        - converted(m, activity, year)
        - closed_so_far(m, activity, year)
        + sum(m.available[p, s, year] * m.start[p, s] for p, s in m.STEADY[activity, year])
        - sum(m.available[p, s, year] * m.gone[p, s, year] for p, s in m.STEADY_GONE[activity, year])
    )


def usable_capacity(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
    """Capacity that can be used in the year, all vintages [activity unit]."""
    return (
        steady_capacity(m, activity, year)
        + sum(m.available[p, s, year] * m.start[p, s] for p, s in m.AGEING[activity, year])
        - sum(m.available[p, s, year] * m.gone[p, s, year] for p, s in m.AGEING_GONE[activity, year])
    )


def rest_of_level(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
    """The part of the level that does not run on ageing vintages [activity unit]."""
    return m.level[activity, year] - sum(m.vintage_level[p, s, year] for p, s in m.AGEING[activity, year])
