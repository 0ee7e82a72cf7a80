"""Writing the page Summary: five figures on top, charts, then the lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import live_bridge, summary, summary_charts
from masterplan.reports.charts import GAP, HEIGHT, anchored
from masterplan.reports.grid import Page
from masterplan.reports.live_book import Live
from masterplan.reports.live_bridge import Bridge
from masterplan.reports.live_summary import lines_of, link_summary
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.style import FINE_PERCENT
from masterplan.reports.summary import CAPEX, CAPEX_LIMIT, CASH, FULL, HEADS, figures
from masterplan.reports.timeline import FIRST_ROW, years_of
from masterplan.reports.timeline_page import TOTAL, shape_of, write_timeline

PLACES = (2, 5, 9, 13, 17)  # columns of the five figures
SPAN = 3


def lines_from(studies: int) -> int:
    """The row in which the lines begin, below the charts: two of the plan beside each other, twice, then those of studies."""
    return FIRST_ROW + 4 + (2 + (studies + 1) // 2) * (HEIGHT + GAP)


def write_summary(page: Page, table: pd.DataFrame, plan: Plan, numbers: Recomputed, first: int, live: Live | None = None) -> dict[str, int]:
    """Figures in rows 7 and 8, lines from the row `first` on, what `live` works out linked; returns the row of each section's bar."""
    bars = write_timeline(page, table, HEADS, first, live is not None)
    if live:
        link_summary(page, table, plan, live, first)
    places = lines_of(table, summary.RESULT, first)
    for column, (label, value, line) in zip(PLACES, figures(plan, numbers), strict=True):
        page.put(FIRST_ROW + 1, column, label, "figure_label")
        shape = FINE_PERCENT if line == summary.GAP else shape_of([] if value is None else [value])
        page.put(FIRST_ROW + 2, column, "none" if value is None else value, "figure", shape)
        if live and value is not None:
            page.formula(FIRST_ROW + 2, column, f"$F${places[line]}", page.number_at(places[line], TOTAL))
        if column > PLACES[0]:
            page.sheet.merge_cells(start_row=FIRST_ROW + 2, start_column=column, end_row=FIRST_ROW + 2, end_column=column + SPAN - 1)
    page.sheet.row_dimensions[FIRST_ROW + 2].height = 26
    return bars


def draw_summary(
    page: Page, table: pd.DataFrame, plan: Plan, bars: dict[str, int], bridge: Bridge | None = None, studies: Sequence[Any] = ()
) -> None:
    """The charts, when all their cells are written: a chart draws from the rows of its section."""
    money, years, sheet = money_unit(plan.case), len(plan.case.years), page.sheet
    lines = table.loc[table["section"] == CAPEX, ["item", "style"]].to_dict("records")
    rows = dict(enumerate(lines, start=bars[CAPEX] + 1))
    stacked = [row for row, line in rows.items() if line["style"] == "number" and line["item"] != CAPEX_LIMIT]
    limits = [row for row, line in rows.items() if line["item"] == CAPEX_LIMIT]
    if stacked:
        limit, greatest = limits[0] if limits else None, _greatest(table, CAPEX)
        summary_charts.capex_chart(sheet, range(stacked[0], stacked[-1] + 1), limit, years, money, greatest)
    summary_charts.cash_chart(sheet, bars[CASH] + int((table["section"] == CASH).sum()), years, money, _greatest(table, CASH))
    summary_charts.full_chart(sheet, range(bars[FULL] + 1, bars[FULL] + 3), years)
    if bridge is not None:
        summary_charts.bridge_chart(sheet, sheet.parent[live_bridge.SHEET], bridge, years, money)
    for number, chart in enumerate(studies):
        anchored(chart, sheet, summary_charts.half(number % 2, years), summary_charts.row_of(2 + number // 2))


def _greatest(table: pd.DataFrame, section: str) -> float:
    """The greatest number of a section, whatever its sign."""
    values = table.loc[table["section"] == section, years_of(table)].to_numpy().ravel().tolist()
    return max((abs(value) for value in values if value is not None), default=0.0)
