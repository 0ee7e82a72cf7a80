"""Build: how long a case of many sites takes to read, to build, and to hand over to HiGHS, beside Pyomo with plain rules.

    python -m tests.benchmarks.build 10 60        # sites; 60 are about a million non-zeros
    python -m tests.benchmarks.build 10 --rules   # the same with plain rules and Pyomo's own interface to HiGHS

Seconds of processor time; no test looks at them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import highspy
from pyomo.contrib.solver.solvers.highs import Highs

import masterplan as mp
from masterplan.compiling import compile_arrays
from masterplan.data.case import Case
from masterplan.formulations import formulate
from masterplan.highs import _model
from tests.benchmarks.sites import site_frames


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and its seconds."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def by_templates(case: Case) -> dict[str, float]:
    """Seconds of each step of ours."""
    (m, _), building = timed(lambda: formulate(case))
    arrays, compiling = timed(lambda: compile_arrays(m))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    _, passing = timed(lambda: solver.passModel(_model(arrays, 0.0)))
    return {**arrays.size, "build": building, "compile": compiling, "pass": passing, "together": building + compiling + passing}


def by_rules(case: Case) -> dict[str, float]:
    """Seconds of plain rules and Pyomo's own interface."""
    (m, _), building = timed(lambda: formulate(case, templates=False))
    _, passing = timed(lambda: Highs().set_instance(m))
    return {"build by rules": building, "pass by Pyomo": passing, "together": building + passing}


def main(words: list[str]) -> None:
    """Print a line per number of sites."""
    base = mp.load("base")
    for word in words:
        if word.isdigit():
            frames = site_frames(base, int(word))
            case, loading = timed(lambda frames=frames: mp.load(frames, "sites"))
            found = by_rules(case) if "--rules" in words else by_templates(case)
            print(word, "sites:", ", ".join(f"{name} {value:.6g}" for name, value in {"load": loading, **found}.items()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
