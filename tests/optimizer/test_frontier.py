"""The frontier on the bakery, worked out by hand."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.extreme import extreme
from masterplan.measured import measured
from tests.optimizer.bakery import bakery


def test_less_capex_is_worth_less() -> None:
    """Two ovens (6) are worth 2, one (3) is worth 1, none 0."""
    found = mp.frontier(bakery(), "capex", points=3, gap=0)
    assert found.points["measure"].to_list() == pytest.approx([6, 3, 0])
    assert found.points["asked"].iloc[-1] == 0
    assert found.points["worth"].to_list() == pytest.approx([2, 1, 0])
    assert found.points["cost"].to_list() == pytest.approx([0, 1, 2])
    assert found.points["is_proven"].to_list() == [False, True, True]
    assert found.toward == "least"
    assert found.end == "The least that capex can be is 0; the best plan has 6."


def test_more_bread_costs_money_up_to_the_most_there_can_be() -> None:
    """The street takes three breads: a third oven, of 2027, loses 1. Points between are beaten by it and left out."""
    found = mp.frontier(bakery(), "level/shop@2028", points=4, gap=0)
    assert found.points["measure"].to_list() == pytest.approx([2, 3])
    assert found.points["worth"].to_list() == pytest.approx([2, 1])
    assert found.left_out == 2
    assert found.points["moves"].to_list() == ["", "oven: 1 in 2027 added"]
    assert "that costs 1 (1 to 1) billion USD" in found.findings().sentences[1]


def test_a_limit_on_capex_is_scaled() -> None:
    """A limit of 6 a year lets two ovens be started; half of it one; with a quarter none."""
    case = bakery(finance=[{"capex_limit": 6}])
    found = mp.frontier(case, "capex_limit", shares=(0.25, 0.5, 2), gap=0)
    assert found.points["asked"].to_list() == [1.0, 0.5, 0.25]
    assert found.points["worth"].to_list() == pytest.approx([2, 1, 0])
    with pytest.raises(ValueError, match="no capex limit"):
        mp.frontier(bakery(), "capex_limit")


def test_least_cost_counts_the_other_way() -> None:
    """Nothing has to be made: cost 0 is best. Three breads in 2028 take three ovens: 9."""
    case = bakery({"objective": "least_cost"}).change("markets.street.price=0")
    found = mp.frontier(case, "level/shop@2028", points=2, gap=0)
    assert found.points["worth"].to_list() == pytest.approx([0, 9])
    assert found.points["cost"].to_list() == pytest.approx([0, 9])


def test_the_ends_of_a_measure_are_proven() -> None:
    """Two ovens in 2026 and one in 2027 sell two breads in 2027 and three in 2028; nothing can be sold but need not."""
    case = bakery()
    most = extreme(case, measured("sell/street", case), most=True)
    assert (most.value, most.bound) == pytest.approx((5, 5))
    assert extreme(case, measured("sell/street", case), most=False).value == pytest.approx(0)
    unlimited = bakery().change("markets.street.limit=", "projects.oven.max_per_year=", "projects.oven.lumpy=no")
    with pytest.raises(ValueError, match="grows without limit"):
        extreme(unlimited, measured("sell/street", unlimited), most=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("weight/shop", "measures are level"),
        ("level/shpo@2028", "Did you mean 'shop'"),
        ("buy/street", "has no buy"),
        ("level/shop@2030", "the years 2026 to 2028"),
    ],
)
def test_what_cannot_be_measured_is_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        measured(text, bakery())


def test_years_of_a_measure() -> None:
    """Behind @ one year, a span, or all up to a year; capex and started mean up to the year by themselves."""
    case = bakery()
    spans = {
        text: (measured(text, case).first, measured(text, case).last)
        for text in ("capex@2027", "spend/*@2027", "sell/street@:2027", "use/bread")
    }
    assert spans == {"capex@2027": (2026, 2027), "spend/*@2027": (2027, 2027), "sell/street@:2027": (2026, 2027), "use/bread": (2026, 2028)}


def test_the_command_prints_and_speaks_json(tmp_path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    runner = CliRunner()
    case = str(tmp_path / "bakery")
    spoken = runner.invoke(app, ["frontier", case, "--points", "3", "--gap", "0", "-o", str(tmp_path / "plan.xlsx"), "--json"])
    assert spoken.exit_code == 0, spoken.output
    assert [point["worth"] for point in json.loads(spoken.stdout)["frontier"]] == pytest.approx([2, 1, 0])
    assert (
        "The most that sell/street can be is 5"
        in runner.invoke(app, ["frontier", case, "--measure", "sell/street", "--points", "2"]).stdout
    )
    assert runner.invoke(app, ["frontier", case, "--measure", "nothing"]).exit_code == 2
