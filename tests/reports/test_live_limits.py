"""Limits that are another in a later year: the workbook tests each year against its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

import masterplan as mp
from tests.reports.live_plans import results
from tests.reports.spreadsheet import edited, needs_libreoffice, recalculated
from tests.small_cases import small_case

LATER = {  # what is typed: sheet, line, by year -> the check that turns for a number beyond the limit of a later year
    "stock": ("Stocks", "ore", "Stock is within its storage limit"),
    "starts": ("Starts", "pit", "A year starts no more modules than the project may have in a year"),
    "trade": ("Trades", "world", "A trade is within its limit"),
}


def plan_with_later_limits() -> mp.Plan:
    """9 of everything in 2026 and 2027, 2 from 2028 on."""
    case = small_case(
        resources=[
            {"resource": "ore", "storable": "yes", "year": 2026, "storage_limit": 9},
            {"resource": "ore", "year": 2028, "storage_limit": 2},
        ],
        recipes=[{"activity": "mine", "resource": "ore", "amount": 1}],
        existing_capacity=[{"activity": "mine", "capacity": 9}],
        projects=[
            {"project": "pit", "activity": "mine", "year": 2026, "capex": 99, "max_per_year": 9},
            {"project": "pit", "year": 2028, "max_per_year": 2},
        ],
        markets=[
            {"market": "world", "resource": "ore", "side": "sell", "year": 2026, "price": 1, "limit": 9},
            {"market": "world", "resource": "ore", "side": "sell", "year": 2028, "limit": 2},
        ],
    )
    return mp.solve(case, gap=0)


@needs_libreoffice
@pytest.mark.xdist_group("workbooks")
def test_a_limit_of_a_later_year_is_tested_in_its_year(tmp_path: Path) -> None:
    """5 is within the limit of 2027 and beyond that of 2028."""
    mp.write_workbook(plan_with_later_limits(), tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx", data_only=True)
    copies = {}
    for name, (sheet, item, _) in LATER.items():
        row = next(row for row in range(6, 40) if book[sheet].cell(row, 2).value == item)
        part = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
        for column, year in (("H", 2027), ("I", 2028)):
            copies[name, year] = edited(tmp_path / "plan.xlsx", tmp_path / f"{name}{year}.xlsx", part, {f"{column}{row}": 5.0})
    for (name, year), file in zip(copies, recalculated(list(copies.values()), tmp_path), strict=True):
        found = results(load_workbook(file, data_only=True))
        assert found[LATER[name][2]] == (1 if year == 2027 else 0), (name, year)
