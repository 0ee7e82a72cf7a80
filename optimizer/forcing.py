"""Forcing: what is added to a case so that a project is started, left out, or held back; and the plans that those solves begin from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from masterplan.data.added_rows import Added
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.rows import advice
from masterplan.formulations.vintages import vintages

NOTHING = 1e-6  # modules; less is rounding
Starts = dict[str, dict[int, float]]  # project -> year -> modules

_FORM = re.compile(r"^\s*(?P<project>[^=@]+?)\s*(=\s*(?P<modules>[0-9.eE+-]+)\s*)?(@\s*(?P<by>\d{4})\s*)?$")


@dataclass(frozen=True)
class Forced:
    """At least so many modules of a project, given ones included, started by a year (None: by the end of the plan)."""

    project: str
    modules: float
    by: int | None = None

    def __str__(self) -> str:
        return f"{self.modules:g} module{'' if self.modules == 1 else 's'}{'' if self.by is None else f' by {self.by}'}"

    @property
    def rows(self) -> tuple[Added, ...]:
        """The rule that forces it."""
        kind = {"kind": "must_do"} if self.by is None else {"kind": "deadline", "deadline": self.by}
        return (Added("rules", {"rule": f"forced {self.project}", "project": self.project, "amount": self.modules, **kind}),)


def parse(case: Case, text: str) -> Forced:
    """What `terafab=2@2030` (or `terafab`, `terafab=2`, `terafab@2030`) asks for. Raises ValueError where it cannot be read."""
    found = _FORM.match(text)
    try:
        modules = float(found["modules"] or 1) if found else 0.0
    except ValueError:
        modules = 0.0
    if found is None or not 0 < modules < float("inf"):
        raise ValueError(f"{text!r} cannot be read. Write PROJECT=MODULES@YEAR, as {next(iter(case.names('projects')))}=1@{case.last_year}")
    project, by = found["project"], None if found["by"] is None else int(found["by"])
    if project not in case.names("projects"):
        raise ValueError(f"{text!r}: found the project {project!r}, which is not known. {advice(project, case.names('projects'))}")
    if by is not None and by not in case.years:
        raise ValueError(f"{text!r}: found the year {by}, the plan runs from {case.first_year} to {case.last_year}")
    return Forced(project, modules, by)


def one_more(case: Case, project: str) -> Forced | None:
    """One module of a project over those that are given (less, where a divisible one cannot have it); None where none can be started."""
    v = vintages(case)
    given = sum(modules for (name, _), (_, modules, _) in v.given.items() if name == project)
    most = v.most_in_total[project]
    room = 1.0 if most is None else min(1.0, most - given)
    return Forced(project, given + room) if room > NOTHING and len(v.windows[project]) else None


def no_new_starts(case: Case, projects: Sequence[str], until: int) -> tuple[Added, ...]:
    """Limits that leave projects no start until a year, that year included, but their given ones."""
    added: list[Added] = []
    given = {start: modules for start, (_, modules, _) in vintages(case).given.items()}
    for project in projects:
        name = f"no new {project}"
        added.append(Added("limits", {"limit": name, "sense": "at_most", "span": "each_year", "to_year": until, "bound": 0}))
        for year in case.years:
            before, now = given.get((project, year - 1), 0.0), given.get((project, year), 0.0)
            if now != (before if year > case.first_year else 0.0):
                added.append(Added("limits", {"limit": name, "year": year, "bound": now}))
        added.append(Added("limit_members", {"limit": name, "measure": "starts", "item": project}))
    return tuple(added)


def new_starts(plan: Plan) -> Starts:
    """project -> year -> modules that a plan starts beyond those that are given; projects of which it starts none are absent."""
    given = vintages(plan.case).given
    found: Starts = {}
    for (project, year), modules in plan.modules_started.items():
        free = modules - given.get((project, year), ("", 0.0, 0.0))[1]
        if free > NOTHING and year >= plan.case.first_year:
            found.setdefault(project, {})[year] = free
    return found


def with_forced(plan: Plan, forced: Forced) -> Plan:
    """The plan with what is missing started as late as is allowed: a guess to begin from."""
    by = plan.case.last_year if forced.by is None else forced.by
    rows = plan.starts[(plan.starts["project"] == forced.project) & (plan.starts["year"] <= by)]
    missing = forced.modules - float(rows["modules"].sum())
    window = [year for year in vintages(plan.case).windows[forced.project] if year <= by]
    if missing <= 0 or not window:
        return plan
    return with_more(plan, {(forced.project, window[-1]): missing})


def with_more(plan: Plan, more: Mapping[tuple[str, int], float]) -> Plan:
    """The plan with more modules started: (project, year) -> modules."""
    return _moved(plan, lambda starts: {**starts, **{start: starts.get(start, 0.0) + modules for start, modules in more.items()}})


def without(plan: Plan, projects: Sequence[str]) -> Plan:
    """The plan with the given starts alone of these projects: a guess to begin from."""
    gone = {
        (project, year): modules for project, years in new_starts(plan).items() if project in projects for year, modules in years.items()
    }
    return _moved(plan, lambda starts: {start: modules - gone.get(start, 0.0) for start, modules in starts.items()})


def postponed(plan: Plan, project: str) -> Plan:
    """The plan with the first new starts of a project a year later: a guess to begin from."""
    first, modules = min(new_starts(plan)[project].items())

    def later(starts: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
        after = starts.get((project, first + 1), 0.0) + modules
        return {**starts, (project, first): starts[project, first] - modules, (project, first + 1): after}

    return _moved(plan, later)


def _moved(plan: Plan, move: Callable[[dict[tuple[str, int], float]], dict[tuple[str, int], float]]) -> Plan:
    rows = [(project, year, modules) for (project, year), modules in move(plan.modules_started).items()]
    return replace(plan, starts=pd.DataFrame(rows, columns=["project", "year", "modules"]))
