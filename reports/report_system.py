"""How the system of the plan hangs together: where it is tight, who makes and uses what, and what fits what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from masterplan.reports import binding, resource_use, svg, svg_map, value_flows
from masterplan.reports.html_table import details, heat, shade, table
from masterplan.reports.markup import Markup, amount, empty, joined, nearly, tag
from masterplan.reports.report_parts import Told, figure, section
from masterplan.reports.svg_sankey import sankey
from masterplan.reports.value_flows import NOTHING

NOISE = 1e-9
MOST, MOST_LINKS, MOST_BOXES = 80, 150, 160  # resources, flows of a year, boxes of the map; beyond it nobody looks


def tight(told: Told) -> Markup:
    """The heat map: how much of what is available of each resource is used, year by year."""
    units, used = told.plan.case.attribute("resources", "unit"), resource_use.table(told.plan, told.numbers)
    rows, left_out, free = [], [], []
    for resource, years in used.groupby("resource", sort=False):
        used_at_all = years["use"] > NOISE
        if not used_at_all.any():
            left_out.append(str(resource))
            continue
        if years[used_at_all]["share"].isna().all():
            free.append(str(resource))
            continue
        cells = [_cell(told, str(resource), str(units[resource]), row) for row in years.to_dict("records")]
        rows.append((str(resource), str(units[resource]), cells))
    every = len(rows)
    rows = sorted(rows, key=lambda row: -sum(cell[1].endswith("full") for cell in row[2]))[:MOST] if every > MOST else rows
    caption = (
        "Share that is used of what is available: what makers could make with all their capacity, what may be bought, what is in stock. "
        "A heavy edge marks all of it; ∞ marks what nothing limits."
    )
    if every > MOST:
        caption += f" Shown are {MOST} of {every} resources, those that are used up in most years."
    if told.prices:
        caption += " Point at a cell for its price with builds fixed: what one more unit is worth."
    if free:
        caption += f" Never limited: {', '.join(free)}."
    if left_out:
        caption += f" Not used in any year: {', '.join(left_out)}."
    found = binding.table(told.plan, told.numbers)
    lines = [[row["section"], row["item"], *("×" if row[year] else "" for year in told.years)] for row in found.to_dict("records")]
    at_limit = details(
        "Everything that is at its limit", table(["What", "Name", *map(str, told.years)], lines, caption="× marks a year at the limit")
    )
    return section(
        "tight", "Where the plan is tight", figure(caption, heat(["", *map(str, told.years)], rows, "Use of resources by year"), at_limit)
    )


def _cell(told: Told, resource: str, unit: str, row: Mapping[Any, Any]) -> tuple[str, str, str]:
    year, use, available, share = int(row["year"]), row["use"], row["available"], row["share"]
    there = "no limit" if math.isinf(available) else f"{amount(available)} {unit} available"
    tip = f"{resource}, {year}: {amount(use)} {unit} used, {there}"
    if (resource, year) in told.prices:
        price, per = told.prices[resource, year]
        tip += f"; one more is worth {amount(price)} {per}"
    text = "–" if use <= NOISE else "∞" if math.isnan(share) else nearly(share)
    return text, "hx" if use <= NOISE else shade(share), tip


def flows(told: Told) -> Markup:
    """A picture of each year with a flow of value, shown one at a time."""
    worth = value_flows.worth_of_units(told.plan, told.numbers, {key: price for key, (price, _) in told.prices.items()})
    every = value_flows.table(told.plan, told.numbers, worth)
    every = every[every["quantity"] > NOISE]
    if not (every["value"] > 0).any():
        return Markup("")
    years = told.years
    colours = {resource: place for place, resource in enumerate(told.plan.case.names("resources"))}
    last = years[-1]
    views = [
        tag("div", _view(year, every[every["year"] == year], colours, told.money), data_view=str(year), hidden=year != last)
        for year in years
    ]
    slider = tag(
        "div",
        tag("label", "Year", for_="flow-year"),
        empty("input", type="range", id="flow-year", min=years[0], max=last, step=1, value=last, aria_valuetext=str(last)),
        tag("output", str(last), for_="flow-year"),
        class_="year",
    )
    nothing = [name for name in colours if all(worth[name, year][1] == NOTHING for year in told.years)]
    without = sorted({str(name) for name in every["resource"]} & set(nothing), key=lambda name: colours[name])
    caption = (
        f"Flows of a year, as wide as their value in {told.money}, since unlike units cannot be compared; every year has its own scale. "
        "A unit is worth what the plan sells it for, else what it buys it for, else its price with builds fixed where a study found it, "
        "else the running cost of making it."
    )
    caption += f" Worth nothing by these, and not drawn: {', '.join(without)}." if without else ""
    return section(
        "flows",
        "Who makes and uses what",
        figure(caption, slider if len(years) > 1 else "", *views, details("Numbers", _numbers(told, every, worth))),
    )


def _view(year: int, rows: pd.DataFrame, colours: dict[str, int], money: str) -> Markup:
    if not (rows["value"] > 0).any():
        return tag("p", f"Nothing of value flows in {year}.")
    made = rows[rows["side"] == "makes"]["value"].sum()
    largest = rows.sort_values("value", ascending=False).iloc[0]
    flow = f"{largest['resource']} ({largest['who']}), {amount(largest['value'])}"
    said = f"{amount(made)} {money} are made or bought; the largest flow is {flow}."
    drawn = rows.nlargest(MOST_LINKS, "value")
    picture = sankey(f"flow{year}", str(year), f"Flows of value in {year}", said, drawn, colours, money)
    small = rows["value"].sum() - drawn["value"].sum()
    return (
        joined([picture, tag("p", f"Smaller flows of {amount(small)} {money} in all are not drawn.", class_="note")])
        if small > NOISE
        else picture
    )


def _numbers(told: Told, every: pd.DataFrame, worth: value_flows.Worth) -> Markup:
    units = told.plan.case.attribute("resources", "unit")
    rows = [
        [
            str(row["year"]),
            row["resource"],
            row["side"],
            row["who"],
            amount(row["quantity"]),
            units[row["resource"]],
            amount(row["value"]),
            source,
        ]
        for row in every.sort_values(["year", "value"], ascending=[True, False], kind="stable").to_dict("records")
        for source in [worth[row["resource"], row["year"]][1]]
    ]
    heads = ["Year", "Resource", "Side", "Who", "Quantity", "Unit", f"Value, {told.money}", "Valued by"]
    return table(heads, rows, frozenset({4, 6}), "Flows by year")


def activity_map(told: Told) -> Markup:
    """The map of the whole case; what the plan builds stands out."""
    case = told.plan.case
    links = svg_map.links_of(case)
    if not links:
        return Markup("")
    built = case.attribute("projects", "activity")
    starts: dict[str, float] = {}
    for project, _, modules in told.plan.starts.itertuples(index=False):
        if built.get(project) and float(modules) > NOISE:
            starts[str(built[project])] = starts.get(str(built[project]), 0.0) + float(modules)
    fits = sum(1 for link in links if link.look == "fits")
    linked = {end for link in links for end in (link.begin, link.end)}
    said = f"{len(linked)} activities and resources, {len(links)} link{'' if len(links) == 1 else 's'}, {fits} of them synergies."
    caption = (
        "Boxes are activities, coloured by system; round ones are resources; a heavy edge marks what the plan builds. Grey lines are made "
        "and used, dashed ones go into building, dotted ones must come first, thick green ones earn more together. " + said
    )
    rows = [[link.begin.split(" ", 1)[1], link.look, link.end.split(" ", 1)[1], link.tip] for link in links]
    behind = details("Links", table(["From", "Link", "To", "In words"], rows, caption="Links of the activity map"))
    if len(linked) > MOST_BOXES:
        return section("map", "What hangs together", tag("p", f"{said} They are too many for a picture."), behind)
    chart = svg_map.picture("map", case, starts, told.colours, "The activity map", said)
    return section("map", "What hangs together", figure(caption, chart, svg.legend(svg_map.legend_of(case, told.colours)), behind))
