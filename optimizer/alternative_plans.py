"""Near-best menu: plans worth nearly as much as the best that differ most in which projects they start, and when; and what all share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from masterplan.best_plan import best_plan, worth
from masterplan.data.case import Case
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.formulations.contrast import Contrast, countable
from masterplan.menu import COMPLETE, MENU, PROJECTS, STOPPED, menu_findings, menu_rows, project_rows
from masterplan.near_best import Unlike, most_unlike
from masterplan.pattern import pattern_of
from masterplan.reports.audit import audit
from masterplan.study import SolveOptions

Told = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans within a share of the value added of the best, most unlike first [money of the case].

    `plans` are the alternatives, each with the bound of the case; `menu` has a row for the plan itself and for each of them, `projects`
    one for each project: in how many of the plans it is started, and when. `apart` is the distance to the nearest plan above in the menu
    (see `masterplan.formulations.contrast`). `complete` is True where it is proven that no further plan within the share differs in which
    projects are started, or in their first years; `asked` is how many were asked for. `uncounted` are the projects that the distance
    leaves out.
    """

    plan: Plan
    plans: tuple[Plan, ...]
    menu: pd.DataFrame
    projects: pd.DataFrame
    within: float
    least_worth: float | None
    complete: bool
    asked: int
    seconds: float
    uncounted: tuple[str, ...] = field(default=())
    interrupted: bool = False

    def findings(self) -> Findings:
        """The sentences and tables for print, sheet and JSON."""
        stopped = not self.complete and len(self.plans) < self.asked
        found = menu_findings(self.plan, self.menu, self.projects, self.within, self.least_worth, self.uncounted, self.seconds)
        ends = ((COMPLETE,) if self.complete else ()) + ((STOPPED,) if stopped and self.plan.found else ())
        return replace(found, sentences=(*found.sentences[:1], *ends, *found.sentences[1:]))


def alternatives(
    case: Case,
    plan: Plan | None = None,
    within: float = 0.01,
    count: int = 5,
    prove: bool = False,
    gap: float = 0.005,
    time_limit: float = 60.0,
    threads: int | None = None,
    told: Told = lambda line: None,
    keep: str | Path | None = None,
) -> Alternatives:
    """Up to `count` plans, each worth at least the best plan less `within` of its value added, each as unlike all before it as can be.

    The share counts from the objective (NPV, cost or final cash) of `plan`, in terms of the value that it adds over doing nothing; where
    doing nothing is impossible, of the objective itself. Unlike: a project that only one of two plans starts counts more than any year by
    which a start moves; how many modules are started counts nothing. Of all plans that begin the same in the same years, the best is shown.
    With `prove`, more solves tell which projects every plan within the share starts (no-regret), or none; without, that is known of the
    menu alone. `plan` is the best plan of this very case where it is known, else it is solved first. `gap` and `time_limit` hold for each
    solve; a search that its time limit stops offers the furthest that it found. `told` is called with a line after each.
    Raises CaseError for a case with problems, ValueError for a plan of another case, a share or a count out of range.
    """
    if not 0 <= within < 1:
        raise ValueError(f"within is a share of the value added: found {within}, allowed 0 to 1 (0.01 is one percent)")
    if count < 1:
        raise ValueError(f"count: found {count}, allowed 1 or more")
    began, how = time.perf_counter(), SolveOptions(gap, time_limit, threads, keep=keep)
    best = best_plan(case, plan, how, told)
    if best.objective is None:
        return Alternatives(best, (), pd.DataFrame(), pd.DataFrame(), within, None, False, count, time.perf_counter() - began)
    least = _least_worth(best, best.objective, within)
    found, complete = _menu(best, least, count, how, told)
    every = [best, *(one.plan for one in found if one.plan is not None)]
    certain = _certain(best, least, every, how, told) if prove else frozenset[str]()
    passed = [audit(one).passed for one in every]
    return Alternatives(
        best,
        tuple(every[1:]),
        pd.DataFrame(menu_rows(every, found, passed), columns=list(MENU)),
        pd.DataFrame(project_rows(every, certain, prove), columns=list(PROJECTS)),
        within,
        least,
        complete,
        count,
        time.perf_counter() - began,
        tuple(project for project in case.names("projects") if project not in countable(case)),
        how.interrupted,
    )


def _least_worth(best: Plan, objective: float, within: float) -> float:
    """The objective that an alternative has to keep [money]; a cost may be higher by as much."""
    given_up = within * abs(objective if best.value_added is None else best.value_added)
    return objective - worth(best, given_up)


def _menu(best: Plan, least: float, count: int, how: SolveOptions, told: Told) -> tuple[list[Unlike], bool]:
    """The alternatives, and whether it is proven that there are no more."""
    found: list[Unlike] = []
    known, step = [pattern_of(best)], 1.0 / len(best.case.years)
    while len(found) < count and not how.interrupted:
        unlike = most_unlike(best, Contrast(tuple(known), least), how)
        if unlike is None or unlike.apart < step / 2:
            return found, unlike is not None and unlike.most_apart < step * (1.0 - 1e-6)
        known.append(dict(unlike.pattern))
        name = f"alternative {len(found) + 1}"
        if unlike.plan is None or not _is_worth(unlike.plan, least):
            told(f"{name}: passed over, its operation could not be settled")
            return found, False
        found.append(replace(unlike, plan=_bounded(unlike.plan, best)))
        told(f"{name}: {unlike.plan.objective:,.1f}, {unlike.apart:.2f} apart (no plan more than {unlike.most_apart:.2f})")
    return found, False


def _is_worth(plan: Plan, least: float) -> bool:
    scale = 1e-6 * max(1.0, abs(least))
    return plan.objective is not None and worth(plan, plan.objective) >= worth(plan, least) - scale


def _bounded(plan: Plan, best: Plan) -> Plan:
    """A plan of the case, measured against the bound of the case."""
    if best.bound is None or plan.objective is None:
        return replace(plan, status="feasible", bound=None, gap=None, gap_money=None)
    money = max(worth(best, best.bound) - worth(best, plan.objective), 0.0)
    scale = abs(plan.value_added if plan.value_added is not None else plan.objective)
    return replace(plan, status="feasible", stopped_because="gap", bound=best.bound, gap_money=money, gap=money / scale if scale else None)


def _certain(best: Plan, least: float, every: Sequence[Plan], how: SolveOptions, told: Told) -> frozenset[str]:
    """Projects of which it is proven that every plan worth enough starts them, or that none does.

    Each solve looks for a plan that turns as many as possible of those that all plans known share; it ends where none can turn one.
    """
    common = pattern_of(best)
    shared = {p for p in countable(best.case) if len({p in pattern_of(plan) for plan in every}) == 1}
    while shared and not how.interrupted:
        unlike = most_unlike(best, Contrast((common,), least, frozenset(shared), years_count=False), how, with_plan=False)
        if unlike is None or (unlike.apart < 0.5 and unlike.most_apart >= 1.0 - 1e-6):
            told("no-regret: not proven in time")
            return frozenset()
        turned = {project for project in shared if (project in unlike.pattern) != (project in common)}
        told(f"no-regret: {f'{len(turned)} of {len(shared)} can be turned' if turned else f'proven for {len(shared)}'}")
        if not turned:
            break
        shared -= turned
    return frozenset() if how.interrupted else frozenset(shared)
