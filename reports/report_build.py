"""What the report shows of building: the Gantt chart, capacity ramps, and what is reached when."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports import svg
from masterplan.reports.gates import first_open
from masterplan.reports.html_table import by_years, details, heat, table
from masterplan.reports.markup import Markup, amount, percent, tag
from masterplan.reports.report_parts import Told, figure, section
from masterplan.reports.svg_gantt import gantt, states
from masterplan.reports.svg_ramps import ramp
from masterplan.reports.targets import first_reached, targets_of, unit_of
from masterplan.reports.timeline import by_year

NOISE = 1e-9
MOST = 80  # rows or small charts; beyond it nobody looks
Row = tuple[str, str, list[tuple[str, str, str]]]
State = tuple[str, str, dict[int, tuple[float, float, float]]]


def built(told: Told) -> Markup:
    """Every project that stands or is built, by system."""
    rows, years = states(told.plan, told.numbers), told.years
    if not rows:
        return section("build", "What is built when", tag("p", "Nothing is started, and nothing was under construction."))
    started = sum(1 for _, _, found in rows if any(state[0] > NOISE for state in found.values()))
    rows, every = _dearest(told, rows), len(rows)
    systems = list(dict.fromkeys(system for system, _, _ in rows))
    said = f"{started} of {len(told.plan.case.names('projects'))} projects are started; a row for each project that is built or stands."
    said += _left_out(every, "projects, those that cost most")
    caption = "Hatched is building, solid is standing (fuller with more modules), +3 is three modules started in that year. "
    entries = [(f"c{told.colours[system]}", "", system) for system in systems]
    numbers = table(
        ["Project", "System", "Year", "Started", "Under construction", "Standing"],
        [[project, system, str(year), *map(amount, found[year])] for system, project, found in rows for year in years if any(found[year])],
        frozenset(range(2, 6)),
        "Modules by project and year",
    )
    chart = gantt("gantt", told.plan, rows, told.colours, "What is built when", said)
    return section(
        "build", "What is built when", figure(caption + said, chart, svg.legend(entries, isolates=False), details("Numbers", numbers))
    )


def ramps(told: Told) -> Markup:
    """A small chart for each activity that has a capacity in some year."""
    rows, case, years = told.numbers.capacity, told.plan.case, told.years
    capacity, level = ({key[0]: values for key, values in by_year(rows, ("activity",), name).items()} for name in ("capacity", "level"))
    units = case.attribute("activities", "unit")
    shown = [name for name in case.names("activities") if any(value > NOISE for value in capacity[name].values())]
    drawn = sorted(shown, key=lambda name: -len(set(capacity[name].values())))[:MOST] if len(shown) > MOST else shown
    charts = [ramp(f"ramp{place}", name, units[name], years, capacity[name], level[name]) for place, name in enumerate(drawn)]
    lines = [(f"{name}: {what}", units[name], of[name]) for name in shown for what, of in (("capacity", capacity), ("level", level))]
    caption = "Steps are capacity, the line is the level that the plan runs; each chart has its own scale, from zero."
    caption += _left_out(len(shown), "activities, those whose capacity changes most often")
    content = figure(caption, tag("div", *charts, class_="small"), details("Numbers", by_years(lines, years, "Capacity and level")))
    return section("capacity", "How capacity grows", content if shown else tag("p", "No activity has a capacity in any year."))


def milestones(told: Told) -> Markup:
    """Targets, gates and synergies by year; nothing where the case has none."""
    rows = [*_targets(told), *_gates(told), *_synergies(told)]
    if not rows:
        return Markup("")
    caption = (
        "✓ marks the years in which a target is reached, a gate is open or a synergy counts; a share says how much of a target there is."
    )
    heads = ["", *map(str, told.years)]
    return section("milestones", "What is reached when", figure(caption, heat(heads, rows, "Targets, gates and synergies by year")))


def _dearest(told: Told, rows: list[State]) -> list[State]:
    """The projects with most capex, in the order of the rows."""
    spent = told.numbers.capex.groupby("project")["total"].sum()
    kept = set(sorted((project for _, project, _ in rows), key=lambda project: -spent.get(project, 0.0))[:MOST])
    return [row for row in rows if row[1] in kept]


def _left_out(count: int, what: str) -> str:
    return f" Shown are {MOST} of {count} {what}." if count > MOST else ""


def _targets(told: Told) -> Iterator[Row]:
    case, numbers = told.plan.case, told.numbers.targets
    senses = case.attribute("limits", "sense")
    for target in targets_of(case):
        rows = numbers[numbers["target"] == target]
        is_floor, unit = senses[target] == "at_least", unit_of(case, target)
        found = {
            int(year): (float(reached), float(bound)) for year, reached, bound in rows[["year", "reached", "bound"]].itertuples(index=False)
        }
        if not any(bound for _, bound in found.values()) and not any(rows["missed"]):
            continue  # it asks for nothing
        first = first_reached(rows, is_floor)
        cells = []
        for year in told.years:
            if year not in found:
                cells.append(("", "hx", ""))
                continue
            reached, bound = found[year]
            alone = rows[rows["year"] == year]
            is_met = first_reached(alone, is_floor) is not None
            tip = f"{target}, {year}: {amount(reached)} of {'at least' if is_floor else 'at most'} {amount(bound)} {unit}"
            cells.append(("✓", "yes", tip) if is_met else (percent(reached / bound) if bound else amount(reached), "no", tip))
        yield target, f"first in {first}" if first is not None else "not reached", cells


def _gates(told: Told) -> Iterator[Row]:
    first = first_open(told.plan)
    for gate in told.plan.case.names("gates"):
        opened = first.get(gate)
        cells = [
            ("✓", "yes", f"{gate} is open in {year}") if opened is not None and year >= opened else ("–", "no", "") for year in told.years
        ]
        yield gate, f"gate, open from {opened}" if opened is not None else "gate, stays shut", cells


def _synergies(told: Told) -> Iterator[Row]:
    active = {(str(name), int(year)) for name, year, value in told.plan.synergies.itertuples(index=False) if float(value) > 0.5}
    for synergy in told.plan.case.names("synergies"):
        years = [year for year in told.years if (synergy, year) in active]
        cells = [("✓", "yes", f"{synergy} counts in {year}") if year in years else ("–", "no", "") for year in told.years]
        yield synergy, f"synergy, from {years[0]}" if years else "synergy, never", cells
