"""The activity map as a picture: activities and resources from top to bottom, what is made and used, built from, needed, and what fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from masterplan.data.case import Case
from masterplan.reports import activity_map, svg
from masterplan.reports.map_layout import Layout, layout
from masterplan.reports.markup import Markup, amount, joined, tag

ROW, BOX, TOP, LETTER = 62.0, 26.0, 10.0, 6.6
MARGIN = 4.0
LONGEST = 24  # letters of a name in its box


@dataclass(frozen=True)
class Link:
    """From one drawn thing to another: its look and what it says."""

    begin: str
    end: str
    look: str
    tip: str


def links_of(case: Case) -> list[Link]:
    """The map's links between activities and resources; a project stands for the activity that it builds."""
    built = {project: f"activity {activity}" for project, activity in case.attribute("projects", "activity").items() if activity}
    sold = {market: f"resource {resource}" for (market, _), resource in case.attribute("markets", "resource").items()}
    found: dict[tuple[str, str, str], Link] = {}
    for begin, begin_kind, link, end, end_kind, much, unit, why in activity_map.table(case).itertuples(index=False, name=None):
        ends = [_drawn(name, kind, built, sold) for name, kind in ((begin, begin_kind), (end, end_kind))]
        if link == "builds" or None in ends or ends[0] == ends[1]:
            continue
        first, last = str(ends[0]), str(ends[1])
        look = link if link != "uses" else "builds" if begin_kind == "project" else "uses"
        if link in ("uses", "needs"):
            first, last = last, first  # what is used comes first
        size = f" {amount(float(much))} {unit}" if much is not None else ""
        tip = f"{begin} {link} {end}{size}{', ' if why else ''}{why}"
        before = found.get((first, last, look))
        found[first, last, look] = Link(first, last, look, f"{before.tip}; {tip}" if before else tip)
    return list(found.values())


def picture(name: str, case: Case, starts: Mapping[str, float], systems: Mapping[str, int], title: str, description: str) -> Markup:
    """`starts`: activity -> modules that the plan starts for it; its box has a heavy edge."""
    nodes, links = activity_map.nodes(case), links_of(case)
    nodes = nodes[nodes["Kind"].isin(["activity", "resource"])]
    keys = [f"{kind} {name}" for name, kind in zip(nodes["Name"], nodes["Kind"], strict=True)]
    linked = {end for link in links for end in (link.begin, link.end)}
    shown = [key for key in keys if key in linked]
    widths = {key: 26 + LETTER * min(LONGEST, len(key.split(" ", 1)[1])) for key in shown}
    found = layout(shown, [(link.begin, link.end) for link in links if link.look != "fits"], widths, svg.WIDTH - 2 * MARGIN)
    number = {key: place for place, key in enumerate(shown)}
    wide = max(svg.WIDTH, found.width + 2 * MARGIN)
    left = (wide - found.width) / 2
    drawn = [_curve(link, found, number, left) for link in links]
    boxes = [
        _box(key, _at(found.places[key], left), widths[key], number[key], row, systems, starts.get(row["Name"], 0.0))
        for key, row in zip(keys, nodes.to_dict("records"), strict=True)
        if key in found.places
    ]
    return svg.drawing(name, title, description, TOP + ROW * (found.rows - 1) + BOX + 14, *drawn, *boxes, width=wide)


def legend_of(case: Case, systems: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """The legend: a colour per system that has an activity."""
    nodes = activity_map.nodes(case)
    shown = dict.fromkeys(nodes[nodes["Kind"] == "activity"]["System"])
    return [(f"c{systems[system]}", f"m{list(systems).index(system)}", system) for system in shown if system]


def _drawn(name: str, kind: str, built: Mapping[str, str], sold: Mapping[str, str]) -> str | None:
    if kind == "project":
        return built.get(name)
    return sold.get(name) if kind == "market" else f"{kind} {name}"


def _curve(link: Link, found: Layout, number: Mapping[str, int], left: float) -> Markup:
    (x1, y1), (x2, y2) = (_at(found.places[end], left) for end in (link.begin, link.end))
    if link.look == "fits":
        bend = max(40.0, abs(x2 - x1) * 0.15)
        d = f"M{x1:.1f} {y1:.1f} C{x1 + bend:.1f} {y1 + bend:.1f} {x2 + bend:.1f} {y2 + bend:.1f} {x2:.1f} {y2:.1f}"
    else:
        half = BOX / 2 if y2 > y1 else -BOX / 2
        points = [(x1, y1 + half), *(_at(place, left) for place in found.routes[link.begin, link.end]), (x2, y2 - half)]
        d = f"M{x1:.1f} {y1 + half:.1f}" + "".join(_bend(before, after) for before, after in pairwise(points))
    return svg.mark("path", link.tip, d=d, class_=f"mark edge {link.look}", data_ends=f"{number[link.begin]} {number[link.end]}")


def _bend(before: tuple[float, float], after: tuple[float, float]) -> str:
    """On from a point, leaving and arriving upright."""
    middle = (before[1] + after[1]) / 2
    return f" C{before[0]:.1f} {middle:.1f} {after[0]:.1f} {middle:.1f} {after[0]:.1f} {after[1]:.1f}"


def _at(place: tuple[float, int], left: float) -> tuple[float, float]:
    return left + place[0], TOP + BOX / 2 + ROW * place[1]


def _box(
    key: str, middle: tuple[float, float], width: float, number: int, row: Mapping[Any, Any], systems: Mapping[str, int], modules: float
) -> Markup:
    (x, y), is_resource = middle, key.startswith("resource ")
    place = list(systems).index(row["System"]) if row["System"] else None
    look = "box resource" if is_resource else f"box e{systems[row['System']]}" if place is not None else "box"
    parts = [row["Kind"], f"of {row['System']}" if row["System"] else "", f"in {row['Unit']}"]
    tip = f"{row['Name']}: {' '.join(part for part in parts if part)}"
    tip += f"; the plan starts {amount(modules)} modules" if modules else ""
    box = tag(
        "rect",
        x=x - width / 2,
        y=y - BOX / 2,
        width=width,
        height=BOX,
        rx=BOX / 2 if is_resource else 4.0,
        class_=f"{look}{' built' if modules else ''}",
    )
    text = svg.words(x, y + 4, row["Name"], "boxname", "middle", most=LONGEST)
    key_of = None if place is None or is_resource else f"m{place}"
    return tag("g", tag("title", tip), joined([box, text]), class_="mark node", data_node=str(number), data_key=key_of)
