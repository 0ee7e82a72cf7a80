"""Layout of a map of links: nodes in layers, so that links run downwards, and near what they are linked with.

The usual three steps (Sugiyama, Tagawa and Toda 1981): turn the links that close a loop, give each node the layer after its deepest
predecessor, and order each layer by the middle of its neighbours, a few times down and up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

SWEEPS = 12
Links = Sequence[tuple[str, str]]


def layers(nodes: Sequence[str], links: Links, widths: Mapping[str, float], most: float) -> list[list[str]]:
    """The nodes in rows from the top, in order; a row wider than `most` is parted into rows of its own."""
    known = [(begin, end) for begin, end in dict.fromkeys(links) if begin in widths and end in widths and begin != end]
    downwards = _without_loops(nodes, known)
    depth = _depths(nodes, downwards)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        rows[depth[node]].append(node)
    _order(rows, downwards)
    return [part for row in rows for part in _parted(row, widths, most)]


def _without_loops(nodes: Sequence[str], links: Links) -> list[tuple[str, str]]:
    """The links without those that lead back to a node on the way to their own beginning (a walk in depth, in the order given)."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for begin, end in links:
        following[begin].append(end)
    state: dict[str, int] = {}  # 1: on the way, 2: done
    kept: list[tuple[str, str]] = []
    entered = {end for _, end in links}
    for root in [*(node for node in nodes if node not in entered), *nodes]:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(following[root]))]
        while stack:
            node, rest = stack[-1]
            for end in rest:
                if state.get(end) == 1:
                    continue
                kept.append((node, end))
                if end not in state:
                    state[end] = 1
                    stack.append((end, iter(following[end])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return kept


def _depths(nodes: Sequence[str], links: Links) -> dict[str, int]:
    """Longest way from a node without predecessors; one without any goes next to what it leads to."""
    before: dict[str, list[str]] = {node: [] for node in nodes}
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for begin, end in links:
        before[end].append(begin)
        after[begin].append(end)
    depth: dict[str, int] = {}
    waiting = {node: len(before[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    while ready:
        node = ready.pop(0)
        depth[node] = max((depth[other] + 1 for other in before[node]), default=0)
        for other in after[node]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for node in nodes:
        if not before[node] and after[node]:
            depth[node] = min(depth[other] for other in after[node]) - 1
    return depth


def _order(rows: list[list[str]], links: Links) -> None:
    """Order each row by the middle of the places of its neighbours in the rows above, then below, and again."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for begin, end in links:
        above.setdefault(end, []).append(begin)
        below.setdefault(begin, []).append(end)
    for sweep in range(SWEEPS):
        place = {node: (at + 0.5) / len(row) for row in rows for at, node in enumerate(row)}
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            neighbours = above if down else below
            middle = {node: _mean([place[other] for other in neighbours.get(node, [])], place[node]) for node in row}
            row.sort(key=lambda node: (middle[node], place[node]))
            place.update({node: (at + 0.5) / len(row) for at, node in enumerate(row)})


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _parted(row: Sequence[str], widths: Mapping[str, float], most: float) -> list[list[str]]:
    """The row, or as many rows of about the same width as it needs; neighbours stay neighbours."""
    total = sum(widths[node] for node in row)
    count = max(1, -int(-total // most))
    if count == 1:
        return [list(row)]
    ends = [round(len(row) * part / count) for part in range(count + 1)]
    return [list(row[begin:end]) for begin, end in pairwise(ends) if end > begin]
