"""Ladder: relieve the limit that is worth most, solve again, and see what holds the plan back then; rung by rung."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.relief import Relief
from masterplan.first_order import divisible_worth, like
from masterplan.fixed_prices import priced
from masterplan.highs import SolverOptions
from masterplan.interval import Interval, difference
from masterplan.out_of_reach import out_of_reach
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
    """A candidate that was re-optimised on a rung; without a plan where its search ended once its bound said it cannot be the best."""

    candidate: Candidate
    plan: Plan | None
    value: Interval


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
        self.prices = priced(prepare(plan.case), plan, options.threads_each)
        self._arrays = ReliefArrays()

    def candidates(self) -> list[Candidate]:
        """For every limit that is left its most promising way, net of its cost; best first-order worth first."""
        if self.prices is None:
            return []
        now = divisible_worth(self.prices.arrays)
        ways = [found for relief in self.left if (found := self._arrays.candidate(self.prices, relief, now)) is not None]
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
                offered = self.candidates()
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
            if chosen.plan is None or not _counts(chosen.value):
                most = f"the best of what is left, {chosen.candidate.relief.limit}, is worth {chosen.value}"
                return Ladder(tuple(found), tuple(tried), f"{most}: no more than the solves can tell")
            found.append(Rung(number, tuple(tried), chosen))
            self._step_up(chosen.candidate, chosen.plan)

    def attempt(self, offered: Sequence[Candidate], number: int) -> list[Tried]:
        """Re-optimise the best-priced candidates, and a few that promise more than those; the best found first.

        What promises most comes first: its gain lets the solves of the others end early.
        """
        first, others = list(offered[:BEST_PRICED]), sorted(offered[BEST_PRICED:], key=lambda one: -one.divisible)
        ahead = [one for one in others[:MORE] if one.divisible > max(mine.divisible for mine in first)]
        wanted = sorted([*first, *ahead], key=lambda one: -one.divisible)
        found: list[Tried] = []
        if self.options.jobs > 1 or self.options.executor is not None:
            found, wanted = self._solved(wanted, number), []
        for candidate in (*wanted, *others[len(ahead) : MORE]):
            best = max((one.value.value for one in found), default=0.0)
            if self.interrupted:
                break
            if found and candidate not in first and candidate.divisible <= best:
                continue
            found += self._passed_over(candidate, best) or self._solved([candidate], number)
        return sorted(found, key=lambda one: -one.value.value)

    def refined(self, best: Tried, number: int) -> Tried:
        """A candidate, solved to the gap itself from its own plan."""
        if best.plan is None or (best.plan.gap is not None and best.plan.gap <= self.options.gap * 1.001):
            return best
        run = self._run(best.candidate, f"rung {number}: {best.candidate.relief.limit}, to the gap")
        plan = self._plans([run], {run.name: best.plan}, self.options).get(run.name)
        value = None if plan is None else difference(plan, self.plan)
        return best if plan is None or value is None or value.value < best.value.value else replace(best, plan=plan, value=value)

    def _passed_over(self, candidate: Candidate, best: float) -> list[Tried]:
        """The candidate, if a short search proves that it cannot be worth more than the best so far; else nothing.

        The search may end when its bound is only as far above its plan as the candidate is expected to fall short of the best.
        """
        added = self.plan.value_added if self.plan.value_added else abs(self.plan.objective or 0.0)
        wide = min((best - max(candidate.divisible, 0.0)) / added if added > 0 else 0.0, 0.9)
        if self.prices is None or wide <= max(WIDER * self._rough, LEAST):
            return []
        options = SolverOptions(time_limit=self.options.time_limit, threads=self.options.threads_each)
        value = out_of_reach(self.prices, self.plan, candidate.after, best, wide, options)
        return [] if value is None else [Tried(candidate, None, value)]

    def _solved(self, candidates: Sequence[Candidate], number: int) -> list[Tried]:
        """Relieved cases, solved roughly, each from the plan as it stands."""
        runs = {self._run(one, f"rung {number}: {one.relief.limit}"): one for one in candidates}
        solved = self._plans(list(runs), {run.name: self.plan for run in runs}, replace(self.options, gap=self._rough))
        found = []
        for run, candidate in runs.items():
            plan = solved.get(run.name)
            value = None if plan is None else difference(plan, self.plan)
            if plan is not None and value is not None:
                found.append(Tried(candidate, plan, value))
        return found

    @property
    def _rough(self) -> float:
        return min(ROUGH * self.options.gap, 0.5)

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

    def _step_up(self, chosen: Candidate, plan: Plan) -> None:
        """The relieved case and its plan take the place of the case; its model is made anew only where years or options moved."""
        self.changes = (*self.changes, str(chosen.relief.change(chosen.relief.most)))
        self.left.remove(chosen.relief)
        self.plan = plan
        before = None if self.prices is None else self.prices.ready
        if before is not None and like(chosen.after, before.arrays):
            ready = replace(before, case=plan.case, arrays=replace(chosen.after, variables=before.arrays.variables))
        else:
            ready = prepare(plan.case)
        self.prices = priced(ready, plan, self.options.threads_each)


def _counts(value: Interval) -> bool:
    """Is it worth more than the solves leave open?"""
    return value.value > max(value.tolerance, LEAST)


def promising(offered: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that promise something if modules were divisible, best first: nearer to the truth than their prices."""
    return [one for one in sorted(offered, key=lambda one: (-one.divisible, -one.first_order)) if one.divisible > 1e-6]
