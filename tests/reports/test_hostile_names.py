"""Names from strangers are text wherever they are shown: workbook, page, terminal, findings, CSV and JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.findings import Findings
from masterplan.data.write import write_folder
from tests.hostile import HTML, MARKUP, PROJECTS, SHOWN, hostile_case
from tests.reports.page import read_page

NEVER_MADE = {"script", "img", "b", "i"}


@pytest.fixture(scope="module")
def study() -> tuple[mp.Plan, Findings]:
    found = mp.scenarios(hostile_case(), gap=0)
    assert found.plan is not None
    return found.plan, found.findings()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hostile") / "case"
    write_folder(hostile_case(), home)
    return home


def test_in_the_workbook(study: tuple[mp.Plan, Findings], tmp_path: Path) -> None:
    """As text on every sheet, that of findings too; the formulas are those of a case with plain names."""
    plan, found = study
    mp.write_workbook(plan, tmp_path / "plan.xlsx", findings=[found])
    book = load_workbook(tmp_path / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    text = {cell.value for cell in cells if cell.data_type == "s"}
    assert text >= {*PROJECTS, SHOWN, MARKUP}
    assert not [cell.value for cell in cells if cell.data_type == "f" and any(name in cell.value for name in (*PROJECTS, "HYPERLINK"))]
    unquoted = [cell.coordinate for cell in cells if cell.value in (PROJECTS[0], "-5", SHOWN) and not cell.quotePrefix]
    assert unquoted == []
    again = mp.read_plan(tmp_path / "plan.xlsx")
    assert again.case.names("projects") == plan.case.names("projects")
    assert again.message == ""


def test_on_the_page(study: tuple[mp.Plan, Findings]) -> None:
    from masterplan.reports.report_page import make_report

    page = read_page(make_report(study[0], findings=[study[1]]))
    assert page.one("h1").text == SHOWN
    assert {element.tag for element in page.one("main").all()}.isdisjoint(NEVER_MADE)
    starts = {cell.text for cell in page.one("main").all("th")}
    assert {HTML, MARKUP, "Plant", "plant"} <= starts


def test_in_the_terminal(folder: Path) -> None:
    result = CliRunner().invoke(app, ["scenarios", str(folder), "--gap", "0"])
    assert result.exit_code == 0
    assert MARKUP in result.stdout
    assert "\x1b" not in result.stdout + result.stderr
    solved = CliRunner().invoke(app, ["solve", str(folder)])
    assert all(name in solved.stdout for name in PROJECTS)


def test_in_csv_and_json(folder: Path, tmp_path: Path) -> None:
    """JSON says what is there; a spreadsheet program that opens the CSV sees no formula."""
    table = tmp_path / "table.csv"
    result = CliRunner().invoke(app, ["scenarios", str(folder), "--gap", "0", "--json", "-o", str(table)])
    content: dict[str, Any] = json.loads(result.stdout)
    assert {row["scenario"] for row in content["table"]} >= {MARKUP}
    assert all(name in content["table"][0]["starts"] for name in PROJECTS)
    told = json.loads(CliRunner().invoke(app, ["solve", str(folder), "--json"]).stdout)
    assert {row["project"] for row in told["starts"]} == set(PROJECTS)
    with table.open(newline="", encoding="utf-8") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "-")) and not is_number(cell)] == []


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
