"""How capacity grows: a small chart per activity, its capacity as steps and its level as a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, tag

WIDTH, HEIGHT, TOP, BOTTOM = 260.0, 128.0, 26.0, 18.0


def ramp(name: str, activity: str, unit: str, years: Sequence[int], capacity: Mapping[int, float], level: Mapping[int, float]) -> Markup:
    """From zero to the most that there ever is; the last year's capacity is written out."""
    most = max([*capacity.values(), *level.values(), 1e-12])
    scale = svg.linear(0.0, most, HEIGHT - BOTTOM, TOP)
    room = WIDTH / len(years)
    begin = {year: room * place for place, year in enumerate(years)}
    stairs = [point for year in years for point in ((begin[year], scale(capacity[year])), (begin[year] + room, scale(capacity[year])))]
    ground = HEIGHT - BOTTOM
    area = f"{svg.path([(0.0, ground), *stairs, (WIDTH, ground)])} Z"
    centre = [(begin[year] + room / 2, scale(level[year])) for year in years]
    track = centre if len(years) > 1 else [(0.0, centre[0][1]), (WIDTH, centre[0][1])]
    last = years[-1]
    parts = [
        tag("text", svg.cut(activity, 26), tag("tspan", f" {svg.cut(unit, 20)}", class_="unit"), x=0.0, y=14.0, class_="name"),
        tag("path", d=area, class_="area"),
        tag("path", d=svg.path(stairs), class_="stairs"),
        tag("path", d=svg.path(track), class_="track"),
        svg.line(0.0, ground, WIDTH, ground, "axis"),
        svg.words(0.0, HEIGHT - 4, str(years[0]), "tick"),
        svg.words(WIDTH, HEIGHT - 4, f"{last}: {amount(capacity[last], 3)}", "tick", "end"),
    ]
    for year in years:
        tip = f"{activity}, {year}: level {amount(level[year])} of capacity {amount(capacity[year])} {unit}"
        parts.append(svg.mark("rect", tip, x=begin[year], y=TOP, width=room, height=ground - TOP, class_="mark clear"))
    told = (
        f"Capacity from {amount(capacity[years[0]])} in {years[0]} to {amount(capacity[last])} in {last}, "
        f"level from {amount(level[years[0]])} to {amount(level[last])} {unit}."
    )
    return svg.drawing(name, f"{activity}: capacity and level", told, HEIGHT, *parts, width=WIDTH, small=True)
