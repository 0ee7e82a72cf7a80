"""Steps: what one step of a relief more, and one less, is worth when everything may be re-decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.first_order import like
from masterplan.interval import Interval, difference
from masterplan.prepared import Prepared, prepare
from masterplan.relief_arrays import Candidate
from masterplan.runs import Run
from masterplan.study import SolveOptions, plans
from masterplan.weighed import Weighing


@dataclass(frozen=True)
class Step:
    """One step of a relief, up or down: its interval, or in words why there is none."""

    candidate: Candidate
    amount: float
    value: Interval | None
    why: str = ""


def steps(
    case: Case, plan: Plan, ready: Prepared, reliefs: Sequence[Candidate], options: SolveOptions, told: Callable[[str], None]
) -> tuple[Step, ...]:
    """A step up and a step down of each candidate, from the plan of the prepared case; those before a Ctrl-C, which `options` then say."""
    wanted: dict[str, tuple[Candidate, float]] = {}
    for candidate in reliefs:
        for amount, way in ((candidate.relief.step, "more"), (-candidate.relief.step, "less")):
            wanted[f"one step {way}: {candidate.relief.limit}"] = (candidate, amount)
    if options.jobs > 1 or options.executor is not None:
        return _side_by_side(case, plan, wanted, options, told)
    made: list[Step] = []
    weighing, now = Weighing(options, told), ready.arrays.named()
    try:
        for name, (candidate, amount) in wanted.items():
            made.append(_weighed(name, case, plan, now, candidate, amount, weighing))
    except KeyboardInterrupt:
        options.interruption.seen = True
    return tuple(made)


def _weighed(name: str, case: Case, plan: Plan, now: Arrays, candidate: Candidate, amount: float, weighing: Weighing) -> Step:
    """One step, searched from the plan. Raises KeyboardInterrupt on Ctrl-C."""
    change = candidate.relief.change(amount)
    try:
        own = prepare(case.change(str(change)), keep=False)
    except (CaseError, InfeasibleModelError) as error:
        return Step(candidate, amount, None, _why(error))
    same = like(own.arrays.named(), now)
    found = weighing.weighed(name, (str(change),), own, plan, weighing.options.gap, now=now if same else None)
    if weighing.interrupted:
        raise KeyboardInterrupt
    return Step(candidate, amount, None, "the plan has no bound") if found is None else Step(candidate, amount, found.value, found.why)


def _side_by_side(
    case: Case, plan: Plan, wanted: dict[str, tuple[Candidate, float]], options: SolveOptions, told: Callable[[str], None]
) -> tuple[Step, ...]:
    runs = [Run(name, changes=(str(candidate.relief.change(amount)),)) for name, (candidate, amount) in wanted.items()]
    found = plans(case, runs, options, {run.name: plan for run in runs}, told)
    return tuple(_step(*wanted[name], solved, plan) for name, solved in found.items())


def _why(error: CaseError | InfeasibleModelError) -> str:
    if isinstance(error, CaseError):
        return error.problems[0].allowed if error.problems else "no such case"
    return f"no plan keeps every limit: {error}"


def _step(candidate: Candidate, amount: float, solved: Plan | CaseError, plan: Plan) -> Step:
    if isinstance(solved, CaseError):
        return Step(candidate, amount, None, _why(solved))
    if not solved.found:
        return Step(candidate, amount, None, solved.message or solved.status)
    return Step(candidate, amount, difference(solved, plan))
