"""Sizes: how long a case takes from its tables to the solver, beside plain Pyomo (same formulation) and linopy (same mathematics).

Seconds of processor time, because other work on the machine would speak otherwise; the best of some repeats.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

import masterplan as mp
from masterplan.data.case import Case
from tests.benchmarks.build import by_rules, by_templates
from tests.benchmarks.sites import site_frames
from tests.benchmarks.works import as_case, as_linopy, works

Row = dict[str, Any]


def sizes(sites: int, works_sites: int, repeats: int = 2) -> Iterator[Row]:
    """Rows of the base case at so many sites, and of the works, which linopy builds too: seconds per way, and ratios to ours."""
    base = mp.load(site_frames(mp.load("base"), sites), f"base, {sites} sites")
    yield _compared(base, repeats, {"plain Pyomo": lambda: by_rules(base)["together"]})
    numbers = works(works_sites)
    case = as_case(numbers)
    yield _compared(case, repeats, {"plain Pyomo": lambda: by_rules(case)["together"], "linopy": lambda: _by_linopy(numbers)})


def _compared(case: Case, repeats: int, others: dict[str, Callable[[], float]]) -> Row:
    ours = _best(lambda: by_templates(case)["together"], repeats)
    found: Row = {"case": case.name, "nonzeros": int(by_templates(case)["nonzeros"]), "masterplan": ours}
    for name, way in others.items():
        seconds = _best(way, repeats)
        found |= {name: seconds, f"{name} / masterplan": seconds / ours}
    return found


def _best(way: Callable[[], float], repeats: int) -> float:
    found = []
    for _ in range(repeats):
        gc.collect()
        found.append(way())
    return min(found)


def _by_linopy(numbers: Any) -> float:
    begun = time.process_time()
    as_linopy(numbers).to_highspy()
    return time.process_time() - begun
