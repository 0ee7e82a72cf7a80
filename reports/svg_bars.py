"""Stacked columns by year against a limit: how the report shows capex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, joined

LEFT, RIGHT, TOP, HEIGHT = 64.0, 16.0, 16.0, 320.0
WIDEST = 120.0  # column
FAR = 1.3  # times the columns and the first line
Series = Mapping[int, float]


def stacked(
    name: str,
    title: str,
    description: str,
    years: Sequence[int],
    series: Mapping[str, Series],
    lines: Mapping[str, tuple[str, Series]],
    unit: str,
    colours: Sequence[int],
) -> Markup:
    """A column per year, its parts in the colours of the series; `lines` are label -> (class of the line, values), a step across each year.

    What a line has far beyond all columns and the first line is left out of the picture, so that the columns can be read.
    """
    totals = {year: _sums(series, year) for year in years}
    first = next((values for _, values in lines.values()), {})
    high = max([0.0, *(up for up, _ in totals.values()), *first.values()])
    low = min([0.0, *(down for _, down in totals.values())])
    high = max([high, *(value for _, values in lines.values() for value in values.values() if value <= high * FAR)])
    marks = svg.ticks(low, high)
    scale = svg.linear(marks[0], marks[-1], TOP + HEIGHT, TOP)
    room = (svg.WIDTH - LEFT - RIGHT) / len(years)
    left = {year: LEFT + room * place for place, year in enumerate(years)}
    parts = [svg.y_axis(marks, scale, LEFT, svg.WIDTH - RIGHT)]
    parts += [_column(year, left[year], room, series, scale, unit, colours) for year in years]
    for label, (look, given) in lines.items():
        values = {year: value for year, value in given.items() if value <= marks[-1]}
        parts += [_step(label, look, year, left[year], room, value, scale(value), unit) for year, value in values.items() if year in left]
        known = [year for year in years if year in values]
        if known:
            x, y = left[known[-1]] + room, scale(values[known[-1]])
            parts.append(svg.words(x, y - 6, label, "label", "end"))
    parts.append(svg.x_years(years, lambda year: left[int(year)] + room / 2, TOP + HEIGHT + 20, room))
    return svg.drawing(name, title, description, TOP + HEIGHT + 32, *parts)


def _sums(series: Mapping[str, Series], year: int) -> tuple[float, float]:
    found = [values.get(year, 0.0) for values in series.values()]
    return sum(value for value in found if value > 0), sum(value for value in found if value < 0)


def _column(year: int, x: float, room: float, series: Mapping[str, Series], scale: svg.Scale, unit: str, colours: Sequence[int]) -> Markup:
    up, down, wide = 0.0, 0.0, min(room * 0.72, WIDEST)
    parts = []
    for place, (label, values) in enumerate(series.items()):
        value = values.get(year, 0.0)
        if not value:
            continue
        begin = up if value > 0 else down
        end = begin + value
        up, down = (end, down) if value > 0 else (up, end)
        top, bottom = min(scale(begin), scale(end)), max(scale(begin), scale(end))
        parts.append(
            svg.mark(
                "rect",
                f"{label}, {year}: {amount(value)} {unit}",
                x=x + (room - wide) / 2,
                y=top,
                width=wide,
                height=max(0.4, bottom - top),
                class_=f"mark c{colours[place]}",
                data_key=f"s{place}",
            )
        )
    return joined(parts)


def _step(label: str, look: str, year: int, x: float, room: float, value: float, y: float, unit: str) -> Markup:
    return svg.mark("line", f"{label}, {year}: {amount(value)} {unit}", x1=x, x2=x + room, y1=y, y2=y, class_=f"mark {look}")
