"""Build: how long a case takes to build and to hand over to HiGHS, and the same by Pyomo with plain rules; processor time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import highspy
from pyomo.contrib.solver.solvers.highs import Highs

from masterplan.compiling import compile_arrays
from masterplan.data.case import Case
from masterplan.formulations import formulate
from masterplan.highs import _model


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
