"""The shape of a report with years: one line of numbers per row, the same year in the same column on every sheet.

Columns A to F are section, item, part, note, unit and total; the years stand from column G on, in row 5. Sections come in the
order of their first line. A report's `table` returns `frame(lines, years)`; the workbook writes such a frame as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

LEFT = ("section", "item", "part", "note", "unit", "total")
META = ("style", "remark", "link")
HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
FIRST_YEAR_COLUMN = len(LEFT) + 1

Look = Literal["decision", "number", "sum", "total", "percent", "factor", "label", "share", "year"]
NOISE = 1e-9


@dataclass(frozen=True)
class Line:
    """One row: what it is, and a number per year (a year without a number stays blank).

    `total` is the number of column F: given, or "sum" for the sum over the years. `remark` is a sentence in the place of the
    numbers; `link` names the section that a click on the item leads to. A year of `values` outside the plan is refused; a NaN is left
    blank, but stays in a decision, where writing refuses it. `scale` is the size of the terms that the numbers are a sum of.
    """

    section: str
    item: str
    values: Mapping[int, float] = field(default_factory=dict)
    unit: str = ""
    part: str | int = ""
    note: str = ""
    total: float | Literal["sum"] | None = None
    style: Look = "number"
    remark: str = ""
    link: str = ""
    scale: float = 0.0


def frame(lines: Iterable[Line], years: Sequence[int]) -> pd.DataFrame:
    """Lines as a frame with columns LEFT, the years and META.

    Computer noise (below NOISE of the line's scale, or of its greatest number) becomes 0, but not in decisions.
    """
    rows = [_row(line, years) for line in lines]
    return pd.DataFrame(rows, columns=[*LEFT, *years, *META], dtype=object)


def is_timeline(table: pd.DataFrame) -> bool:
    """Is this frame one of lines with years (else it is a plain list)?"""
    return set(LEFT) | set(META) <= set(table.columns)


def years_of(table: pd.DataFrame) -> list[int]:
    """The years that a timeline frame has columns for."""
    names: Sequence[object] = table.columns.tolist()
    return [name for name in names if isinstance(name, int)]


def by_year(data: pd.DataFrame, keys: Sequence[str], value: str) -> dict[tuple[Any, ...], dict[int, float]]:
    """key -> {year: sum of `value`} from a tidy frame, keys in order of appearance."""
    found: dict[tuple[Any, ...], dict[int, float]] = {}
    for key, year, amount in zip(zip(*(data[name] for name in keys), strict=True), data["year"], data[value], strict=True):
        series = found.setdefault(tuple(key), {})
        series[int(year)] = series.get(int(year), 0.0) + float(amount)
    return found


def _row(line: Line, years: Sequence[int]) -> list[Any]:
    unknown = set(line.values) - set(years)
    if unknown:
        raise ValueError(f"line {line.section} / {line.item} {line.part}: year {min(unknown)} is outside the plan")
    values = {year: float(line.values[year]) for year in years if year in line.values}
    if line.style != "decision":
        values = {year: value for year, value in values.items() if not math.isnan(value)}
        least = NOISE * max((line.scale, *(abs(value) for value in values.values())))
        values = {year: value if abs(value) > least else 0.0 for year, value in values.items()}
    total = math.fsum(values.values()) if line.total == "sum" else line.total
    left = [line.section, line.item, line.part, line.note, line.unit, total]
    return [*left, *(values.get(year) for year in years), line.style, line.remark, line.link]
