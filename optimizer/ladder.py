"""Ladder: relieve the limit that is worth most, solve again, and see what holds the plan back then; rung by rung."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.relief import Relief
from masterplan.first_order import divisible_worth
from masterplan.fixed_prices import Priced, priced
from masterplan.interval import Interval, difference
from masterplan.prepared import prepare
from masterplan.relief_arrays import Candidate, ReliefArrays
from masterplan.study import Run, SolveOptions, plans

BEST_PRICED = 3  # candidates that are re-optimised on every rung, by first-order price x relief
MORE = 2  # at most so many more, if divisible modules promise more than the best of those gave
ROUGH = 2.0  # candidates are compared at this multiple of the gap; what that does not prove is solved to the gap itself
WIDER = 1.5  # times that, at least, before a solve is let off early
LEAST = 1e-9  # money; below it rounding speaks

Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Tried:
    """A candidate that was re-optimised on a rung. `passed_over`: its solve ended once its bound showed that it cannot be the best."""

    candidate: Candidate
    plan: Plan
    value: Interval
    passed_over: bool = False


@dataclass(frozen=True, eq=False)
class Rung:
    """A relieved limit: everything that was tried, what was chosen, and what promises most after it."""

    number: int
    tried: tuple[Tried, ...]
    chosen: Tried
    next: tuple[Candidate, ...] = ()


@dataclass(frozen=True, eq=False)
class Ladder:
    """The rungs that are worth more than their solve tolerance, the attempt that was not, and why it ends there."""

    rungs: tuple[Rung, ...]
    last: tuple[Tried, ...]
    ended: str
    interrupted: bool = False


class Climb:
    """The state of a climb: the case as relieved so far, its plan, and the reliefs that are left."""

    def __init__(self, case: Case, plan: Plan, reliefs: Sequence[Relief], options: SolveOptions, told: Tell) -> None:
        self.case, self.plan, self.left, self.options, self.told = case, plan, list(reliefs), options, told
        self.changes: tuple[str, ...] = ()
        self.interrupted = False
        self._arrays = ReliefArrays()

    def prices(self) -> Priced | None:
        """The prices of the plan as it stands."""
        return priced(prepare(self.plan.case), self.plan, self.options.threads_each)

    def candidates(self, prices: Priced | None) -> list[Candidate]:
        """For every limit that is left its most promising way, net of its cost; best first-order worth first."""
        if prices is None:
            return []
        now = divisible_worth(prices.arrays)
        ways = [found for relief in self.left if (found := self._arrays.candidate(prices, relief, now)) is not None]
        best: dict[str, Candidate] = {}
        for way in ways:
            known = best.get(way.relief.limit)
            if known is None or way.divisible - way.cost > known.divisible - known.cost + LEAST:
                best[way.relief.limit] = way
        return sorted(best.values(), key=lambda one: (-round(one.first_order, 9), -one.divisible))

    def climb(self, rungs: int, offered: Sequence[Candidate]) -> Ladder:
        """Relieve limit after limit, at most so many; `offered` are the candidates of the plan as it stands."""
        found: list[Rung] = []
        while True:
            if found:
                offered = self.candidates(self.prices())
                found[-1] = replace(found[-1], next=tuple(promising(offered)[:BEST_PRICED]))
            if len(found) == rungs:
                return Ladder(tuple(found), (), f"{rungs} rungs were asked for")
            if not offered:
                return Ladder(tuple(found), (), "no limit is left that could be relieved")
            number = len(found) + 1
            tried = self.attempt(offered, number)
            if self.interrupted:
                return Ladder(tuple(found), tuple(tried), "it was interrupted", interrupted=True)
            if not tried:
                return Ladder(tuple(found), (), "no relieved case gave a plan")
            chosen = tried[0] if _counts(tried[0].value) else self.refined(tried[0], number)
            tried = [chosen if one.candidate is chosen.candidate else one for one in tried]
            if not _counts(chosen.value):
                most = f"the best of what is left, {chosen.candidate.relief.limit}, is worth {chosen.value}"
                return Ladder(tuple(found), tuple(tried), f"{most}: no more than the solves can tell")
            found.append(Rung(number, tuple(tried), chosen))
            self._step_up(chosen)

    def attempt(self, offered: Sequence[Candidate], number: int) -> list[Tried]:
        """Re-optimise the best-priced candidates, and a few that promise more than those; the best found first.

        What promises most comes first: its gain lets the solves of the others end early.
        """
        first, others = list(offered[:BEST_PRICED]), sorted(offered[BEST_PRICED:], key=lambda one: -one.divisible)
        ahead = [one for one in others[:MORE] if one.divisible > max(mine.divisible for mine in first)]
        wanted = sorted([*first, *ahead], key=lambda one: -one.divisible)
        found: list[Tried] = []
        if self.options.jobs > 1 or self.options.executor is not None:
            found, wanted = self._solved(wanted, number, 0.0), []
        for candidate in (*wanted, *others[len(ahead) : MORE]):
            best = max((one.value.value for one in found), default=0.0)
            if self.interrupted:
                break
            if found and candidate not in first and candidate.divisible <= best:
                continue
            found += self._solved([candidate], number, best)
        return sorted(found, key=lambda one: -one.value.value)

    def refined(self, best: Tried, number: int) -> Tried:
        """A candidate, solved to the gap itself from its own plan."""
        if best.plan.gap is not None and best.plan.gap <= self.options.gap * 1.001:
            return best
        run = self._run(best.candidate, f"rung {number}: {best.candidate.relief.limit}, to the gap")
        plan = self._plans([run], {run.name: best.plan}, self.options).get(run.name)
        value = None if plan is None else difference(plan, self.plan)
        return best if plan is None or value is None or value.value < best.value.value else replace(best, plan=plan, value=value)

    def _solved(self, candidates: Sequence[Candidate], number: int, best: float) -> list[Tried]:
        """Solve relieved cases roughly, each from the plan as it stands.

        With a best gain known, a solve may stop as soon as its bound is only as far above its plan as the candidate is expected to fall
        short of it: if so, that proves that it cannot be the best. Where it does better, and the best is still in reach, it goes on.
        """
        rough = min(ROUGH * self.options.gap, 0.5)
        added = self.plan.value_added if self.plan.value_added else abs(self.plan.objective or 0.0)
        short = best - max(max(one.divisible for one in candidates), 0.0)  # by so much the best candidate is expected to fall short
        wide = min(short / added if added > 0 else 0.0, 0.9)
        wide = wide if wide > WIDER * rough else rough  # a little wider saves less than going on would cost
        runs = {self._run(one, f"rung {number}: {one.relief.limit}"): one for one in candidates}
        found = self._tried(runs, {run.name: self.plan for run in runs}, wide)
        again = {
            replace(run, name=f"{run.name}, closer"): one
            for run, one in runs.items()
            if wide > rough and run.name in found and found[run.name].value.value <= best < found[run.name].value.high
        }
        from_there = {run.name: found[run.name.removesuffix(", closer")].plan for run in again}
        closer = self._tried(again, from_there, rough)
        return [
            closer.get(f"{name}, closer", replace(one, passed_over=one.value.high <= best and wide > rough)) for name, one in found.items()
        ]

    def _tried(self, runs: dict[Run, Candidate], starts: dict[str, Plan], gap: float) -> dict[str, Tried]:
        solved = self._plans(list(runs), starts, replace(self.options, gap=gap))
        found = {}
        for run, candidate in runs.items():
            plan = solved.get(run.name)
            value = None if plan is None else difference(plan, self.plan)
            if plan is not None and value is not None:
                found[run.name] = Tried(candidate, plan, value)
        return found

    def _plans(self, runs: Sequence[Run], starts: dict[str, Plan], options: SolveOptions) -> dict[str, Plan]:
        """The plans that were found; a relieved case that is no case is passed over."""
        if not runs:
            return {}
        found = plans(self.case, runs, options, starts, self.told)
        solved = {name: plan for name, plan in found.items() if isinstance(plan, Plan)}
        self.interrupted |= len(found) < len(runs) or any(plan.stopped_because == "interrupted" for plan in solved.values())
        return {name: plan for name, plan in solved.items() if plan.found}

    def _run(self, candidate: Candidate, name: str) -> Run:
        return Run(name, changes=(*self.changes, str(candidate.relief.change(candidate.relief.most))))

    def _step_up(self, chosen: Tried) -> None:
        relief = chosen.candidate.relief
        self.changes = (*self.changes, str(relief.change(relief.most)))
        self.left.remove(relief)
        self.plan = chosen.plan


def _counts(value: Interval) -> bool:
    """Is it worth more than the solves leave open?"""
    return value.value > max(value.tolerance, LEAST)


def promising(offered: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that promise something if modules were divisible, best first: nearer to the truth than their prices."""
    return [one for one in sorted(offered, key=lambda one: (-one.divisible, -one.first_order)) if one.divisible > 1e-6]
