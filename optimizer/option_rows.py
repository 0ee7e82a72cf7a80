"""Rows of the options study: what the re-solves say about each option, as numbers that both bounds prove and as words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from masterplan.best_plan import worth
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.forcing import Forced, Starts, new_starts
from masterplan.interval import Interval
from masterplan.plan_changes import PlanChanges, hardly_used, plan_changes, prerequisites
from masterplan.reports.names import project_systems

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Prices:
    """A plan and the plans of its re-solves, each of a case that allows less: whatever they are worth, the plan's case is worth too."""

    plan: Plan
    found: Mapping[str, Plan | CaseError]

    def worth(self, money: float | None) -> float:
        """More is better; of what is not known, the least that can be."""
        return float("-inf") if money is None else worth(self.plan, money)

    @cached_property
    def best(self) -> float:
        """The most that any plan found is worth."""
        return max(self.worth(plan.objective) for plan in (self.plan, *self.found.values()) if isinstance(plan, Plan))

    def loss(self, other: Plan, known: Collection[str] = ()) -> Interval:
        """What is lost with another plan [money]; runs that allow still less (`known`) may have found a better one."""
        less = [plan for plan in (self.found.get(name) for name in known) if isinstance(plan, Plan)]
        reached = max(self.worth(plan.objective) for plan in (other, *less))
        possible = float("inf") if other.bound is None else self.worth(other.bound)
        most = float("inf") if self.plan.bound is None else self.worth(self.plan.bound) - reached
        return Interval(self.best - reached, max(0.0, self.best - possible), max(most, self.best - reached))

    def answer(self, name: str, impossible: str) -> tuple[Plan | None, str]:
        """The plan of a run, or None and why there is none; `impossible` begins the sentence where there can be none."""
        found = self.found.get(name)
        if isinstance(found, CaseError):
            return None, f"{impossible}: {found.problems[0]}"
        if found is None:
            return None, "not solved"
        if found.status == "infeasible":
            return None, f"{impossible}: no plan keeps every limit and rule"
        return (found, "") if found.found else (None, found.message)


def force_name(forced: Forced) -> str:
    """The name of the run that forces a project."""
    return f"force {forced.project}: {forced}"


def without_name(project: str) -> str:
    """The name of the run without a project."""
    return f"without {project}"


def delay_name(project: str) -> str:
    """The name of the run that starts a project later."""
    return f"{project} later"


def system_name(system: str) -> str:
    """The name of the run without any project of a system."""
    return f"without all of {system}"


def not_taken_row(prices: Prices, forced: Forced) -> Row:
    """What forcing an option costs, and why the plan leaves it out."""
    plan, project = prices.plan, forced.project
    row = {"project": project, "system": project_systems(plan.case)[project], "forced": str(forced)}
    if met(plan, forced):
        return row | {"answer": "the plan does so already", **_interval("price", Interval(0.0, 0.0, 0.0))}
    other, answer = prices.answer(force_name(forced), "cannot be done")
    if other is None:
        return row | {"answer": answer, **_interval("price", None), "why": answer}
    price, changes = prices.loss(other), plan_changes(plan, other, [project])
    begun = {text.split(" (")[0]: text for text in changes.begun}
    needs = [begun[name] for name in begun if name in prerequisites(plan.case, project)]
    return (
        row
        | {"answer": "", **_interval("price", price), "starts": in_words(new_starts(other).get(project, {})), "needs": ", ".join(needs)}
        | {"crowded_out": changes.crowded_out(), "worse": changes.worse(), "better": changes.better()}
        | {"why": _why(price, changes, needs, hardly_used(plan, other, project))}
    )


def impossible_row(prices: Prices, project: str) -> Row:
    """An option that no year of the plan has room for."""
    answer = "cannot be done: no year of the plan allows one more module"
    system = project_systems(prices.plan.case)[project]
    return {"project": project, "system": system, "forced": "1 module", "answer": answer, **_interval("price", None), "why": answer}


def taken_row(prices: Prices, project: str, years: Mapping[int, float], last_start: int, delays: bool) -> Row:
    """What the plan loses without an option that it takes, and by a year of delay."""
    plan, first = prices.plan, min(years)
    row: Row = {"project": project, "system": project_systems(plan.case)[project], "starts": in_words(years)}
    other, answer = prices.answer(without_name(project), "the plan cannot do without")
    loss = None if other is None else prices.loss(other)
    row |= {"without": answer, **_interval("loss", loss)}
    row |= {"replaced_by": "" if other is None else _replaced(plan_changes(plan, other, [project]))}
    if not delays:
        return row
    if first >= last_start:
        return row | {"from_year": None, "delay": "too late: as without it", **_interval("delay_loss", loss)}
    row |= {"from_year": first + 1}
    if loss is not None and not loss.is_proven:
        return row | {"delay": "as little as without it", **_interval("delay_loss", Interval(float("nan"), 0.0, loss.high))}
    late, answer = prices.answer(delay_name(project), "the plan cannot wait")
    delayed = None if late is None else prices.loss(late, [without_name(project)])
    return row | {"delay": answer, **_interval("delay_loss", delayed)}


def system_rows(prices: Prices, begun: Starts, not_taken: list[Row]) -> list[Row]:
    """What the plan loses without all projects of a system, and what the cheapest way into it costs where it takes none."""
    rows = []
    for system, members in members_of(prices.plan).items():
        taken = [project for project in members if project in begun]
        row: Row = {"system": system, "projects_taken": ", ".join(taken)}
        row |= {"projects_not_taken": ", ".join(project for project in members if project not in begun)}
        if taken:
            other, answer = prices.answer(answering(prices, members, begun) or system_name(system), "the plan cannot do without")
            rows.append(row | {"without": answer, **_interval("loss", None if other is None else prices.loss(other))})
            continue
        priced = [one for one in not_taken if one["project"] in members and one["price"] is not None]
        cheapest = min(priced, key=lambda one: one["price"], default=None)
        entry = {} if cheapest is None else {"cheapest_entry": cheapest["project"], "entry_price": cheapest["price"]}
        rows.append(row | {"without": "not taken", **_interval("loss", None), **entry})
    return rows


def members_of(plan: Plan) -> dict[str, list[str]]:
    """system -> its projects; none where the case has but one system."""
    found: dict[str, list[str]] = {}
    for project, system in project_systems(plan.case).items():
        found.setdefault(system, []).append(project)
    return found if len(found) > 1 else {}


def answering(prices: Prices, members: list[str], begun: Starts) -> str | None:
    """The run without one project that answers for its whole system, because its plan starts no other of it; None if there is none."""
    for project in (member for member in members if member in begun):
        other = prices.found.get(without_name(project))
        if isinstance(other, Plan) and other.found and not any(member in new_starts(other) for member in members):
            return without_name(project)
    return None


def met(plan: Plan, forced: Forced) -> bool:
    """Does a plan start so many modules anyway?"""
    rows = plan.starts[plan.starts["project"] == forced.project]
    in_time = rows if forced.by is None else rows[rows["year"] <= forced.by]
    return float(in_time["modules"].sum()) >= forced.modules - 1e-6


def in_words(years: Mapping[int, float]) -> str:
    """`2026: 3, 2028: 1`."""
    return ", ".join(f"{year}: {modules:,.3g}" for year, modules in sorted(years.items()))


def _why(price: Interval, changes: PlanChanges, needs: list[str], idle: str) -> str:
    parts = [f"needs {', '.join(needs)} first"] if needs else []
    if not price.is_proven:
        return "; ".join([*parts, "below solve tolerance: with it or without it the plan is worth about the same"])
    parts += [idle] if idle else []
    if crowded := changes.crowded_out():
        parts.append(f"takes the place of {crowded}{f' ({changes.at_limit})' if changes.at_limit else ''}")
    against = f", against {changes.better()}" if changes.better() else ""
    return "; ".join([*parts, f"costs more than it earns: {changes.worse()}{against}"])


def _replaced(changes: PlanChanges) -> str:
    """What steps in for an option that is left out, and what falls with it."""
    steps = [*(f"{text} begun" for text in changes.begun), *changes.more]
    falls = changes.crowded_out()
    return "; ".join([*([f"steps in: {', '.join(steps[:3])}"] if steps else []), *([f"falls with it: {falls}"] if falls else [])])


def _interval(name: str, found: Interval | None) -> Row:
    keys = (name, f"{name}_low", f"{name}_high", f"{name}_proven")
    values = (None,) * 4 if found is None else (found.value, found.low, found.high, found.is_proven)
    return dict(zip(keys, values, strict=True))
