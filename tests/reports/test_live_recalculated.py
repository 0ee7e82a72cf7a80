"""The plan workbook in a spreadsheet program: it calculates what the file says, edits by hand turn their check, and it prints."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import masterplan as mp
from masterplan.reports import binding, given_up, summary, targets
from masterplan.reports.checks_page import UNCHANGED
from masterplan.reports.recompute import recompute
from tests.reports.live_plans import EMBEDDED, Written, line, results
from tests.reports.spreadsheet import converted, edited, needs_libreoffice, recalculated

pytestmark = pytest.mark.xdist_group("workbooks")


@needs_libreoffice
def test_libreoffice_calculates_the_same(written: dict[str, Written], tmp_path: Path) -> None:
    """Every formula of every plan, worked out anew: as stored, to 1e-9; and the plan is read back from what it saves."""
    for one, other in zip(written.values(), recalculated([one.path for one in written.values()], tmp_path), strict=True):
        anew = load_workbook(other, data_only=True)
        for sheet, cell in one.formulas:
            was, now = (each[sheet][cell.coordinate].value for each in (one.stored, anew))
            if isinstance(was, str):
                assert now == was
            else:
                assert abs(now - was) <= 1e-9 * max(1.0, abs(was)), f"{sheet}!{cell.coordinate} {cell.value}"
        assert anew["Checks"]["B6"].value == 1
        again = mp.read_plan(other)
        assert recompute(again).totals["npv"] == pytest.approx(recompute(one.plan).totals["npv"], rel=1e-9)
        assert again.message == ""


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
@pytest.mark.parametrize("name", EMBEDDED)
def test_pandas_reads_every_number(written: dict[str, Written], name: str, engine: str) -> None:
    """With either reader: no blank and no NaN where a formula stands."""
    one = written[name]
    sheets = pd.read_excel(one.path, sheet_name=None, header=None, engine=engine)  # type: ignore[call-overload]
    read = {(sheet, cell.coordinate): sheets[sheet].iat[cell.row - 1, cell.column - 1] for sheet, cell in one.formulas}
    assert [place for place, value in read.items() if pd.isna(value) and one.stored[place[0]][place[1]].value != ""] == []


# edits by hand

Edit = Callable[[Written], tuple[str, Mapping[str, float | str]]]


def more_starts(one: Written) -> tuple[str, Mapping[str, float | str]]:
    return "Starts", {f"H{line(one.stored['Starts'], SINGLE[one.plan.case.name])}": 2.0}


def half_a_module(one: Written) -> tuple[str, Mapping[str, float | str]]:
    sheet = one.stored["Starts"]
    row = line(sheet, WHOLE[one.plan.case.name])
    return "Starts", {f"H{row}": sheet.cell(row, 8).value + 0.5}


def dearer(one: Written) -> tuple[str, Mapping[str, float | str]]:
    place, value = input_cells(one, "markets", "price")[0]
    return "markets", {place: value * 1.1}


def less_money(one: Written) -> tuple[str, Mapping[str, float | str]]:
    place, _ = input_cells(one, "finance", "capex_limit")[0]
    return "finance", {place: 0.01}


def less_capacity(one: Written) -> tuple[str, Mapping[str, float | str]]:
    return "existing_capacity", {place: value / 2 for place, value in input_cells(one, "existing_capacity", "capacity")}


def text_for_a_number(one: Written) -> tuple[str, Mapping[str, float | str]]:
    return "Trades", {"H7": "much"}


def input_cells(one: Written, table: str, column: str) -> list[tuple[str, float]]:
    """Place and number of every cell of a column of an input sheet that says more than zero."""
    sheet = one.stored[table]
    at = [cell.value for cell in sheet[5]].index(column) + 1
    return [
        (cell.coordinate, cell.value) for (cell,) in sheet.iter_rows(6, None, at, at) if isinstance(cell.value, int | float) and cell.value
    ]


SINGLE = {"steel": "quay_extension", "base": "owner_platform"}  # of which there may be one a year
WHOLE = {"steel": "wind_park", "base": "hall_grid"}
EDITS: dict[Edit, set[str]] = {
    more_starts: {"A year starts no more modules than the project may have in a year"},
    half_a_module: {"Modules of a project with whole modules are whole"},
    dearer: {UNCHANGED},
    less_money: {UNCHANGED, "Capex is within its limit and what the year before left"},
    less_capacity: {UNCHANGED, "The level of an activity is within its capacity"},
    text_for_a_number: {"Every decision is a number"},
}


@needs_libreoffice
@pytest.mark.parametrize("name", ["steel", "base"])
def test_edits_by_hand_trip_their_check(written: dict[str, Written], name: str, tmp_path: Path) -> None:
    """Six edits, each in a copy of its own: the check that is meant fails, the line at the top of every sheet turns."""
    one, copies = written[name], []
    for edit in EDITS:
        sheet, values = edit(one)
        part = f"xl/worksheets/sheet{one.book.sheetnames.index(sheet) + 1}.xml"
        copies.append(edited(one.path, tmp_path / f"{edit.__name__}.xlsx", part, values))
    for (edit, tripped), file in zip(EDITS.items(), recalculated(copies, tmp_path), strict=True):
        book = load_workbook(file, data_only=True, read_only=True)
        found = results(book)
        failed = {check for check, result in found.items() if result == 0}
        assert tripped <= failed, edit.__name__
        assert found["All checks"] == 0
        assert {next(sheet.iter_rows(3, 3, 1, 1, values_only=True))[0] for sheet in book} == {"✗ CHECKS FAIL: see the sheet Checks"}
        gap = sections(book["Summary"])[summary.RESULT, summary.GAP, ""][0]
        assert (gap is None) == (UNCHANGED in tripped), "the bound is that of the inputs as solved"
        if edit is dearer:
            assert "The balance of every resource closes" not in failed
        book.close()


# paper


@needs_libreoffice
def test_it_prints_on_few_pages(written: dict[str, Written], tmp_path: Path) -> None:
    """Every sheet begins a page, lists that machines read do not fill a binder, and no result is cut into columns.

    Tables of the case with very many columns are: on one page nobody could read them. Their first column stands on each page.
    """
    one = written["steel"]
    (paper,) = converted([one.path], tmp_path, "pdf")
    pages = len(re.findall(rb"/Type\s*/Page\b[^s]", paper.read_bytes()))
    assert len(one.book.sheetnames) <= pages <= 2.5 * len(one.book.sheetnames)
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in one.book)
    cut = [sheet for sheet in one.book if sheet.page_setup.fitToWidth != 1]
    assert {sheet.title for sheet in cut} <= {"projects", "sources", "provenance"}
    assert all((sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$A") for sheet in cut)


def test_a_copy_that_is_edited_is_a_workbook_still(written: dict[str, Written], tmp_path: Path) -> None:
    one = written["by hand"]
    copy = edited(one.path, tmp_path / "copy.xlsx", "xl/worksheets/sheet3.xml", {"H7": 7.5, "G7": "much"})
    assert [load_workbook(copy)[one.book.sheetnames[2]][place].value for place in ("H7", "G7")] == [7.5, "much"]
    assert len(zipfile.ZipFile(copy).namelist()) == len(zipfile.ZipFile(one.path).namelist())


# what follows an edit

FOLLOWED = {
    summary.CAPEX_TOTAL: "capex_total",
    summary.PEAK_FUNDING: "peak_funding_need",
    summary.LOWEST: "lowest_cash",
    summary.LOWEST_YEAR: "lowest_cash_year",
    summary.PAYBACK: "payback_year",
    summary.PENALTIES: "penalties",
    summary.PEAK_DEBT: "peak_debt",
    summary.NPV: "npv",
}


def typed_over(one: Written, copy: Path) -> Path:
    """A copy with one module more of everything in the second year, and half the levels of that year."""
    file = one.path
    for place, (sheet, share, more) in enumerate((("Starts", 1.0, 1.0), ("Levels", 0.5, 0.0))):
        cells = [cell for (cell,) in one.stored[sheet].iter_rows(6, None, 8, 8) if isinstance(cell.value, int | float)]
        part = f"xl/worksheets/sheet{one.book.sheetnames.index(sheet) + 1}.xml"
        step = copy.with_name(f"{place}_{copy.name}")
        file = edited(file, step, part, {cell.coordinate: share * cell.value + more for cell in cells})
    return file


def sections(sheet: Any) -> dict[tuple[str, str, str], list[Any]]:
    """(section, item, part) -> total and years of every line of a sheet."""
    found, section = {}, ""
    for row in sheet.iter_rows(6, values_only=True):
        section = row[0] or section
        if row[1] is not None:
            found[section, row[1], row[2] or ""] = [*row[5:]]
    return found


@needs_libreoffice
def test_figures_and_sheets_follow_what_is_typed_in(written: dict[str, Written], tmp_path: Path) -> None:
    """Key figures, targets, what is given up and what binds are those of the recomputation of the edited plan; so is capex on curves."""
    names = ("rich", "ends early", "on curves", "steel", "base")
    copies = [typed_over(written[name], tmp_path / f"{name}.xlsx".replace(" ", "_")) for name in names]
    for name, file in zip(names, recalculated(copies, tmp_path), strict=True):
        book, plan = load_workbook(file, data_only=True), mp.read_plan(file)
        assert "from" in plan.message, "the edit was not seen"
        numbers, years = recompute(plan), len(plan.case.years)
        told = sections(book["Summary"])
        for label, total in FOLLOWED.items():
            if (summary.RESULT, label, "") in told:
                assert told[summary.RESULT, label, ""][0] == pytest.approx(numbers.totals[total] or 0.0, rel=1e-9, abs=1e-9), (name, label)
        for report in (targets, given_up, binding):
            lines = sections(book[report.SHEET]) if report.SHEET in book.sheetnames else {}
            for record in report.table(plan, numbers).to_dict("records"):
                key = (record["section"], record["item"], record["part"])
                if key in lines:  # which lines there are is as solved
                    wanted = [record[year] or 0.0 for year in plan.case.years]
                    if any(wanted):
                        assert lines[key][1 : 1 + years] == pytest.approx(wanted, rel=1e-9, abs=1e-9), (name, report.SHEET, key)
                    elif record["style"] == "year":
                        assert lines[key][0] == (record["total"] or 0), (name, key)
