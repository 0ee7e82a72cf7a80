"""Warnings: each is raised by what it is about, and by nothing that is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from masterplan.data import sanity as sanity_module
from masterplan.data.sanity import SANITY, sanity
from tests.small_cases import Rows, small_case

SELL = {"market": "world", "resource": "ore", "side": "sell", "price": 3, "limit": 9}
BUY = {"market": "shop", "resource": "ore", "side": "buy", "price": 4}
MINE = {"project": "mine", "activity": "dig", "capex": 2, "max_total": 4}
SOUND: Mapping[str, Rows] = {
    "activities": [{"activity": "dig", "unit": "t"}],
    "recipes": [{"activity": "dig", "resource": "ore", "amount": 1}],
    "projects": [MINE],
    "markets": [SELL, BUY],
}


def more(**tables: Rows) -> dict[str, Rows]:
    return {**SOUND, **{name: [*SOUND.get(name, []), *rows] for name, rows in tables.items()}}


def instead(**tables: Rows) -> dict[str, Rows]:
    return {**SOUND, **tables}


CIRCLE = [
    {"activity": activity, "resource": resource, "amount": amount}
    for activity, resource, amount in (("freeze", "water", -1), ("freeze", "ice", 1), ("melt", "ice", -1), ("melt", "water", 1.2))
]
RUNNING = [{"activity": name, "unit": "t", "capacity_limited": "no"} for name in ("freeze", "melt")]
SIFT = [{"activity": "sift", "unit": "t", "capacity_limited": "no"}]
SIFTING = [{"activity": "sift", "resource": "sand", "amount": -2}, {"activity": "sift", "resource": "glass", "amount": 1}]
SIFTED = [
    {"market": "pit", "resource": "sand", "side": "buy", "price": 1},
    {"market": "panes", "resource": "glass", "side": "sell", "price": 2.5},
]
STANDS = [{"activity": "dig", "capacity": 1}]
LIMIT = [{"limit": "cap", "bound": 20}]

ODD: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Rows], str]] = {
    "W801": ({}, more(recipes=[{"activity": "rest", "resource": "ore", "amount": -1}]), "rest"),
    "W802": ({}, more(recipes=[{"activity": "dig", "resource": "fuel", "amount": -1}]), "fuel"),
    "W803": ({}, more(recipes=[{"activity": "dig", "resource": "dust", "amount": 1}]), "dust"),
    "W804": ({}, instead(projects=[{**MINE, "lead_time": 3}]), "a first output in 2029"),
    "W805": ({}, more(projects=[{"project": "statue", "max_total": 1}]), "statue"),
    "W806": ({}, more(limits=LIMIT, limit_members=[{"limit": "cap", "measure": "sell", "item": "world"}]), "at most 9 anyway"),
    "W807": ({}, more(markets=[{**SELL, "tier": 2, "price": 3.5}]), "3.5 after 3"),
    "W811": ({}, instead(projects=[{**MINE, "capex": 20000}]), "20000"),
    "W812": ({"discount_rate": 0.8}, SOUND, "0.8"),
    "W813": ({"opening_cash": 2}, more(finance=[{"minimum_cash": 3}]), "opening_cash is 2"),
    "W814": ({}, instead(markets=[SELL, {**BUY, "price": 1, "limit": 5}]), "earns 10 in 2026"),
    "W815": ({}, more(activities=SIFT, recipes=SIFTING, markets=SIFTED), "a gain of 0.5 per unit"),
    "W816": ({}, instead(projects=[{**MINE, "max_total": None}], markets=[{**SELL, "limit": None}]), "a gain of 4"),
    "W817": ({}, more(activities=RUNNING, recipes=CIRCLE), "turns 1 of water into 1.2"),
    "W818": (
        {"terminal_value": "perpetuity", "discount_rate": 0.1},
        instead(resources=[{"resource": "ore", "storable": "yes"}]),
        "a stock of ore that it has once",
    ),
    "W821": ({}, more(finance=[{"interest_rate": 0.07}]), "0.07"),
    "W822": ({}, more(finance=[{"debt_limit": 5}]), "no money is ever needed"),
    "W824": ({}, instead(projects=[{**MINE, "retirable": "yes", "retirement_cost": -2.5}]), "a salvage of 2.5"),
    "W825": (
        {"committed_inside_limit": "yes"},
        more(finance=[{"capex_limit": 4, "committed_capex": 0, "carry_over_share": 0.5}, {"year": 2027, "committed_capex": 7}]),
        "holds 6 at most",
    ),
    "W823": ({"objective": "final_cash"}, more(finance=[{"raise_limit": 5}]), "all of it is raised"),
}


def test_what_runs_behind_a_gate_has_a_most_number_and_is_not_endless() -> None:
    gates = [{"gate": "licence", "activity": SIFT[0]["activity"], "earliest_year": 2026, "most": 5}]
    assert sanity(small_case(**more(activities=SIFT, recipes=SIFTING, markets=SIFTED, gates=gates))) == []


def test_a_project_that_a_gate_or_synergy_measures_is_of_use() -> None:
    road = [{"project": "road", "capex": 1, "max_total": 1}]
    gates = [{"gate": "licence", "activity": "dig"}]
    condition = [{"gate": "licence", "measure": "starts", "item": "road", "threshold": 1}]
    assert [problem.code for problem in sanity(small_case(**more(projects=road)))] == ["W805"]
    assert sanity(small_case(**more(projects=road, gates=gates, gate_conditions=condition))) == []


def test_a_sound_case_raises_nothing() -> None:
    assert sanity(small_case(**SOUND)) == []


@pytest.mark.parametrize("code", ODD)
def test_what_is_odd_is_said_once_with_its_number(code: str) -> None:
    settings, tables, says = ODD[code]
    (problem,) = sanity(small_case(settings, **tables))
    assert problem.code == code
    assert not problem.is_error
    assert says in str(problem)


def test_every_warning_is_raised_here_and_every_check_listed() -> None:
    texts = [file.read_text(encoding="utf-8") for file in Path(sanity_module.__file__).parent.glob("sanity_*.py")]
    assert {code for text in texts for code in re.findall(r'"(W\d{3})"', text)} == set(ODD)
    written = {name for text in texts for name in re.findall(r"^def ([a-z]\w*)\(case: Case\) -> list\[Problem\]", text, re.MULTILINE)}
    assert {one.__name__ for one in SANITY} == written


@pytest.mark.parametrize(
    "tables",
    [
        instead(markets=[{**SELL, "limit": None}]),  # the modules are limited
        instead(projects=[{**MINE, "max_total": None}]),  # the sales are limited
        instead(projects=[{**MINE, "max_total": None, "capex": 9}], markets=[{**SELL, "limit": None}]),  # a module loses money
        instead(projects=[{**MINE, "max_total": None}], markets=[{**SELL, "limit": None}], finance=[{"capex_limit": 5}]),
        instead(markets=[SELL, {**BUY, "price": 1, "limit": 0}]),
        more(recipes=[{**row, "amount": 1} if row["amount"] == 1.2 else row for row in CIRCLE], activities=RUNNING),
        more(limits=[{"limit": "cap", "bound": 8}], limit_members=[{"limit": "cap", "measure": "sell", "item": "world"}]),
        more(limits=LIMIT, limit_members=[{"limit": "cap", "measure": "level", "item": "dig"}]),
        more(projects=[{"project": "site", "max_total": 1}], rules=[{"rule": "r", "kind": "requires", "project": "mine", "other": "site"}]),
        more(markets=[{**SELL, "tier": 2, "price": 2}, {**BUY, "tier": 2, "price": 5}]),
    ],
)
def test_what_only_looks_odd_raises_nothing(tables: Mapping[str, Rows]) -> None:
    assert sanity(small_case(**tables)) == []


SCRAP = {**MINE, "retirable": "yes", "retirement_cost": -2}
INPUT = {"project": "mine", "resource": "ore", "amount": 1}


@pytest.mark.parametrize(
    ("project", "inputs", "codes"),
    [
        ({}, [], []),  # as much as it cost
        ({"credit": 0.1}, [], ["W824"]),  # 1.8 after the credit
        ({"credit": 0.1, "credit_last_start": 2025}, [], []),
        ({"retirable": "no", "retirement_cost": 0}, [], []),
        ({"retirement_cost": -2.5}, [{**INPUT, "capitalised_value": 1}], []),  # 3 with its ore
        ({"retirement_cost": -3.5}, [{**INPUT, "capitalised_value": 1}], ["W824"]),
        ({"retirement_cost": -9}, [INPUT], []),  # what the ore is worth is not told
        ({"retirement_cost": -9, "first_start": 2027}, [], ["W824"]),
    ],
)
def test_salvage_is_compared_with_all_that_a_module_costs(project: Rows, inputs: Rows, codes: list[str]) -> None:
    case = small_case(**instead(projects=[{**SCRAP, **dict(project)}], construction_inputs=inputs))
    assert [problem.code for problem in sanity(case)] == codes


@pytest.mark.parametrize(
    ("settings", "finance", "codes"),
    [
        ({"committed_inside_limit": "yes"}, {"carry_over_share": 0.5, "committed_capex": 6}, []),  # 4 + half of 4 are left
        ({"committed_inside_limit": "yes"}, {"committed_capex": 6}, ["W825"]),
        ({"committed_inside_limit": "no"}, {"committed_capex": 6}, []),
    ],
)
def test_committed_capex_is_compared_with_all_that_the_limit_may_hold(settings: Any, finance: Any, codes: list[str]) -> None:
    first = {"year": 2026, "capex_limit": 4, "committed_capex": 0, "carry_over_share": 0}
    finance = [first, {**first, "year": 2027, **finance}]
    case = small_case({"last_year": 2027, **settings}, **instead(projects=[], finance=finance, existing_capacity=STANDS))
    assert [problem.code for problem in sanity(case)] == codes


def test_a_limit_below_never_binds_either() -> None:
    floor = [{"limit": "floor", "sense": "at_least", "bound": -1}]
    case = small_case(**more(limits=floor, limit_members=[{"limit": "floor", "measure": "level", "item": "dig"}]))
    assert [problem.code for problem in sanity(case)] == ["W806"]


@pytest.mark.parametrize(
    ("settings", "finance", "says"),
    [
        ({}, {"issue_cost": 0.02}, "neither debt nor equity"),
        ({"debt_spread": 0.01}, {"raise_limit": 1, "minimum_cash": 0}, "nothing is borrowed"),
    ],
)
def test_the_cost_of_money_that_cannot_be_had_is_idle(settings: Mapping[str, Any], finance: Mapping[str, Any], says: str) -> None:
    (problem,) = sanity(small_case(settings, **more(finance=[finance])))
    assert problem.code == "W821"
    assert says in str(problem)


def test_funding_that_cash_needs_is_sound() -> None:
    finance = [{"debt_limit": 5, "interest_rate": 0.05, "issue_cost": 0.01, "raise_limit": 1, "minimum_cash": 0}]
    assert sanity(small_case({"debt_spread": 0.01}, **more(finance=finance))) == []
