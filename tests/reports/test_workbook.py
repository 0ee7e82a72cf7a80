"""The plan workbook as a file: what is on its sheets, and that it is safe to open."""

import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from masterplan.data.files import is_plan_sheet
from masterplan.data.package import workbook_bytes
from masterplan.data.schema import TABLES
from masterplan.reports.audit import audit
from masterplan.reports.grid import LAST_COLUMN, LAST_ROW, Page
from masterplan.reports.list_page import parts_of
from masterplan.reports.read_plan import read_plan
from masterplan.reports.sheets import RARE, REPORTS
from masterplan.reports.style import LOOKS, Styles
from masterplan.reports.workbook import write_workbook
from tests.reports.example_plan import example_case, example_plan
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case

SALE = {"market": "world", "resource": "ore", "side": "sell", "price": 1.0, "limit": 1.0}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    write_workbook(example_plan(), path)
    return path


@pytest.fixture(scope="module")
def book(file):
    return load_workbook(file)


@pytest.fixture
def page():
    workbook = Workbook()
    return Page(workbook.active, Styles(workbook))


def column(sheet, number):
    return [sheet.cell(row, number).value for row in range(1, sheet.max_row + 1)]


def test_sheets_stand_in_order_and_the_case_is_among_them(book):
    assert book.sheetnames[:3] == ["About", "Summary", "Starts"]
    assert book.sheetnames[-2:] == ["Data", "RunLog"]
    assert [name for name in book.sheetnames if not is_plan_sheet(name)] == [table.name for table in TABLES]
    assert book.active.title == "Summary"


def test_the_same_column_is_the_same_year_on_every_sheet(book):
    for report in [report for report in REPORTS if report not in RARE or report.SHEET in book.sheetnames]:
        assert [book[report.SHEET].cell(5, place).value for place in (7, 8, 9)] == [2026, 2027, 2028]
        assert book[report.SHEET].freeze_panes == "G6"


def test_decisions_are_purple_and_exact(book):
    sheet = book["Trades"]
    row = next(row for row in range(6, 20) if (sheet.cell(row, 2).value, sheet.cell(row, 3).value) == ("world", 2))
    cell = sheet.cell(row, 8)
    assert cell.value == 1 / 3
    assert cell.font.color.rgb.endswith(LOOKS["decision"].colour)
    assert cell.fill.fgColor.rgb.endswith(LOOKS["decision"].fill)


def test_links_lead_to_sheets_that_are_there(book):
    links = [cell.hyperlink.location for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 20
    assert {location.split("!")[0].strip("'") for location in links} <= set(book.sheetnames)


def test_about_tells_the_conventions(book):
    told = dict(zip(column(book["About"], 2), column(book["About"], 4), strict=True))
    assert told["Money"] == "M USD, real (prices of 2026)"
    assert told["Discount rate"] == "0.00% a year"
    assert told["Timing of flows"].startswith("a flow falls in the middle of its year")
    assert told["Starts"].startswith("Modules started by project and year")


def test_pandas_reads_every_number(file):
    data = pd.read_excel(file, sheet_name="Data", header=4, engine="openpyxl")
    assert data["value"].notna().all()
    starts = data[(data["entity_type"] == "project") & (data["metric"] == "starts")]
    assert starts["value"].sum() == 4.0
    summary = pd.read_excel(file, sheet_name="Summary", header=None, engine="openpyxl")
    assert 77.82142857142857 in summary[5].tolist()


def test_data_and_the_run_log_hold_values_only(book):
    """Only the verdict in row 3 is a formula there."""
    sheets = [book[name] for name in ("Data", "RunLog", *(table.name for table in TABLES))]
    assert {cell.coordinate for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"} == {"A3"}


def test_the_same_plan_gives_the_same_bytes(file, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(example_plan(), again)
    assert again.read_bytes() == file.read_bytes()
    assert {part.date_time[0] for part in zipfile.ZipFile(again).infolist()} == {2026}


def test_a_failed_audit_is_said_on_every_sheet(tmp_path):
    plan = example_plan()
    starts = plan.starts.assign(modules=[1.0, 1.0, 2.5])
    write_workbook(replace(plan, starts=starts), tmp_path / "bad.xlsx")
    book = load_workbook(tmp_path / "bad.xlsx", data_only=True)
    for sheet in book:
        assert sheet["A3"].value == "✗ CHECKS FAIL: see the sheet Checks"
    results = list(zip(column(book["Checks"], 1), column(book["Checks"], 2), strict=True))
    assert ("All checks", 0) in results
    assert ("The whole plan", "✗ FAILS") in results
    whole = "Modules of a project with whole modules are whole"
    assert [result for name, result in results if name == whole] == [0, "✗ FAILS"]  # in formulas, and in the audit


def test_checks_hold_each_check_of_the_audit(book):
    made = audit(example_plan())
    names = column(book["Checks"], 1)
    assert set(made.checks["name"]) <= set(names)
    assert made.passed


def test_hostile_names_stay_text(tmp_path):
    title = '=HYPERLINK("http://example.org","x")\x07'
    write_workbook(example_plan(example_case(title=title, description="+1+cmd|' /C calc'!A0")), tmp_path / "hostile.xlsx")
    book = load_workbook(tmp_path / "hostile.xlsx")
    cell = book["About"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (title[:-1], "s", True)
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [formula for formula in formulas if "HYPERLINK" in formula or "cmd" in formula]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, object()])
def test_what_is_no_number_is_refused(page, value):
    with pytest.raises(ValueError, match=r"Sheet!B7: .* is not a finite number or a text"):
        page.put(7, 2, value)


@pytest.mark.parametrize(("row", "place"), [(LAST_ROW + 1, 1), (1, LAST_COLUMN + 1)])
def test_a_place_outside_the_sheet_is_refused(page, row, place):
    with pytest.raises(ValueError, match="outside an Excel sheet"):
        page.put(row, place, 1.0)


def test_long_lists_are_cut():
    pieces = parts_of(pd.DataFrame({"value": range(5)}), longest=2)
    assert [piece["value"].tolist() for piece in pieces] == [[0, 1], [2, 3], [4]]
    assert len(parts_of(pd.DataFrame({"value": []}))) == 1


def test_without_a_plan_there_is_no_file(tmp_path):
    plan = replace(example_plan(), status="no_plan")
    with pytest.raises(ValueError, match="There is no plan to write: the solve ended as no plan"):
        write_workbook(plan, tmp_path / "none.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_an_open_file_is_told_and_kept(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"old")
    (tmp_path / "~$plan.xlsx").write_bytes(b"")
    with pytest.raises(OSError, match=r"plan\.xlsx is open in a spreadsheet program"):
        write_workbook(example_plan(), path)
    assert path.read_bytes() == b"old"


def test_rare_sheets_only_where_they_have_lines(tmp_path):
    write_workbook(
        hand_plan(small_case(markets=[SALE], existing_capacity=[{"activity": "mine", "capacity": 1.0}])), tmp_path / "short.xlsx"
    )
    names = load_workbook(tmp_path / "short.xlsx", read_only=True).sheetnames
    assert not {"Cancellations", "Vintages", "Stocks", "Losses"} & set(names)
    assert {"Starts", "Levels", "Trades"} <= set(names)
    assert not read_plan(tmp_path / "short.xlsx").message


def test_the_package_has_fixed_dates():
    book = Workbook()
    core = zipfile.ZipFile(io.BytesIO(workbook_bytes(book))).read("docProps/core.xml")
    assert core.count(b"2026-01-01T00:00:00Z") == 2
