"""The charts of the page Summary: capex against its limit, cash, the way to NPV, and how much is at its limit."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.reports.charts import GAP, HEIGHT, OKABE_ITO, anchored, drawn, filled, finish, money_axis, series
from masterplan.reports.live_bridge import DOWN, SHOWN, UP, Bridge
from masterplan.reports.timeline import FIRST_YEAR_COLUMN, HEADER_ROW

FIRST_CHART = 10  # row


def half(which: int, years: int) -> tuple[int, int]:
    """The columns of a chart on the left (0) or on the right (1)."""
    middle = FIRST_YEAR_COLUMN + 2
    return (middle, max(FIRST_YEAR_COLUMN + years - 1, FIRST_YEAR_COLUMN + 8)) if which else (1, middle)


def row_of(which: int) -> int:
    """The first row of the charts beside each other, counted from 0."""
    return FIRST_CHART + which * (HEIGHT + GAP)


def capex_chart(sheet: Worksheet, stacked: range, limit: int | None, years: int, money: str, greatest: float) -> None:
    """Stacked columns of the rows `stacked`, and a dashed line of the row `limit` where there is one."""
    chart = _columns(sheet, stacked, years)
    if limit is not None:
        line = LineChart()
        line.series.append(drawn(_of_row(sheet, limit, years), "000000", "sysDash"))
        chart += line
    finish(chart, f"Capex by system [{money}]", y_format=money_axis(greatest))
    anchored(chart, sheet, half(0, years), row_of(0))


def cash_chart(sheet: Worksheet, row: int, years: int, money: str, greatest: float) -> None:
    """A line of the row."""
    chart = LineChart()
    chart.series.append(drawn(_of_row(sheet, row, years), OKABE_ITO[0]))
    _over_years(chart, sheet, years)
    finish(chart, f"Cash at the end of the year [{money}]", y_format=money_axis(greatest), legend=False)
    anchored(chart, sheet, half(1, years), row_of(0))


def full_chart(sheet: Worksheet, rows: range, years: int) -> None:
    """How many capacities and markets are used to the full, year by year."""
    chart = _columns(sheet, rows, years)
    finish(chart, "In full use: capacities, and limits of markets [count]")
    anchored(chart, sheet, half(1, years), row_of(1))


def bridge_chart(sheet: Worksheet, steps: Worksheet, bridge: Bridge, years: int, money: str) -> None:
    """The way to NPV: columns that stand on what was summed up before; its cells are those of the sheet `steps`."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 30
    colours = {UP: OKABE_ITO[2], DOWN: OKABE_ITO[3]}
    for column, name in SHOWN.items():
        chart.series.append(filled(_of_column(steps, column, bridge), colours.get(name, OKABE_ITO[0] if name else None)))
    chart.set_categories(Reference(steps, 1, bridge.first, 1, bridge.last))
    finish(chart, f"From sales to NPV, discounted [{money}]", "General", money_axis(bridge.greatest), legend=False)
    chart.x_axis.tickLblPos = "low"
    anchored(chart, sheet, half(0, years), row_of(1))


def _of_column(sheet: Worksheet, column: int, bridge: Bridge) -> Any:
    return series(sheet, (column, bridge.first, column, bridge.last), sheet.cell(HEADER_ROW, column).coordinate)


def _columns(sheet: Worksheet, rows: range, years: int) -> Any:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    for at, row in enumerate(rows):
        chart.series.append(filled(_of_row(sheet, row, years), OKABE_ITO[at % len(OKABE_ITO)]))
    _over_years(chart, sheet, years)
    return chart


def _of_row(sheet: Worksheet, row: int, years: int) -> Any:
    return series(sheet, (FIRST_YEAR_COLUMN, row, FIRST_YEAR_COLUMN + years - 1, row), f"$B${row}")


def _over_years(chart: Any, sheet: Worksheet, years: int) -> None:
    chart.set_categories(Reference(sheet, FIRST_YEAR_COLUMN, HEADER_ROW, FIRST_YEAR_COLUMN + years - 1, HEADER_ROW))
