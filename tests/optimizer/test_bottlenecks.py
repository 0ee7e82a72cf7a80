"""Bottlenecks: prices with builds fixed, what relief is worth when everything may be re-decided, and the ladder; all by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from masterplan.data.relief import declared
from masterplan.first_order import apart, first_order_worth, like, with_difference
from masterplan.fixed_prices import priced
from masterplan.interval import difference
from masterplan.own_reliefs import own_reliefs
from masterplan.prepared import prepare
from masterplan.price_table import price_table
from masterplan.relief_arrays import ReliefArrays
from masterplan.reports.recompute import recompute
from masterplan.reports.usage import usage
from tests.small_cases import small_case


def prices_of(case: Case) -> dict[tuple[str, str, int], float]:
    found = priced(prepare(case), mp.solve(case, gap=0))
    assert found is not None
    table = price_table(found)
    return {
        (row.kind, row.name, row.year): row.price for row in table.rename(columns={"name": "name_"}).assign(name=table["name"]).itertuples()
    }


# prices with builds fixed


def test_a_market_limit_and_a_resource_have_their_price_in_money_of_the_year() -> None:
    """Each of the three breads that the street takes brings 2 and costs 0.5: a fourth would bring 1.5, in every year, although a flow of
    2028 counts 1.1 ** -2.5. A bread that came for nothing would save the 0.5. The shop has room for five: no price."""
    case = small_case(
        {"discount_rate": 0.1},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        activities=[{"activity": "shop", "unit": "t", "variable_cost": 0.5}],
        existing_capacity=[{"activity": "shop", "capacity": 5}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
    )
    found = prices_of(case)
    years = (2026, 2027, 2028)
    expected = {("market limit", "street", year): 1.5 for year in years} | {("resource", "bread", year): 0.5 for year in years}
    assert found == pytest.approx(expected)


def bank(**finance: Any) -> Case:
    """A share of an oven costs 1 per bread a year, and its breads bring 2 each from the next year on; without a limit on the bread."""
    return small_case(
        {"opening_cash": 3},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 1, "lumpy": "no", "max_per_year": 100}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2}],
        finance=[finance],
    )


def test_the_capex_limit_has_a_price() -> None:
    """A module begun in 2026 earns 2 in 2027 and 2028: 4 - 1 = 3 per unit of capex; one begun in 2027 earns 2 - 1 = 1."""
    found = prices_of(bank(capex_limit=3))
    assert {key: price for key, price in found.items() if key[0] == "capex limit"} == pytest.approx(
        {("capex limit", "capex limit", 2026): 3, ("capex limit", "capex limit", 2027): 1}
    )


def test_minimum_cash_has_a_price() -> None:
    """One less at the end of 2026 begins a module more, worth 3; it brings 2 in 2027, of which 1 fills the gap and 1 begins a module that
    is worth 1 more: 4. One less at the end of 2027 begins a module then: 1."""
    found = prices_of(bank(minimum_cash=0))
    assert {key: price for key, price in found.items() if key[0] == "minimum cash"} == pytest.approx(
        {("minimum cash", "minimum cash", 2026): 4, ("minimum cash", "minimum cash", 2027): 1}
    )


def ovens(**project: Any) -> Case:
    """Ovens of one bread a year, 0.8 each; every bread brings 2, and the permit is for 1.5 a year."""
    return small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 0.8, **project}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2}],
        limits=[{"limit": "permit", "bound": 1.5}],
        limit_members=[{"limit": "permit", "measure": "level", "item": "shop"}],
    )


def test_limits_on_starts_a_year_and_on_sums_have_a_price() -> None:
    """One oven a year: the first runs in 2027 and 2028, the second fills the permit in 2028 (0.5 x 2 - 0.8 = 0.2).

    The permit has a price where it binds, in 2028: 2. One oven more in 2026 would sell at the margin in 2027 alone: 2 - 0.8 = 1.2; one
    more in 2027 nothing.
    """
    found = prices_of(ovens(max_per_year=1))
    assert found["limit", "permit", 2028] == pytest.approx(2)
    assert ("limit", "permit", 2027) not in found
    assert found["starts a year", "oven", 2026] == pytest.approx(1.2)
    assert ("starts a year", "oven", 2027) not in found


def test_a_limit_on_starts_in_total_has_the_price_of_the_best_start_it_keeps_back() -> None:
    """One oven in total is begun in 2026: another, then, would sell at the margin in 2027 and 2028, 2 x 2 - 0.8 = 3.2, in 2027 2 - 0.8.

    With two allowed the relief is worth that by price; the permit leaves 2 x 0.5 x 2 - 0.8 = 1.2 of it.
    """
    case = ovens(max_total=1)
    assert prices_of(case)["starts in total", "oven", 2026] == pytest.approx(3.2)
    ready = prepare(case)
    found = priced(ready, mp.solve(case, gap=0))
    assert found is not None
    relieved = prepare(case.change("projects.oven.max_total+=1"))
    assert first_order_worth(found, relieved.arrays) == pytest.approx(3.2)
    value = difference(mp.solve(relieved.case, gap=0), mp.solve(case, gap=0))
    assert value is not None
    assert value.value == pytest.approx(1.2)


def test_a_least_cost_case_counts_savings() -> None:
    """Five breads are owed; two may be bought at 1, the rest at 3: one more of the cheap ones saves 2 a year."""
    found = mp.bottlenecks(thrifty(), gap=0, step_limits=1)
    prices = found.prices[found.prices["kind"] == "market limit"]
    assert prices["price"].to_list() == pytest.approx([2, 2, 2])
    (rung,) = found.ladder.to_dict("records")
    assert (rung["limit"], rung["value"], rung["by_price"]) == ("cheap bread", pytest.approx(6), pytest.approx(6))
    assert found.steps["value"].to_list() == pytest.approx([6, -6])


def thrifty() -> Case:
    """A baker who owes five breads a year; relief: one more of the cheap ones, 2 x 3 years = 6."""
    return small_case(
        {"objective": "least_cost"},
        markets=[
            {"market": "cheap", "resource": "bread", "side": "buy", "price": 1, "limit": 2},
            {"market": "dear", "resource": "bread", "side": "buy", "price": 3},
            {"market": "owed", "resource": "bread", "side": "sell", "price": 0, "limit": 5, "minimum": 5},
        ],
        reliefs=[{"relief": "more", "limit": "cheap bread", "table": "markets", "key": "cheap", "column": "limit", "step": 1}],
    )


# the ladder


def harbour_town(decoys: int = 1, **cake: Any) -> Case:
    """Breads are dear and short by one; cakes are cheap, need an oven, and the harbour takes one of them.

    Bread: the shop can make four a year and the street takes three at 5. Ten more customers are worth 10 x 5 x 3 years = 150 by the price
    with builds fixed, but only one more bread can be made: 5 x 3 = 15. Cake: an oven for 7 makes six a year from 2027 on, at 3 each. For
    one cake it does not pay (2 x 3 - 7 < 0), so the harbour's limit does not bind and has no price. With six more customers: six cakes,
    2 x 6 x 3 - 7 = 29. `decoys` are as many towns of bread.
    """
    towns = [f"bread{number}" for number in range(decoys)]
    reliefs = [
        {
            "relief": f"{town} fair",
            "limit": town,
            "table": "markets",
            "key": f"street_{town}",
            "column": "limit",
            "step": 1,
            "max_relief": 10,
        }
        for town in towns
    ]
    pier = {"relief": "pier", "limit": "harbour", "table": "markets", "key": "harbour", "column": "limit", "step": 1, "max_relief": 6}
    return small_case(
        recipes=[{"activity": f"shop_{town}", "resource": town, "amount": 1} for town in towns]
        + [{"activity": "pastry", "resource": "cake", "amount": 1}],
        existing_capacity=[{"activity": f"shop_{town}", "capacity": 4} for town in towns],
        projects=[{"project": "oven", "activity": "pastry", "module_capacity": 6, "capex": 7, "max_per_year": 1, "max_total": 1}],
        markets=[{"market": f"street_{town}", "resource": town, "side": "sell", "price": 5, "limit": 3} for town in towns]
        + [{"market": "harbour", "resource": "cake", "side": "sell", "price": 3, "limit": 1}],
        reliefs=[*reliefs, {**pier, **cake}],
    )


def test_the_dearest_by_price_is_not_the_best_when_everything_may_be_re_decided() -> None:
    found = mp.bottlenecks(harbour_town(), gap=0, step_limits=2)
    first, second = found.ladder.to_dict("records")
    assert (first["limit"], first["by_price"], first["value"]) == ("harbour", pytest.approx(0), pytest.approx(29))
    assert (second["limit"], second["by_price"], second["value"]) == ("bread0", pytest.approx(150), pytest.approx(15))
    assert first["binds_next"] == "bread0"
    assert first["tolerance"] == pytest.approx(0)
    assert second["objective"] == pytest.approx(3 * 3 * 5 + 29 + 15)
    assert "no limit is left" in found.ended
    steps = found.steps.set_index("step")["value"]
    assert steps["markets.street_bread0.limit +1"] == pytest.approx(15)
    assert steps["markets.street_bread0.limit -1"] == pytest.approx(-15)
    assert steps["markets.harbour.limit +1"] == pytest.approx(2 * 2 * 3 - 7)


def test_a_limit_without_a_price_is_found_behind_three_dear_ones() -> None:
    """Four towns of bread have the best prices; that cakes could be worth 29 shows when ovens are taken as divisible."""
    found = mp.bottlenecks(harbour_town(decoys=4), gap=0, step_limits=0, rungs=1)
    (rung,) = found.ladder.to_dict("records")
    assert (rung["limit"], rung["value"]) == ("harbour", pytest.approx(29))
    assert len(found.tried) == 4
    assert found.ended == "1 rungs were asked for"


def test_of_two_ways_that_do_the_same_the_cheaper_is_taken() -> None:
    """The pier for 5 instead of 9; the net value is 29 - 5."""
    case = harbour_town(cost=9)
    other = {**case.tables["reliefs"].iloc[1].to_dict(), "relief": "barge", "cost": 5.0, "way": "a barge at anchor"}
    frame = case.tables["reliefs"]
    frame = frame.assign().reset_index(drop=True)
    frame.loc[len(frame)] = other
    found = mp.bottlenecks(case.with_tables(reliefs=frame), gap=0, step_limits=0, rungs=1)
    (rung,) = found.ladder.to_dict("records")
    assert (rung["way"], rung["cost"], rung["net_value"]) == ("a barge at anchor", 5, pytest.approx(24))


def test_a_ladder_ends_where_a_rung_is_worth_nothing() -> None:
    """One more cake customer: two cakes bring 2 x 2 x 3 = 12 over the oven's 7: worth 5. At a price of 1 it is worth nothing."""
    case = harbour_town(decoys=0, max_relief=1)
    assert mp.bottlenecks(case, gap=0, step_limits=0).ladder["value"].to_list() == pytest.approx([5])
    poor = mp.bottlenecks(case.change("markets.harbour.price=1"), gap=0, step_limits=0)
    assert len(poor.ladder) == 0
    assert "no more than the solves can tell" in poor.ended
    assert "No limit that can be relieved" in poor.findings().sentences[0]


def one_oven(**more: Any) -> Case:
    """Bread sells at 4, ten a year; an oven for 3 makes one from the year after. One oven in all, one a year; either may be one more."""
    relief = {"table": "projects", "key": "oven", "step": 1}
    return small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 1, "max_total": 1}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 4, "limit": 10}],
        reliefs=[
            {"relief": "total", "limit": "ovens in all", "column": "max_total", **relief},
            {"relief": "yearly", "limit": "ovens a year", "column": "max_per_year", **relief},
        ],
        **more,
    )


def test_two_reliefs_that_only_help_together_are_both_found() -> None:
    """An oven of 2026 brings 2 x 4 - 3 = 5, one of 2027 brings 4 - 3 = 1: one in all 5, two in all 5 + 1 = 6, both in 2026 10.

    More a year alone brings nothing, because the model takes the least of both numbers: what the relief did to the first case says
    nothing of what it does to the second.
    """
    found = mp.bottlenecks(one_oven(), gap=0, step_limits=0)
    assert found.ladder["limit"].to_list() == ["ovens in all", "ovens a year"]
    assert found.ladder["value"].to_list() == pytest.approx([1, 4])
    assert found.ladder["objective"].to_list() == pytest.approx([6, 10])


def test_what_is_searched_is_the_relieved_case_itself() -> None:
    """As above; a sum of what both reliefs did to the first case would leave one oven a year."""
    case = one_oven()
    first, second = declared(case)
    arrays, plan = ReliefArrays(), mp.solve(case, gap=0)
    as_it_stands = priced(prepare(case), plan)
    assert as_it_stands is not None
    assert arrays.candidate(as_it_stands, second, None, ()) is not None
    relieved = case.change(str(first.change(1)))
    then = priced(prepare(relieved), mp.solve(relieved, gap=0))
    assert then is not None
    guessed = arrays.candidate(then, second, None, ())
    assert guessed is not None
    assert guessed.summed
    ready = guessed.ready(then.ready)
    assert ready is not None
    both = prepare(relieved.change(str(second.change(1))))
    assert np.array_equal(ready.arrays.high, both.arrays.high)
    assert not np.array_equal(guessed.after.high, both.arrays.high)
    known = arrays.candidate(then, second, None, (first,))  # a relief of the same row is there already
    assert known is not None
    assert not known.summed
    assert np.array_equal(known.after.high, both.arrays.high)


def test_a_guess_that_says_too_little_does_not_end_the_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two good towns behind four whose shops make less than their streets take: more customers bring 5 x 3 there and nothing here.

    Once the first rung is climbed, what is left is guessed; here the guess is that nothing helps. The good town that is left stands behind
    four others, so that only what is built anew before the ladder ends can find it.
    """
    towns = {f"poor{number}": 2 for number in range(4)} | {"good0": 4, "good1": 4}
    relief = {"table": "markets", "column": "limit", "step": 1}
    case = small_case(
        recipes=[{"activity": f"shop_{town}", "resource": town, "amount": 1} for town in towns],
        existing_capacity=[{"activity": f"shop_{town}", "capacity": capacity} for town, capacity in towns.items()],
        markets=[{"market": f"street_{town}", "resource": town, "side": "sell", "price": 5, "limit": 3} for town in towns],
        reliefs=[{"relief": town, "limit": town, "key": f"street_{town}", **relief} for town in towns],
    )
    monkeypatch.setattr("masterplan.relief_arrays.with_difference", lambda now, after, before: now)
    found = mp.bottlenecks(case, gap=0, step_limits=0)
    assert sorted(found.ladder["limit"]) == ["good0", "good1"]
    assert found.ladder["value"].to_list() == pytest.approx([15, 15])
    assert set(found.tried.loc[found.tried["rung"] == 2, "limit"]) == {"poor0", "poor1", "poor2", "good1"}


def test_every_limit_gets_its_steps_where_that_is_asked_for() -> None:
    """Of four towns of bread and the harbour each goes up and down by one: 15 for a bread, 5 for two cakes less an oven, 0 for no cake."""
    found = mp.bottlenecks(harbour_town(decoys=4), gap=0, step_limits=None, rungs=0)
    assert len(found.steps) == 10
    steps = found.steps.set_index("step")
    assert steps.loc["markets.street_bread3.limit +1", "value"] == pytest.approx(15)
    assert steps.loc["markets.harbour.limit +1", "value"] == pytest.approx(5)
    assert steps.loc["markets.harbour.limit -1", "value"] == pytest.approx(0)
    assert steps.loc["markets.harbour.limit +1", "up_to"] == "+6"
    assert steps.loc["markets.harbour.limit -1", "up_to"] == ""


def test_a_rung_that_costs_more_than_it_brings_says_so() -> None:
    (told, *_) = mp.bottlenecks(harbour_town(decoys=0, cost=30), gap=0, step_limits=0).findings().sentences
    assert "net -1.00, so that it costs more than it brings" in told


def test_a_case_without_a_plan_says_so() -> None:
    case = thrifty().change("markets.dear.limit=1")
    found = mp.bottlenecks(case)
    assert not found.plan.found
    assert "no plan" in found.findings().sentences[0]


# what a case without reliefs gets


def test_a_case_that_declares_nothing_gets_small_steps_of_what_binds() -> None:
    """Three breads fill the street, ovens are begun two a year, capex is spent to the last: a tenth, a module, a year each."""
    case = small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 1, "max_per_year": 2, "max_total": 3}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 2}],
        finance=[{"capex_limit": 2}],
        limits=[{"limit": "permit", "bound": 2}],
        limit_members=[{"limit": "permit", "measure": "level", "item": "shop"}],
    )
    plan = mp.solve(case, gap=0)
    found = {relief.name: relief for relief in own_reliefs(plan, recompute(plan), price_table(priced(prepare(case), plan)))}
    assert str(found["limit of street"].change(0.1)) == "markets.street/1.limit*=1.1"
    assert str(found["starts of oven a year"].change(1)) == "projects.oven.max_per_year+=1"
    assert str(found["capex limit"].change(0.1)) == "finance.capex_limit*=1.1"
    assert str(found["lead time of oven"].change(-1)) == "projects.oven.lead_time+=-1"
    study = mp.bottlenecks(case, plan, gap=0, rungs=1, step_limits=0)
    (rung,) = study.ladder.to_dict("records")
    assert (rung["limit"], rung["value"]) == ("lead time of oven", pytest.approx(4))  # two breads at 2, a year earlier
    assert not study.declared


# arrays and use


def test_two_changes_that_touch_nothing_in_common_add_up() -> None:
    case = harbour_town()
    changes = ("markets.street_bread0.limit+=10", "projects.oven.capex+=1")
    before, first, second, both = (prepare(case.change(*some) if some else case) for some in ((), changes[:1], changes[1:], changes))
    made = with_difference(first.arrays, second.arrays, before.arrays)
    assert like(first.arrays, before.arrays)
    assert apart(first.arrays, second.arrays, before.arrays)
    assert not apart(first.arrays, first.arrays, before.arrays)
    for name in ("cost", "high", "low", "row_high", "row_low"):
        assert np.array_equal(getattr(made, name), getattr(both.arrays, name))
    assert abs(made.matrix - both.arrays.matrix).max() == pytest.approx(0)


def test_use_is_told_as_a_share_of_what_there_is() -> None:
    """Three of four breads, all three that the street takes."""
    plan = mp.solve(harbour_town(), gap=0)
    table = usage(plan, recompute(plan)).set_index(["kind", "name"])
    assert table.loc[("sales", "street_bread0")].to_list() == pytest.approx([1, 1, 1])
    assert table.loc[("capacity", "shop_bread0")].to_list() == pytest.approx([0.75] * 3)
    assert ("sales", "harbour") not in table.index


def test_the_command_prints_writes_and_speaks_json(tmp_path) -> None:
    mp.write_folder(harbour_town(), tmp_path / "town")
    runner, sheet = CliRunner(), tmp_path / "plan.xlsx"
    told = runner.invoke(app, ["bottlenecks", str(tmp_path / "town"), "--gap", "0", "-o", str(sheet), "--json"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["schema"] == "masterplan.bottlenecks/1"
    assert [rung["limit"] for rung in document["ladder"]] == ["harbour", "bread0"]
    assert {"value", "tolerance", "low", "high", "by_price"} <= set(document["ladder"][0])
    assert {"kind", "name", "year", "price", "unit"} == set(document["prices"][0])
    page = load_workbook(sheet)["Bottlenecks"]
    shares = [cell for row in page.iter_rows() for cell in row if cell.value == 0.75 and cell.number_format.startswith("0%")]
    assert len(shares) == 3  # the shop in three years
    assert all(any(cell.coordinate in area.cells for area in page.conditional_formatting) for cell in shares)
    assert mp.read_plan(sheet).objective == pytest.approx(45)
    plain = runner.invoke(app, ["bottlenecks", str(tmp_path / "town"), "--gap", "0", "--rungs", "1", "--steps", "0"])
    assert plain.exit_code == 0
    assert "worth when everything may be re-decided" in plain.stdout
    assert "price with builds fixed" in plain.stdout.lower()
    assert "75 %" in plain.stdout
    assert runner.invoke(app, ["bottlenecks", str(tmp_path / "town"), "--rungs", "-1"]).exit_code == 2
