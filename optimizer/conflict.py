"""Conflict: a smallest set of a planner's numbers that cannot hold together.

QuickXplain (Junker 2004, AAAI): divide and conquer over the numbers; what is not in the set may give way as far as it likes. Each
question is whether a plan exists with whole numbers kept; one that is not answered in time counts as yes, and the set as perhaps too large.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.elastic import Elastic, Give

Part = tuple[Give, ...]


@dataclass(frozen=True)
class Conflict:
    """Numbers that cannot hold together; `is_minimal`: without any one of them the others can (proven)."""

    gives: tuple[Give, ...]
    is_minimal: bool


@dataclass
class _Search:
    elastic: Elastic
    options: SolverOptions
    ends: float
    missed: bool = False
    asked: dict[frozenset[int], bool] = field(default_factory=dict)

    def cannot_hold(self, parts: Sequence[Part]) -> bool:
        """Is there certainly no plan where these hold and all others give way?"""
        held = [give for part in parts for give in part]
        key = frozenset(give.columns[0] for give in held)
        if key not in self.asked:
            left = self.ends - time.perf_counter()
            if left <= 0:
                self.missed = True
                return False
            arrays = self.elastic.arrays_with(held)
            arrays = replace(arrays, cost=np.zeros_like(arrays.cost))
            answer = highs.run(arrays, replace(self.options, time_limit=left))
            self.missed |= answer.stopped == "time_limit"
            self.asked[key] = answer.quality in ("infeasible", "infeasible_or_unbounded")
        return self.asked[key]

    def smallest(self, background: list[Part], is_new: bool, parts: list[Part]) -> list[Part]:
        """Of the parts, a smallest set that cannot hold together with the background."""
        if is_new and self.cannot_hold(background):
            return []
        if len(parts) == 1:
            return parts
        half = len(parts) // 2
        first, second = parts[:half], parts[half:]
        right = self.smallest([*background, *first], True, second)
        left = self.smallest([*background, *right], bool(right), first)
        return [*left, *right]


def conflict(elastic: Elastic, hints: set[tuple[str, tuple[str | int, ...]]], options: SolverOptions, seconds: float) -> Conflict | None:
    """A smallest set of numbers that cannot hold together, looked for among the `hints` first; None where none was found in time."""
    search = _Search(elastic, options, time.perf_counter() + seconds)
    groups = _parts({give: give.group for give in elastic.gives})
    hinted = [part for part in groups if part[0].group in hints]
    if not search.cannot_hold(hinted):
        if search.missed:
            return None
        hinted = [*hinted, *(part for part in groups if part[0].group not in hints)]
        if not search.cannot_hold(hinted):
            return None
    found = search.smallest([], False, hinted) if len(hinted) > 1 else hinted
    if not search.missed:
        by_year: list[Part] = [(give,) for part in found for give in part]
        found = search.smallest([], False, by_year) if len(by_year) > 1 else by_year
    return Conflict(tuple(give for part in found for give in part), not search.missed)


def _parts(by: Mapping[Give, Hashable]) -> list[Part]:
    parts: dict[Hashable, list[Give]] = {}
    for give, group in by.items():
        parts.setdefault(group, []).append(give)
    return [tuple(part) for part in parts.values()]
