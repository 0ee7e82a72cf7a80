"""The tornado, the spider and the two-way table on the bakery, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from masterplan.runs import Run
from masterplan.study import SolveOptions, plans
from tests.optimizer.bakery import bakery, sourced_bakery


def test_each_source_goes_to_both_its_ends() -> None:
    """As it stands 2.

    Price 1: no oven, 0. Price 4: two ovens bring 8 - 3 each and a third in 2027 4 - 3: 11.
    Capex 1.5: 4 - 1.5 twice and 2 - 1.5 once: 5.5. Capex 6: 0.
    Lead time 0: 6 - 3 twice and 4 - 3 once: 7. Lead time 2: an oven makes one bread, 0.
    """
    found = mp.sensitivity(sourced_bakery(), gap=0)
    effects = found.effects.set_index("source")
    assert list(effects.index) == ["street_price", "oven_time", "oven_cost"]
    assert effects["change_at_low"].to_dict() == pytest.approx({"street_price": -2, "oven_time": 5, "oven_cost": 3.5})
    assert effects["change_at_high"].to_dict() == pytest.approx({"street_price": 9, "oven_time": -2, "oven_cost": -2})
    assert effects["swing"].to_dict() == pytest.approx({"street_price": 11, "oven_time": 7, "oven_cost": 5.5})
    assert effects["is_proven"].all()
    assert effects.loc["street_price", "moves_at_high"] == "oven: 1 in 2027 added"
    assert effects.loc["street_price", "moves_at_low"] == "oven: 2 in 2026 cancelled"
    assert found.left_out[["source", "reason"]].values.tolist() == [["rumour", "no number of the case follows it"]]
    sentences = found.findings().sentences
    assert sentences[0].startswith("3 numbers")
    assert "at 4 each the NPV changes by +9 billion USD" in sentences[1]


def test_the_sources_with_the_largest_estimate_are_taken() -> None:
    """Parts of ovens would change nothing here: price 4 is worth 9 more; at the farther ends of the others no oven pays: 2 less."""
    found = mp.sensitivity(sourced_bakery(), top=1, gap=0)
    assert found.effects["source"].to_list() == ["street_price"]
    assert found.effects["estimate"].to_list() == pytest.approx([9])
    left = found.left_out.set_index("source")
    assert left.loc["oven_cost", "estimate"] == pytest.approx(-2)
    assert left.loc["oven_cost", "reason"] == "its estimated effect is smaller"


def test_a_cost_that_falls_is_worth_more() -> None:
    """Least cost: two breads a year must be given away from 2027: two ovens for 6. For 3 at half the capex, for 12 at twice."""
    case = sourced_bakery(
        limits=[{"limit": "fed", "sense": "at_least", "bound": 2, "from_year": 2027}],
        limit_members=[{"limit": "fed", "measure": "sell", "item": "street"}],
    ).change("settings.objective=least_cost", "markets.street.price=0")
    found = mp.sensitivity(case, sources=["oven_cost"], gap=0)
    assert found.effects["change_at_low"].to_list() == pytest.approx([3])
    assert found.effects["change_at_high"].to_list() == pytest.approx([-6])


def test_what_a_rough_solve_leaves_in_doubt_is_solved_to_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a price of 1 nothing is earned instead of 2; as long as 3 may be possible, that may be more or less."""
    asked: list[tuple[float, list[str]]] = []

    def loosely(case: Case, runs: Sequence[Run], options: SolveOptions, starts: Any = None, told: Any = print) -> dict[str, Any]:
        asked.append((options.gap, [run.name for run in runs]))
        found = plans(case, runs, options, starts, told)
        loose = options.gap > 0.01
        return {name: replace(plan, bound=3.0, gap=0.015) if loose and name == "street_price low" else plan for name, plan in found.items()}

    monkeypatch.setattr("masterplan.tornado.plans", loosely)
    found = mp.sensitivity(sourced_bakery(), sources=["street_price"], gap=0.01)
    assert asked == [
        (0.01, ["as it stands"]),
        (0.02, ["street_price low", "street_price high"]),
        (0.01, ["street_price low"]),
    ]
    assert found.effects["change_at_low"].to_list() == pytest.approx([-2])
    assert found.effects["change_at_low_most"].to_list() == pytest.approx([-2], abs=0.02)


@pytest.mark.parametrize(("source", "told"), [("street_prise", "Did you mean 'street_price'"), ("rumour", "cannot be varied")])
def test_sources_that_cannot_be_moved_are_told(source: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        mp.sensitivity(sourced_bakery(), sources=[source])
    with pytest.raises(ValueError, match="No source can be varied"):
        mp.sensitivity(bakery())


def test_the_spider_turns_one_number() -> None:
    """Price 1, 2 and 4: worth 0, 2 and 11."""
    found = mp.spider(bakery(), "markets.street.price", (2, 0.5, 1), gap=0)
    assert found.changes == ("markets.street.price*=",)
    assert found.points["markets.street.price*="].to_list() == [0.5, 1, 2]
    assert found.points["change"].to_list() == pytest.approx([-2, 0, 9])
    assert found.points["is_proven"].to_list() == [True, False, True]


def test_two_numbers_are_turned_together() -> None:
    """Price 2 or 4, capex 3 or 5. At 2 and 5 no oven: 0. At 4 and 5: two of 8 - 5; one of 2027 would lose 1: 6."""
    found = mp.two_way(bakery(), "markets.street.price", [2, 4], "projects.oven.capex", [3, 5], gap=0)
    assert found.grid().to_numpy().tolist() == [pytest.approx([0, -2]), pytest.approx([9, 4])]
    assert "at markets.street.price 4, projects.oven.capex 3: +9" in found.findings().sentences[1]


def test_the_command_prints_writes_and_speaks_json(tmp_path) -> None:
    mp.write_folder(sourced_bakery(), tmp_path / "bakery")
    case, plan = str(tmp_path / "bakery"), tmp_path / "plan.xlsx"
    runner = CliRunner()
    spoken = runner.invoke(app, ["sensitivity", case, "--source", "street_price", "--gap", "0", "-o", str(plan), "--json"])
    assert spoken.exit_code == 0, spoken.output
    document = json.loads(spoken.stdout)
    assert document["schema"] == "masterplan.sensitivity/1"
    assert document["tornado"][0]["change_at_high"] == pytest.approx(9)
    assert mp.read_plan(plan).npv == pytest.approx(2)
    spider = runner.invoke(app, ["sensitivity", case, "--spider", "markets.street.price:0.5,1", "--gap", "0"])
    assert "-2 billion USD" in spider.stdout
    pair = ["--two-way", "markets.street.price:2,4", "--two-way", "projects.oven.capex:3,5"]
    assert "Two ways" in runner.invoke(app, ["sensitivity", case, *pair, "--gap", "0"]).stdout
    assert runner.invoke(app, ["sensitivity", case, "--two-way", "markets.street.price:2,4"]).exit_code == 2
    assert runner.invoke(app, ["sensitivity", case, "--source", "none"]).exit_code == 2
