"""Rules: what requires, excludes, limits or forces what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulations.solved import mine_case, solved, starts
from tests.small_cases import small_case

ROAD = {"project": "road", "capex": 4, "lead_time": 0, "life": 20, "max_total": 1}


def needs_road(**rule: Any):
    rules = [{"rule": "access", "kind": "requires", "project": "mine", "other": "road", **rule}]
    return mine_case(mine={"capex": 1, "max_per_year": 2, "max_total": None}, projects=[ROAD], rules=rules)


@pytest.mark.parametrize(("rule", "value"), [({}, 52.0), ({"lag": 1}, 14.0), ({"amount": 1}, 15.0), ({"amount": 3}, 43.0)])
def test_a_project_follows_what_it_requires(rule: dict[str, Any], value: float) -> None:
    """Mines (two a year) earn 19 if begun in 2026, 9 in 2027; the road costs 4. Any number: 38 + 18 - 4.

    Road first, mines a year later: 18 - 4. One mine per road: 19 - 4. Three: 38 + 9 - 4.
    Proves: prerequisite, lag and ratio, over all starts so far.
    Would otherwise be: 56 without the road, 52 without lag or ratio.
    """
    assert solved(needs_road(**rule)).objective == pytest.approx(value, abs=1e-9)


def test_work_in_progress_fulfils_a_requirement() -> None:
    """The road was begun in 2024 (lag 2): mines begin at once.

    Proves: starts before the plan count.
    Would otherwise be: -4 + 0, or 0, with mines only from 2028.
    """
    case = mine_case(
        mine={"capex": 1},
        projects=[ROAD],
        given_starts=[{"project": "road", "year": 2024, "modules": 1}],
        rules=[{"rule": "access", "kind": "requires", "project": "mine", "other": "road", "lag": 2}],
    )
    assert solved(case).objective == pytest.approx(19.0, abs=1e-9)


def choice(kind: str, *worth: float, settings: dict[str, Any] | None = None, project: dict[str, Any] | None = None, **rule: Any):
    """Projects a, b, c that each are worth so much, once, under one rule."""
    names = "abc"[: len(worth)]
    rows = [{"rule": "law", "kind": kind, "project": name, **rule} for name in names]
    if kind == "excludes":
        rows = [{"rule": "law", "kind": kind, "project": "a", "other": "b"}]
    return small_case(
        settings,
        projects=[
            {"project": name, "activity": f"make_{name}", "capex": 10 - value, "lead_time": 0, "life": 1, "max_total": 1, **(project or {})}
            for name, value in zip(names, worth, strict=True)
        ],
        recipes=[{"activity": f"make_{name}", "resource": "ore", "amount": 1} for name in names],
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 10}],
        rules=rows,
    )


@pytest.mark.parametrize(
    ("case", "value"),
    [
        (choice("excludes", 3, 2), 3.0),
        (choice("at_most", 3, 2, 1, amount=2), 5.0),
        (choice("at_least", -1, -2, -3, amount=2), -3.0),
        (choice("at_most", 3, 2, 1, amount=0), 0.0),
    ],
    ids=["excludes", "at_most", "at_least", "at_most_none"],
)
def test_choices_count_projects(case: Any, value: float) -> None:
    """Worth 3, 2, 1 or -1, -2, -3: one of two, two of three, two that lose least, none.

    Proves: each kind of choice.
    Would otherwise be: 5, 6, 0 and 6.
    """
    assert solved(case).objective == pytest.approx(value, abs=1e-9)


def test_the_amount_may_stand_in_one_row_of_the_rule() -> None:
    """Proves: none of both, said in the first row alone. Would otherwise be: 3, with the blank row read as one."""
    case = choice("at_most", 3, 2, amount=0)
    rules = case.tables["rules"].assign(amount=[0.0, float("nan")])
    assert solved(case.with_tables(rules=rules)).objective == pytest.approx(0.0, abs=1e-9)


def test_less_than_a_module_counts_as_started() -> None:
    """Half a module is all there is of each: half of 3.

    Proves: a choice does not ask for a whole module of what is divisible.
    Would otherwise be: 0, or 2.5 if half a module did not count.
    """
    case = choice("excludes", 3, 2, project={"lumpy": "no", "max_total": 0.5})
    assert solved(case).objective == pytest.approx(1.5, abs=1e-9)


LOSS = {"project": "duty", "capex": 1, "lead_time": 0, "life": 1, "max_per_year": 2}


@pytest.mark.parametrize(
    ("rule", "given", "value", "begun"),
    [
        ({"kind": "deadline", "deadline": 2027, "amount": 2}, [], -1.28, {("duty", 2027): 2.0}),
        ({"kind": "deadline", "deadline": 2027}, [], -0.64, {("duty", 2027): 1.0}),
        ({"kind": "must_do"}, [], -0.512, {("duty", 2028): 1.0}),
        ({"kind": "must_do", "amount": 3}, [], -1.664, {("duty", 2027): 1.0, ("duty", 2028): 2.0}),
        ({"kind": "must_do"}, [{"project": "duty", "year": 2025, "modules": 1}], 0.0, {("duty", 2025): 1.0}),
    ],
    ids=["deadline_of_two", "deadline", "must_do", "must_do_three", "must_do_in_progress"],
)
def test_what_must_be_done_is_done_at_the_last_moment(rule: dict, given: list, value: float, begun: dict) -> None:
    """Capex 1 and no return, at 25 %: 0.64 in 2027, 0.512 in 2028; two a year at most.

    Proves: deadline and must-do with their amounts; what was begun before the plan counts.
    Would otherwise be: 0; -1.024 if the deadline were the end of the plan.
    """
    case = small_case(
        {"discount_rate": 0.25, "flow_timing": "end_of_year"},
        projects=[{**LOSS, "life": 5}],
        rules=[{"rule": "law", "project": "duty", **rule}],
        given_starts=given,
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == begun


def test_golden_lp(golden) -> None:
    """A rule of every kind on three projects."""
    projects = [{"project": name, "capex": 1, "lead_time": 0, "max_per_year": 2} for name in "abc"]
    rules = [
        {"rule": "first", "kind": "requires", "project": "a", "other": "b", "lag": 1},
        {"rule": "ratio", "kind": "requires", "project": "b", "other": "c", "amount": 3},
        {"rule": "either", "kind": "excludes", "project": "b", "other": "c"},
        {"rule": "few", "kind": "at_most", "project": "a", "amount": 1},
        {"rule": "some", "kind": "at_least", "project": "c", "amount": 1},
        {"rule": "soon", "kind": "deadline", "project": "a", "amount": 2, "deadline": 2026},
        {"rule": "once", "kind": "must_do", "project": "b"},
    ]
    golden("rules", small_case({"last_year": 2027}, projects=projects, rules=rules))
