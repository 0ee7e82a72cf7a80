"""Lines over years, with a band where a study gave one, and points of a frontier with what is proven of each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, tag

LEFT, RIGHT, TOP, HEIGHT = 64.0, 150.0, 16.0, 260.0
Series = Mapping[int, float]
LOOKS = ("l0", "l3 dashed", "l2 dotted", "l7 dashed")
LINE_HEIGHT = 14.0


def lines(
    name: str,
    title: str,
    description: str,
    years: Sequence[int],
    series: Mapping[str, Series],
    unit: str,
    bands: Sequence[tuple[str, Series, Series]] = (),
) -> Markup:
    """A line per series, named at its end; lines also differ by dash. `bands` are (name, lower end, upper end) behind them."""
    every = [*series.values(), *(side for _, low, high in bands for side in (low, high))]
    values = [value for one in every for value in one.values() if math.isfinite(value)]
    marks = svg.ticks(min([0.0, *values]), max([0.0, *values]))
    scale = svg.linear(marks[0], marks[-1], TOP + HEIGHT, TOP)
    room = (svg.WIDTH - LEFT - RIGHT) / len(years)
    centre = {year: LEFT + room * (place + 0.5) for place, year in enumerate(years)}
    parts = [svg.y_axis(marks, scale, LEFT, svg.WIDTH - RIGHT)]
    for _, low, high in bands:
        known = [year for year in years if year in low and year in high]
        edge = [(centre[year], scale(high[year])) for year in known] + [(centre[year], scale(low[year])) for year in reversed(known)]
        parts.append(tag("path", d=f"{svg.path(edge)} Z", class_="band"))
    ends: list[tuple[float, str]] = []
    for place, (label, given) in enumerate(series.items()):
        points = [(year, given[year]) for year in years if year in given and math.isfinite(given[year])]
        look = LOOKS[place % len(LOOKS)]
        parts.append(tag("path", d=svg.path([(centre[year], scale(value)) for year, value in points]), class_=f"line {look}"))
        parts += [
            svg.mark(
                "circle", f"{label}, {year}: {amount(value)} {unit}", cx=centre[year], cy=scale(value), r=3.5, class_=f"mark dot {look}"
            )
            for year, value in points
        ]
        ends += [(scale(points[-1][1]), label)] if points else []
    parts += [svg.words(svg.WIDTH - RIGHT + 4, y + 4, label, "label", most=24) for y, label in _apart(ends)]
    parts.append(svg.x_years(years, lambda year: centre[int(year)], TOP + HEIGHT + 20, room))
    return svg.drawing(name, title, description, TOP + HEIGHT + 32, *parts)


def frontier(
    name: str, title: str, description: str, points: Sequence[tuple[float, float, float, float, str]], axes: tuple[str, str]
) -> Markup:
    """(x, y, least y, most y, tooltip) from left to right: a dot on a line, and a bar over what is proven. Axes need not hold zero."""
    ordered = sorted(points, key=lambda point: point[0])
    x_marks = svg.ticks(min(point[0] for point in ordered), max(point[0] for point in ordered))
    y_marks = svg.ticks(min(point[2] for point in ordered), max(point[3] for point in ordered))
    right = svg.WIDTH - 30
    along = svg.linear(x_marks[0], x_marks[-1], LEFT, right)
    scale = svg.linear(y_marks[0], y_marks[-1], TOP + HEIGHT, TOP)
    parts = [svg.y_axis(y_marks, scale, LEFT, right)]
    parts += [svg.words(along(value), TOP + HEIGHT + 20, amount(value), "tick", "middle") for value in x_marks]
    parts.append(tag("path", d=svg.path([(along(x), scale(y)) for x, y, *_ in ordered]), class_="line l0"))
    for x, y, least, most, tip in ordered:
        parts.append(svg.line(along(x), scale(least), along(x), scale(most), "whisker"))
        parts.append(svg.mark("circle", tip, cx=along(x), cy=scale(y), r=5.0, class_="mark dot l0"))
    parts.append(svg.words(LEFT, 11, axes[1], "label"))
    parts.append(svg.words(right, TOP + HEIGHT + 38, axes[0], "label", "end"))
    return svg.drawing(name, title, description, TOP + HEIGHT + 48, *parts)


def _apart(ends: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Labels from the top down, each at least a line below the one above."""
    found: list[tuple[float, str]] = []
    for y, label in sorted(ends):
        found.append((max(y, found[-1][0] + LINE_HEIGHT) if found else y, label))
    return found
