import json

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from tests.small_cases import small_case


def bakery() -> Case:
    """An oven costs 3 and makes one bread a year from the year after; the street pays 2 for up to three."""
    return small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
        limits=[{"limit": "fed", "sense": "at_least", "penalty": 0, "bound": 2}],
        limit_members=[{"limit": "fed", "measure": "sell", "item": "street"}],
        scenarios=[{"scenario": "famine", "kind": "disruption", "probability": 0.2}, {"scenario": "feast", "kind": "variant"}],
        changes=[
            {"scenario": "famine", "step": 1, "table": "markets", "key": "street", "column": "price", "operation": "times", "value": 0.5},
            {"scenario": "feast", "step": 1, "table": "markets", "key": "street", "column": "price", "operation": "times", "value": 2},
        ],
    )


def test_scenarios_stand_side_by_side() -> None:
    """Two ovens in 2026 earn 2 x 2 x 2 - 6 = 2, a third in 2027 earns 2 - 3: no. At price 4: 2 x 2 x 4 - 6 = 10, and 4 - 3 = 1 more."""
    show = ["level/shop@2028", "started/oven@2028", "first_output/oven", "capex/*@2026", "reached/fed@2028", "first_reached/fed"]
    table = mp.scenario_table(bakery(), show=show, gap=0).set_index("scenario")
    assert table["npv"].to_dict() == pytest.approx({"(as it stands)": 2, "famine": 0, "feast": 11})
    assert table.loc["feast", "started/oven@2028"] == 3
    assert table.loc["feast", "first_output/oven"] == 2027
    assert table.loc["(as it stands)", "level/shop@2028"] == 2
    assert table.loc["(as it stands)", "capex/*@2026"] == 6
    assert table.loc["famine", "reached/fed@2028"] == 0
    assert table.loc["feast", "first_reached/fed"] == 2027
    assert table["probability"].to_dict()["famine"] == 0.2
    assert "street" in table.loc["feast", "binds"]
    assert "starts of oven 2026" in table.loc["feast", "binds"]


def test_each_name_of_a_star_is_a_row() -> None:
    """Without its oven the bakery is worth nothing; at a price of 4 it is worth what the feast is."""
    table = mp.scenario_table(bakery(), scenarios=[], vary=["projects.*.max_total=0", "markets.street.price=4"], gap=0)
    assert table["npv"].to_list() == pytest.approx([2, 0, 11])
    assert table["scenario"].to_list() == ["(as it stands)", "projects.oven.max_total=0", "markets.street.price=4"]
    wrong = mp.scenario_table(bakery(), scenarios=[], vary=["projects.ovn.max_total=0"], gap=0)
    assert wrong["status"].to_list() == ["optimal", "bad input"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("level/shop", "takes a year from 2026 to 2028"),
        ("level/shpo@2027", "Did you mean 'shop'"),
        ("weight/shop@2027", "measures are level"),
        ("first_output/oven@2027", "takes no year"),
        ("level/shop@2040", "takes a year from 2026 to 2028"),
    ],
)
def test_what_cannot_be_shown_is_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        mp.scenario_table(bakery(), show=[text])


def test_the_command_prints_writes_and_speaks_json(tmp_path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    written = tmp_path / "out" / "table.csv"
    runner = CliRunner()
    told = runner.invoke(app, ["scenarios", str(tmp_path / "bakery"), "--scenario", "feast", "-o", str(written), "--json"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["schema"] == "masterplan.scenarios/1"
    assert [row["scenario"] for row in document["table"]] == ["(as it stands)", "feast"]
    assert written.read_text(encoding="utf-8").startswith("scenario,kind,probability,status")
    plain = runner.invoke(app, ["scenarios", str(tmp_path / "bakery"), "--show", "level/shop@2028"])
    assert plain.exit_code == 0
    assert "feast" in plain.stdout
    assert "  feast: shop 2027-2028; fed 2027; starts of oven 2026; street 2028" in plain.stdout
    assert "oven 2026: 3;" not in plain.stdout  # every start is in the CSV
    assert runner.invoke(app, ["scenarios", str(tmp_path / "bakery"), "--show", "nothing"]).exit_code == 2
