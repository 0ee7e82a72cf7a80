"""Comparison of two plans of the bakery, worked out by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.plan import Plan
from masterplan.reports.moves import moves
from tests.optimizer.bakery import bakery


def test_the_difference_is_told_by_decision_and_by_cash_line() -> None:
    """At price 4 a third oven starts in 2027: five breads for 20 instead of four for 8, capex 9 instead of 6: 11 instead of 2."""
    first, second = (mp.solve(case, gap=0) for case in (bakery(), bakery().change("markets.street.price*=2")))
    found = mp.compare(first, second)
    assert found.npv_change == pytest.approx(9)
    assert found.worth is not None
    assert found.worth.is_proven
    lines = found.lines.set_index("entry")
    assert lines.loc["Sales"].to_list() == pytest.approx([8, 20, 12])
    assert lines.loc["Capex"].to_list() == pytest.approx([-6, -9, -3])
    assert lines.loc["NPV"].to_list() == pytest.approx([2, 11, 9])
    assert found.items["item"].to_list() == ["street", "oven"]
    start = found.starts.to_dict("records")
    assert [(row["project"], row["what"], row["modules"], row["to_year"]) for row in start] == [("oven", "added", 1, 2027)]
    assert start[0]["why"] == "what it makes or takes differs: markets street price 2 -> 4"
    assert start[0]["own_money"] == pytest.approx(-3)
    sentences = found.findings().sentences
    assert sentences[2] == "The cases differ in 1 number: the second has markets.street.price*=2."
    assert sentences[3].startswith("oven: 1 in 2027 added; what it makes or takes differs")


def test_lines_sum_to_the_npv_with_tax_terminal_value_and_discounting() -> None:
    """With a rate, tax, book value at the end and a lead of a year every kind of line is there; both sides still sum to their NPV."""
    case = bakery({"discount_rate": 0.1, "terminal_value": "book_value"}, finance=[{"tax_rate": 0.3}])
    first, second = (mp.solve(one, gap=0) for one in (case, case.change("projects.oven.capex*=0.5")))
    found = mp.compare(first, second)
    total = found.lines.set_index("entry").loc["NPV"]
    assert total["a"] == pytest.approx(first.npv)
    assert total["b"] == pytest.approx(second.npv)
    assert found.lines["change"].iloc[:-1].sum() == pytest.approx(second.npv - first.npv)
    assert {"Tax", "Terminal value"} <= set(found.lines["entry"])
    assert found.starts["why"].str.startswith("its own numbers differ: projects oven capex 3 -> 1.5").all()


def test_two_plans_of_one_case_differ_exactly() -> None:
    plan = mp.solve(bakery(), gap=0)
    found = mp.compare(plan, plan)
    assert found.worth is None
    assert found.npv_change == 0
    assert found.findings().sentences[1:] == (
        "Both are plans of the same tables: the difference is exact.",
        "Nothing is started otherwise.",
    )


def test_modules_that_left_are_paired_with_those_that_came() -> None:
    """Of 2 in 2026 and 2 in 2027, one of 2026 stays; one goes to 2028, one of 2027 too, and one of 2027 is cancelled."""
    before, after = ({2026: 2.0, 2027: 2.0}, {2026: 1.0, 2028: 2.0})
    plans = [
        Plan(
            bakery(),
            "feasible",
            "gap",
            starts=pd.DataFrame([("oven", year, n) for year, n in starts.items()], columns=["project", "year", "modules"]),
        )
        for starts in (before, after)
    ]
    found = moves(*plans)
    assert [(move.what, move.modules, move.before, move.after) for move in found] == [
        ("moved", 1, 2026, 2028),
        ("moved", 1, 2027, 2028),
        ("cancelled", 1, 2027, None),
    ]


def test_what_cannot_be_compared_is_told() -> None:
    plan, none = mp.solve(bakery(), gap=0), Plan(bakery(), "infeasible", "proof", message="No.")
    with pytest.raises(ValueError, match="The second plan is none: infeasible"):
        mp.compare(plan, none)
    with pytest.raises(ValueError, match="count in"):
        mp.compare(plan, mp.solve(bakery({"money_unit": "k EUR"}), gap=0))


def test_the_command_compares_workbooks_and_cases(tmp_path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    books = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for case, book in zip((bakery(), bakery().change("markets.street.price*=2")), books, strict=True):
        mp.write_workbook(mp.solve(case, gap=0), book)
    runner = CliRunner()
    spoken = runner.invoke(app, ["compare", *(str(book) for book in books), "--json"])
    assert spoken.exit_code == 0, spoken.output
    document = json.loads(spoken.stdout)
    assert document["cash_lines"][-1]["change"] == pytest.approx(9)
    solved = runner.invoke(
        app, ["compare", str(tmp_path / "bakery"), "--set", "markets.street.price*=2", "--gap", "0", "-o", str(tmp_path / "c.xlsx")]
    )
    assert solved.exit_code == 0, solved.output
    assert "+9 billion USD" in solved.stdout
    assert mp.read_plan(tmp_path / "c.xlsx").npv == pytest.approx(11)
    assert runner.invoke(app, ["compare", str(tmp_path / "bakery")]).exit_code == 2
