"""What a study found, on a sheet of its own, in print and as JSON."""

import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from masterplan.data.findings import Findings, FoundTable
from masterplan.jsonout import findings_content, plain
from masterplan.reports.findings_page import _digits
from masterplan.reports.read_plan import read_plan
from masterplan.reports.workbook import write_workbook
from masterplan.summary import print_findings
from tests.reports.example_plan import example_plan

ROWS = pd.DataFrame(
    {"limit": ["=grid", "fab"], "year": [2030, 2031], "worth": [1.25, float("nan")], "proven": [True, False], "many": [12_345.6, 0.000123]}
)
FOUND = Findings(
    "Bottlenecks", "What holds the plan back.", ("Grid power is worth most.",), (FoundTable("The ladder", "one by one", ROWS),)
)


def test_findings_are_a_sheet(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_workbook(example_plan(), path, findings=[FOUND])
    sheet = load_workbook(path)["Bottlenecks"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=11, max_col=5)]
    assert cells[0][0] == "Grid power is worth most."
    assert cells[2][0] == "The ladder"
    assert cells[4] == ["limit", "year", "worth", "proven", "many"]
    assert cells[5] == ["=grid", 2030, 1.25, "yes", 12_345.6]
    assert cells[6] == ["fab", 2031, None, "no", 0.000123]
    assert sheet["A10"].data_type == "s"
    assert sheet["B10"].number_format == "0"
    assert read_plan(path).found


def test_long_texts_stand_behind_the_numbers_and_the_charts_follow(tmp_path):
    """Numbers of all tables share narrow columns; a column that says nothing is left out; a sentence has all its lines."""
    effects = pd.DataFrame(
        {
            "source": ["price", "cost"],
            "description": ["what a customer pays for a unit of it, on average", ""],
            "chance": [float("nan")] * 2,
            "change_at_low": [-2.0, 1.0],
            "change_at_high": [3.0, -1.0],
        }
    )
    found = Findings("Sensitivity", "", ("word " * 100,), (FoundTable("Tornado", "change of NPV", effects),))
    write_workbook(example_plan(), tmp_path / "plan.xlsx", findings=[found])
    book = load_workbook(tmp_path / "plan.xlsx")
    sheet = book["Sensitivity"]
    head = next(row for row in range(6, 60) if sheet.cell(row, 1).value == "source")
    assert [sheet.cell(head, column).value for column in range(1, 6)] == ["source", "change at low", "change at high", "description", None]
    assert "A5:H5" in [str(area) for area in sheet.merged_cells]
    assert sheet.row_dimensions[5].height > 40
    assert sheet.print_title_rows == "$1:$4"
    (tornado,) = [chart for chart in book["Summary"]._charts if "Tornado" in str(chart.title.tx.rich.p[0].r[0].t)]
    assert [series.val.numRef.f for series in tornado.ser] == [f"'Sensitivity'!${c}${head + 1}:${c}${head + 2}" for c in "BC"]


def test_numbers_of_a_column_have_the_digits_that_the_small_ones_need():
    assert [_digits([4.11, 0.72, 2.0], value) for value in (4.11, 0.72)] == [2, 2]
    assert [_digits([1.34, 0.0133], value) for value in (1.34, 0.0133)] == [3, 3]
    assert [_digits([12_345.6, 0.000123], value) for value in (12_345.6, 0.000123)] == [0, 5]
    assert [_digits([3, 4.0, float("nan"), None], value) for value in (3, None)] == [0, 0]
    assert _digits([1.5, 1e-12], 1e-12) == 4


def test_findings_are_printed_and_spoken(capsys):
    print_findings(FOUND, "plan.xlsx")
    told = capsys.readouterr().out
    assert "Grid power is worth most." in told
    assert "2030" in told
    assert "12,345.6" in told
    assert json.loads(json.dumps(plain(findings_content(FOUND))))["the_ladder"][1]["worth"] is None


def test_a_sheet_must_be_one_that_reading_passes_over():
    with pytest.raises(ValueError, match="is no sheet of a study"):
        Findings("Sheet", "", (), ())
    with pytest.raises(KeyError):
        FOUND.table("another")


def test_a_tornado_and_a_frontier_are_drawn_from_their_cells(tmp_path):
    """On the sheet of the study and on Summary, where the lines make room for them; a table of one row has no shape."""
    effects = pd.DataFrame({"source": ["=price", "cost"], "change_at_low": [-2.0, 1.0], "change_at_high": [3.0, -1.0]})
    points = pd.DataFrame({"measure": [4.0, 3.0, 1.0], "worth": [10.0, 9.0, 2.0]})
    studies = [
        Findings("Sensitivity", "", ("One.",), (FoundTable("Tornado", "change of NPV", effects),)),
        Findings("Frontier", "", (), (FoundTable("Frontier", "worth", points), FoundTable("Tornado", "of one", effects.head(1)))),
    ]
    write_workbook(example_plan(), tmp_path / "plan.xlsx", findings=studies)
    book = load_workbook(tmp_path / "plan.xlsx")
    assert {sheet.title: len(sheet._charts) for sheet in book if sheet._charts} == {"Summary": 6, "Sensitivity": 1, "Frontier": 1}
    tornado, frontier = (book[name]._charts[0] for name in ("Sensitivity", "Frontier"))
    head = next(row for row in range(5, 60) if book["Sensitivity"].cell(row, 1).value == "source")
    assert [series.val.numRef.f for series in tornado.ser] == [f"'Sensitivity'!${c}${head + 1}:${c}${head + 2}" for c in "BC"]
    first = next(row for row in range(5, 60) if book["Frontier"].cell(row, 1).value == "measure") + 1
    assert frontier.ser[0].xVal.numRef.f == f"'Frontier'!$A${first}:$A${first + 2}"
    lines = next(row for row in range(9, 99) if book["Summary"].cell(row, 1).value == "Result")
    assert max(chart.anchor.to.row for chart in book["Summary"]._charts) < lines
