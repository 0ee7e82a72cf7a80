"""What a study found, on a sheet of its own, in print and as JSON."""

import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from masterplan.data.findings import Findings, FoundTable
from masterplan.jsonout import findings_content, plain
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
