"""Steps: what one step of a relief more, and one less, is worth when everything may be re-decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.interval import Interval, difference
from masterplan.relief_arrays import Candidate
from masterplan.study import Run, SolveOptions, plans


@dataclass(frozen=True)
class Step:
    """One step of a relief, up or down: its interval, or in words why there is none."""

    candidate: Candidate
    amount: float
    value: Interval | None
    why: str = ""


def steps(
    case: Case, plan: Plan, candidates: Sequence[Candidate], options: SolveOptions, told: Callable[[str], None]
) -> tuple[tuple[Step, ...], bool]:
    """A step up and a step down of each candidate, from the plan; and whether it was interrupted."""
    wanted: dict[str, tuple[Candidate, float]] = {}
    runs = []
    for candidate in candidates:
        for amount, way in ((candidate.relief.step, "more"), (-candidate.relief.step, "less")):
            name = f"one step {way}: {candidate.relief.limit}"
            wanted[name] = (candidate, amount)
            runs.append(Run(name, changes=(str(candidate.relief.change(amount)),)))
    found = plans(case, runs, options, {run.name: plan for run in runs}, told)
    made = tuple(_step(*wanted[name], solved, plan) for name, solved in found.items())
    stopped = len(found) < len(runs) or any(isinstance(one, Plan) and one.stopped_because == "interrupted" for one in found.values())
    return made, stopped


def _step(candidate: Candidate, amount: float, solved: Plan | CaseError, plan: Plan) -> Step:
    if isinstance(solved, CaseError):
        return Step(candidate, amount, None, solved.problems[0].allowed if solved.problems else "no such case")
    if not solved.found:
        return Step(candidate, amount, None, solved.message or solved.status)
    return Step(candidate, amount, difference(solved, plan))


def roughly(options: SolveOptions, factor: float) -> SolveOptions:
    """The options at a multiple of their gap."""
    return replace(options, gap=min(factor * options.gap, 0.5))
