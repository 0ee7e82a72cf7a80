"""Ladder: relieve the limit that is worth most, solve again, and see what holds the plan back then; rung by rung."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from masterplan.answer import Answer, SolverOptions
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.data.relief import Relief
from masterplan.first_order import divisible_worth
from masterplan.fixed_prices import priced
from masterplan.gap import gap_of
from masterplan.interval import Interval, difference
from masterplan.prepared import Prepared, prepare
from masterplan.relief_arrays import Candidate, ReliefArrays, compiled
from masterplan.runs import Run
from masterplan.solving import planned
from masterplan.study import SolveOptions, plans
from masterplan.weighed import Weighing

BEST_PRICED = 3  # candidates that are re-optimised on every rung, by first-order price x relief
MORE = 2  # at most so many more, if divisible modules promise more than the best of those gave
LEAST = 1e-9  # money; below it rounding speaks

Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Tried:
    """A candidate that was re-optimised on a rung, with the plan or the answer that was found.

    `passed_over`: its search ended once its bound said that it cannot be the best.
    """

    candidate: Candidate
    value: Interval
    found: Plan | Answer
    passed_over: bool = False


@dataclass(frozen=True, eq=False)
class Rung:
    """A relieved limit: everything that was tried, what was chosen and its plan, and what promises most after it."""

    number: int
    tried: tuple[Tried, ...]
    chosen: Tried
    plan: Plan
    next: tuple[Candidate, ...] = ()


@dataclass(frozen=True, eq=False)
class Ladder:
    """The rungs that are worth more than their solve tolerance, the attempt that was not, and why it ends there."""

    rungs: tuple[Rung, ...]
    last: tuple[Tried, ...]
    ended: str
    interrupted: bool = False


@dataclass(frozen=True, eq=False)
class Stood:
    """A relieved case with its plan, and what that is worth over the plan below it."""

    ready: Prepared
    plan: Plan
    value: Interval


class Climb:
    """The state of a climb: the case as relieved so far, its plan, and the reliefs that are left."""

    def __init__(self, case: Case, plan: Plan, reliefs: Sequence[Relief], options: SolveOptions, told: Tell) -> None:
        self.case, self.plan, self.left, self.options, self.told = case, plan, list(reliefs), options, told
        self.changes: tuple[str, ...] = ()
        self.weighing = Weighing(options, told)
        self.prices = priced(prepare(plan.case), plan, options.threads_each)
        self._arrays = ReliefArrays()
        self._relieved: list[Relief] = []
        self._ready: dict[str, Prepared | None] = {}  # the relieved cases that were searched on this rung

    @property
    def interrupted(self) -> bool:
        return self.options.interrupted

    def candidates(self, anew: bool = False) -> list[Candidate]:
        """For every limit that is left its most promising way, net of its cost; best first-order worth first.

        With `anew` every relieved case is built, instead of being guessed from what its relief did to the first case.
        """
        if self.prices is None:
            return []
        now, relieved = divisible_worth(self.prices.arrays), None if anew else self._relieved
        ways = [found for relief in self.left if (found := self._arrays.candidate(self.prices, relief, now, relieved)) is not None]
        best: dict[str, Candidate] = {}
        for way in ways:
            known = best.get(way.relief.limit)
            if known is None or way.divisible - way.cost > known.divisible - known.cost + LEAST:
                best[way.relief.limit] = way
        return sorted(best.values(), key=lambda one: (-round(one.first_order, 9), -one.divisible))

    def climb(self, rungs: int, offered: Sequence[Candidate]) -> Ladder:
        """Relieve limit after limit, at most so many; `offered` are the candidates of the plan as it stands."""
        found: list[Rung] = []
        try:
            return self._climbed(found, rungs, offered)
        except KeyboardInterrupt:
            return Ladder(tuple(found), (), "it was interrupted", interrupted=True)

    def _climbed(self, found: list[Rung], rungs: int, offered: Sequence[Candidate]) -> Ladder:
        while True:
            if found:
                offered = self.candidates()
                found[-1] = replace(found[-1], next=tuple(promising(offered)[:BEST_PRICED]))
            if len(found) == rungs:
                return Ladder(tuple(found), (), f"{rungs} rungs were asked for")
            if not offered:
                return Ladder(tuple(found), (), "no limit is left that could be relieved")
            number = len(found) + 1
            tried = self._closer(self.attempt(offered, number), number)
            if not self.interrupted and not any(_counts(one.value) for one in tried):
                tried = self._closer(self._underrated(offered, tried, number), number)
            if self.interrupted:
                return Ladder(tuple(found), tuple(tried), "it was interrupted", interrupted=True)
            if not tried:
                return Ladder(tuple(found), (), "no relieved case gave a plan")
            chosen = tried[0]
            stood = self._stood_up(chosen) if _counts(chosen.value) else None
            if stood is not None:
                chosen = replace(chosen, value=stood.value)
                tried = [chosen, *tried[1:]]
            if stood is None or not _counts(chosen.value):
                most = f"the best of what is left, {chosen.candidate.relief.limit}, is worth {chosen.value}"
                return Ladder(tuple(found), tuple(tried), f"{most}: no more than the solves can tell{_left_open(chosen.value)}")
            found.append(Rung(number, tuple(tried), chosen, stood.plan))
            self._step_up(chosen.candidate, stood)

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
            best = max((one.value.value for one in found), default=None)
            if self.interrupted:
                break
            if best is not None and candidate not in first and candidate.divisible <= best:
                continue
            found += self._weighed(candidate, f"rung {number}: {candidate.relief.limit}", self.options.rough.gap, best)
        return sorted(found, key=lambda one: -one.value.value)

    def _underrated(self, offered: Sequence[Candidate], tried: list[Tried], number: int) -> list[Tried]:
        """Before the ladder ends, what was only guessed is built: what promises more than was guessed is tried too; the best first."""
        guessed = {one.relief: one.divisible for one in offered}
        known = {one.candidate.relief for one in tried}
        left = self.candidates(anew=True) if any(one.summed for one in offered) else []
        more = [one for one in left if one.relief not in known and one.divisible > guessed.get(one.relief, 0.0) + LEAST]
        return sorted([*tried, *(self.attempt(more, number) if more else [])], key=lambda one: -one.value.value)

    def _closer(self, tried: list[Tried], number: int) -> list[Tried]:
        """The same, the best of them refined where it is worth no more than a rough solve leaves open."""
        if not tried or _counts(tried[0].value) or self.interrupted:
            return tried
        return [self.refined(tried[0], number), *tried[1:]]

    def refined(self, best: Tried, number: int) -> Tried:
        """A candidate, searched to the gap itself from what was found of it."""
        gap = (
            best.found.gap if isinstance(best.found, Plan) else gap_of(best.found.objective or 0.0, best.found.bound, self.plan.do_nothing)
        )
        if gap is not None and gap <= self.options.gap * 1.001:
            return best
        name = f"rung {number}: {best.candidate.relief.limit}, to the gap"
        closer = self._weighed(best.candidate, name, self.options.gap, None, best.found)
        return next((one for one in closer if one.value.value >= best.value.value), best)

    def _weighed(self, candidate: Candidate, name: str, gap: float, best: float | None, begin: Plan | Answer | None = None) -> list[Tried]:
        """The candidate, searched until its worth is known to the gap, or its bound says that it is worth no more than the best."""
        if self.prices is None:
            return []
        ready = self._relieved_case(candidate, self.prices.ready)
        if ready is None:
            return []
        start = ready.start_from(begin) if isinstance(begin, Plan) else None if begin is None else begin.solution
        found = self.weighing.weighed(name, self._changes(candidate), ready, self.plan, gap, start, best)
        if found is None or found.value is None:
            return []
        return [Tried(candidate, found.value, found.answer, best is not None and found.value.high <= best)]

    def _relieved_case(self, candidate: Candidate, now: Prepared) -> Prepared | None:
        """The relieved case to be searched, built once a rung; None where it is no case."""
        name = candidate.relief.name
        if name not in self._ready:
            self._ready[name] = candidate.ready(now)
        return self._ready[name]

    def _solved(self, candidates: Sequence[Candidate], number: int) -> list[Tried]:
        """Relieved cases, solved roughly side by side, each from the plan as it stands."""
        runs = {Run(f"rung {number}: {one.relief.limit}", changes=self._changes(one)): one for one in candidates}
        solved = plans(self.case, list(runs), self.options.rough, {run.name: self.plan for run in runs}, self.told)
        found = []
        for run, candidate in runs.items():
            plan = solved.get(run.name)
            value = difference(plan, self.plan) if isinstance(plan, Plan) and plan.found else None
            if isinstance(plan, Plan) and value is not None:  # a relieved case that is no case is passed over
                found.append(Tried(candidate, value, plan))
        return found

    def _stood_up(self, tried: Tried) -> Stood | None:
        """The relieved case as a plan of its own; None where its model says otherwise."""
        relief = tried.candidate.relief
        built = tried.candidate.own or (self._ready.get(relief.name) if tried.candidate.summed else None)
        ready = built or compiled(self.plan.case, relief.change(relief.most))
        if ready is None:
            return None
        if isinstance(tried.found, Plan):
            return Stood(ready, tried.found, tried.value)
        plan = planned(ready, tried.found, SolverOptions(self.options.gap, self.options.time_limit, self.options.threads_each))
        value = difference(plan, self.plan)
        return None if value is None else Stood(ready, plan, value)

    def _changes(self, candidate: Candidate) -> tuple[str, ...]:
        return (*self.changes, str(candidate.relief.change(candidate.relief.most)))

    def _step_up(self, chosen: Candidate, stood: Stood) -> None:
        """The relieved case and its plan take the place of the case."""
        self.changes = self._changes(chosen)
        self.left.remove(chosen.relief)
        self._relieved.append(chosen.relief)
        self._ready = {}
        self.plan = stood.plan
        self.prices = priced(stood.ready, stood.plan, self.options.threads_each)


def _counts(value: Interval) -> bool:
    """Is it worth more than the solves leave open?"""
    return value.value > max(value.tolerance, LEAST)


def _left_open(value: Interval) -> str:
    return f", which leave {value.tolerance:,.4g} open" if value.tolerance > LEAST else ""


def by_promise(offered: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by what they promise if modules were divisible, best first: nearer to the truth than their prices."""
    return sorted(offered, key=lambda one: (-one.divisible, -one.first_order))


def promising(offered: Sequence[Candidate]) -> list[Candidate]:
    """Those of them that promise something."""
    return [one for one in by_promise(offered) if one.divisible > 1e-6]
