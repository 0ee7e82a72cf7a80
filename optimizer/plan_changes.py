"""Plan changes: how one plan differs from another in money by cash line, in projects, and in what is made of what is built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.forcing import NOTHING, Starts, new_starts
from masterplan.reports.binding import binding
from masterplan.reports.names import entry_in_words
from masterplan.reports.recompute import Recomputed, recompute

MOST_NAMED = 3  # lines or projects in a sentence
SAME = 0.005  # share of modules; less reads the same in three digits
HARDLY_USED = 0.01  # share of added capacity
ENDS = {"terminal_value": ("Terminal value", 1.0), "after_horizon": ("Spend after the last year", 1.0), "penalties": ("Penalties", -1.0)}


@dataclass(frozen=True, eq=False)
class PlanChanges:
    """What another plan does otherwise. Money is better (+) or worse (−), as it counts in the objective.

    `money` by line sums to the difference of the objectives (worth more is positive); the projects are names with what changed in words.
    `unused` says, where it is so, that the capacity of one more project is hardly used; `at_limit` what money is at its limit when.
    """

    money: Mapping[str, float]
    begun: tuple[str, ...]
    dropped: tuple[str, ...]
    fewer: tuple[str, ...]
    later: tuple[str, ...]
    more: tuple[str, ...]
    at_limit: str

    def worse(self) -> str:
        """The lines that lost most, in words."""
        return _named(sorted((item for item in self.money.items() if item[1] < 0), key=lambda item: item[1]))

    def better(self) -> str:
        """The lines that gained most, in words."""
        return _named(sorted((item for item in self.money.items() if item[1] > 0), key=lambda item: -item[1]))

    def crowded_out(self) -> str:
        """The projects that are left out, have fewer modules or come later, in words."""
        return _listed([*self.dropped, *self.fewer, *self.later])


def plan_changes(plan: Plan, other: Plan, aside: Iterable[str] = ()) -> PlanChanges:
    """What `other` does otherwise than `plan`; the projects `aside` are not named among those that changed."""
    before, after = recompute(plan), recompute(other)
    mine, theirs = new_starts(plan), new_starts(other)
    for project in aside:
        mine.pop(project, None)
        theirs.pop(project, None)
    both = [project for project in mine if project in theirs]
    return PlanChanges(
        money=_money(plan, before, after, other),
        begun=tuple(f"{project} ({min(theirs[project])})" for project in theirs if project not in mine),
        dropped=tuple(f"{project} left out" for project in mine if project not in theirs),
        fewer=tuple(
            _modules(project, mine, theirs)
            for project in both
            if _total(theirs, project) < _total(mine, project) - _told_apart(mine, project)
        ),
        later=tuple(
            f"{project} from {min(theirs[project])} instead of {min(mine[project])}"
            for project in both
            if min(theirs[project]) > min(mine[project])
        ),
        more=tuple(
            _modules(project, mine, theirs)
            for project in both
            if _total(theirs, project) > _total(mine, project) + _told_apart(mine, project)
        ),
        at_limit=_money_at_limit(other, after),
    )


def hardly_used(plan: Plan, other: Plan, project: str) -> str:
    """What is made with the capacity that `other` has more of the project's activity, in words, where it is next to nothing; else ""."""
    activity = plan.case.attribute("projects", "activity").get(project)
    if activity is None:
        return ""
    numbers = recompute(plan)
    before, after = (_of_activity(each.capacity, activity) for each in (numbers, recompute(other)))
    added = float((after["capacity"] - before["capacity"]).sum())
    run = float((after["level"] - before["level"]).sum())
    if added <= NOTHING or run > HARDLY_USED * added:
        return ""
    spare = float((before["capacity"] - before["level"]).sum())
    idle = f", of which {spare:,.4g} stand idle in the plan already" if spare > NOTHING else ""
    sold = _sold_out(plan, numbers, activity)
    return f"nothing more would run: {activity} has {float(before['capacity'].sum()):,.4g} capacity-years without it{idle}{sold}"


def _sold_out(plan: Plan, numbers: Recomputed, activity: str) -> str:
    """Where no demand is left for what an activity makes, in words."""
    case = plan.case
    made = {key[1] for key, amount in case.series("recipes", "amount").items() if key[0] == activity and amount > 0}
    resource, side = case.attribute("markets", "resource"), case.attribute("markets", "side")
    markets = {key[0] for key in resource if side[key] == "sell" and resource[key] in made}
    years: dict[str, int] = defaultdict(int)
    for section, item, _ in binding(plan, numbers):
        if section == "Sales" and item.split(" tier ")[0] in markets:
            years[item] += 1
    return f"; no demand left: {', '.join(f'{item} takes no more in {count} years' for item, count in years.items())}" if years else ""


def prerequisites(case: Case, project: str) -> set[str]:
    """Projects that the rules require for this one, directly or through others."""
    needs: dict[str, list[str]] = defaultdict(list)
    for (_, needing, other), kind in case.attribute("rules", "kind").items():
        if kind == "requires":
            needs[needing].append(other)
    found, queue = set[str](), [project]
    while queue:
        new = [other for other in needs[queue.pop()] if other not in found]
        found.update(new)
        queue += new
    return found


def _money(plan: Plan, before: Recomputed, after: Recomputed, other: Plan) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    final_cash = plan.case.setting("objective") == "final_cash"
    for sign, numbers in ((-1.0, before), (1.0, after)):
        factors = {int(row["year"]): float(row["factor"]) for row in numbers.present_value.to_dict("records")}
        for row in numbers.cash.to_dict("records"):
            if final_cash or row["kind"] != "financing":
                name = f"{entry_in_words(row['entry'])} {row['item']}".strip()
                found[name] += sign * row["amount"] * (1.0 if final_cash else factors[int(row["year"])])
        for total, (name, way) in ENDS.items():
            if not final_cash or total == "penalties":
                found[name] += sign * way * float(numbers.totals[total] or 0.0)
        if not final_cash:
            for row in numbers.present_value.to_dict("records"):
                found["Charge for debt"] += sign * row["debt_spread"] * row["factor"]
    if final_cash:
        found["Debt still owed"] = _last_debt(before) - _last_debt(after)
    scale = max([abs(plan.objective or 0.0), abs(other.objective or 0.0), 1.0])
    return {name: amount for name, amount in found.items() if abs(amount) > 1e-9 * scale}


def _last_debt(numbers: Recomputed) -> float:
    return float(numbers.debt["closing"].iloc[-1]) if len(numbers.debt) else 0.0


def _of_activity(capacity: pd.DataFrame, activity: str) -> pd.DataFrame:
    return capacity[capacity["activity"] == activity].set_index("year")[["capacity", "level"]]


def _money_at_limit(plan: Plan, numbers: Recomputed) -> str:
    years: dict[str, list[int]] = defaultdict(list)
    for section, item, year in binding(plan, numbers):
        if section == "Money":
            years[item].append(year)
    spans = {item: f"{min(found)}" if len(found) == 1 else f"{len(found)} years from {min(found)}" for item, found in years.items()}
    return "; ".join(f"{item} reached in {span}" for item, span in spans.items())


def _total(starts: Starts, project: str) -> float:
    return sum(starts[project].values())


def _told_apart(mine: Starts, project: str) -> float:
    """Modules by which two numbers have to differ to read differently."""
    return max(NOTHING, SAME * _total(mine, project))


def _modules(project: str, mine: Starts, theirs: Starts) -> str:
    return f"{project} {_total(theirs, project):,.3g} instead of {_total(mine, project):,.3g} modules"


def _named(lines: list[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {amount:+,.4g}" for name, amount in lines[:MOST_NAMED])


def _listed(texts: list[str]) -> str:
    rest = f" and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else ""
    return ", ".join(texts[:MOST_NAMED]) + rest
