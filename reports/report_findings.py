"""What studies found, on the page: their sentences, a chart where a table has a shape that one is known for, and every table.

A chart is drawn from the numbers of the table alone; a table without the columns that a chart needs is shown as a table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from masterplan.data.findings import Findings, FoundTable
from masterplan.reports.html_table import details, heat, of_frame, shade
from masterplan.reports.markup import Markup, amount, nearly, tag
from masterplan.reports.report_parts import Told, figure, section
from masterplan.reports.svg_lines import frontier, lines
from masterplan.reports.svg_tornado import BLUE, ORANGE, Bar, bars

MOST_BARS = 15
THIN = "thin lines hold what is proven"
BANDS = (("low", "high"), ("p10", "p90"), ("least", "most"))
MIDDLES = ("central", "median", "p50", "mean", "value")
Drawn = Callable[[Told, str, FoundTable], Markup]


def study(told: Told, found: Findings, place: int) -> Markup:
    """A section per study."""
    said = tag("ul", *(tag("li", sentence) for sentence in found.sentences), class_="said") if found.sentences else ""
    parts: list[str] = [tag("p", found.meaning, class_="sub"), said]
    for number, table in enumerate(found.tables):
        parts.append(_chart(told, f"study{place}-{number}", table))
        opened = of_frame(table.rows, table.shares, table.meaning)
        parts.append(details(f"{table.title} ({len(table.rows)} row{'' if len(table.rows) == 1 else 's'})", opened))
    return section(anchor(place), found.sheet, *parts)


def anchor(place: int) -> str:
    """Where a study stands on the page."""
    return f"study{place}"


def _chart(told: Told, name: str, table: FoundTable) -> Markup:
    """The chart of a table, or nothing."""
    known = [(draw, columns) for title, (draw, columns) in CHARTS.items() if title == table.title]
    if not len(table.rows):
        return Markup("")
    for draw, columns in known:
        if columns <= set(table.rows.columns):
            return draw(told, name, table)
    if table.shares:
        return _shares(table)
    return _band(told, name, table)


def _tornado(told: Told, name: str, table: FoundTable) -> Markup:
    rows = table.rows.head(MOST_BARS)
    drawn = [
        (str(row["source"]), [bar for end in ("low", "high") if (bar := _end(row, end)) is not None]) for row in rows.to_dict("records")
    ]
    shown = [(label, found) for label, found in drawn if found]
    if not shown:
        return Markup("")
    said = f"Each bar is the plan found anew with one number at its low (orange) or high (blue) end, in {told.money}; {THIN}."
    more = f" The {MOST_BARS} widest of {len(table.rows)}." if len(table.rows) > MOST_BARS else ""
    return figure(said + more, bars(name, table.title, said, shown, told.money))


def _end(row: Mapping[Any, Any], end: str) -> Bar | None:
    value = _number(row.get(f"change_at_{end}"))
    if value is None:
        return None
    least, most = _number(row.get(f"change_at_{end}_least")), _number(row.get(f"change_at_{end}_most"))
    at = row.get(end)
    label = f"{end} ({amount(float(at))})" if isinstance(at, int | float) else end
    return Bar(label, value, value if least is None else least, value if most is None else most, ORANGE if end == "low" else BLUE)


def _ladder(told: Told, name: str, table: FoundTable) -> Markup:
    rows = [
        (f"{row['rung']}. {row['limit']}", [Bar(str(row.get("way", "")), value, *_proven(row, value, "low", "high"))])
        for row in table.rows.to_dict("records")
        if (value := _number(row["value"])) is not None
    ]
    said = f"What relieving each limit is worth when all is re-decided, on top of the rungs before, in {told.money}; {THIN}."
    return figure(said, bars(name, table.title, said, rows, told.money)) if rows else Markup("")


def _frontier(told: Told, name: str, table: FoundTable) -> Markup:
    points = []
    for row in table.rows.to_dict("records"):
        x, y = _number(row["measure"]), _number(row["worth"])
        if x is not None and y is not None:
            least, most = _proven(row, y, "worth_least", "worth_most")
            points.append(
                (x, y, least, most, f"{amount(x)}: worth {amount(y)} {told.money}, proven between {amount(least)} and {amount(most)}")
            )
    said = f"Every dot is the best plan for one value of the measure; bars hold what is proven of it. {table.meaning.rstrip('.')}."
    axes = (table.axes[0] or "measure", table.axes[1] or f"worth, {told.money}")
    return figure(said, frontier(name, table.title, said, points, axes)) if len(points) > 1 else Markup("")


def _shares(table: FoundTable) -> Markup:
    """A heat map of a table whose numbers are shares."""
    words = [column for column in table.rows.columns if not pd.api.types.is_numeric_dtype(table.rows[column])]
    numbers = [column for column in table.rows.columns if column not in words]
    rows = []
    for row in table.rows.to_dict("records"):
        label = " ".join(str(row[column]) for column in words[1:] or words)
        cells = [(nearly(value), shade(value), "") if (value := _number(row[column])) is not None else ("", "hx", "") for column in numbers]
        rows.append((label, str(row[words[0]]) if len(words) > 1 else "", cells))
    return figure(f"{table.meaning.rstrip('.')}.", heat(["", *map(str, numbers)], rows, table.title))


def _band(told: Told, name: str, table: FoundTable) -> Markup:
    """Lines over years with a band, where a table has a year a row and a lower and an upper end."""
    frame = table.rows
    ends = next(((low, high) for low, high in BANDS if {"year", low, high} <= set(frame.columns)), None)
    if ends is None or frame["year"].duplicated().any():
        return Markup("")
    years = [int(year) for year in frame["year"]]
    low, high = ({int(year): float(value) for year, value in zip(frame["year"], frame[end], strict=True)} for end in ends)
    middle = next((column for column in MIDDLES if column in frame.columns), None)
    series = {} if middle is None else {middle: dict(zip(years, frame[middle].astype(float).tolist(), strict=True))}
    meaning = table.meaning[:1].upper() + table.meaning[1:].rstrip(".")
    said = f"{meaning}. The band reaches from {ends[0]} to {ends[1]}."
    return figure(said, lines(name, table.title, said, years, series, told.money, [(table.title, low, high)]))


def _proven(row: Mapping[Any, Any], value: float, low: str, high: str) -> tuple[float, float]:
    least, most = _number(row.get(low)), _number(row.get(high))
    return value if least is None else least, value if most is None else most


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


CHARTS: Mapping[str, tuple[Drawn, frozenset[str]]] = {
    "Tornado": (_tornado, frozenset({"source", "change_at_low", "change_at_high"})),
    "Ladder": (_ladder, frozenset({"rung", "limit", "value"})),
    "Frontier": (_frontier, frozenset({"measure", "worth"})),
}
"""Title of a table -> what draws it, and the columns that this takes."""
