"""Operate: what running the activities makes, takes and costs.

Decides   nothing
Holds     nothing
Posts     RESOURCE production, use, presence, arrivals; OPERATING variable_cost, fixed_cost; CREDIT production_credit
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.vintages import Vintages, vintages

Delivery = tuple[str, int]  # activity, year of the level


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post recipes, what comes from before the plan, and running costs."""
    v = vintages(case)
    _recipes_per_level(m, v)
    _recipes_per_capacity(m, case)
    m.arrivals = Numbers(
        m.RESOURCES, m.YEARS, initialize=m.inside(case.series("resources", "arrivals")), default=0.0, doc="[resource unit]"
    )
    for name in ("variable_cost", "fixed_cost", "production_credit"):
        values = m.inside(case.series("activities", name))
        setattr(m, name, Numbers(m.ACTIVITIES, m.YEARS, initialize=values, default=0.0, doc="[money/activity unit]"))
    m.module_cost = Numbers(
        m.PROJECTS, m.YEARS, initialize=m.inside(case.series("projects", "fixed_cost")), default=0.0, doc="[money/module]"
    )

    ledger.post(Account.RESOURCE, "production", production)
    ledger.post(Account.RESOURCE, "use", lambda m, resource, year: -use(m, resource, year))
    ledger.post(
        Account.RESOURCE, "presence", lambda m, resource, year: presence_made(m, resource, year) - presence_taken(m, resource, year)
    )
    ledger.post(Account.RESOURCE, "arrivals", lambda m, resource, year: m.arrivals[resource, year])
    ledger.post(Account.OPERATING, "variable_cost", lambda m, year: -sum(m.variable_cost[a, year] * m.level[a, year] for a in m.ACTIVITIES))
    ledger.post(Account.OPERATING, "fixed_cost", _fixed_cost)
    ledger.post(
        Account.CREDIT, "production_credit", lambda m, year: sum(m.production_credit[a, year] * m.level[a, year] for a in m.ACTIVITIES)
    )


def production(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """What levels make, delivered in the year [resource unit]."""
    return sum(m.recipe[a, resource, t] * m.level[a, t] for a, t in m.MAKING[resource, year]) - sum(
        m.lost_with_age[p, s, t] * m.vintage_level[p, s, t] for p, s, t in m.MAKING_LESS[resource, year]
    )


def use(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """What levels take in the year, as a positive amount [resource unit]."""
    return -sum(m.recipe[a, resource, t] * m.level[a, t] for a, t in m.TAKING_IN[resource, year])


def presence_made(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """What capacity makes by being there [resource unit]."""
    return sum(m.per_capacity[a, resource, year] * m.capacity[a, year] for a in m.PRESENT_MAKERS[resource, year])


def presence_taken(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """What capacity takes by being there, as a positive amount [resource unit]."""
    return -sum(m.per_capacity[a, resource, year] * m.capacity[a, year] for a in m.PRESENT_TAKERS[resource, year])


def _fixed_cost(m: pyo.ConcreteModel, year: int) -> Term:
    of_modules = sum(m.module_cost[p, year] * m.start[p, s] for p, s in m.ALIVE[year]) - sum(
        m.module_cost[p, year] * m.gone[p, s, year] for p, s in m.ALIVE_GONE[year]
    )
    return -of_modules - sum(m.fixed_cost[a, year] * m.capacity[a, year] for a in m.COSTLY_CAPACITY[year])


def _recipes_per_level(m: pyo.ConcreteModel, v: Vintages) -> None:
    case, lag = v.case, v.case.attribute("recipes", "lag")
    amounts: dict[tuple[str, str, int], float] = {}
    making: dict[tuple[str, int], list[Delivery]] = defaultdict(list)
    taking: dict[tuple[str, int], list[Delivery]] = defaultdict(list)
    for (activity, resource, basis, year), amount in case.series("recipes", "amount").items():
        delivered = year + lag[activity, resource, basis]
        if basis == "level" and amount and year >= case.first_year and delivered <= case.last_year:
            amounts[activity, resource, year] = amount
            (making if amount > 0 else taking)[resource, delivered].append((activity, year))
    m.RECIPES = Members(dimen=3, initialize=list(amounts), doc="(activity, resource, year of the level) with a delivery in the plan")
    m.recipe = Numbers(m.RECIPES, initialize=amounts, doc="made (+) or taken (-) per unit of level [resource unit/activity unit]")
    for name, lists in (("MAKING", making), ("TAKING_IN", taking)):
        doc = f"(activity, year of the level) {'delivering' if lists is making else 'taking'} in the year"
        setattr(m, name, Lists(m.RESOURCES, m.YEARS, dimen=2, initialize=lists, doc=doc))
    _ageing_output(m, v, amounts)


def _ageing_output(m: pyo.ConcreteModel, v: Vintages, amounts: dict[tuple[str, str, int], float]) -> None:
    """What an ageing vintage makes less than a new one."""
    activity_of, resource_of, lag = v.attribute("activity"), v.attribute("output_resource"), v.case.attribute("recipes", "lag")
    lost: dict[tuple[str, int, int], float] = {}
    where: dict[tuple[str, int], list[tuple[str, int, int]]] = defaultdict(list)
    for project, start, year in m.AGEING_VINTAGES:
        activity, resource = activity_of[project], resource_of[project]
        if (activity, resource, year) in amounts:
            share = 1.0 - v.worth(project, start, year - v.first_output(project, start))
            if share:
                lost[project, start, year] = amounts[activity, resource, year] * share
                where[resource, year + lag[activity, resource, "level"]].append((project, start, year))
    m.LOSING = Members(dimen=3, initialize=list(lost), doc="(project, start, year of the level) that makes less than when new")
    m.lost_with_age = Numbers(m.LOSING, initialize=lost, doc="output lost to age per unit of level [resource unit/activity unit]")
    m.MAKING_LESS = Lists(m.RESOURCES, m.YEARS, dimen=3, initialize=where, doc="of these, delivering the resource in the year")


def _recipes_per_capacity(m: pyo.ConcreteModel, case: Case) -> None:
    amounts = {
        (activity, resource, year): amount
        for (activity, resource, basis, year), amount in case.series("recipes", "amount").items()
        if basis == "capacity" and year >= case.first_year
    }
    making: dict[tuple[str, int], list[str]] = defaultdict(list)
    taking: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (activity, resource, year), amount in amounts.items():
        if amount:
            (making if amount > 0 else taking)[resource, year].append(activity)
    m.PRESENCES = Members(dimen=3, initialize=list(amounts), doc="(activity, resource, year) of recipes per capacity")
    m.per_capacity = Numbers(m.PRESENCES, initialize=amounts, doc="made (+) or taken (-) [resource unit/activity unit]")
    m.PRESENT_MAKERS = Lists(m.RESOURCES, m.YEARS, dimen=1, initialize=making, doc="activities that make by presence")
    m.PRESENT_TAKERS = Lists(m.RESOURCES, m.YEARS, dimen=1, initialize=taking, doc="activities that take by presence")
    cost = m.inside(case.series("activities", "fixed_cost"))
    m.COSTLY_CAPACITY = pyo.Set(
        m.YEARS, dimen=1, initialize=lambda m, y: [a for a in m.ACTIVITIES if cost[a, y]], doc="capacity with a fixed cost"
    )
