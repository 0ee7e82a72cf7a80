"""Golden LPs: the rows that a block adds for a tiny case, with the objective, as a file that a person can read.

A test says `golden("budget", case)`; a block that only posts names the rows that collect what it posts, `golden("trade", case, "balance")`.
The file is tests/golden/<block>.lp. A change is accepted on purpose only, and read in the diff:

    pytest tests/formulations --update-golden
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyomo.environ as pyo
from pyomo.repn.plugins.lp_writer import LPWriter

from masterplan.data.case import Case
from tests.formulations.walk import walk

FOLDER = Path(__file__).resolve().parents[1] / "golden"
_NUMBER = re.compile(r"(?<![\w.(])[+-]?\d+\.\d+(?:e[+-]?\d+)?", re.IGNORECASE)


def golden_path(block: str) -> Path:
    """Where the golden LP of a block stands."""
    return FOLDER / f"{block}.lp"


def lp_of(case: Case, *blocks: str) -> str:
    """The objective and the rows of some blocks, as an LP file without blank lines and with numbers of at most 12 digits."""
    m, steps = walk(case)
    shown = {name for block in blocks for name in steps[block].names(pyo.Constraint)}
    for constraint in m.component_objects(pyo.Constraint):
        if constraint.name not in shown:
            constraint.deactivate()
    stream = io.StringIO()
    LPWriter().write(m, stream, symbolic_solver_labels=True, file_determinism=30)
    lines = [_NUMBER.sub(_short, line.rstrip()) for line in stream.getvalue().splitlines() if line.strip()]
    return "\n".join(lines) + "\n"


def _short(found: re.Match[str]) -> str:
    sign = "+" if found[0].startswith("+") else ""
    return f"{sign}{float(found[0]):.12g}"
