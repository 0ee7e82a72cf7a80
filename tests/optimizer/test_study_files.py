"""Where studies write what they found: the plan's workbook and its page, with the same command in the same words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.write import write_folder
from masterplan.scenario_words import cash_band
from tests.optimizer.test_scenario_study import bakery
from tests.reports.page import read_page

STUDIES = {
    "scenarios": (["--scenario", "feast"], "Side by side"),
    "options": (["--no-delays"], "Options"),
    "alternatives": (["--count", "1"], "Alternatives"),
    "bottlenecks": (["--rungs", "1", "--steps", "0"], "Bottlenecks"),
    "sensitivity": (["--spider", "markets.street.price:0.5,2"], "Sensitivity"),
    "frontier": (["--points", "2"], "Frontier"),
    "break-even": (
        ["--change", "markets.street.price", "--wanted", "started/oven@2028>0", "--low", "0.5", "--high", "4", "--tolerance", "2"],
        "Break-even",
    ),
    "compare": (["--scenario", "feast"], "Comparison"),
    "explain": (["--set", "limits.fed.penalty=", "--set", "limits.fed.bound=4"], "Explanation"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(bakery(), tmp_path / "bakery")
    return tmp_path / "bakery"


@pytest.mark.parametrize("command", STUDIES)
def test_a_study_is_a_sheet_and_a_part_of_the_page(command: str, folder: Path, tmp_path: Path) -> None:
    """One run, both files, each with what was found; and both are told."""
    options, sheet = STUDIES[command]
    book, page = tmp_path / "plan.xlsx", tmp_path / "plan.html"
    result = CliRunner().invoke(app, [command, str(folder), *options, "-o", str(book), "--html", str(page), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["outputs"] == [str(book), str(page)]
    assert sheet in load_workbook(book, read_only=True).sheetnames
    assert sheet in [head.text for head in read_page(page.read_text(encoding="utf-8")).all("h2")]


def test_a_trace_too(tmp_path: Path) -> None:
    mp.write_workbook(mp.solve(bakery(), gap=0), tmp_path / "plan.xlsx")
    page = tmp_path / "trace.html"
    result = CliRunner().invoke(app, ["trace", "bread", "--plan", str(tmp_path / "plan.xlsx"), "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert "trace.html" in result.stdout
    assert "Trace" in [head.text for head in read_page(page.read_text(encoding="utf-8")).all("h2")]


def test_a_page_has_the_ending_of_one(folder: Path) -> None:
    result = CliRunner().invoke(app, ["frontier", str(folder), "--html", "plan.pdf"])
    assert result.exit_code == 2
    assert "does not end in .html" in result.output


def test_the_band_of_scenarios_is_that_of_their_plans() -> None:
    """Two ovens as it stands: cash -6, -2, 2. None in the famine: 0. A third in 2027 in the feast: -6, -1, 11."""
    found = mp.scenarios(bakery(), gap=0)
    band = cash_band(found.plans).set_index("year")
    assert band.loc[2028].to_dict() == pytest.approx({"least": 0.0, "median": 2.0, "most": 11.0})
    assert band.loc[2026].to_dict() == pytest.approx({"least": -6.0, "median": -6.0, "most": 0.0})
    told = found.findings()
    assert told.sentences[0] == "3 runs have a plan. Most is worth feast: NPV 11 billion USD; least famine: 0."
    assert told.sentences[1] == "Started in every run: nothing. In some only: oven."
    assert found.plan is found.plans["(as it stands)"]


def test_runs_without_a_plan_are_told() -> None:
    found = mp.scenarios(bakery(), scenarios=["famine"], vary=["projects.ovn.max_total=0"], gap=0).findings()
    assert "projects.ovn.max_total=0 has no plan: bad input." in found.sentences
