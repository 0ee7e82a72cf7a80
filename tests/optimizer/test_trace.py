"""Tracing chips through a plant, worked out by hand."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from tests.small_cases import small_case


def plant() -> Case:
    """Ten chips a year: six from the fab (two of sand each, and no more room), four bought; nine for the hall and one for the line."""
    return small_case(
        {"last_year": 2027},
        recipes=[
            {"activity": "fab", "resource": "chips", "amount": 1},
            {"activity": "fab", "resource": "sand", "amount": -2},
            {"activity": "hall", "resource": "chips", "amount": -1},
            {"activity": "hall", "resource": "compute", "amount": 2},
            {"activity": "line", "resource": "chips", "amount": -1},
            {"activity": "line", "resource": "robots", "amount": 1},
        ],
        existing_capacity=[
            {"activity": "fab", "capacity": 6},
            {"activity": "hall", "capacity": 9},
            {"activity": "line", "capacity": 1},
        ],
        markets=[
            {"market": "beach", "resource": "sand", "side": "buy", "price": 0.1},
            {"market": "foundry", "resource": "chips", "side": "buy", "price": 5, "limit": 100},
            {"market": "users", "resource": "compute", "side": "sell", "price": 10},
            {"market": "homes", "resource": "robots", "side": "sell", "price": 100},
        ],
    )


def test_both_sides_of_the_balance_sum_to_the_same() -> None:
    found = mp.trace(mp.solve(plant(), gap=0), "chips", 2027)
    shares = {(row["direction"], row["item"]): (row["amount"], row["share"]) for row in found.flows.to_dict("records")}
    assert shares[("from", "fab")] == pytest.approx((6, 0.6))
    assert shares[("from", "foundry")] == pytest.approx((4, 0.4))
    assert shares[("to", "hall")] == pytest.approx((9, 0.9))
    assert shares[("to", "line")] == pytest.approx((1, 0.1))
    sums = found.flows.groupby("direction")["amount"].sum()
    assert sums["from"] == pytest.approx(sums["to"])
    told = found.findings().sentences
    assert told[1] == "It comes from: made by fab 60%, bought from foundry 40%."
    assert told[2] == "It goes to: used by hall 90%, used by line 10%."
    assert told[3] == "One step further, made of: chips < fab < sand: sand bought from beach 60%."


def test_paths_go_on_through_recipes_to_the_depth_asked_for() -> None:
    """Six of ten chips stand on sand from the beach; nine become compute for the users, one a robot."""
    plan = mp.solve(plant(), gap=0)
    found = mp.trace(plan, "chips")
    further = found.steps[found.steps["step"] == 2]
    assert {(row["path"], row["item"]): row["share"] for row in further.to_dict("records")} == pytest.approx(
        {("chips < fab < sand", "beach"): 0.6, ("chips > hall > compute", "users"): 0.9, ("chips > line > robots", "homes"): 0.1}
    )
    assert found.totals[found.totals["direction"] == "from"]["amount"].sum() == pytest.approx(20)
    assert set(mp.trace(plan, "chips", depth=1).steps["step"]) == {1}


def test_what_is_left_over_is_a_use_and_what_is_stocked_comes_back() -> None:
    """Three chips arrive each year, of which the hall takes two: one is thrown away."""
    case = small_case(
        {"last_year": 2026},
        resources=[{"resource": "chips", "arrivals": 3, "disposal": "yes"}],
        recipes=[{"activity": "hall", "resource": "chips", "amount": -1}, {"activity": "hall", "resource": "compute", "amount": 1}],
        existing_capacity=[{"activity": "hall", "capacity": 2}],
        markets=[{"market": "users", "resource": "compute", "side": "sell", "price": 10}],
    )
    flows = mp.trace(mp.solve(case, gap=0), "chips").flows
    assert {(row["how"], row["item"]): row["amount"] for row in flows.to_dict("records")} == pytest.approx(
        {("arriving from earlier decisions", ""): 3, ("used by", "hall"): 2, ("thrown away", ""): 1}
    )


@pytest.mark.parametrize(("resource", "year", "told"), [("chip", None, "Did you mean 'chips'"), ("chips", 2040, "the years 2026 to 2027")])
def test_what_cannot_be_traced_is_told(resource: str, year: int | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        mp.trace(mp.solve(plant(), gap=0), resource, year)


def test_the_command_reads_a_plan_or_solves_a_case(tmp_path) -> None:
    mp.write_folder(plant(), tmp_path / "plant")
    book, runner = tmp_path / "plan.xlsx", CliRunner()
    solved = runner.invoke(app, ["trace", "chips", str(tmp_path / "plant"), "-o", str(book)])
    assert solved.exit_code == 0, solved.output
    assert "made by fab 60%" in solved.stdout
    spoken = runner.invoke(app, ["trace", "chips", "--plan", str(book), "--year", "2027", "--json"])
    assert spoken.exit_code == 0, spoken.output
    assert json.loads(spoken.stdout)["by_year"][0]["year"] == 2027
    assert runner.invoke(app, ["trace", "chip", "--plan", str(book)]).exit_code == 2
