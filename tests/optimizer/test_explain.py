"""Why a case has no plan: sentences, conflicts, what grows without limit, and the command."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import masterplan as mp
from masterplan.answer import SolverOptions
from masterplan.cli import app
from tests.planted import PLANTED, budget, lead_time, whole_modules
from tests.random_cases import random_case
from tests.small_cases import small_case

ONE = SolverOptions(threads=1)


def test_a_sentence_says_what_is_short_and_what_would_do() -> None:
    told = mp.explain(budget(), threads=1).sentences
    assert told[0].startswith("No plan can keep every rule; cheapest: 1 billion USD more capex in 20")
    assert "the capex limit" in told[1]
    assert "the rule do_oven" in told[1]


def test_a_shortage_is_told_with_its_year_and_a_lead_time_is_a_way_out() -> None:
    """One bread is owed in 2027, and the oven of 2026 bakes from 2028 on."""
    found = mp.explain(lead_time(), threads=1)
    assert found.sentences[0].startswith(
        "2027: bread short by 1 t; cheapest: oven 1 year sooner after its start (weighs 0.3 billion USD), or"
    )
    assert found.shortages.to_dict("records") == [{"resource": "bread", "year": 2027, "amount": pytest.approx(1), "unit": "t"}]
    assert found.changes == ("projects.oven.lead_time+=-1",)


def test_whole_modules_alone_can_stand_in_the_way() -> None:
    """Both limits allow half an oven, which only the whole numbers forbid."""
    found = mp.explain(whole_modules(), threads=1)
    assert "Parts of modules would do: only whole modules make it impossible." in found.sentences
    assert set(found.conflict["key"]) == {"least", "most"}


@pytest.mark.parametrize("name", ["budget", "import_ban", "exclusion", "debt", "whole_modules"])
def test_the_conflict_is_smallest(name: str) -> None:
    """All of its numbers together leave no plan; each of them alone, given way, leaves one."""
    from masterplan import highs
    from masterplan.conflict import conflict
    from masterplan.elastic_model import elastic_model

    elastic = elastic_model(PLANTED[name].make())
    found = conflict(elastic, set(), ONE, 30.0)
    assert found is not None
    assert found.is_minimal
    assert highs.run(elastic.arrays_with(found.gives), ONE).solution is None
    for give in found.gives:
        assert highs.run(elastic.arrays_with([other for other in found.gives if other != give]), ONE).solution is not None


@pytest.mark.parametrize("seed", range(6))
def test_something_gives_way_only_where_there_is_no_plan(seed: int) -> None:
    """A random case, and the same with more steel owed than it can make."""
    from masterplan.elastic_model import elastic_model
    from masterplan.repair import cheapest, tested

    case = random_case(seed)
    repair = cheapest(elastic_model(case), ONE)
    assert repair is not None
    assert (repair.cost <= 1e-6) == mp.solve(case, threads=1).found
    owed = case.change("markets.steel.minimum=3", "markets.steel.limit=3")
    repair = cheapest(elastic_model(owed), ONE)
    assert repair is not None
    assert (repair.cost <= 1e-6) == mp.solve(owed, threads=1).found
    assert tested(owed, repair, ONE) is not None


def test_a_case_with_a_plan_has_nothing_to_explain() -> None:
    found = mp.explain(budget().change("finance.capex_limit=3"), threads=1)
    assert (found.status, found.changes, len(found.repairs)) == ("feasible", (), 0)


def test_what_grows_without_limit_is_named() -> None:
    """A bread sells for 2 wherever it comes from, and the shop needs no capacity: it takes a flour at 0.5, so each adds 1.5."""
    case = small_case(
        activities=[{"activity": "shop", "capacity_limited": "no"}],
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}, {"activity": "shop", "resource": "flour", "amount": -1}],
        markets=[
            {"market": "street", "resource": "bread", "side": "sell", "price": 2},
            {"market": "mill", "resource": "flour", "side": "buy", "price": 0.5},
        ],
    )
    found = mp.explain(case, threads=1)
    assert found.status == "unbounded"
    assert "every t of bread adds 1.5 billion USD in the market street in 20" in found.sentences[0]
    assert "bought from mill; made by shop" in found.sentences[0]


def test_options_out_of_range_are_told() -> None:
    with pytest.raises(ValueError, match="time_limit"):
        mp.explain(budget(), time_limit=0)
    with pytest.raises(ValueError, match="threads"):
        mp.explain(budget(), threads=0)


def test_the_command_and_solve_tell_it(tmp_path) -> None:
    mp.write_folder(budget(), tmp_path / "budget")
    runner, plan = CliRunner(), tmp_path / "repaired.xlsx"
    told = runner.invoke(app, ["explain", str(tmp_path / "budget"), "--threads", "1", "-o", str(plan), "--json"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert (document["schema"], document["status"]) == ("masterplan.explain/1", "infeasible")
    assert document["changes"] == []
    assert document["repair_as_changes"][0]["change"].startswith("finance.capex_limit+=1@20")
    assert mp.read_plan(plan).found
    solved = runner.invoke(app, ["solve", str(tmp_path / "budget"), "--threads", "1", "--quiet", "--json"])
    assert solved.exit_code == 4
    assert json.loads(solved.stdout)["message"] == document["sentences"][0]
    assert json.loads(solved.stdout)["explanation"]["repairs"]
    printed = runner.invoke(app, ["solve", str(tmp_path / "budget"), "--threads", "1", "--quiet"])
    assert printed.exit_code == 4, printed.exception
    assert "1 billion USD more capex" in printed.stdout
    assert load_workbook(plan)["Explanation"]["A5"].value == document["sentences"][0]
