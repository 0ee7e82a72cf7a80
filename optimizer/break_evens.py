"""Break-even: the value of a number at which the best plan begins to have something (the cost at which a mine is opened), between solves.

A plan that is best within its gap may have the thing or not by chance. So the ends of the bracket are proven apart: the case is solved once
more with the thing forced (or forbidden), and only where the bound of that solve is worse than the plan is the side certain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.dial import Dial, dial
from masterplan.data.errors import CaseError
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.interval import Interval, difference
from masterplan.runs import Run
from masterplan.studied import needed, said
from masterplan.study import SolveOptions, plans
from masterplan.wanted import Wanted
from masterplan.wanted import wanted as read_wanted

FINEST = 64  # of the range, if no tolerance is given


@dataclass(frozen=True, eq=False)
class BreakEven:
    """Where the thing wanted begins or ends.

    `bracket` is the pair of neighbouring values between which the found plans switch, `proven` the pair of values nearest to it at which
    it is certain on which side the best plan is; each None where there is none. `solves`: value, has_it, measure, objective, gap, status;
    lost_otherwise with _least and _most (what is lost if the plan had to be on the other side, where that was solved).
    """

    change: str
    wanted: str
    bracket: tuple[float, float] | None
    proven: tuple[float, float] | None
    solves: pd.DataFrame
    plans: Mapping[float, Plan] = field(repr=False)
    money_unit: str = ""
    seconds: float = 0.0
    interrupted: bool = False

    def findings(self) -> Findings:
        """As sentences and a table."""
        return Findings(
            "Break-even",
            f"The value of {self.change} at which the best plan has {self.wanted}, between solves.",
            tuple(self._sentences()),
            (FoundTable("Solves", f"each value that was tried; what is lost on the other side, in {self.money_unit}", self.solves),),
            self.seconds,
        )

    def _sentences(self) -> Iterable[str]:
        rows = self.solves
        if self.bracket is None:
            have = "has" if bool(rows["has_it"].iloc[0]) else "has not"
            yield f"No switch: from {rows['value'].iloc[0]:g} to {rows['value'].iloc[-1]:g} the best plan {have} {self.wanted}."
            return
        below = bool(rows.loc[rows["value"] == self.bracket[0], "has_it"].iloc[0])
        where = "up to" if below else "from"
        yield (
            f"The best plan has {self.wanted} {where} a value of {self.change} between {self.bracket[0]:g} and {self.bracket[1]:g}: "
            f"at {self.bracket[0]:g} it {'has' if below else 'has not'}, at {self.bracket[1]:g} it {'has not' if below else 'has'}."
        )
        if self.proven == self.bracket:
            yield "Both ends are certain: a plan on the other side is worth less, by the bounds of both solves."
        elif self.proven is not None:
            inside = "inside, the sides differ by less than the solves tell"
            yield f"Certain is that the switch lies between {self.proven[0]:g} and {self.proven[1]:g}; {inside}."
        elif certain := rows[rows["lost_least"] > 0].to_dict("records"):
            sides = [
                f"at {row['value']:g} every plan that {'has not' if row['has_it'] else 'has'} "
                f"loses at least {row['lost_least']:,.4g} {self.money_unit}"
                for row in certain
            ]
            yield f"Certain is one side alone: {'; '.join(sides)}. On the other the two differ by less than the solves tell."
        else:
            yield (
                "No side is certain within this range: the sides differ by less than the solves tell, or were not compared. "
                "A smaller gap or a wider range says more."
            )


def break_even(
    case: Case,
    change: str,
    wanted: str,
    low: float,
    high: float,
    tolerance: float | None = None,
    prove: bool = True,
    gap: float = 0.005,
    time_limit: float = 180.0,
    threads: int | None = None,
    told: Callable[[str], None] = lambda line: None,
    jobs: int = 1,
    executor: Executor | None = None,
    keep: str | Path | None = None,
) -> BreakEven:
    """Search between `low` and `high` for the value of `change` at which the best plan begins or ceases to have what is `wanted`.

    `change` is a change without its value (`activities.launch.variable_cost`, `projects.*.capex*=`); `wanted` a measure with a sign and
    a number (`started/orbit_own@2040>0`). Stops at a bracket of `tolerance` (1/64 of the range, if not given); one switch is assumed.
    With `prove`, its ends, and if need be values farther out, are solved on the other side too. Raises ValueError for what cannot be
    read or a value without a plan, CaseError where a value does not fit the case.
    """
    begun = time.perf_counter()
    options = SolveOptions(gap, time_limit, threads, jobs, executor, keep)
    if not low < high:
        raise ValueError(f"low {low:g} and high {high:g}: the low end has to be below the high one")
    search = _Search(case, dial(change), read_wanted(wanted, case), options, told)
    least = tolerance if tolerance is not None else (high - low) / FINEST
    search.solve([low, high])
    bracket = search.switch()
    while bracket is not None and not options.interrupted and bracket[1] - bracket[0] > least * (1 + 1e-9):
        parts = max(2, jobs + 1)
        search.solve([bracket[0] + (bracket[1] - bracket[0]) * place / parts for place in range(1, parts)])
        bracket = search.switch()
    proven = search.proven(bracket) if prove and bracket is not None else None
    return BreakEven(
        str(search.dial),
        wanted,
        bracket,
        proven,
        search.table(),
        dict(sorted(search.found.items())),
        str(case.setting("money_unit")),
        time.perf_counter() - begun,
        options.interrupted,
    )


class _Search:
    """The values that were tried, and the plans there."""

    def __init__(self, case: Case, turned: Dial, goal: Wanted, options: SolveOptions, told: Callable[[str], None]) -> None:
        self.case, self.dial, self.goal, self.options, self.told = case, turned, goal, options, told
        self.found: dict[float, Plan] = {}
        self.has: dict[float, bool] = {}
        self.otherwise: dict[float, Interval | None] = {}

    def solve(self, values: Iterable[float]) -> None:
        """Find the best plan at each value."""
        runs = {value: Run(self.dial.at(value), changes=(self.dial.at(value),)) for value in values}
        near = {run.name: self._nearest(value) for value, run in runs.items()}
        starts = {name: plan for name, plan in near.items() if plan is not None}
        solved = plans(self.case, list(runs.values()), self.options, starts, self.told)
        for value, run in runs.items():
            if self.options.interrupted and len(self.found) > 1 and run.name not in solved:
                continue
            self.found[value] = needed(solved.get(run.name), run.name)
            self.has[value] = self.goal.holds(self.found[value])

    def _nearest(self, value: float) -> Plan | None:
        return self.found[min(self.found, key=lambda one: abs(one - value))] if self.found else None

    def switch(self) -> tuple[float, float] | None:
        """The first neighbouring values on different sides."""
        tried = sorted(self.found)
        return next(((one, two) for one, two in pairwise(tried) if self.has[one] != self.has[two]), None)

    def proven(self, bracket: tuple[float, float]) -> tuple[float, float] | None:
        """The nearest certain value on either side of the bracket."""
        below = self._certain([value for value in sorted(self.found, reverse=True) if value <= bracket[0]], bracket[1])
        above = self._certain([value for value in sorted(self.found) if value >= bracket[1]], bracket[0])
        return None if below is None or above is None else (below, above)

    def _certain(self, outward: Iterable[float], other_side: float) -> float | None:
        for value in outward:
            if self.has[value] == self.has[other_side]:
                return None
            if self._is_certain(value, self.found[other_side]):
                return value
        return None

    def _is_certain(self, value: float, start: Plan) -> bool:
        """Is every plan on the other side worth less at this value?"""
        name = f"{self.dial.at(value)} the other way"
        run = Run(name, changes=(self.dial.at(value),), rows=self.goal.rows(forced=not self.has[value]))
        plan: Plan | CaseError | None = plans(self.case, [run], self.options, {name: start}, self.told).get(name)
        if isinstance(plan, Plan) and plan.found:
            self.otherwise[value] = difference(self.found[value], plan)
        found = self.otherwise.get(value)
        return said(plan) == "infeasible" or (found is not None and found.is_proven and found.low > 0)

    def table(self) -> pd.DataFrame:
        """A row for every value that was tried, from low to high."""
        rows: list[dict[str, Any]] = []
        for value, plan in sorted(self.found.items()):
            row: dict[str, Any] = {"value": value, "has_it": self.has[value], "measure": self.goal.measure.value(plan)}
            row |= {"objective": plan.objective, "gap": plan.gap, "status": plan.status}
            other = self.otherwise.get(value)
            missing = float("nan")
            row |= {"lost_otherwise": missing, "lost_least": missing, "lost_most": missing}
            if other is not None:
                row |= {"lost_otherwise": other.value, "lost_least": other.low, "lost_most": other.high}
            rows.append(row)
        return pd.DataFrame(rows)
