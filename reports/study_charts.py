"""Charts of what studies found, drawn from the cells of their tables: the tornado of a sensitivity, and a frontier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.findings import Findings, FoundTable
from masterplan.reports.charts import OKABE_ITO, filled, finish, named, series

MOST_BARS = 15
LOW, HIGH = OKABE_ITO[1], OKABE_ITO[0]
Drawn = Callable[[Worksheet, FoundTable, int], Any]


def study_charts(sheet: Worksheet, found: Findings, heads: Sequence[int]) -> list[Any]:
    """A chart for every table that one is known for; `heads` are the rows of the names of the tables' columns."""
    made = []
    for table, head in zip(found.tables, heads, strict=True):
        draw, columns = CHARTS.get(table.title, (None, ()))
        if draw is not None and len(table.rows) > 1 and set(columns) <= set(table.rows.columns):
            made.append(draw(sheet, table, head))
    return made


def charts_of(found: Sequence[Findings]) -> int:
    """How many charts there will be."""
    return sum(
        table.title in CHARTS and len(table.rows) > 1 and set(CHARTS[table.title][1]) <= set(table.rows.columns)
        for each in found
        for table in each.tables
    )


def _tornado(sheet: Worksheet, table: FoundTable, head: int) -> Any:
    """Bars of both ends over one another, widest on top, coloured by end and not by sign: some numbers are better low."""
    chart, last = BarChart(), head + min(len(table.rows), MOST_BARS)
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 100, 30
    for column, colour in (("change_at_low", LOW), ("change_at_high", HIGH)):
        at = _at(table, column)
        chart.series.append(filled(series(sheet, (at, head + 1, at, last), sheet.cell(head, at).coordinate), colour))
    names = _at(table, "source")
    chart.set_categories(Reference(sheet, names, head + 1, names, last))
    finish(chart, f"Tornado: {table.meaning.split(';')[0]}", x_format="General", y_format="General")
    chart.x_axis.tickLblPos, chart.x_axis.scaling.orientation = "low", "maxMin"
    chart.y_axis.crosses = "max"
    return chart


def _frontier(sheet: Worksheet, table: FoundTable, head: int) -> Any:
    """A dot per plan, joined: no plan is above the line."""
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    columns = [_at(table, name) for name in ("measure", "worth")]
    along, worth = (Reference(sheet, at, head + 1, at, head + len(table.rows)) for at in columns)
    made = Series(worth, along)
    made.marker.symbol, made.marker.size, made.smooth = "circle", 7, False
    made.marker.graphicalProperties = GraphicalProperties(solidFill=OKABE_ITO[0])
    made.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=OKABE_ITO[0], w=16_000))
    chart.series.append(made)
    along_name, worth_name = table.axes
    words = [name.split(" [")[0] for name in (worth_name or "worth", along_name or "measure")]
    finish(chart, f"Frontier: {words[0]} of the best plan for each {words[1]}", "General", "General", legend=False)
    chart.x_axis.majorGridlines = None
    named(chart.x_axis, along_name or "measure")
    named(chart.y_axis, worth_name or "worth")
    for axis, name in ((chart.x_axis, "measure"), (chart.y_axis, "worth")):
        low, high = float(table.rows[name].min()), float(table.rows[name].max())
        if high > low:
            axis.scaling.min, axis.scaling.max = _ends(low, high)
    return chart


def _ends(low: float, high: float) -> tuple[float, float]:
    """Round ends a little outside: a frontier is flat against zero."""
    step = 10.0 ** len(str(int((high - low) * 1e6))) / 1e7
    return step * (low // step), step * -(-high // step)


def _at(table: FoundTable, column: str) -> int:
    return list(table.rows.columns).index(column) + 1


CHARTS: Mapping[str, tuple[Drawn, tuple[str, ...]]] = {
    "Tornado": (_tornado, ("source", "change_at_low", "change_at_high")),
    "Frontier": (_frontier, ("measure", "worth")),
}
"""Title of a table -> what draws it, and the columns that this takes."""
