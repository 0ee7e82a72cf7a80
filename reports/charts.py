"""What the charts of the workbook share: series drawn from cells, axes that can be read, a place between cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

OKABE_ITO = ("0072B2", "E69F00", "009E73", "D55E00", "56B4E9", "CC79A7", "F0E442", "7A5195", "8C6D31", "999999")
HEIGHT, GAP = 16, 1  # rows of a chart, and between two
COARSE = 10.0  # an axis that reaches so far is divided into whole numbers


def series(sheet: Worksheet, cells: tuple[int, int, int, int], name: str) -> Any:
    """Numbers of cells (first column, first row, last column, last row) with the cell that names them."""
    made = Series(Reference(sheet, *cells), title_from_data=False)
    made.tx = SeriesLabel(strRef=StrRef(f"{quote_sheetname(sheet.title)}!{name}"))
    return made


def filled(made: Any, colour: str | None) -> Any:
    """A series of bars in one colour; none for the part that carries another and is not seen."""
    made.graphicalProperties = GraphicalProperties(solidFill=colour) if colour else GraphicalProperties(noFill=True)
    made.graphicalProperties.line = LineProperties(noFill=True)
    made.invertIfNegative = False
    return made


def drawn(made: Any, colour: str, dash: str = "solid") -> Any:
    """A series as a line."""
    made.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, prstDash=dash, w=22_000))
    made.marker.symbol = "none"
    made.smooth = False
    return made


def finish(chart: Any, title: str, x_format: str = "0", y_format: str = "#,##0", legend: bool = True) -> None:
    """Title above the plot, both axes shown, light gridlines, small type."""
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    chart.title.overlay = False
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.y_axis.number_format = x_format, y_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E0E0E0"))
    chart.x_axis.txPr = chart.y_axis.txPr = RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=800)), endParaRPr=None)]
    )
    if legend:
        chart.legend.position = "b"
    else:
        chart.legend = None


def money_axis(greatest: float) -> str:
    """The number format of an axis that reaches so far: a small one has steps of less than 1."""
    return "#,##0" if greatest >= COARSE else "General"


def named(axis: Any, text: str) -> None:
    """A title of an axis, in small type beside it."""
    axis.title = text
    axis.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=800, b=False))
    axis.title.overlay = False


def anchored(chart: Any, sheet: Worksheet, columns: Sequence[int], row: int) -> None:
    """Between two columns, counted from 0, from a row on: anchored to cells, so that column widths do no harm."""
    left, right = columns
    chart.anchor = TwoCellAnchor("twoCell", _from=AnchorMarker(col=left, row=row - 1), to=AnchorMarker(col=right, row=row - 1 + HEIGHT))
    sheet.add_chart(chart)
