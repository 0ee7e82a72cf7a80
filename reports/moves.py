"""Moves: what one plan starts otherwise than another: moved to other years, cancelled, added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from masterplan.data.plan import Plan

NOTHING = 1e-6  # modules; less is rounding
WORTH_TELLING = 0.01  # modules; less is no decision


@dataclass(frozen=True)
class Move:
    """Modules of a project that start in another year; without a year before they are added, without one after they are cancelled."""

    project: str
    modules: float
    before: int | None
    after: int | None

    @property
    def what(self) -> str:
        """moved, added or cancelled."""
        return "added" if self.before is None else "cancelled" if self.after is None else "moved"

    def __str__(self) -> str:
        many = f"{self.modules:.3g}"
        if self.before is None:
            return f"{many} in {self.after} added"
        return f"{many} in {self.before} cancelled" if self.after is None else f"{many} from {self.before} to {self.after}"


def moves(before: Plan, after: Plan) -> list[Move]:
    """What `after` starts otherwise than `before`, by project in the order of the case.

    Modules that start in the same year in both stay; of the others, the earliest that left are paired with the earliest that came.
    """
    mine, theirs = starts_of(before), starts_of(after)
    projects = dict.fromkeys([*before.case.names("projects"), *after.case.names("projects")])
    return [move for project in projects for move in _of_project(project, mine.get(project, {}), theirs.get(project, {}))]


def starts_of(plan: Plan) -> dict[str, dict[int, float]]:
    """project -> year -> modules started."""
    found: dict[str, dict[int, float]] = {}
    for (project, year), modules in plan.modules_started.items():
        if modules > NOTHING:
            found.setdefault(project, {})[year] = modules
    return found


def in_words(found: Iterable[Move]) -> str:
    """`mine: 1 from 2026 to 2028, 2 in 2030 added; road: ...`; blank where no more than crumbs of modules moved."""
    by_project: dict[str, list[str]] = {}
    for move in found:
        if move.modules >= WORTH_TELLING:
            by_project.setdefault(move.project, []).append(str(move))
    return "; ".join(f"{project}: {', '.join(told)}" for project, told in by_project.items())


def _of_project(project: str, before: dict[int, float], after: dict[int, float]) -> Iterator[Move]:
    left = [[year, before[year] - after.get(year, 0.0)] for year in sorted(before) if before[year] - after.get(year, 0.0) > NOTHING]
    came = [[year, after[year] - before.get(year, 0.0)] for year in sorted(after) if after[year] - before.get(year, 0.0) > NOTHING]
    while left and came:
        modules = min(left[0][1], came[0][1])
        yield Move(project, modules, int(left[0][0]), int(came[0][0]))
        for queue in (left, came):
            queue[0][1] -= modules
            if queue[0][1] <= NOTHING:
                queue.pop(0)
    for year, modules in left:
        yield Move(project, modules, int(year), None)
    for year, modules in came:
        yield Move(project, modules, None, int(year))
