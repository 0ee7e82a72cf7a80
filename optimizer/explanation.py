"""Explanation: why a case has no plan, and the least that would have to give way, weighed in money."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.conflict import Conflict, conflict
from masterplan.data.case import Case
from masterplan.data.check import check
from masterplan.data.errors import CaseError
from masterplan.data.findings import Findings, FoundTable
from masterplan.elastic import Elastic, Give
from masterplan.elastic_model import elastic_model
from masterplan.growth import growing
from masterplan.repair import Repair, cheapest, dropped_of, tested
from masterplan.repair_words import cash_text, conflict_rows, conflict_text, money, repair_rows, repair_text, shortage_text, shortages
from masterplan.sooner import sooner

ALTERNATIVES = 3
ATTEMPTS = 3  # a repair whose changes do not do is held back, and the next one taken
TESTING_SHARE = 0.4  # of the time, kept for trying a repair as changes and for what cannot hold together
CONFLICT_SHARE = 0.1  # of the time, kept for the last of these
LEAST_SECONDS = 1.0  # for a question that is asked at all
NOTHING = 1e-6  # money; what weighs less is rounding

Status = Literal["infeasible", "feasible", "unbounded", "unknown"]
Told = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a case has no plan.

    `status` says what it is; `sentences` tell it, most important first. `repairs`: the cheapest repair (1) and others, a row per number
    that gives way [cost in money of the case]; `cost` is what the cheapest weighs, `bound` the least that any repair without another lead
    time can. `shortages`: what is missing where only resources may come from elsewhere. `conflict`: numbers that cannot hold together,
    as few as possible. `changes` is the cheapest repair in the form of `Case.change`; rules that it drops are named in `dropped`;
    `repaired` is the case after both, which has a plan (tested), or None.
    """

    case: Case
    status: Status
    sentences: tuple[str, ...]
    repairs: pd.DataFrame
    shortages: pd.DataFrame
    conflict: pd.DataFrame
    changes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    repaired: Case | None = field(default=None, repr=False)
    cost: float | None = None
    bound: float | None = None
    seconds: float = 0.0

    def findings(self) -> Findings:
        """The explanation for print, sheet and JSON."""
        changes = [*self.changes, *(f"drop the rule {rule}" for rule in self.dropped)]
        tables = (
            FoundTable("Repairs", "What gives way, by repair and year: 1 is the cheapest; cost weighs it in money.", self.repairs),
            FoundTable("Shortages", "What is missing where only resources come from elsewhere.", self.shortages),
            FoundTable("Conflict", "Numbers that cannot hold together, as few as possible.", self.conflict),
            FoundTable("Repair as changes", "The cheapest repair, as changes for --set.", pd.DataFrame({"change": changes}, dtype=object)),
        )
        meaning = "Why no plan is possible, and the least that would have to give way, weighed in money."
        return Findings("Explanation", meaning, self.sentences, tuple(t for t in tables if len(t.rows)), self.seconds)


def explain(case: Case, time_limit: float = 45.0, threads: int | None = None, told: Told = lambda line: None) -> Explanation:
    """Say why a case has no plan: the cheapest repair in money, others, and a smallest set of rules that cannot hold together.

    Numbers give way, never what defines the system (see `masterplan.give_way`); whole numbers stay whole. All of it takes about
    `time_limit` seconds; what is not finished then says so. `told` is called with a line as it goes on. A case with a plan is told so;
    one whose value has no limit gets a sentence that says what grows. Raises CaseError for a case with problems, ValueError for
    options out of range.
    """
    if time_limit <= 0:
        raise ValueError(f"time_limit is in seconds: found {time_limit}, allowed more than 0")
    if threads is not None and threads < 1:
        raise ValueError(f"threads: found {threads}, allowed 1 or more")
    if errors := [problem for problem in check(case) if problem.is_error]:
        raise CaseError(errors, case.name)
    return _Search(case, time_limit, SolverOptions(threads=threads), told).explanation()


class _Search:
    """One explanation, with the time that is left for it."""

    def __init__(self, case: Case, seconds: float, options: SolverOptions, told: Told) -> None:
        self.case, self.options, self.told = case, options, told
        self.began, self.seconds = time.perf_counter(), seconds

    def explanation(self) -> Explanation:
        """The whole of it."""
        self.told("what may give way")
        elastic = elastic_model(self.case)
        first = cheapest(elastic, self._within(0.5))
        if first is None:
            return self._plain("unknown", "No answer in this time: give more.")
        if first.cost <= NOTHING:
            growth = growing(self.case, self._within(0.3))
            return (
                self._plain("feasible", "The case has a plan: nothing has to give way.")
                if growth is None
                else self._plain("unbounded", growth)
            )
        self.told(f"a repair of {money(self.case, first.cost)}")
        bound = first.bound
        short = self._short(elastic) if not cash_text(self.case, first) else shortages(Repair((), 0.0, 0.0))
        others = self._others(elastic, first)
        whole_only = self._is_whole_only(elastic)
        ranked = self._with_sooner([first, *others])
        ranked, repaired = self._tested(elastic, ranked)
        self.told("which rules cannot hold together")
        named = {group for repair in ranked for group in repair.groups}
        found = conflict(elastic, named, self.options, max(self._left(), LEAST_SECONDS))
        return self._told(ranked, bound, repaired, short, found, whole_only)

    def _left(self) -> float:
        return self.seconds - (time.perf_counter() - self.began)

    def _within(self, share: float) -> SolverOptions:
        """Options with a share of the time, but no more than is left."""
        return replace(self.options, time_limit=max(min(share * self.seconds, self._left()), LEAST_SECONDS))

    def _short(self, elastic: Elastic) -> pd.DataFrame:
        """What is missing if all rules hold and resources come from elsewhere; nothing where that does not help."""
        others = [give for give in elastic.gives if give.way.name != "resources.arrivals"]
        found = cheapest(elastic, self._within(0.1), others)
        return shortages(found) if found is not None else shortages(Repair((), 0.0, 0.0))

    def _others(self, elastic: Elastic, first: Repair) -> list[Repair]:
        """Repairs that share no number with those before them, cheapest first."""
        found, used = list[Repair](), set(first.groups)
        while len(found) < ALTERNATIVES and self._left() > 0.5 * self.seconds:
            other = cheapest(elastic, self._within(0.1), [give for give in elastic.gives if give.group in used])
            if other is None:
                break
            found.append(other)
            used |= other.groups
        return sorted(found, key=lambda repair: repair.cost)

    def _is_whole_only(self, elastic: Elastic) -> bool:
        """Would parts of modules do without anything giving way?"""
        if not elastic.arrays.whole.any():
            return False
        parts = elastic.arrays.relaxed()
        answer = highs.run(parts, self._within(0.1))
        return answer.objective is not None and answer.objective <= NOTHING

    def _with_sooner(self, ranked: list[Repair]) -> list[Repair]:
        """The repairs with one that shortens a lead time, where that weighs less than the last of them."""
        named = [part for repair in ranked for step in repair.steps for part in step.give.key]
        projects = sorted(self.case.names("projects"), key=lambda project: project not in named)
        seconds = min(self._left() - TESTING_SHARE * self.seconds, 0.25 * self.seconds)
        found = sooner(self.case, projects, ranked[-1].cost, self.options, seconds) if seconds > 0 else None
        if found is None:
            return ranked
        besides = {group for group in found.groups if group[0] != "projects.lead_time"}
        needless = any(besides >= repair.groups and repair.cost <= found.cost for repair in ranked)
        return ranked if needless else sorted([*ranked, found], key=lambda repair: repair.cost)

    def _tested(self, elastic: Elastic, ranked: list[Repair]) -> tuple[list[Repair], tuple[tuple[str, ...], Case] | None]:
        """The repairs, without those whose changes were tried and do not do; the changes and the case of the first that does."""
        held = set[Give]()
        for _ in range(ATTEMPTS):
            options = replace(self.options, time_limit=max(self._left() - CONFLICT_SHARE * self.seconds, LEAST_SECONDS))
            done = tested(self.case, ranked[0], options)
            if done is not None:
                return ranked, (tuple(str(change) for change in done[0]), done[1])
            held |= {step.give for step in ranked[0].steps}
            rest = ranked[1:]
            again = cheapest(elastic, options, [give for give in held if give.columns])
            rest = rest if again is None else sorted([again, *rest], key=lambda repair: repair.cost)
            if not rest:
                break
            ranked = rest
        return ranked, None

    def _plain(self, status: Status, sentence: str) -> Explanation:
        none = shortages(Repair((), 0.0, 0.0))
        rows = repair_rows(self.case, []), none, conflict_rows(self.case, None)
        return Explanation(self.case, status, (sentence,), *rows, seconds=self.seconds - self._left())

    def _told(
        self,
        ranked: list[Repair],
        bound: float,
        repaired: tuple[tuple[str, ...], Case] | None,
        short: pd.DataFrame,
        found: Conflict | None,
        whole_only: bool,
    ) -> Explanation:
        case, best = self.case, ranked[0]
        head = cash_text(case, best) or shortage_text(short) or "No plan can keep every rule"
        others = [f", or {repair_text(case, repair)} ({money(case, repair.cost)})" for repair in ranked[1:]]
        sentences = [f"{head}; cheapest: {repair_text(case, best)} (weighs {money(case, best.cost)}){''.join(others)}."]
        if found is not None:
            sentences.append(conflict_text(case, found))
        if whole_only:
            sentences.append("Parts of modules would do: only whole modules make it impossible.")
        if best.cost > bound * (1.0 + 1e-3) + NOTHING:
            sentences.append(f"A cheaper repair may exist, but none of less than {money(case, bound)}: the time was up.")
        if repaired is None:
            sentences.append("The repair could not be tested as changes of the case.")
        dropped = tuple("/".join(str(part) for part in key) for key in dropped_of(best)) if repaired else ()
        return Explanation(
            case,
            "infeasible",
            tuple(sentences),
            repair_rows(case, ranked),
            short,
            conflict_rows(case, found),
            repaired[0] if repaired else (),
            dropped,
            repaired[1] if repaired else None,
            best.cost,
            min(bound, best.cost),
            self.seconds - self._left(),
        )
