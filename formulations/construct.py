"""Construct: resources that modules take while they are built, and in every year that they are alive.

Decides   nothing
Holds     nothing
Posts     RESOURCE construction, standing
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.vintages import Start, vintages

Taken = tuple[str, str, int, int]  # project, resource, start, year


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Post the construction inputs and the standing use of modules."""
    v = vintages(case)
    built: dict[Taken, float] = defaultdict(float)
    stood: dict[Taken, float] = {}
    for project, start in v.starts:
        for resource, year, amount, _ in v.building_inputs(project, start):
            if amount and case.first_year <= year <= case.last_year:
                built[project, resource, start, year] += amount
        for resource, amount in v.standing_of.get((project, start), ()):
            stood.update({(project, resource, start, year): amount for year in v.alive(project, start)})
    m.BUILT_WITH = Members(dimen=4, initialize=list(built), doc="(project, resource, start, year) of building inputs")
    m.STOOD_WITH = Members(dimen=4, initialize=list(stood), doc="(project, resource, start, year) of standing use")
    m.built_with = Numbers(m.BUILT_WITH, initialize=dict(built), doc="taken in building per module [resource unit/module]")
    m.stood_with = Numbers(m.STOOD_WITH, initialize=stood, doc="taken by a module alive [resource unit/module]")
    m.BUILDERS = Lists(m.RESOURCES, m.YEARS, dimen=2, initialize=_starts_by_use(built), doc="starts that take the resource in building")
    m.STANDERS = Lists(m.RESOURCES, m.YEARS, dimen=2, initialize=_starts_by_use(stood), doc="starts whose modules take the resource")
    gone = {at: [start for start in found if start[0] in v.retirable] for at, found in _starts_by_use(stood).items()}
    m.STANDERS_GONE = Lists(m.RESOURCES, m.YEARS, dimen=2, initialize=gone, doc="of these, what may be retired")
    ledger.post(Account.RESOURCE, "construction", lambda m, resource, year: -construction(m, resource, year))
    ledger.post(Account.RESOURCE, "standing", lambda m, resource, year: -standing(m, resource, year))


def construction(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """Taken in building, as a positive amount [resource unit]."""
    return sum(m.built_with[p, resource, s, year] * m.start[p, s] for p, s in m.BUILDERS[resource, year])


def standing(m: pyo.ConcreteModel, resource: str, year: int) -> Term:
    """Taken by modules alive, as a positive amount [resource unit]."""
    return sum(m.stood_with[p, resource, s, year] * m.start[p, s] for p, s in m.STANDERS[resource, year]) - sum(
        m.stood_with[p, resource, s, year] * m.gone[p, s, year] for p, s in m.STANDERS_GONE[resource, year]
    )


def _starts_by_use(taken: dict[Taken, float]) -> dict[tuple[str, int], list[Start]]:
    lists: dict[tuple[str, int], list[Start]] = defaultdict(list)
    for project, resource, start, year in taken:
        lists[resource, year].append((project, start))
    return lists
