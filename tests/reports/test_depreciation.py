"""Depreciation in the reports: a line of the tax base on the sheet Cash, where a project has a class."""

from __future__ import annotations

from typing import Any

from masterplan.reports import cash
from masterplan.reports.recompute import recompute
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case

PIT: dict[str, Any] = {"project": "pit", "capex": 8.0}
CLASS = [{"depreciation_class": "plant", "method": "straight_line", "years": 4}]


def tax_lines(**project: Any) -> dict[str, dict[int, float]]:
    """Label -> year -> number of the tax section of the sheet Cash."""
    case = small_case(projects=[{**PIT, **project}], depreciation=CLASS, finance=[{"tax_rate": 0.25, "baseline_taxable": 10}])
    plan = hand_plan(case, starts={("pit", 2026): 1})
    table = cash.table(plan, recompute(plan))
    rows = table[table["section"] == "Tax base"]
    return {row["item"]: {year: row[year] for year in case.years} for row in rows.to_dict("records")}


def test_depreciation_is_told_above_the_taxable_base() -> None:
    lines = tax_lines(depreciation_class="plant")
    assert list(lines)[:2] == ["Depreciation, deducted", "Taxable before losses"]
    assert lines["Depreciation, deducted"] == {2026: 0, 2027: 2, 2028: 2}
    assert lines["Taxable before losses"] == {2026: 10, 2027: 8, 2028: 8}


def test_without_a_class_there_is_no_such_line() -> None:
    assert next(iter(tax_lines())) == "Taxable before losses"
