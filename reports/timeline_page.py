"""Writing a timeline frame on a page: section bars, labels on the left, a number per year."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from masterplan.reports.grid import Page, width_of
from masterplan.reports.style import FACTOR, FINE_PERCENT, PERCENT, YEAR, YEAR_OR_NONE, number_format
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, HEADER_ROW, LEFT, years_of

ITEM, PART, NOTE, UNIT, TOTAL = (LEFT.index(name) + 1 for name in ("item", "part", "note", "unit", "total"))
# style of a line -> looks of its label, its numbers and its total
LOOKS = {
    "decision": ("label", "decision", "sum"),
    "number": ("label", "number", "sum"),
    "total": ("strong", "total", "total"),
    "percent": ("label", "number", "sum"),
    "factor": ("label", "number", "sum"),
    "label": ("label", "plain", "number"),
    "share": ("label", "plain", "number"),
    "year": ("label", "plain", "number"),
}

WIDEST_UNIT = 26  # characters
Record = dict[Hashable, Any]
SHAPES = {"percent": PERCENT, "share": FINE_PERCENT, "factor": FACTOR, "year": YEAR_OR_NONE}


def write_header(page: Page, heads: Sequence[str], years: Sequence[int]) -> None:
    """Rows 4 and 5: periods and years from column G on, the names of columns B to F."""
    for column, text in enumerate(("", *heads, "Unit", "Total"), start=1):
        page.put(HEADER_ROW, column, text, {UNIT: "header_text", TOTAL: "header_number"}.get(column, "header"))
    for place, year in enumerate(years):
        page.put(HEADER_ROW - 1, FIRST_YEAR_COLUMN + place, place + 1, "period")
        page.put(HEADER_ROW, FIRST_YEAR_COLUMN + place, year, "header_number", YEAR)


def write_timeline(page: Page, table: pd.DataFrame, heads: Sequence[str], first_row: int = FIRST_ROW, live: bool = False) -> dict[str, int]:
    """Header, then the lines from `first_row` on, section by section; returns the row of each section's bar.

    In a `live` workbook decisions have totals in formulas, and other numbers look like the values that they are.
    """
    years = years_of(table)
    write_header(page, heads, years)
    records = table.to_dict("records")
    sections = list(dict.fromkeys(record["section"] for record in records))
    bars: dict[str, int] = {}
    row = first_row
    links: list[tuple[int, Record]] = []
    for section in sections:
        bars[section] = row
        _bar(page, row, section, FIRST_YEAR_COLUMN + len(years) - 1)
        before = ""
        for record in (record for record in records if record["section"] == section):
            row += 1
            _line(page, row, record, years, repeated=bool(record["part"]) and record["item"] == before)
            if live:
                _enliven(page, row, record, years)
            before = record["item"]
            if record["link"]:
                links.append((row, record))
        row += 2
    for place, record in links:
        if record["link"] in bars:
            page.link(place, ITEM, record["item"], page.sheet.title, f"A{bars[record['link']]}")
    page.widths(_widths(table, heads, years))
    return bars


def _bar(page: Page, row: int, text: str, columns: int) -> None:
    page.put(row, 1, text, "section")
    for column in range(2, columns + 1):
        page.put(row, column, None, "section")


def _line(page: Page, row: int, record: Record, years: Sequence[int], repeated: bool) -> None:
    label, number, total = LOOKS[record["style"]]
    values = [record[year] for year in years]
    shape = _shape(record["style"], values if any(values) else [record["total"]])
    page.put(row, ITEM, record["item"], "detail" if repeated else label)
    whole = isinstance(record["part"], int)
    page.put(row, PART, record["part"], label if label == "strong" else "whole" if whole else "detail", YEAR if whole else "General")
    page.put(row, NOTE, record["note"], label if label == "strong" else "detail")
    page.put(row, UNIT, record["unit"], "strong_unit" if label == "strong" else "unit")
    early = record["style"] == "decision" and record["total"] is not None and not any(value is not None for value in values)
    page.put(row, TOTAL, record["total"], "decision" if early else total, shape)
    if record["remark"]:
        page.put(row, FIRST_YEAR_COLUMN, record["remark"], "remark")
        return
    for place, value in enumerate(values):
        page.put(row, FIRST_YEAR_COLUMN + place, value, number if not early else "plain", shape)


def _enliven(page: Page, row: int, record: Record, years: Sequence[int]) -> None:
    last = get_column_letter(FIRST_YEAR_COLUMN + len(years) - 1)
    if record["style"] != "decision":
        for column in (TOTAL, *range(FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + len(years))):
            if page.is_number(row, column):
                page.look(row, column, "fixed_total" if record["style"] == "total" else "fixed")
    elif record["total"] is not None and any(record[year] is not None for year in years):
        page.formula(row, TOTAL, f"SUM($G{row}:${last}{row})", float(record["total"]))


def _shape(style: str, values: Iterable[float | None]) -> str:
    """The number format that shows what matters of a line's numbers."""
    if style in SHAPES:
        return SHAPES[style]
    return shape_of([value for value in values if value is not None])


def shape_of(values: Sequence[float]) -> str:
    """Whole numbers without decimals, others with as many as leave three or four digits of the greatest."""
    greatest = max((abs(value) for value in values), default=0.0)
    return number_format(0 if all(float(value).is_integer() for value in values) else digits(greatest))


def digits(greatest: float) -> int:
    """How many decimals leave three or four digits of a number."""
    return 0 if greatest == 0 or greatest >= 1000 else min(6, max(1, 2 - math.floor(math.log10(greatest))))


def _widths(table: pd.DataFrame, heads: Sequence[str], years: Sequence[int]) -> list[float]:
    texts = [[head, *table[name].tolist()] for head, name in zip(heads, LEFT[1:4], strict=True)]
    items, parts, notes = (width_of(values, most=most) for values, most in zip(texts, (34, 60, 60), strict=True))
    bars = width_of(table["section"].tolist(), most=60) - 4
    numbers = [value for name in ("total", *years) for value in table[name].tolist() if value is not None]
    digits = max((len(f"{value:,.1f}") for value in numbers), default=0) + 1.0
    units = width_of(["Unit", *table["unit"].tolist()], most=WIDEST_UNIT)
    left = [2.0, max(items, bars - parts - notes, 16.0), parts, notes, units, max(11.0, digits)]
    return [*left, *([max(9.0, digits)] * len(years))]
