"""Limits: general bounds on weighted sums of measures over members and years.

Decides   missed[limit, year]               how far the sum is beyond the bound of a limit with a penalty               [the limit's unit]
Holds     sum_within_limit[limit, year]     already + sum over members and the limit's years of coefficient x measure <= bound + missed
          sum_reaches_limit[limit, year]    the same sum + missed >= bound
Posts     PENALTY penalties

A limit without a penalty is hard: nothing of it can be missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.construct import construction, standing
from masterplan.formulations.ledger import Account, Ledger, Term, total
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.operate import presence_made, presence_taken, production, use
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, vintages

Measure = Callable[[pyo.ConcreteModel, str, int], Term]

MEASURES: dict[str, Measure] = {
    "level": lambda m, activity, year: m.level[activity, year],
    "capacity": lambda m, activity, year: m.capacity[activity, year],
    "starts": lambda m, project, year: sum(m.start[p, s] for p, s in m.STARTED_IN[project, year]),
    "modules": lambda m, project, year: (
        sum(m.start[p, s] for p, s in m.ALIVE_OF[project, year]) - sum(m.gone[p, s, y] for p, s, y in m.GONE_ALIVE_OF[project, year])
    ),
    "spend": lambda m, project, year: _spend(m, project, year),
    "buy": lambda m, market, year: sum(m.traded[k, n, year] for k, n in m.TIERS_OF[market]),
    "sell": lambda m, market, year: sum(m.traded[k, n, year] for k, n in m.TIERS_OF[market]),
    "production": lambda m, resource, year: production(m, resource, year) + presence_made(m, resource, year),
    "use": lambda m, resource, year: (
        use(m, resource, year) + construction(m, resource, year) + standing(m, resource, year) + presence_taken(m, resource, year)
    ),
    "stock": lambda m, resource, year: sum(m.stock[r, y] for r, y in m.STOCKED[resource, year]),
    "earnings": lambda m, company, year: sum(m.earnings[y] for y in m.EARNING_YEARS_IN[year]),
    "debt": lambda m, company, year: sum(m.debt[y] for y in m.DEBT_YEARS_IN[year]),
}


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add every limit of the case."""
    _sets_of_measures(m, case)
    span, sense = case.attribute("limits", "span"), case.attribute("limits", "sense")
    begin, end = case.attribute("limits", "from_year"), case.attribute("limits", "to_year")
    years: dict[tuple[str, int], list[int]] = {}
    for limit in case.names("limits"):
        counted = [y for y in case.years if begin.get(limit, y) <= y <= end.get(limit, y)]
        for year in counted[-1:] if span[limit] == "total" else counted:
            years[limit, year] = [year] if span[limit] == "each_year" else [y for y in counted if y <= year]
    m.BOUNDED = Members(dimen=2, initialize=list(years), doc="(limit, year it is checked in)")
    m.SPAN = Lists(m.BOUNDED, dimen=1, initialize=years, doc="years that the sum covers")
    already, bound = case.attribute("limits", "already"), case.series("limits", "bound")
    m.bound = Numbers(m.BOUNDED, initialize={key: bound[key] - already[key[0]] for key in years}, doc="bound, less what counts already")
    _soft_limits(m, case, ledger)
    m.CEILING = Members(dimen=2, initialize=[key for key in years if sense[key[0]] == "at_most"], doc="limits that are ceilings")
    m.FLOOR = Members(dimen=2, initialize=[key for key in years if sense[key[0]] == "at_least"], doc="limits that are floors")

    @holds(m, m.CEILING, doc="the sum of the measures stays within the limit")
    def sum_within_limit(m: pyo.ConcreteModel, limit: str, year: int) -> Term:
        return _sum(m, limit, year) - _missed(m, limit, year) <= m.bound[limit, year]

    @holds(m, m.FLOOR, doc="the sum of the measures reaches the limit")
    def sum_reaches_limit(m: pyo.ConcreteModel, limit: str, year: int) -> Term:
        return _sum(m, limit, year) + _missed(m, limit, year) >= m.bound[limit, year]


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, miss no more of a limit than its sum does."""
    for limit, year in m.SOFT:
        beyond = float(pyo.value(_sum(m, limit, year))) - m.bound[limit, year]
        m.missed[limit, year].set_value(max(0.0, beyond if (limit, year) in m.CEILING else -beyond), skip_validation=True)


def _soft_limits(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    penalty = case.attribute("limits", "penalty")
    soft = [(limit, year) for limit, year in m.BOUNDED if limit in penalty]
    m.SOFT = Members(dimen=2, initialize=soft, doc="(limit, year) that may be missed at a penalty")
    m.missed = Decisions(m.SOFT, doc="how far the sum is beyond the bound [the limit's unit]")
    m.penalty = Numbers(m.SOFT, initialize={key: penalty[key[0]] for key in soft}, doc="[money/the limit's unit]")
    m.MISSABLE = Lists(m.BOUNDED, dimen=2, initialize={key: [key] for key in soft}, doc="the limit and year, if it may be missed")
    m.SOFT_IN = Lists(
        m.YEARS, dimen=2, initialize={year: [key for key in soft if key[1] == year] for year in m.YEARS}, doc="of these, by year"
    )
    if soft:
        ledger.post(Account.PENALTY, "penalties", lambda m, year: sum(m.penalty[k, y] * m.missed[k, y] for k, y in m.SOFT_IN[year]))


def measured(m: pyo.ConcreteModel, measure: str, item: str, year: int) -> Term:
    """A measure that a gate or a synergy names, in its own unit."""
    return total(
        sum(function(m, k, year) for k in m.ITEM_IF[measure, item, name]) for name, function in MEASURES.items() if name in m.measures_named
    )


def _missed(m: pyo.ConcreteModel, limit: str, year: int) -> Term:
    return sum(m.missed[k, y] for k, y in m.MISSABLE[limit, year])


def _sum(m: pyo.ConcreteModel, limit: str, year: int) -> Term:
    return total(
        sum(m.coefficient[limit, name, item, y] * measure(m, item, y) for y in m.SPAN[limit, year] for item in m.MEMBERS[limit, name])
        for name, measure in MEASURES.items()
        if name in m.measures_used
    )


def _spend(m: pyo.ConcreteModel, project: str, year: int) -> Term:
    return (
        sum(m.spent_per_module[p, s, y] * m.start[p, s] for p, s, y in m.SPENT_MODULES_OF[project, year])
        + sum(m.spent_per_opening[p, s, y] * m.open_project[p, s] for p, s, y in m.SPENT_OPENINGS_OF[project, year])
        + sum(m.spent_per_input[p, s, y] * m.start[p, s] for p, s, y in m.SPENT_INPUTS_OF[project, year])
        + sum(m.spent_on_curve[p, s, y] * m.curve_cost[p, s] for p, s, y in m.SPENT_CURVES_OF[project, year])
    )


def _sets_of_measures(m: pyo.ConcreteModel, case: Case) -> None:
    v = vintages(case)
    items: dict[tuple[str, str], list[str]] = defaultdict(list)
    for limit, measure, item in case.keys("limit_members"):
        items[limit, measure].append(item)
    m.measures_used = frozenset(measure for _, measure in items)
    named = [key[1:] for table in ("gate_conditions", "synergy_members") for key in case.keys(table)]
    m.measures_named = frozenset(measure for measure, _ in named)
    asked = [(measure, item, name) for measure, item in named for name in MEASURES]
    m.ITEM_IF = Lists(
        Members(dimen=3, initialize=asked),
        dimen=1,
        initialize={(measure, item, measure): [item] for measure, item in named},
        doc="the item of a measure, if that is the measure's name",
    )
    m.MEMBERS = Lists(
        case.names("limits"),
        list(MEASURES),
        dimen=1,
        initialize=items,
        doc="items the limit sums",
    )
    weights = m.inside(case.series("limit_members", "coefficient"))
    m.WEIGHTED = Members(dimen=4, initialize=weights, doc="(limit, measure, item, year) of a weight")
    m.coefficient = Numbers(m.WEIGHTED, initialize=weights, doc="weight in the sum")
    alive: dict[tuple[str, int], list[Start]] = defaultdict(list)
    for project, start in v.starts:
        for year in v.alive(project, start):
            alive[project, year].append((project, start))
    m.ALIVE_OF = Lists(m.PROJECTS, m.YEARS, dimen=2, initialize=alive, doc="starts alive in the year")
    gone = {(p, y): [(p, s, y) for _, s in starts if p in v.retirable] for (p, y), starts in alive.items()}
    m.GONE_ALIVE_OF = Lists(m.PROJECTS, m.YEARS, dimen=3, initialize=gone, doc="of these, what may be retired")
    markets: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for market, tier in case.keys("markets"):
        markets[market].append((market, tier))
    m.TIERS_OF = Lists(list(markets), dimen=2, initialize=dict(markets), doc="tiers of the market")
    spending = {"MODULES": m.SPENT_PER_MODULE, "OPENINGS": m.SPENT_PER_OPENING, "INPUTS": m.SPENT_PER_INPUT, "CURVES": m.SPENT_ON_CURVE}
    for name, keys in spending.items():
        by_year: dict[tuple[str, int], list[tuple[str, int, int]]] = defaultdict(list)
        for project, start, year in keys:
            by_year[project, year].append((project, start, year))
        spent = Lists(m.PROJECTS, m.YEARS, dimen=3, initialize=by_year, doc="spending of the project in the year")
        setattr(m, f"SPENT_{name}_OF", spent)
