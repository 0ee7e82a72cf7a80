"""Sheets written as text are the sheets that openpyxl writes, but for the values of formulas and the digits of numbers."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from masterplan.data.package import workbook_bytes
from masterplan.data.sheet_xml import Formula, store
from masterplan.data.template import put
from tests import hostile

TEXTS = ("plain", " both ends ", "two\nlines", "\ttab", "<&>\"'", "_x0041_", "😀 日本", "#N/A", "TRUE", "1.5", "=1+1")
HOSTILE = (hostile.HTML, hostile.LONG, hostile.MARKUP, hostile.SHOWN)
NUMBERS = (0, 1, -7, 2**60, 0.1, 1 / 3, 1e-300, -2.5e300, 1e16, 0.1 + 0.2, np.float64(2 / 3), np.int64(5), True, False)
DAYS = (date(2026, 1, 28), datetime(2026, 1, 28, 6, 30), time(6, 30), timedelta(hours=30))
STORED = {  # formula -> its value
    "=1+1": 2,
    "=1/3": 1 / 3,
    '="a"&"<b>"': 'a<b> & "c" ',
    "=1<2": True,
    "=1/0": "#DIV/0!",
    '="#DONE"': "#DONE",
    "=DATE(2026,1,28)": datetime(2026, 1, 28),
    '="<"': "",
    "=NOBODY()": None,
}


def every_kind() -> Workbook:
    """A workbook with every kind of cell, of shape of a row, and of what stands around the cells."""
    book = Workbook()
    cells, around, _empty = book.active, book.create_sheet("Around 'it'"), book.create_sheet("Empty")
    cells.title = "Cells"
    for row, text in enumerate((*TEXTS, *HOSTILE), start=1):
        put(cells.cell(row, 1), text)
    for row, value in enumerate((*NUMBERS, *DAYS), start=1):
        cells.cell(row, 2).value = value
    for row, (formula, value) in enumerate(STORED.items(), start=1):
        cells.cell(row, 3).value = formula
        store(cells.cell(row, 3), value)
    cells["D1"] = ArrayFormula("D1:D2", "=SUM(B1:B3*B1:B3)")
    store(cells["D1"], 50)
    cells["D3"] = DataTableFormula("D3:D4", dt2D=True, r1="B1", r2="B2")
    cells["D5"], cells["D6"] = "#REF!", CellRichText("some ", TextBlock(InlineFont(b=True), "bold <b> "), "text")
    cells["AB60"] = "far away"
    look = Font(bold=True, color="6A1B9A"), PatternFill("solid", fgColor="F3E8F9"), Border(top=Side(style="thin"))
    for row in range(1, 12):
        for column in (1, 2, 3, 7):
            cells.cell(row, column).font, cells.cell(row, column).fill, cells.cell(row, column).border = look
    cells["B5"].number_format, cells["A3"].alignment, cells["A12"].quotePrefix = "0.00%", Alignment(wrap_text=True, indent=1), True
    cells.row_dimensions[2].height, cells.row_dimensions[30].hidden, cells.row_dimensions[31].outlineLevel = 42.5, True, 2
    cells.row_dimensions[32].font = Font(italic=True)
    cells.column_dimensions["A"].width, cells.freeze_panes, cells.sheet_view.showGridLines = 33.5, "B2", False

    for row in range(1, 6):
        around.append([f"name {row}", row, row / 3])
    around["A1"], around["B1"], around["C1"] = "Name", "Number & <more>", "Third"
    around.merge_cells("E1:G3")
    around["E1"] = "merged"
    around["A2"].hyperlink, around["A3"].hyperlink = (
        "https://example.org/?a=1&b=2",
        Hyperlink(ref="", location="'Cells'!A1", display="<here>"),
    )
    around["A4"].comment, around["H9"].comment = Comment("a <note>\nof two lines", "planner"), Comment("at an empty cell", "planner")
    around.conditional_formatting.add("B2:B5", CellIsRule(operator="lessThan", formula=["2"], font=Font(color="B00020")))
    around.conditional_formatting.add("C2:C5", DataBarRule("num", 0, "max", color="1F3A5F"))
    choice = DataValidation("list", formula1='"yes,no"', error="Yes & no <only>")
    around.add_data_validation(choice)
    choice.add("D2:D5")
    around.add_table(Table(displayName="Around", ref="A1:C5"))
    around.print_area, around.print_title_rows, around.oddHeader.right.text = "A1:G9", "1:1", "a && b"
    around.page_setup.orientation, around.sheet_properties.tabColor = "landscape", "E0A100"
    around.protection.sheet = True
    chart = BarChart()
    chart.add_data(Reference(around, min_col=2, min_row=1, max_row=5), titles_from_data=True)
    around.add_chart(chart, "J2")
    return book


@pytest.fixture(scope="module")
def ours() -> bytes:
    return workbook_bytes(every_kind())


@pytest.fixture(scope="module")
def theirs() -> bytes:
    book, data = every_kind(), io.BytesIO()
    book.properties.creator = "masterplan"
    book.save(data)
    return data.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def common(name: str, part: bytes) -> str:
    """A part in canonical form, without what we write on purpose and openpyxl does not."""
    text = part.decode()
    if name.startswith("docProps/core"):
        text = re.sub(r"(<dcterms:\w+ [^>]*>)[^<]*", r"\1", text)
    if name.startswith("xl/worksheets/sheet"):
        text = text.replace(' t="n"', "")  # the kind of a cell that names none
        text = re.sub(r'(<c r="\w+"(?: s="\d+")?)(?: t="\w+")?>(<f[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|>[^<]*</v>)', r"\1>\2", text)
        text = re.sub(r"<v>([^<]*)</v>", lambda number: f"<v>{float(number[1]):.15g}</v>" if number[1][-1].isdigit() else number[0], text)
    return canonicalize(text, rewrite_prefixes=True)


def test_every_part_says_what_openpyxl_says(ours: bytes, theirs: bytes) -> None:
    mine, known = parts(ours), parts(theirs)
    assert list(mine) == list(known)
    assert len([name for name in mine if name.startswith("xl/worksheets/sheet")]) == 3
    for name in mine:
        assert common(name, mine[name]) == common(name, known[name]), name


def test_openpyxl_reads_the_same_cells(ours: bytes, theirs: bytes) -> None:
    mine, known = (load_workbook(io.BytesIO(data), rich_text=True) for data in (ours, theirs))
    assert mine.sheetnames == known.sheetnames
    for one, other in zip(mine, known, strict=True):
        assert one.dimensions == other.dimensions
        for row, column in sorted(other._cells):
            assert told(one.cell(row, column)) == told(other.cell(row, column)), f"{other.title} {row} {column}"
        shapes = [{row: dict(shape) for row, shape in sheet.row_dimensions.items()} for sheet in (one, other)]
        assert shapes[0] == shapes[1]
        assert [str(area) for area in one.merged_cells] == [str(area) for area in other.merged_cells]


def told(cell: Any) -> tuple[Any, ...]:
    """All that a cell says; numbers to the digits that openpyxl writes."""
    value = cell.value
    if isinstance(value, ArrayFormula | DataTableFormula):
        value = dict(value), getattr(value, "text", "")
    value = f"{value:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)
    link = cell.hyperlink and (cell.hyperlink.ref, cell.hyperlink.location, cell.hyperlink.target, cell.hyperlink.display)
    look = tuple(repr(part) for part in (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format, cell.quotePrefix))
    return value, cell.data_type, look, link, cell.comment and cell.comment.text


def test_numbers_keep_all_their_digits(ours: bytes) -> None:
    sheet = load_workbook(io.BytesIO(ours))["Cells"]
    assert [sheet.cell(row, 2).value for row in range(1, len(NUMBERS) + 1)] == list(NUMBERS)


@pytest.mark.parametrize("reader", ["openpyxl", "calamine"])
def test_formulas_have_their_values(ours: bytes, tmp_path: Path, reader: str) -> None:
    """Errors read as an error by the one and as nothing by the other, texts without a letter as nothing by the one."""
    if reader == "openpyxl":
        sheet = load_workbook(io.BytesIO(ours), data_only=True)["Cells"]
        found = [sheet.cell(row, 3).value for row in range(1, len(STORED) + 1)]
        assert found == [46050 if isinstance(value, date) else value or None for value in STORED.values()]
        assert (sheet["C5"].data_type, sheet["C6"].data_type, sheet["D1"].value) == ("e", "s", 50)
    else:
        (tmp_path / "kinds.xlsx").write_bytes(ours)
        rows = CalamineWorkbook.from_path(tmp_path / "kinds.xlsx").get_sheet_by_name("Cells").to_python(nrows=len(STORED))
        expected = {True: True, "#DIV/0!": "", None: "", datetime(2026, 1, 28): 46050}
        assert [row[2] for row in rows] == [expected.get(value, value) for value in STORED.values()]


def test_the_same_workbook_gives_the_same_bytes(ours: bytes) -> None:
    assert workbook_bytes(every_kind()) == ours


def test_a_formula_without_a_value_is_blank_until_it_is_calculated() -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"
    assert b"<f>1+1</f><v></v>" in parts(workbook_bytes(book))["xl/worksheets/sheet1.xml"]
    book.active["A1"]._value = Formula("=1+1", 2.0)
    assert b"<f>1+1</f><v>2</v>" in parts(workbook_bytes(book))["xl/worksheets/sheet1.xml"]


def test_an_empty_text_is_a_blank_cell() -> None:
    book = Workbook()
    put(book.active["A1"], "")
    book.active["A1"].font = Font(bold=True)
    assert b'<row r="1"><c r="A1" s="1"/></row>' in parts(workbook_bytes(book))["xl/worksheets/sheet1.xml"]
