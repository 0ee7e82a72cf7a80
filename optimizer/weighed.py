"""Weighed: what another case is worth over a plan, searched from that plan only until it is known well enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from masterplan.answer import Answer, SolverOptions
from masterplan.arrays import Arrays
from masterplan.data.plan import Plan
from masterplan.gap import met_at
from masterplan.interval import Interval
from masterplan.kept import Kept
from masterplan.prepared import Prepared
from masterplan.searching import searched
from masterplan.stopwatch import Stopwatch
from masterplan.study import SolveOptions


@dataclass(frozen=True, eq=False)
class Weighed:
    """What a search found: the answer, and what the best plan of the case is worth over the plan, as far as both are proven.

    `value` is None where nothing was found or proven; `why` says then why.
    """

    answer: Answer
    value: Interval | None

    @property
    def why(self) -> str:
        """Only a proof says that there is no plan."""
        if self.answer.quality == "infeasible":
            return "no plan keeps every limit"
        return "no plan was found in this time" if self.answer.objective is None else "nothing was proven in this time"


class Weighing:
    """Searches of arrays instead of whole solves: a case that turns out to be worth too little needs neither a model nor a plan.

    What was found is kept in the folder of the options, as for `plans`; `interrupted` after a Ctrl-C, as its options are.
    """

    def __init__(self, options: SolveOptions, told: Callable[[str], None]) -> None:
        self.options, self.told = options, told
        self._kept = None if options.keep is None else Kept(options.keep)

    @property
    def interrupted(self) -> bool:
        return self.options.interrupted

    def weighed(
        self,
        name: str,
        changes: tuple[str, ...],
        ready: Prepared,
        plan: Plan,
        gap: float,
        start: np.ndarray | None = None,
        over: float | None = None,
        now: Arrays | None = None,
    ) -> Weighed | None:
        """Search a prepared case from a plan of a like case, or from `start`; None where the plan has no bound, or after a Ctrl-C.

        The gap counts against the do-nothing of the plan. The search ends too once its bound says that the case is worth no more than
        `over` [money, more is better]. Where the case only allows less than `now`, the arrays of the plan, the proof of the plan holds
        for it too. `name` is told when it is done; `changes` are those of the case that made `ready`.
        """
        if plan.objective is None or plan.bound is None or self.interrupted:
            return None
        better = -ready.arrays.sign
        enough = None if over is None else plan.objective + better * over
        key = None
        if self._kept is not None:
            key = self._kept.key("weighed", plan.case.input_hash, changes, plan.objective, gap, self.options.time_limit, over)
            before = _answer(self._kept.get(key), len(ready.arrays.variables))
            value = None if before is None else _worth_over(before, plan, better)
            if before is not None and value is not None:
                self.told(f"{name}: known from before")
                return Weighed(before, value)
        options = SolverOptions(gap, self.options.time_limit, self.options.threads_each, reference=plan.do_nothing, enough=enough)
        proof = plan.bound if now is not None and allows_less(ready.arrays, now) else None
        if proof is not None:
            options = replace(options, target=met_at(proof, gap, plan.do_nothing))
        begin = ready.start_from(plan) if start is None else start
        answer = searched(ready, options, begin, Stopwatch(), near_start=start is None and over is None and proof is None)
        self.options.interruption.seen |= answer.stopped == "interrupted"
        if proof is not None:
            known = proof if answer.bound is None else answer.bound
            answer = replace(answer, bound=min(known, proof) if better > 0 else max(known, proof))
        value = _worth_over(answer, plan, better)
        found = Weighed(answer, value)
        if value is None:
            self.told(f"{name}: {'interrupted' if self.interrupted else found.why}")
            return found
        if self._kept is not None and key is not None and not self.interrupted:
            self._kept.put(key, _content(answer))
        self.told(f"{name}: worth {value}" + ("" if over is None or value.high > over else ", which is not the most"))
        return found


def allows_less(after: Arrays, now: Arrays) -> bool:
    """Is every plan of `after` a plan of `now`, worth the same? Both have the same rows and columns."""
    return bool(
        after.constant == now.constant
        and np.array_equal(after.cost, now.cost)
        and after.matrix.shape == now.matrix.shape
        and (after.matrix != now.matrix).nnz == 0
        and (after.row_low >= now.row_low).all()
        and (after.row_high <= now.row_high).all()
        and (after.low >= now.low).all()
        and (after.high <= now.high).all()
    )


def _worth_over(answer: Answer, plan: Plan, better: float) -> Interval | None:
    """By how much an answer is worth more than a plan; `better` is 1 where more of the objective is better, else -1."""
    if answer.objective is None or answer.bound is None or plan.objective is None or plan.bound is None:
        return None
    return Interval(
        better * (answer.objective - plan.objective),
        better * (answer.objective - plan.bound),
        better * (answer.bound - plan.objective),
    )


def _content(answer: Answer) -> dict[str, Any]:
    solution = None if answer.solution is None else answer.solution.tolist()
    return {**vars(answer), "solution": solution}


def _answer(content: Any, columns: int) -> Answer | None:
    """A kept answer; None where there is none of so many columns."""
    try:
        solution = np.array(content["solution"], dtype=float)
        return Answer(**{**content, "solution": solution}) if solution.shape == (columns,) else None
    except (KeyError, TypeError, ValueError):
        return None
