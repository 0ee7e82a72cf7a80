"""The money of the report: capex against its limit, and cash over the years."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from masterplan.reports import svg
from masterplan.reports.html_table import by_years, details
from masterplan.reports.markup import Markup, amount
from masterplan.reports.names import in_order, project_systems
from masterplan.reports.report_parts import Told, figure, section
from masterplan.reports.svg_bars import stacked
from masterplan.reports.svg_lines import lines
from masterplan.reports.timeline import by_year

FEW = 2  # systems; below it projects are told apart instead
Series = dict[int, float]


def capex(told: Told) -> Markup:
    """Capex by system (by project, where there is one system only) against the limit, and what carries over."""
    spend, budget, years = told.numbers.capex, told.numbers.budget, told.years
    of_project = {key[0]: values for key, values in by_year(spend, ("project",), "total").items()}
    systems = project_systems(told.plan.case)
    grouped: dict[str, Series] = {}
    many = len({systems[project] for project, values in of_project.items() if any(values.values())}) >= FEW
    for system, project in in_order(systems):
        values = grouped.setdefault(system if many else project, {})
        for year, value in of_project.get(project, {}).items():
            values[year] = values.get(year, 0.0) + value
    series = {name: values for name, values in grouped.items() if any(values.values())}
    colours = [told.colours[name] if many else place % svg.COLOURS for place, name in enumerate(series)]
    limits = {name: _column(budget, name) for name in ("limit", "available", "committed_inside")} if len(budget) else {}
    drawn: dict[str, tuple[str, Mapping[int, float]]] = {}
    if limits:
        room = {year: limits["available"][year] - limits["committed_inside"][year] for year in limits["available"]}
        drawn["limit of the year"] = ("limit", limits["limit"])
        if any(abs(room[year] - limits["limit"][year]) > 1e-9 * max(1.0, limits["limit"][year]) for year in room):
            drawn["with what carries over"] = ("limit2", room)
    total = {year: sum(values.get(year, 0.0) for values in series.values()) for year in years}
    peak = max(years, key=lambda year: total[year])
    said = f"{amount(sum(total.values()))} {told.money} in all, most in {peak}: {amount(total[peak])} {told.money}."
    against = " against the capex limit (dashed)" if limits else ""
    carried = " What carries over (dotted) is left out where it is far above." if len(drawn) > 1 else ""
    caption = (
        f"Capex by {'system' if many else 'project'} and year{against}, in {told.money}. {said}{carried} A click on a name singles it out."
    )
    rows = [(name, told.money, values) for name, values in [*series.items(), ("All", total)]]
    rows += [(name[:1].upper() + name[1:], told.money, dict(values)) for name, (_, values) in drawn.items()]
    return section(
        "capex",
        "Where the money goes",
        figure(
            caption,
            stacked("capex-chart", "Capex by year", said, years, series, drawn, told.money, colours),
            svg.legend((f"c{colour}", f"s{place}", name) for place, (colour, name) in enumerate(zip(colours, series, strict=True))),
            details("Numbers", by_years(rows, years, f"Capex in {told.money}")),
        ),
    )


def cash(told: Told) -> Markup:
    """Cash at the end of each year, and the plan's own flow and its present value summed up."""
    numbers, years = told.numbers, told.years
    position = numbers.cash_position
    closing, least = _column(position, "closing"), _column(position, "minimum")
    flow, present = _summed(_column(numbers.present_value, "cash_flow")), _summed(_column(numbers.present_value, "present_value"))
    series: dict[str, Series] = {"cash at year's end": closing, "own flow, summed up": flow, "its present value": present}
    if any(value == value for value in least.values()):
        series["least cash allowed"] = {year: value for year, value in least.items() if value == value}
    low = min(years, key=lambda year: closing[year])
    totals = numbers.totals
    said = f"Cash is lowest at the end of {low}: {amount(closing[low])} {told.money}. "
    deep = totals["peak_funding_need"] or 0.0
    if deep > 0:
        back = totals["payback_year"]
        after = f"above zero for good from {int(back)}" if back is not None else "still below at the end"
        said += f"The plan's own flow is deepest at {amount(deep)} {told.money} below zero, and {after}."
    else:
        said += "The plan's own flow is never below zero."
    caption = f"Cash account, and the plan's cash flow before financing summed over the years, in {told.money}. {said}"
    rows = [
        ("Net cash of the year", told.money, _column(position, "net")),
        *((name, told.money, values) for name, values in series.items()),
    ]
    chart = lines("cash-chart", "Cash over the years", said, years, series, told.money)
    return section("cash", "Cash over time", figure(caption, chart, details("Numbers", by_years(rows, years, f"Cash in {told.money}"))))


def _column(rows: pd.DataFrame, name: str) -> Series:
    return {int(year): float(value) for year, value in zip(rows["year"], rows[name], strict=True)}


def _summed(values: Series) -> Series:
    running, found = 0.0, {}
    for year, value in values.items():
        running += value
        found[year] = running
    return found
