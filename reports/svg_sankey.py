"""Who makes and who uses what in a year: makers at the left, resources in the middle, users at the right, as wide as their value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, joined

COLUMNS = (210.0, 530.0, 860.0)
THICK, TOP, AREA, SLOT, GAP = 14.0, 24.0, 380.0, 13.0, 4.0  # SLOT: least height of a node with its label
THIN = 0.7


@dataclass
class Node:
    """A bar: its value, where it begins, and how much of each side is taken."""

    value: float = 0.0
    y: float = 0.0
    taken: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})


def sankey(name: str, head: str, title: str, description: str, flows: pd.DataFrame, colours: Mapping[str, int], unit: str) -> Markup:
    """`flows` has rows of one year as `value_flows.table` gives them; those without value are not drawn."""
    drawn = flows[flows["value"] > 0]
    rows = list(drawn[["side", "who", "resource", "quantity", "value"]].itertuples(index=False, name=None))
    columns = _columns(rows, colours)
    most = max((sum(node.value for node in column.values()) for column in columns), default=0.0) or 1.0
    factor = AREA / most
    height = max(_stack(column, factor) for column in columns)
    links = [_link(row, columns, factor, colours, unit) for row in sorted(rows, key=lambda row: _order(row, columns))]
    bars = [_bar(label, node, place, factor, colours, unit) for place, column in enumerate(columns) for label, node in column.items()]
    heads = [svg.words(COLUMNS[0] + THICK, 12, "makes or brings", "tick", "end"), svg.words(COLUMNS[2], 12, "uses or buys", "tick")]
    heads.append(svg.words(COLUMNS[1] + THICK / 2, 13, head, "big", "middle"))
    return svg.drawing(name, title, description, height + 8, *heads, *links, *bars)


def _columns(rows: Sequence[tuple[str, str, str, float, float]], colours: Mapping[str, int]) -> tuple[dict[str, Node], ...]:
    """Nodes of the three columns in their order: resources as in the case, makers and users near what they make or use."""
    made: tuple[dict[str, Node], ...] = ({}, {}, {})
    pull: tuple[dict[str, list[tuple[int, float]]], ...] = ({}, {}, {})
    for side, who, resource, _, value in rows:
        column = 0 if side == "makes" else 2
        made[column].setdefault(who, Node()).value += value
        pull[column].setdefault(who, []).append((colours[resource], value))
    for resource in colours:
        sides = [sum(row[4] for row in rows if row[2] == resource and row[0] == side) for side in ("makes", "uses")]
        if any(sides):
            made[1][resource] = Node(max(sides))
    for column in (0, 2):
        centre = {who: sum(at * value for at, value in found) / sum(value for _, value in found) for who, found in pull[column].items()}
        nodes = sorted(made[column].items(), key=lambda pair: (centre[pair[0]], pair[0]))
        made[column].clear()
        made[column].update(nodes)
    return made


def _stack(column: Mapping[str, Node], factor: float) -> float:
    """Place the nodes one under the other, with room for a label each; the lower end of the last."""
    y = TOP
    for node in column.values():
        height = node.value * factor
        node.y = y + max(0.0, SLOT - height) / 2
        y += max(SLOT, height) + GAP
    return y


def _order(row: tuple[str, str, str, float, float], columns: tuple[dict[str, Node], ...]) -> tuple[float, float]:
    """Links leave and arrive from the top down, so that they cross as little as they can."""
    side, who, resource, *_ = row
    return columns[1][resource].y, columns[0 if side == "makes" else 2][who].y


def _link(
    row: tuple[str, str, str, float, float], columns: tuple[dict[str, Node], ...], factor: float, colours: Mapping[str, int], unit: str
) -> Markup:
    side, who, resource, quantity, value = row
    width = value * factor
    first, last = (columns[0][who], columns[1][resource]) if side == "makes" else (columns[1][resource], columns[2][who])
    begin, end = first.y + first.taken["out"] + width / 2, last.y + last.taken["in"] + width / 2
    first.taken["out"] += width
    last.taken["in"] += width
    x1, x2 = (COLUMNS[0] + THICK, COLUMNS[1]) if side == "makes" else (COLUMNS[1] + THICK, COLUMNS[2])
    middle = (x1 + x2) / 2
    told = f"{who} → {resource}" if side == "makes" else f"{resource} → {who}"
    curve = f"M{x1:g} {begin:.1f} C{middle:g} {begin:.1f} {middle:g} {end:.1f} {x2:g} {end:.1f}"
    look = f"mark link l{colours[resource] % svg.COLOURS}"
    return svg.mark(
        "path", f"{told}: {amount(quantity)} units, {amount(value)} {unit}", d=curve, stroke_width=max(THIN, width), class_=look
    )


def _bar(label: str, node: Node, place: int, factor: float, colours: Mapping[str, int], unit: str) -> Markup:
    height = max(THIN, node.value * factor)
    x, y = COLUMNS[place], node.y + height / 2 + 4
    look = f"c{colours[label] % svg.COLOURS}" if place == 1 else "node"
    box = svg.mark("rect", f"{label}: {amount(node.value)} {unit}", x=x, y=node.y, width=THICK, height=height, class_=f"mark {look}")
    if place == 0:
        return joined([box, svg.words(x - 6, y, label, "name", "end", most=30)])
    return joined([box, svg.words(x + THICK + 6, y, label, "name halo" if place == 1 else "name", most=34)])
