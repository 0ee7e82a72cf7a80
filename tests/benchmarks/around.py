"""Around: where the seconds of a whole command go, import to workbook, and how long `--help` takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def around(case: str = "base") -> dict[str, Any]:
    """Seconds by phase of `masterplan solve CASE -o plan.xlsx --json`, what is not HiGHS together, the whole process, and `--help`."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        told = _run("solve", case, "--threads", "1", "--json", "--quiet", "-o", str(Path(folder) / "plan.xlsx"))
        whole = time.perf_counter() - begun
    seconds = json.loads(told)["seconds"]
    solver = sum(seconds.get(phase, 0.0) for phase in SOLVER)
    begun = time.perf_counter()
    _run("--help")
    return {**seconds, "around the solver": whole - solver, "whole": whole, "--help": time.perf_counter() - begun}


SOLVER = ("do_nothing", "start", "solve", "search")  # phases that are HiGHS at work


def _run(*words: str) -> str:
    return subprocess.run([sys.executable, "-m", "masterplan", *words], check=True, capture_output=True, text=True).stdout
