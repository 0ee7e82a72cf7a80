"""Plans whose workbooks are tested: small ones by hand, one with everything in it, the base case in both perimeters, and steel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

import masterplan as mp
from tests.formulations.rich import rich_case
from tests.hostile import hostile_case
from tests.reports.curve_plan import curve_plan
from tests.reports.ending_plan import ending_plan
from tests.reports.example_plan import example_plan

GAP = 0.02  # of the embedded cases: a workbook is no other for a plan that is proven better
PLANS: dict[str, Callable[[], mp.Plan]] = {
    "by hand": example_plan,
    "ends early": ending_plan,
    "on curves": curve_plan,
    "rich": lambda: mp.solve(rich_case("book_value"), gap=0),
    "rich, perpetuity": lambda: mp.solve(rich_case("perpetuity", flow_timing="end_of_year"), gap=0),
    "hostile names": lambda: mp.solve(hostile_case(), gap=0),
    "steel": lambda: mp.solve(mp.load("steel"), gap=GAP, threads=1),
    "base": lambda: mp.solve(mp.load("base"), gap=GAP, threads=1),
    "tesla_only": lambda: mp.solve(mp.load("base").scenario("tesla_only"), gap=GAP, threads=1),
}
EMBEDDED = ("steel", "base", "tesla_only")


@dataclass(frozen=True)
class Written:
    """A plan and its workbook: `book` holds the formulas, `stored` the values beside them. Not to be changed."""

    plan: mp.Plan
    path: Path

    @cached_property
    def book(self) -> Any:
        return load_workbook(self.path)

    @cached_property
    def stored(self) -> Any:
        return load_workbook(self.path, data_only=True)

    @cached_property
    def formulas(self) -> list[tuple[str, Any]]:
        """(sheet, cell) of every formula."""
        return [(sheet.title, cell) for sheet in self.book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def results(book: Any) -> dict[str, int]:
    """check -> 1 or 0 of the checks in formulas."""
    return {row[0]: row[1] for row in book["Checks"].iter_rows(min_row=6, max_col=2, values_only=True) if row[1] in (0, 1)}


def line(sheet: Any, item: str, part: object = None) -> int:
    """The row of a line by columns B and C."""
    return next(row for row in range(6, sheet.max_row + 1) if (sheet.cell(row, 2).value, sheet.cell(row, 3).value) == (item, part))
