"""The Gantt chart: a row per project that stands or is built; hatched is building, solid is standing, `+3` is three modules started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from masterplan.data.plan import Plan
from masterplan.reports import svg
from masterplan.reports.markup import Markup, amount, joined, tag
from masterplan.reports.names import in_order, project_systems
from masterplan.reports.recompute import Recomputed

LEFT, ROW, TOP = 190.0, 26.0, 26.0
NOISE = 1e-9
State = tuple[float, float, float]  # modules started, under construction, alive


def states(plan: Plan, numbers: Recomputed) -> list[tuple[str, str, dict[int, State]]]:
    """(system, project, year -> state) of every project with a module in some year, by system."""
    found: dict[str, dict[int, State]] = {}
    for project, year, *state in numbers.modules.itertuples(index=False):
        found.setdefault(project, {})[int(year)] = (float(state[0]), float(state[1]), float(state[2]))
    return [
        (system, project, found[project])
        for system, project in in_order(project_systems(plan.case))
        if any(max(state) > NOISE for state in found[project].values())
    ]


def gantt(
    name: str, plan: Plan, rows: Sequence[tuple[str, str, dict[int, State]]], colours: Mapping[str, int], title: str, description: str
) -> Markup:
    """Where a project builds and stands in the same year, the bar is split: hatched above, solid below."""
    years = plan.case.years
    room = (svg.WIDTH - LEFT) / len(years)
    height = TOP + ROW * len(rows) + 8
    hatch = tag("pattern", tag("path", d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", class_="hatchline"), **_HATCH)
    parts = [tag("defs", hatch)]
    step = max(1, round(34.0 / room + 0.49))
    for place, year in enumerate(years):
        x = LEFT + room * place
        parts.append(svg.line(x, TOP - 4, x, height - 8, "grid"))
        if place % step == 0:
            parts.append(svg.words(x + room / 2, 14, str(year), "tick", "middle"))
    for place, (system, project, found) in enumerate(rows):
        y = TOP + ROW * place
        parts.append(svg.words(LEFT - 10, y + 16, project, "name", "end", most=26))
        most = max(max(state) for state in found.values())
        colour = f"c{colours[system]}"
        parts += [_cell(project, year, found[year], LEFT + room * at, y, room, colour, most) for at, year in enumerate(years)]
    return svg.drawing(name, title, description, height, *parts)


_HATCH = {"id": "hatch", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}


def _cell(project: str, year: int, state: State, x: float, y: float, room: float, colour: str, most: float) -> Markup:
    started, building, alive = state
    top, full = y + 3, ROW - 6
    parts = []
    tip = f"{project}, {year}: {_told(state)}"
    split = building > NOISE and alive > NOISE
    if alive > NOISE:
        height = full / 2 if split else full
        # the more of the project's modules stand, the fuller the colour
        look = f"mark {colour} o{min(4, 1 + int(3.999 * alive / most))}"
        parts.append(svg.mark("rect", tip, x=x, y=top + full - height, width=room, height=height, class_=look))
    if building > NOISE:
        height = full / 2 if split else full
        parts.append(tag("rect", x=x, y=top, width=room, height=height, class_="ground"))
        parts.append(svg.mark("rect", tip, x=x, y=top, width=room, height=height, class_="mark hatched", fill="url(#hatch)"))
    if started > NOISE and room >= 30:
        told = f"+{amount(started, 2 if started < 10 else 3)}"
        parts.append(tag("text", told, x=x + 3, y=top + (9 if split else 14), class_="start"))
    return joined(parts)


def _told(state: State) -> str:
    started, building, alive = state
    parts = [f"{amount(started)} modules started"] if started > NOISE else []
    parts += [f"{amount(building)} under construction"] if building > NOISE else []
    parts += [f"{amount(alive)} standing"] if alive > NOISE else []
    return ", ".join(parts)
