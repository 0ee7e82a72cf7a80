"""Rules: logic between projects.

Decides   chosen[project]                           whether the project counts as started, for projects in a choice [0/1]
Holds     prerequisite_started_first[rule, project, other, year]  starts so far <= amount x starts of other so far
          no_start_unless_chosen[project, year]     start <= most x chosen, where so many are allowed
          chosen_only_if_started[project]           chosen <= sum of starts, where so many are asked for
          at_most_so_many_chosen[rule]              sum of chosen <= amount
          at_least_so_many_chosen[rule]             sum of chosen >= amount
          started_by_deadline[rule, project]        starts up to the deadline >= amount
Posts     nothing
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Ledger, Term, total
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, Vintages, vintages

Row = tuple[str, str, str | None]  # rule, project, other


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add prerequisites, choices and deadlines."""
    v, kind = vintages(case), case.attribute("rules", "kind")
    _prerequisites(m, v, [row for row in kind if kind[row] == "requires"])
    _choices(m, v, kind)
    _deadlines(m, v, kind)


def _started_by(v: Vintages, project: str, year: int) -> list[Start]:
    return [(p, s) for p, s in v.starts_of.get(project, ()) if s <= year]


def _prerequisites(m: pyo.ConcreteModel, v: Vintages, rows: list[Row]) -> None:
    amount, lag = v.case.attribute("rules", "amount"), v.case.attribute("rules", "lag")
    needed: dict[tuple[Any, ...], list[Start]] = {}
    enabled: dict[tuple[Any, ...], list[Start]] = {}
    for row in rows:
        _, project, other = row
        for year in v.case.years:
            if starts := _started_by(v, project, year):
                needed[*row, year] = starts
                enabled[*row, year] = _started_by(v, str(other), year - lag[row])
    ratio: dict[tuple[Any, ...], Any] = {key: amount.get(key[:3], v.most_in_total[key[1]]) for key in needed}
    m.PREREQUISITES = Members(dimen=4, initialize=list(needed), doc="(rule, project, other, year)")
    m.NEEDING = Lists(m.PREREQUISITES, dimen=2, initialize=needed, doc="starts of the project so far")
    m.ENABLING = Lists(m.PREREQUISITES, dimen=2, initialize=enabled, doc="starts of the other project so far, less the lag")
    m.modules_enabled = Numbers(m.PREREQUISITES, initialize=ratio, doc="modules allowed per module of the other project")

    @holds(m, m.PREREQUISITES, doc="no more starts than the prerequisite allows so far")
    def prerequisite_started_first(m: pyo.ConcreteModel, rule: str, project: str, other: str, year: int) -> Term:
        return sum(m.start[p, s] for p, s in m.NEEDING[rule, project, other, year]) <= m.modules_enabled[rule, project, other, year] * sum(
            m.start[p, s] for p, s in m.ENABLING[rule, project, other, year]
        )


def _choices(m: pyo.ConcreteModel, v: Vintages, kind: dict[Row, str]) -> None:
    amount = v.case.attribute("rules", "amount")
    members: dict[str, dict[str, list[str]]] = {"at_most": defaultdict(list), "at_least": defaultdict(list)}
    bound: dict[str, float] = {}
    for row, meant in kind.items():
        rule, project, other = row
        if meant == "excludes":
            name = f"{rule}/{project}/{other}"
            members["at_most"][name], bound[name] = [project, str(other)], 1.0
        elif meant in members:
            members[meant][rule].append(project)
            bound[rule] = amount.get(row, bound.get(rule, 1.0))
    allowed, wanted = ({project for projects in members[sense].values() for project in projects} for sense in ("at_most", "at_least"))
    m.CHOICES = Members(initialize=[p for p in m.PROJECTS if p in allowed | wanted], doc="projects in a choice")
    m.chosen = Decisions(m.CHOICES, domain=pyo.Binary, doc="1 if the project counts as started")
    m.WANTED = Members(initialize=[p for p in m.PROJECTS if p in wanted], doc="projects of which so many are asked for")
    m.CHOICE_STARTS = Members(
        dimen=2, initialize=[(p, s) for p, s in v.starts if p in allowed], doc="starts of projects of which so many are allowed"
    )
    m.most_of_choice = Numbers(
        m.CHOICE_STARTS, initialize={start: v.most(start) for start in m.CHOICE_STARTS}, doc="most modules of the start [modules]"
    )

    @holds(m, m.CHOICE_STARTS, doc="a project is started only if it is chosen")
    def no_start_unless_chosen(m: pyo.ConcreteModel, project: str, year: int) -> Term:
        return m.start[project, year] <= m.most_of_choice[project, year] * m.chosen[project]

    @holds(m, m.WANTED, doc="a project is chosen only if it is started")
    def chosen_only_if_started(m: pyo.ConcreteModel, project: str) -> Term:
        return m.chosen[project] <= sum(m.start[p, s] for p, s in m.STARTS_OF[project])

    m.bound_of_choice = Numbers(list(bound), initialize=bound, doc="how many may or must be chosen")
    m.CEILINGS = Members(initialize=list(members["at_most"]), doc="rules that allow so many")
    m.FLOORS = Members(initialize=list(members["at_least"]), doc="rules that ask for so many")
    m.CEILING_MEMBERS = Lists(m.CEILINGS, dimen=1, initialize=dict(members["at_most"]), doc="projects of the rule")
    m.FLOOR_MEMBERS = Lists(m.FLOORS, dimen=1, initialize=dict(members["at_least"]), doc="projects of the rule")

    @holds(m, m.CEILINGS, doc="no more of the rule's projects than allowed")
    def at_most_so_many_chosen(m: pyo.ConcreteModel, rule: str) -> Term:
        return sum(m.chosen[p] for p in m.CEILING_MEMBERS[rule]) <= m.bound_of_choice[rule]

    @holds(m, m.FLOORS, doc="no fewer of the rule's projects than asked for")
    def at_least_so_many_chosen(m: pyo.ConcreteModel, rule: str) -> Term:
        return sum(m.chosen[p] for p in m.FLOOR_MEMBERS[rule]) >= m.bound_of_choice[rule]


def _deadlines(m: pyo.ConcreteModel, v: Vintages, kind: dict[Row, str]) -> None:
    amount, deadline = v.case.attribute("rules", "amount"), v.case.attribute("rules", "deadline")
    due = {row[:2]: deadline.get(row, v.case.last_year) for row, meant in kind.items() if meant in ("deadline", "must_do")}
    wanted = {row[:2]: amount.get(row, 1.0) for row in kind if row[:2] in due}
    m.DEADLINES = Members(dimen=2, initialize=list(due), doc="(rule, project)")
    m.modules_due = Numbers(m.DEADLINES, initialize=wanted, doc="modules due [modules]")
    m.IN_TIME = Lists(
        m.DEADLINES, dimen=2, initialize={key: _started_by(v, key[1], year) for key, year in due.items()}, doc="starts in time"
    )

    @holds(m, m.DEADLINES, doc="so many modules are started by the deadline")
    def started_by_deadline(m: pyo.ConcreteModel, rule: str, project: str) -> Term:
        return total([sum(m.start[p, s] for p, s in m.IN_TIME[rule, project])]) >= m.modules_due[rule, project]
