"""Layout of a map of links: nodes in rows, so that most links run downwards, and near what they are linked with.

The usual steps (Sugiyama, Tagawa and Toda 1981): turn the links that close a loop (as few as the greedy order of Eades, Lin and Smyth
1993 finds), give each node the row after its deepest predecessor, lead long links through every row, order each row by the middle of its
neighbours, and move it to where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 16
BEND, GAP = 14.0, 14.0  # room of a link that passes a row, and between what stands in it
Link = tuple[str, str]
Place = tuple[float, int]  # distance from the left, row from the top
Passing = tuple[Link, int]  # a link where it passes a row
Item = str | Passing


@dataclass(frozen=True)
class Layout:
    """Where each node is, through which places each link runs from its begin to its end, how many rows there are, and how wide all is."""

    places: Mapping[str, Place]
    routes: Mapping[Link, tuple[Place, ...]]
    rows: int
    width: float


def layout(nodes: Sequence[str], links: Iterable[Link], widths: Mapping[str, float], width: float) -> Layout:
    """No wider than `width`, but where a row needs it; links between unknown nodes or from a node to itself are left out."""
    known = [link for link in dict.fromkeys(links) if set(link) <= set(nodes) and link[0] != link[1]]
    rank = {node: place for place, node in enumerate(_greedy_order(nodes, known))}
    down = {link: link if rank[link[0]] < rank[link[1]] else (link[1], link[0]) for link in known}
    depth = _depths(sorted(nodes, key=rank.__getitem__), list(down.values()))
    rows: list[list[Item]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        rows[depth[node]].append(node)
    chains: dict[Link, list[Item]] = {}
    for begin, end in dict.fromkeys(down.values()):
        passing: list[Item] = [((begin, end), row) for row in range(depth[begin] + 1, depth[end])]
        chains[begin, end] = [begin, *passing, end]
        for place, item in enumerate(passing, start=depth[begin] + 1):
            rows[place].append(item)
    pairs = [(upper, lower) for chain in chains.values() for upper, lower in pairwise(chain)]
    above, below = _neighbours(pairs)
    _order(rows, above, below)
    x = _spread(rows, above, below, widths, width)
    row_of = {item: place for place, row in enumerate(rows) for item in row}
    routes = {}
    for link, turned in down.items():
        middle = [(x[item], row_of[item]) for item in chains[turned][1:-1]]
        routes[link] = tuple(middle if link == turned else reversed(middle))
    wide = max((x[item] + (widths[item] if isinstance(item, str) else BEND) / 2 for item in x), default=0.0)
    return Layout({node: (x[node], row_of[node]) for node in nodes}, routes, len(rows), wide)


def _greedy_order(nodes: Sequence[str], links: Sequence[Link]) -> list[str]:
    """An order in which few links lead back: ends last, beginnings first, and else the node that gives most more than it takes."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    before: dict[str, list[str]] = {node: [] for node in nodes}
    for begin, end in links:
        after[begin].append(end)
        before[end].append(begin)
    gives, takes = ({node: len(near[node]) for node in nodes} for near in (after, before))
    left = dict.fromkeys(nodes)
    first: list[str] = []
    last: list[str] = []
    while left:
        ends = [node for node in left if not gives[node]]
        chosen = ends[-1] if ends else max(left, key=lambda node: (not takes[node], gives[node] - takes[node]))
        (last if ends else first).append(chosen)
        del left[chosen]
        for node in before[chosen]:
            gives[node] -= 1
        for node in after[chosen]:
            takes[node] -= 1
    return [*first, *reversed(last)]


def _depths(ordered: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Row of each node: one below its deepest predecessor; one without any stands right above what it leads to."""
    before: dict[str, list[str]] = {node: [] for node in ordered}
    after: dict[str, list[str]] = {node: [] for node in ordered}
    for begin, end in links:
        before[end].append(begin)
        after[begin].append(end)
    depth: dict[str, int] = {}
    for node in ordered:
        depth[node] = max((depth[other] + 1 for other in before[node]), default=0)
    for node in reversed(ordered):
        if not before[node] and after[node]:
            depth[node] = min(depth[other] for other in after[node]) - 1
    return depth


def _neighbours(pairs: Sequence[tuple[Item, Item]]) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    above: dict[Item, list[Item]] = {}
    below: dict[Item, list[Item]] = {}
    for upper, lower in pairs:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    return above, below


def _order(rows: list[list[Item]], above: Mapping[Item, list[Item]], below: Mapping[Item, list[Item]]) -> None:
    """Order each row by the middle of its neighbours above, going down, then below, going up, and again."""
    for sweep in range(SWEEPS):
        place = {item: (at + 0.5) / len(row) for row in rows for at, item in enumerate(row)}
        near = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            middle = {item: _mean([place[other] for other in near.get(item, [])], place[item]) for item in row}
            row.sort(key=lambda item: (middle[item], place[item]))
            place.update({item: (at + 0.5) / len(row) for at, item in enumerate(row)})


def _spread(
    rows: Sequence[Sequence[Item]],
    above: Mapping[Item, list[Item]],
    below: Mapping[Item, list[Item]],
    widths: Mapping[str, float],
    width: float,
) -> dict[Item, float]:
    """Places from the left: as near to the middle of all neighbours as the others of the row allow, in the order of the row."""
    size = {item: widths[item] if isinstance(item, str) else BEND for row in rows for item in row}
    widest = max([width, *(sum(size[item] + GAP for item in row) for row in rows)])
    x = {item: widest * (place + 0.5) / len(row) for row in rows for place, item in enumerate(row)}
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([x[other] for other in (*above.get(item, ()), *below.get(item, ()))], x[item]) for item in row]
            x.update(zip(row, _apart(wanted, [size[item] for item in row], widest), strict=True))
    least = min((x[item] - size[item] / 2 for item in x), default=0.0)
    return {item: at - least for item, at in x.items()}


def _apart(wanted: Sequence[float], sizes: Sequence[float], width: float) -> list[float]:
    """The mean of pushing to the right and pushing to the left, each inside the width: both keep the distances, so their mean does."""
    turned = [width - at for at in reversed(wanted)]
    right, left = _pushed(wanted, sizes, width), _pushed(turned, list(reversed(sizes)), width)
    return [(one + width - other) / 2 for one, other in zip(right, reversed(left), strict=True)]


def _pushed(wanted: Sequence[float], sizes: Sequence[float], width: float) -> list[float]:
    """Each at its place or further right, as the one before needs it; then back inside the width from the last."""
    room = [(one + other) / 2 + GAP for one, other in pairwise(sizes)]
    found = [max(wanted[0], sizes[0] / 2)]
    for at, distance in zip(wanted[1:], room, strict=True):
        found.append(max(at, found[-1] + distance))
    most = width - sizes[-1] / 2
    for place in range(len(found) - 1, -1, -1):
        found[place] = min(found[place], most)
        most = found[place] - (room[place - 1] if place else 0.0)
    return found


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
