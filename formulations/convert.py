"""Convert: existing capacity that projects take out of other activities for good, beside what is closed.

Decides   nothing
Holds     conversions_within_existing[activity, year]   capacity converted and closed so far <= existing capacity   [activity unit]
Posts     nothing
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Ledger, Term
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.retire import closed_so_far
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, vintages


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add what conversions take, and that they cannot take more than there is."""
    v = vintages(case)
    amount, out_from = case.attribute("conversions", "amount"), case.attribute("conversions", "out_from")
    taking: dict[tuple[str, int], list[Start]] = defaultdict(list)
    for project, activity in case.keys("conversions"):
        for p, s in v.starts_of.get(project, ()):
            for year in range(max(s + out_from[project, activity], case.first_year), case.last_year + 1):
                taking[activity, year].append((p, s))
    m.existing = Numbers(
        m.ACTIVITIES, m.YEARS, initialize=m.inside(case.series("existing_capacity", "capacity")), default=0.0, doc="[activity unit]"
    )
    m.CONVERSIONS = Members(dimen=2, initialize=list(case.keys("conversions")), doc="(project, activity it takes from)")
    m.converted_per_module = Numbers(m.CONVERSIONS, initialize=amount, doc="capacity lost per module [activity unit/module]")
    m.TAKING = Lists(m.ACTIVITIES, m.YEARS, dimen=2, initialize=taking, doc="starts that have taken capacity by the year")
    reached = list(dict.fromkeys([*taking, *((activity, year) for activity in m.CLOSABLE for year in m.YEARS)]))
    m.CONVERTIBLE = Members(dimen=2, initialize=reached, doc="(activity, year) that conversions or closures can reach")

    @holds(m, m.CONVERTIBLE, doc="conversions and closures take no more than the existing capacity")
    def conversions_within_existing(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
        return converted(m, activity, year) + closed_so_far(m, activity, year) <= m.existing[activity, year]


def converted(m: pyo.ConcreteModel, activity: str, year: int) -> Term:
    """Existing capacity that conversions have taken out by the year [activity unit]."""
    return sum(m.converted_per_module[p, activity] * m.start[p, s] for p, s in m.TAKING[activity, year])
