"""The price of no: what each option costs that the plan leaves out, and what each is worth that it takes. Every number is a re-solve."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from masterplan.best_plan import best_plan
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.forcing import Starts, new_starts, no_new_starts, one_more, parse, postponed, with_forced, without
from masterplan.formulations.vintages import vintages
from masterplan.option_findings import option_findings
from masterplan.option_rows import (
    Prices,
    answering,
    delay_name,
    force_name,
    impossible_row,
    members_of,
    met,
    not_taken_row,
    system_name,
    system_rows,
    taken_row,
    without_name,
)
from masterplan.runs import Run
from masterplan.study import SolveOptions, plans

Found = dict[str, Plan | CaseError]
Told = Callable[[str], None]

NOT_TAKEN: tuple[str, ...] = ("project", "system", "forced", "price", "price_low", "price_high", "price_proven", "why")
NOT_TAKEN += ("starts", "needs", "crowded_out", "worse", "better", "answer")
TAKEN: tuple[str, ...] = ("project", "system", "starts", "loss", "loss_low", "loss_high", "loss_proven", "without", "replaced_by")
TAKEN += ("from_year", "delay_loss", "delay_loss_low", "delay_loss_high", "delay_loss_proven", "delay")
SYSTEMS: tuple[str, ...] = ("system", "projects_taken", "projects_not_taken", "loss", "loss_low", "loss_high", "loss_proven", "without")
SYSTEMS += ("cheapest_entry", "entry_price")


@dataclass(frozen=True, eq=False)
class OptionPrices:
    """What taking, leaving and delaying options does to a plan [money of the case; a loss is positive].

    Each number is an interval that both bounds prove (`..._low` to `..._high`); `..._proven` is False where it holds 0: below solve
    tolerance. Where a number is missing, `answer`, `without` or `delay` says why. `not_taken` has a row for each option that the plan
    leaves out and for each that was asked for, `taken` for each that it takes, `systems` for each part of the company (none where there is
    but one). `plans` holds the plan of every re-solve by its name, and `best_known` the best objective of them all.
    """

    plan: Plan
    not_taken: pd.DataFrame
    taken: pd.DataFrame
    systems: pd.DataFrame
    plans: Mapping[str, Plan | CaseError] = field(repr=False)
    best_known: float | None
    seconds: float
    interrupted: bool = False

    def findings(self) -> Findings:
        """The sentences and tables for print, sheet and JSON."""
        tables = {"not_taken": self.not_taken, "taken": self.taken, "systems": self.systems}
        return option_findings(self.plan, tables, self.best_known, len(self.plans), self.seconds)


def options(
    case: Case,
    plan: Plan | None = None,
    force: Sequence[str] = (),
    delays: bool = True,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Told = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> OptionPrices:
    """What forcing each option costs that the plan leaves out, and what it loses without, or a year later with, each that it takes.

    Left out: one module (less, where no more may be built) is forced in whatever year is best, with what the rules require of it.
    `force` asks for other amounts: `terafab=2@2030` is at least two modules, given ones included, started by 2030, of any project.
    Taken, by new starts beyond the given ones: no new start of it at all; and, with `delays`, none until the year of its first new start is
    past. A system: no new start of any of its projects. `plan` is the best plan of this very case where it is known, else it is solved
    first. Every re-solve allows less than the case does, so that no price is below 0; it counts from the best plan that any of
    them found. `told` is called with a line after each solve; the other options are those of `scenario_table`.
    Raises CaseError for a case with problems, ValueError for a plan of another case or a `force` that cannot be read.
    """
    began = time.perf_counter()
    wanted = [parse(case, text) for text in force]
    how = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    parent = best_plan(case, plan, how, told)
    if not parent.found:
        nothing = pd.DataFrame()
        return OptionPrices(parent, nothing, nothing, nothing, {}, None, time.perf_counter() - began, how.interrupted)
    begun = new_starts(parent)
    left_out = {project: one_more(case, project) for project in case.names("projects") if project not in begun}
    forced = [*wanted, *(one for one in left_out.values() if one is not None and one not in wanted)]
    runs = {force_name(one): one for one in forced if not met(parent, one)}
    begins = {name: with_forced(parent, one) for name, one in runs.items()}
    how_forced = replace(how, gap=_gap_without_reference(parent, gap))
    found: Found = plans(case, [Run(name, rows=one.rows) for name, one in runs.items()], how_forced, begins, told)
    found |= _without(parent, {without_name(project): [project] for project in begun}, how, told)
    found |= _delayed(parent, begun, found, how, told) if delays else {}
    found |= _without(parent, _systems(parent, begun, found), how, told)
    prices = Prices(parent, found)
    last = {project: vintages(case).windows[project][-1] for project in begun}
    rows = [not_taken_row(prices, one) for one in forced]
    rows += [
        impossible_row(prices, project) for project, one in left_out.items() if one is None and project not in {w.project for w in wanted}
    ]
    return OptionPrices(
        parent,
        pd.DataFrame(rows, columns=list(NOT_TAKEN)),
        pd.DataFrame([taken_row(prices, project, begun[project], last[project], delays) for project in begun], columns=list(TAKEN)),
        pd.DataFrame(system_rows(prices, begun, rows), columns=list(SYSTEMS)),
        found,
        prices.best if parent.case.setting("objective") != "least_cost" else -prices.best,
        time.perf_counter() - began,
        how.interrupted,
    )


def _gap_without_reference(plan: Plan, gap: float) -> float:
    """The gap that is as much money as that of the plan: where something is forced, doing nothing is no plan to measure from."""
    if plan.do_nothing is None or not plan.objective or not plan.value_added:
        return gap
    return min(gap, gap * abs(plan.value_added / plan.objective))


def _without(plan: Plan, left_out: Mapping[str, Sequence[str]], how: SolveOptions, told: Told) -> Found:
    runs = [Run(name, rows=no_new_starts(plan.case, projects, plan.case.last_year)) for name, projects in left_out.items()]
    return plans(plan.case, runs, how, {name: without(plan, projects) for name, projects in left_out.items()}, told)


def _delayed(plan: Plan, begun: Starts, found: Found, how: SolveOptions, told: Told) -> Found:
    """Each project a year later, where that year is still allowed and where being without it costs something."""
    prices, runs = Prices(plan, found), []
    for project, years in begun.items():
        other, _ = prices.answer(without_name(project), "")
        if min(years) < vintages(plan.case).windows[project][-1] and (other is None or prices.loss(other).is_proven):
            runs.append((project, Run(delay_name(project), rows=no_new_starts(plan.case, [project], min(years)))))
    return plans(plan.case, [run for _, run in runs], how, {run.name: postponed(plan, project) for project, run in runs}, told)


def _systems(plan: Plan, begun: Starts, found: Found) -> dict[str, list[str]]:
    """Systems of which the plan takes something, where no run without a single project answers for them."""
    prices = Prices(plan, found)
    return {
        system_name(system): members
        for system, members in members_of(plan).items()
        if any(project in begun for project in members) and answering(prices, members, begun) is None
    }
