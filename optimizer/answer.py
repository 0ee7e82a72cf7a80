"""What is asked of a solver and what it answers, in numbers alone: nothing here knows which solver it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from masterplan.data.plan import Stopped
from masterplan.gap import gap_of

Quality = str  # "optimal", "feasible", "none", "infeasible", "unbounded", "infeasible_or_unbounded", "failed"


@dataclass(frozen=True)
class Progress:
    """Where a solve stands. Money as the model's objective; None before the first plan or bound."""

    seconds: float
    incumbent: float | None
    bound: float | None
    gap: float | None
    nodes: int


def progress_at(seconds: float, incumbent: float | None, bound: float | None, nodes: int, reference: float | None) -> Progress:
    """Progress with its gap, where there is a value added to hold it against."""
    scale = 0.0 if incumbent is None else abs(incumbent - (reference or 0.0))
    gap = gap_of(incumbent, bound, reference) if incumbent is not None and scale > 1e-9 else None
    return Progress(seconds, incumbent, bound, gap, nodes)


@dataclass(frozen=True)
class SolverOptions:
    """How to solve. `gap` is relative to |objective - reference| and `reference` is in the model's objective.

    A solution as good as `target`, in the model's objective, ends the search; so do a bound no better than `enough`, and so many `nodes`.
    `lean` leaves out the parts of the search of HiGHS that cost more than they bring on capital plans (`highs.LEAN`).
    Ctrl-C is raised as KeyboardInterrupt, or ends the search with the answer so far, or waits (it is for what is over soon).
    """

    gap: float = 0.0
    time_limit: float = 300.0
    threads: int | None = None
    seed: int = 0
    reference: float | None = None
    feasibility: float = 1e-9
    target: float | None = None
    enough: float | None = None
    nodes: int | None = None
    lean: bool = False
    on_interrupt: Literal["raise", "answer", "wait"] = "raise"


@dataclass(frozen=True, eq=False)
class Answer:
    """What came out: quality of the solution and why the search stopped are two facts. Objective and bound include constants."""

    quality: Quality
    stopped: Stopped
    solution: np.ndarray | None
    objective: float | None
    bound: float | None
    nodes: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Duals:
    """The prices of an LP: by how much cost·x (which is minimised) changes per unit of a row's side, or of a column's bound."""

    solution: np.ndarray
    row: np.ndarray
    column: np.ndarray
