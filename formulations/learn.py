"""Learn: capex on a cost curve, of modules ever built (learning) or of modules started in one year (economies of scale).

Decides   segment_share[project, start, segment]  how much of a segment of the curve is built by then, 0 to 1        [fraction]
          segment_full[project, start, segment]   1 if all of a segment is built, so that the next may begin         [0/1]
          curve_cost[project, start]              capex of the modules started in the year                           [money]
Holds     modules_on_the_curve[project, start]            modules counted = sum of segment length x segment_share
          segment_begins_after_the_last[project, start, segment]  segment_share <= segment_full of the segment before
          segment_full_if_told[project, start, segment]   segment_share >= segment_full
          segments_stay_built[project, start, segment]    cumulative: segment_share >= that of the start before
          cost_along_the_curve[project, start]            curve_cost = cost of the modules counted - cost of those built before
Posts     nothing

The curve is straight between its points; the binaries make it exact whether its cost falls or rises (incremental formulation,
Markowitz and Manne 1957, doi:10.2307/1907744). `spend`, `credit`, `limits` and `terminal` take `curve_cost` as they take capex.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations.ledger import Ledger, Term
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds
from masterplan.formulations.vintages import Start, vintages

Segment = tuple[str, int, int]  # project, start, segment
WHOLE = 1e-9


@dataclass(frozen=True)
class Curve:
    """What so many modules of a project cost in total: segments in order, from no module on [modules, money]."""

    cumulative: bool
    built_before: float
    lengths: tuple[float, ...]
    costs: tuple[float, ...]

    def cost(self, modules: float) -> float:
        """Cost of the first modules, straight within a segment, less that of none [money]."""
        total, left = 0.0, modules
        for length, cost in zip(self.lengths, self.costs, strict=True):
            total += cost * min(left, length) / length
            left = max(0.0, left - length)
        return total


@lru_cache(maxsize=16)
def curves(case: Case) -> dict[str, Curve]:
    """project -> its curve, for projects that have one."""
    cost, basis, built = case.attribute("learning", "cost"), case.attribute("learning", "basis"), case.attribute("projects", "built_before")
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for project, modules in case.keys("learning"):
        points[project].append((float(modules), float(cost[project, modules])))
    found = {}
    for project, given in points.items():
        given.sort()
        pairs = list(pairwise(given))
        cumulative = all(kind == "cumulative" for (name, _), kind in basis.items() if name == project)
        lengths, costs = (tuple(after[part] - before[part] for before, after in pairs) for part in (0, 1))
        found[project] = Curve(cumulative, float(built[project]) if cumulative else 0.0, lengths, costs)
    return found


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add where on its curve each start stands, and what it costs."""
    v, found = vintages(case), curves(case)
    starts = [(p, s) for p, s in v.starts if p in found]
    segments = [(p, s, n) for p, s in starts for n in range(len(found[p].lengths))]
    before = _starts_before(starts, found)
    m.CURVED = Members(dimen=2, initialize=starts, doc="starts whose capex is on a cost curve")
    m.SEGMENTS = Members(dimen=3, initialize=segments, doc="(project, start, segment of its curve)")
    m.INNER_SEGMENTS = Members(
        dimen=3, initialize=[(p, s, n) for p, s, n in segments if n + 1 < len(found[p].lengths)], doc="all but the last"
    )
    m.segment_length = Numbers(m.SEGMENTS, initialize={(p, s, n): found[p].lengths[n] for p, s, n in segments}, doc="[modules]")
    costs = {(p, s, n): found[p].costs[n] for p, s, n in segments}
    m.segment_cost = Numbers(m.SEGMENTS, initialize=costs, doc="capex of the whole segment [money]")
    m.segment_share = pyo.Var(m.SEGMENTS, bounds=(0, 1), doc="share of the segment that is built [fraction]")
    m.segment_full = Decisions(m.INNER_SEGMENTS, domain=pyo.Binary, doc="1 if the whole segment is built")
    m.curve_cost = Decisions(m.CURVED, doc="capex of the modules started in the year [money]")
    _modules(m, starts, found, before)
    _segments(m, segments, before)
    _cost(m, starts, found, before)


def is_full(m: pyo.ConcreteModel, segment: Segment, modules: Mapping[Start, float]) -> bool:
    """Is a segment built in full once these modules are started?"""
    project, start, last = segment
    counted = m.built_before[project, start] + sum(modules.get(key, 0.0) for key in m.COUNTED_STARTS[project, start])
    return bool(counted >= sum(m.segment_length[project, start, n] for n in range(last + 1)) - WHOLE)


def _starts_before(starts: list[Start], found: dict[str, Curve]) -> dict[Start, list[Start]]:
    """start -> earlier starts of the project whose modules count on its curve, latest first; none where each year stands alone."""
    return {
        (p, s): sorted((other for other in starts if other[0] == p and other[1] < s and found[p].cumulative), reverse=True)
        for p, s in starts
    }


def _modules(m: pyo.ConcreteModel, starts: list[Start], found: dict[str, Curve], before: dict[Start, list[Start]]) -> None:
    m.COUNTED_STARTS = Lists(m.CURVED, dimen=2, initialize={k: [k, *before[k]] for k in starts}, doc="starts that count on the curve")
    m.SEGMENTS_OF = Lists(
        m.CURVED, dimen=3, initialize={k: [(*k, n) for n in range(len(found[k[0]].lengths))] for k in starts}, doc="segments of its curve"
    )
    m.built_before = Numbers(m.CURVED, initialize={k: found[k[0]].built_before for k in starts}, doc="modules before the plan [modules]")

    @holds(m, m.CURVED, doc="the modules that count fill the segments of the curve")
    def modules_on_the_curve(m: pyo.ConcreteModel, project: str, start: int) -> Term:
        counted = sum(m.start[p, s] for p, s in m.COUNTED_STARTS[project, start]) + m.built_before[project, start]
        return sum(m.segment_length[p, s, n] * m.segment_share[p, s, n] for p, s, n in m.SEGMENTS_OF[project, start]) == counted


def _segments(m: pyo.ConcreteModel, segments: list[Segment], before: dict[Start, list[Start]]) -> None:
    later = [(p, s, n) for p, s, n in segments if n]
    m.LATER_SEGMENTS = Members(dimen=3, initialize=later, doc="all but the first")
    m.SEGMENT_BEFORE = Lists(m.LATER_SEGMENTS, dimen=3, initialize={k: [(*k[:2], k[2] - 1)] for k in later}, doc="the segment before")
    grown = [(p, s, n) for p, s, n in segments if before[p, s]]
    m.GROWN_SEGMENTS = Members(dimen=3, initialize=grown, doc="segments of a start with an earlier one")
    m.SEGMENT_EARLIER = Lists(
        m.GROWN_SEGMENTS, dimen=3, initialize={(p, s, n): [(*before[p, s][0], n)] for p, s, n in grown}, doc="at the start before"
    )

    @holds(m, m.LATER_SEGMENTS, doc="a segment begins only when the one before is full")
    def segment_begins_after_the_last(m: pyo.ConcreteModel, project: str, start: int, segment: int) -> Term:
        return m.segment_share[project, start, segment] <= sum(
            m.segment_full[p, s, n] for p, s, n in m.SEGMENT_BEFORE[project, start, segment]
        )

    @holds(m, m.INNER_SEGMENTS, doc="a segment that is told to be full is built in full")
    def segment_full_if_told(m: pyo.ConcreteModel, project: str, start: int, segment: int) -> Term:
        return m.segment_share[project, start, segment] >= m.segment_full[project, start, segment]

    @holds(m, m.GROWN_SEGMENTS, doc="what was built of a segment stays built")
    def segments_stay_built(m: pyo.ConcreteModel, project: str, start: int, segment: int) -> Term:
        return m.segment_share[project, start, segment] >= sum(
            m.segment_share[p, s, n] for p, s, n in m.SEGMENT_EARLIER[project, start, segment]
        )


def _cost(m: pyo.ConcreteModel, starts: list[Start], found: dict[str, Curve], before: dict[Start, list[Start]]) -> None:
    m.PAID_EARLIER = Lists(
        m.CURVED,
        dimen=3,
        initialize={k: [(*before[k][0], n) for n in range(len(found[k[0]].lengths))] if before[k] else [] for k in starts},
        doc="segments as they stood at the start before",
    )
    first = {(p, s): 0.0 if before[p, s] or not found[p].cumulative else found[p].cost(found[p].built_before) for p, s in starts}
    m.paid_before = Numbers(m.CURVED, initialize=first, doc="cost of what was built before the first start [money]")

    @holds(m, m.CURVED, doc="the year's starts cost what they add along the curve")
    def cost_along_the_curve(m: pyo.ConcreteModel, project: str, start: int) -> Term:
        so_far = sum(m.segment_cost[p, s, n] * m.segment_share[p, s, n] for p, s, n in m.SEGMENTS_OF[project, start])
        earlier = sum(m.segment_cost[p, s, n] * m.segment_share[p, s, n] for p, s, n in m.PAID_EARLIER[project, start])
        return m.curve_cost[project, start] == so_far - earlier - m.paid_before[project, start]
