"""Nearby: a better plan between a known one and the relaxation, whose whole numbers disagree about little: a small problem of its own.

(Relaxation induced neighbourhood search, Danna, Rothberg, Le Pape (2005), doi:10.1007/s10107-004-0518-7, with every whole column kept
between the two rather than fixed where they agree: in modules started so far, a start may then come anywhere between their years.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from masterplan import highs
from masterplan.answer import Answer, SolverOptions
from masterplan.arrays import Arrays

NODES = 50  # of the small problem's own search
CLOSER = 0.5  # of the gap is what the small problem is solved to
WHOLE = 1e-6


def between(arrays: Arrays, start: np.ndarray, options: SolverOptions) -> Answer:
    """The best found with every whole column between its value in `start` (NaN: anything) and in the relaxation, rounded outwards."""
    relaxed = highs.run(arrays.relaxed(), replace(options, gap=0.0, target=None, enough=None))
    if relaxed.solution is None or relaxed.stopped == "interrupted":
        return replace(relaxed, solution=None, objective=None)  # its columns need not be whole
    low, high = arrays.low.copy(), arrays.high.copy()
    near = arrays.whole & ~np.isnan(start)
    known, wanted = np.round(start[near]), relaxed.solution[near]
    below, above = np.floor(wanted + WHOLE), np.ceil(wanted - WHOLE)
    low[near] = np.maximum(low[near], np.minimum(known, below))
    high[near] = np.minimum(high[near], np.maximum(known, above))
    left = max(options.time_limit - relaxed.seconds, 0.01)
    small = replace(options, gap=CLOSER * options.gap, time_limit=left, nodes=NODES, target=None, enough=None)
    return highs.run(arrays.with_bounds(low, high), small, start)
