"""Bars from zero with what is proven of each: the tornado of a sensitivity, and the worth of every rung of a ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, joined

LEFT, RIGHT, ROW, TOP = 300.0, 70.0, 28.0, 26.0
ORANGE, BLUE = 3, 0  # colours of the page


@dataclass(frozen=True)
class Bar:
    """One end of a row: what it is, its value, the ends between which the true value is proven to lie, and its colour."""

    label: str
    value: float
    least: float
    most: float
    colour: int = ORANGE


def bars(name: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[Bar]]], unit: str) -> Markup:
    """A row per (name, bars); the bars of a row lie over one another, each in its own colour, whatever its sign."""
    values = [value for _, found in rows for bar in found for value in (bar.value, bar.least, bar.most)]
    marks = svg.ticks(min([0.0, *values]), max([0.0, *values]), 8)
    scale = svg.linear(marks[0], marks[-1], LEFT, svg.WIDTH - RIGHT)
    height = TOP + ROW * len(rows)
    parts = []
    for value in marks:
        parts.append(svg.line(scale(value), TOP - 4, scale(value), height, "axis" if value == 0 else "grid"))
        parts.append(svg.words(scale(value), 14, amount(value), "tick", "middle"))
    for place, (row, found) in enumerate(rows):
        y = TOP + ROW * place
        parts.append(svg.words(LEFT - 12, y + 18, row, "name", "end", most=44))
        half = len(found) > 1 and found[0].value * found[1].value > 0  # on the same side: one above the other
        parts += [_bar(row, bar, y + (10 * which if half else 0), 10.0 if half else 20.0, scale, unit) for which, bar in enumerate(found)]
    return svg.drawing(name, title, description, height + 8, *parts)


def _bar(row: str, bar: Bar, y: float, height: float, scale: svg.Scale, unit: str) -> Markup:
    begin, end = sorted((scale(0.0), scale(bar.value)))
    proven = "" if bar.least == bar.most else f", proven between {amount(bar.least)} and {amount(bar.most)}"
    tip = f"{row}, {bar.label}: {amount(bar.value)} {unit}{proven}"
    box = svg.mark("rect", tip, x=begin, y=y + 4, width=max(0.6, end - begin), height=height, class_=f"mark c{bar.colour}")
    middle = y + 4 + height / 2
    whisker = svg.line(scale(bar.least), middle, scale(bar.most), middle, "whisker") if proven else ""
    return joined([box, whisker])
