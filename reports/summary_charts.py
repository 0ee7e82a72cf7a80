"""The two charts of the page Summary, drawn from its own cells: capex by system against its limit, and cash at the end of each year."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.reports.timeline import FIRST_YEAR_COLUMN, HEADER_ROW

OKABE_ITO = ("0072B2", "E69F00", "009E73", "D55E00", "56B4E9", "CC79A7", "F0E442", "7A5195", "8C6D31", "999999")


def capex_chart(sheet: Worksheet, stacked: range, limit: int | None, years: int, money: str) -> None:
    """Stacked columns of the rows `stacked`, and a dashed line of the row `limit` where there is one; rows 10 to 25, left."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    for place, row in enumerate(stacked):
        series = _series(sheet, row, years)
        series.graphicalProperties = GraphicalProperties(solidFill=OKABE_ITO[place % len(OKABE_ITO)])
        chart.series.append(series)
    if limit is not None:
        line = LineChart()
        line.series.append(_drawn(_series(sheet, limit, years), "000000", "sysDash"))
        chart += line
    _finish(chart, sheet, f"Capex by system [{money}]", years)
    _place(chart, sheet, 1, FIRST_YEAR_COLUMN + 2)


def cash_chart(sheet: Worksheet, row: int, years: int, money: str) -> None:
    """A line of the row; rows 10 to 25, right."""
    chart = LineChart()
    chart.series.append(_drawn(_series(sheet, row, years), OKABE_ITO[0], "solid"))
    _finish(chart, sheet, f"Cash at the end of the year [{money}]", years)
    chart.legend = None
    _place(chart, sheet, FIRST_YEAR_COLUMN + 2, max(FIRST_YEAR_COLUMN + years - 1, FIRST_YEAR_COLUMN + 8))


def _series(sheet: Worksheet, row: int, years: int) -> Any:
    first, last = FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + years - 1
    series = Series(Reference(sheet, first, row, last, row), title_from_data=False)
    series.tx = SeriesLabel(strRef=StrRef(f"'{sheet.title}'!$B${row}"))
    return series


def _drawn(series: Any, colour: str, dash: str) -> Any:
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, prstDash=dash, w=22_000))
    series.marker.symbol = "none"
    series.smooth = False
    return series


def _finish(chart: Any, sheet: Worksheet, title: str, years: int) -> None:
    chart.set_categories(Reference(sheet, FIRST_YEAR_COLUMN, HEADER_ROW, FIRST_YEAR_COLUMN + years - 1, HEADER_ROW))
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    chart.title.overlay = False
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.y_axis.number_format = "0", "#,##0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E0E0E0"))
    chart.x_axis.txPr = chart.y_axis.txPr = RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=800)), endParaRPr=None)]
    )
    if chart.legend is not None:
        chart.legend.position = "b"


def _place(chart: Any, sheet: Worksheet, left: int, right: int) -> None:
    """Between columns `left` and `right`, counted from 0, in rows 10 to 25: anchored to cells, so that column widths do no harm."""
    top, bottom = 9, 25
    chart.anchor = TwoCellAnchor("twoCell", _from=AnchorMarker(col=left, row=top), to=AnchorMarker(col=right, row=bottom))
    sheet.add_chart(chart)
