"""Race: a case solved by HiGHS with default options on the plain formulation, and by this project's search, gap over time recorded.

`python tests/benchmarks/race.py --limit 60 --seeds 0,1,2 knapsack_1 tesla_tight` from the root of the repository.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from masterplan import highs
from masterplan.answer import Progress, SolverOptions
from masterplan.data.case import Case
from masterplan.prepared import prepare
from masterplan.searching import searched
from masterplan.stopwatch import Stopwatch
from tests.benchmarks.hard import HARD

WAYS = ("plain", "ours")
DEFAULT_FEASIBILITY = 1e-7  # of HiGHS


@dataclass(frozen=True)
class Record:
    """One run: seconds to the gap (the limit where it was not reached), CPU seconds, and (seconds, gap) along the way."""

    case: str
    way: str
    seed: int
    seconds: float
    cpu: float
    gap: float
    nodes: int
    trace: tuple[tuple[float, float], ...]
    limit: float

    @property
    def integral(self) -> float:
        """Primal-dual integral: the gap, at most 1, over the seconds to the limit [s]."""
        total, since, gap = 0.0, 0.0, 1.0
        for seconds, now in (*self.trace, (self.limit, 0.0)):
            until = min(seconds, self.limit)
            total += max(until - since, 0.0) * min(gap, 1.0)
            since, gap = max(until, since), now
        return total


def race(case: Case, seed: int, limit: float, way: str, gap: float = 0.005, threads: int = 1) -> Record:
    """Solve one case in one way; building the model is not in the time, everything of the search is."""
    ready = prepare(case)
    options = SolverOptions(gap=gap, time_limit=limit, threads=threads, seed=seed)
    do_nothing = highs.run(ready.without_free_starts(), replace(options, gap=1e-4))
    options = replace(options, reference=do_nothing.objective if do_nothing.quality == "optimal" else None)
    trace: list[tuple[float, float]] = []
    begun, cpu = time.perf_counter(), time.process_time()

    def follow(event: Progress) -> None:
        if event.gap is not None:
            trace.append((time.perf_counter() - begun, event.gap))

    if way == "plain":
        answer = highs.run(ready.arrays, replace(options, feasibility=DEFAULT_FEASIBILITY), do_nothing.solution, follow)
    else:
        answer = searched(ready, options, do_nothing.solution, Stopwatch(), follow)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    found = math.inf
    if answer.objective is not None and answer.bound is not None:
        scale = abs(answer.objective - (options.reference or 0.0))
        found = abs(answer.bound - answer.objective) / scale if scale > 0 else math.inf
        trace.append((seconds, found))
    reached = found <= gap * 1.001
    return Record(case.name, way, seed, seconds if reached else limit, cpu, found, answer.nodes, tuple(trace), limit)


def ratios(records: Iterable[Record]) -> dict[str, float]:
    """Geometric means of ours / plain over equal cases and seeds: seconds to the gap, CPU seconds, primal-dual integral."""
    runs = {(record.case, record.seed, record.way): record for record in records}
    pairs = [(run, runs[case, seed, "plain"]) for (case, seed, way), run in runs.items() if way == "ours" and (case, seed, "plain") in runs]

    def mean(values: Sequence[float]) -> float:
        return math.exp(sum(math.log(value) for value in values) / len(values))

    return {
        "seconds": mean([ours.seconds / plain.seconds for ours, plain in pairs]),
        "cpu": mean([ours.cpu / plain.cpu for ours, plain in pairs]),
        "integral": mean([ours.integral / plain.integral for ours, plain in pairs]),
    }


def main() -> None:
    """Race the named hard cases (all by default), a line each, and tell the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(HARD))
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--seeds", default="0,1,2")
    asked = parser.parse_args()
    records = []
    for name in asked.cases:
        case = replace(HARD[name](), name=name)
        for seed in map(int, asked.seeds.split(",")):
            for way in WAYS:
                run = race(case, seed, asked.limit, way)
                records.append(run)
                print(
                    f"{name:22} seed {seed} {way:6} {run.seconds:6.1f} s  cpu {run.cpu:6.1f} s  gap {run.gap:.4f}  "
                    f"nodes {run.nodes:6}  integral {run.integral:6.2f} s",
                    flush=True,
                )
    print(ratios(records))


if __name__ == "__main__":
    main()
