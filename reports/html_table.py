"""Tables of the report: the numbers behind each chart, and every table that a study found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from masterplan.reports.markup import Markup, amount, joined, percent, tag
from masterplan.reports.names import head_in_words

YEARS = ("year", "start_year", "first_year", "last_year", "from_year", "to_year")
LONGEST = 2000  # rows of a table on the page
ALL = 1 - 1e-6  # share that is as good as all of it


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: frozenset[int] = frozenset(), caption: str = "") -> Markup:
    """Cells as given, the first of a row as its head; columns of `numbers` stand at the right. It scrolls where the screen is narrow.

    Of a very long table, the first rows and a word about the rest.
    """
    every = list(rows)
    head = tag("tr", *(tag("th", name, scope="col", class_="n" if place in numbers else None) for place, name in enumerate(heads)))
    body = joined(tag("tr", *(_cell(place, cell, place in numbers) for place, cell in enumerate(row))) for row in every[:LONGEST])
    parts = [tag("caption", caption)] if caption else []
    made = _framed(tag("table", *parts, tag("thead", head), tag("tbody", body)), caption or "table")
    left = len(every) - LONGEST
    return joined([made, tag("p", f"{left} more rows are left out here.", class_="note")]) if left > 0 else made


def by_years(lines: Iterable[tuple[str, str, dict[int, float]]], years: Sequence[int], caption: str = "") -> Markup:
    """A row per (name, unit, {year: number})."""
    rows = [[name, unit, *(amount(values.get(year)) for year in years)] for name, unit, values in lines]
    return table(["", "unit", *map(str, years)], rows, frozenset(range(2, 2 + len(years))), caption)


def of_frame(frame: pd.DataFrame, shares: bool = False, caption: str = "") -> Markup:
    """A data frame as it stands; `shares` are shown as percent."""
    numbers = frozenset(place for place, name in enumerate(frame.columns) if pd.api.types.is_numeric_dtype(frame[name]))
    heads = [head_in_words(str(name)) for name in frame.columns]
    rows = [
        [_written(str(name), value, shares) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return table(heads, rows, numbers, caption)


def details(summary: str, *content: str) -> Markup:
    """What opens at a click."""
    return tag("details", tag("summary", summary), *content)


def shade(share: float | None) -> str:
    """The class that colours a cell by how much is used: `h0` to `h10`, and `full` where it is all of it."""
    if share is None or not math.isfinite(share):
        return "hx"
    step = min(10, max(0, math.floor(share * 10 + 1e-9)))
    return f"h{step} full" if share >= ALL else f"h{min(step, 9)}"


def heat(heads: Sequence[str], rows: Iterable[tuple[str, str, Sequence[tuple[str, str, str]]]], caption: str) -> Markup:
    """A row per (name, unit, cells), a cell being (text, class, tooltip): a real table, so that a screen reader reads it as one."""
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    body = []
    for name, unit, cells in rows:
        first = tag("th", name, tag("small", f" {unit}") if unit else "", scope="row")
        body.append(tag("tr", first, *(tag("td", text, class_=look, title=tip or None) for text, look, tip in cells)))
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body), class_="heat")
    return _framed(made, caption)


def _framed(made: Markup, name: str) -> Markup:
    return tag("div", made, class_="scroll table", tabindex="0", role="region", aria_label=name)


def _cell(place: int, cell: str, is_number: bool) -> Markup:
    return tag("th", cell, scope="row") if place == 0 else tag("td", cell, class_="n" if is_number else None)


def _written(name: str, value: Any, share: bool) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(int(value)) if name in YEARS else percent(value) if share else amount(float(value))
    return str(value)
