"""Writing the page Summary: five figures on top, then the lines."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.grid import Page
from masterplan.reports.recompute import Recomputed
from masterplan.reports.style import FINE_PERCENT
from masterplan.reports.summary import HEADS, figures
from masterplan.reports.timeline import FIRST_ROW
from masterplan.reports.timeline_page import shape_of, write_timeline

PLACES = (2, 5, 9, 13, 17)  # columns of the five figures
SPAN = 3
LINES_FROM = FIRST_ROW + 4


def write_summary(page: Page, table: pd.DataFrame, plan: Plan, numbers: Recomputed) -> None:
    """Figures in rows 7 and 8, lines below."""
    write_timeline(page, table, HEADS, LINES_FROM)
    for column, (label, value, kind) in zip(PLACES, figures(plan, numbers), strict=True):
        page.put(FIRST_ROW + 1, column, label, "figure_label")
        shape = FINE_PERCENT if kind == "share" else shape_of([] if value is None else [value])
        page.put(FIRST_ROW + 2, column, "none" if value is None else value, "figure", shape)
        if column > PLACES[0]:
            page.sheet.merge_cells(start_row=FIRST_ROW + 2, start_column=column, end_row=FIRST_ROW + 2, end_column=column + SPAN - 1)
    page.sheet.row_dimensions[FIRST_ROW + 2].height = 26
