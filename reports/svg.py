"""Drawing: what all charts of the report share: the frame with its title and description, scales, axes, marks and legends.

Colours are classes (`c0` to `c15` fill, `l0` to `l15` and `e0` to `e15` stroke) that the style sheet gives for light and dark;
nothing here has a colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from masterplan.reports.markup import Markup, Value, amount, joined, tag

WIDTH = 1100.0
COLOURS = 16
Scale = Callable[[float], float]


def drawing(name: str, title: str, description: str, height: float, *body: str, width: float = WIDTH, small: bool = False) -> Markup:
    """A chart that a screen reader meets as one picture with a title and a description; arrow keys walk its marks.

    `name` is unique on the page. A wide chart scrolls inside its frame where the screen is narrow.
    """
    chart = tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        *body,
        viewBox=f"0 0 {width:g} {math.ceil(height):g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        tabindex="0",
        class_="chart",
    )
    return chart if small else tag("div", chart, class_="scroll")


def mark(name: str, tip: str, **attributes: Value) -> Markup:
    """A shape with a tooltip."""
    return tag(name, tag("title", tip), **attributes)


def words(x: float, y: float, text: str, class_: str = "", anchor: str | None = None, most: int = 0) -> Markup:
    """Text at a place; `anchor` is middle or end; one longer than `most` characters is cut (0: never)."""
    return tag("text", cut(text, most) if most else text, x=x, y=y, text_anchor=anchor, class_=class_ or None)


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Sequence[tuple[float, float]]) -> str:
    """The `d` of a line through the points; empty without points."""
    return " ".join(f"{'L' if place else 'M'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, at most about so many."""
    if not high > low:
        low, high = (low, low + 1.0) if low >= 0 else (low - 1.0, low)
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Numbers from low to high at places from start to end."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def y_axis(marks: Sequence[float], scale: Scale, left: float, right: float) -> Markup:
    """Grid lines with their numbers at the left; the line of zero stands out."""
    return joined(
        joined(
            [
                line(left, scale(value), right, scale(value), "axis" if value == 0 else "grid"),
                words(left - 8, scale(value) + 4, amount(value), "tick", "end"),
            ]
        )
        for value in marks
    )


def x_years(years: Sequence[int], centre: Scale, y: float, room: float) -> Markup:
    """Years under their places; with less than 34 of room only every second, third, ... is written."""
    step = max(1, math.ceil(34.0 / max(room, 1.0)))
    return joined(words(centre(year), y, str(year), "tick", "middle") for year in years[::step])


def legend(entries: Iterable[tuple[str, str, str]], isolates: bool = True) -> Markup:
    """(colour class, key, label) of each series; a click on one singles out the marks with its `data-key`."""
    made = []
    for colour, key, label in entries:
        swatch = tag("span", class_=f"swatch b-{colour}")
        if isolates:
            made.append(tag("button", swatch, label, type="button", aria_pressed="false", data_isolate=key))
        else:
            made.append(tag("span", swatch, label, class_="entry"))
    return tag("div", *made, class_="legend")
