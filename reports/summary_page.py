"""Writing the page Summary: five figures on top, two charts, then the lines."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.grid import Page
from masterplan.reports.live_book import Live, row_numbers
from masterplan.reports.live_summary import link_summary
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.style import FINE_PERCENT
from masterplan.reports.summary import CAPEX, CAPEX_LIMIT, CASH, HEADS, figures
from masterplan.reports.summary_charts import capex_chart, cash_chart
from masterplan.reports.timeline import FIRST_ROW
from masterplan.reports.timeline_page import shape_of, write_timeline

PLACES = (2, 5, 9, 13, 17)  # columns of the five figures
SPAN = 3
LINES_FROM = FIRST_ROW + 21


def write_summary(page: Page, table: pd.DataFrame, plan: Plan, numbers: Recomputed, live: Live | None = None) -> None:
    """Figures in rows 7 and 8, charts in rows 10 to 25, lines below; what `live` works out is linked."""
    bars = write_timeline(page, table, HEADS, LINES_FROM, live is not None)
    if live:
        link_summary(page, table, plan, live, row_numbers(table, LINES_FROM))
    for column, (label, value, kind) in zip(PLACES, figures(plan, numbers), strict=True):
        page.put(FIRST_ROW + 1, column, label, "figure_label")
        shape = FINE_PERCENT if kind == "share" else shape_of([] if value is None else [value])
        page.put(FIRST_ROW + 2, column, "none" if value is None else value, "figure", shape)
        if column > PLACES[0]:
            page.sheet.merge_cells(start_row=FIRST_ROW + 2, start_column=column, end_row=FIRST_ROW + 2, end_column=column + SPAN - 1)
    page.sheet.row_dimensions[FIRST_ROW + 2].height = 26
    _charts(page, table, plan, bars)


def _charts(page: Page, table: pd.DataFrame, plan: Plan, bars: dict[str, int]) -> None:
    money, years = money_unit(plan.case), len(plan.case.years)
    lines = table.loc[table["section"] == CAPEX, ["item", "style"]].to_dict("records")
    rows = dict(enumerate(lines, start=bars[CAPEX] + 1))
    stacked = [row for row, line in rows.items() if line["style"] == "number" and line["item"] != CAPEX_LIMIT]
    limits = [row for row, line in rows.items() if line["item"] == CAPEX_LIMIT]
    if stacked:
        capex_chart(page.sheet, range(stacked[0], stacked[-1] + 1), limits[0] if limits else None, years, money)
    closing = bars[CASH] + int((table["section"] == CASH).sum())
    cash_chart(page.sheet, closing, years, money)
