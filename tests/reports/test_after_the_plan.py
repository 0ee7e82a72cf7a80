"""Starts that pay only by what is left of them after the plan: the summary, the command line and the JSON say so, by hand."""

from __future__ import annotations

import pytest

import masterplan as mp
from masterplan.data.plan import Plan
from masterplan.jsonout import after_the_plan
from masterplan.reports import summary
from masterplan.reports.after_the_plan import left, sentences
from masterplan.reports.recompute import recompute
from masterplan.summary import print_plan
from tests.reports.hand_plans import hand_plan, with_results
from tests.small_cases import small_case

SOLD = [{"market": "world", "resource": "ore", "side": "sell", "price": 1}]
ONLY = "The starts pay only through the terminal value"


def mine(price: float = 1, rate: float = 0.0, **settings: object) -> Plan:
    """A mine of 10 begun in 2026, with output in 2027 and 2028 of 20 years of life."""
    case = small_case(
        {"terminal_value": "book_value", "discount_rate": rate, "flow_timing": "end_of_year", **settings},
        recipes=[{"activity": "dig", "resource": "ore", "amount": 1}],
        projects=[{"project": "mine", "activity": "dig", "capex": 10, "max_total": 1, "last_start": 2026}],
        markets=[{**SOLD[0], "price": price}],
    )
    return mp.solve(case, gap=0)


def told(plan: Plan) -> list[str]:
    return sentences(left(plan), "M")


def test_a_mine_that_pays_only_by_its_terminal_value_is_told() -> None:
    """10 are spent and 1 + 1 earned; 18 of 20 years are left, worth 9: 1 is added, of which 9 stands after the plan and -8 inside.

    Proves: the share of the terminal value, and what is added without it.
    Would otherwise be: nothing said.
    """
    plan = mine()
    found = left(plan)
    assert plan.value_added == pytest.approx(1.0)
    assert found.worth == {"mine": pytest.approx(9.0)}
    assert found.added == pytest.approx(-8.0)
    assert found.only_by_terminal
    assert told(plan) == [
        f"{ONLY}: without the 9 M that they are worth after the last year, the plan would be worth 8 M less than doing nothing."
    ]


def test_it_is_discounted_to_the_beginning() -> None:
    """At 25 % and flows at the end of a year: -8 + 6 x 0.64 + 6 x 0.512 = -1.088 inside, and 9 x 0.512 = 4.608 left."""
    found = left(mine(price=6, rate=0.25))
    assert found.worth["mine"] == pytest.approx(4.608)
    assert found.added == pytest.approx(-1.088)


def test_a_mine_that_pays_inside_the_plan_is_not_told() -> None:
    """At a price of 6 it earns 12 for 10, and 9 are left besides."""
    plan = mine(price=6)
    assert left(plan).added == pytest.approx(2.0)
    assert told(plan) == []


@pytest.mark.parametrize("settings", [{"terminal_value": "none"}, {"terminal_value": "perpetuity", "discount_rate": 0.25}])
def test_without_book_value_nothing_is_told_apart(settings: dict[str, object]) -> None:
    found = left(mine(price=60, **settings))
    assert (found.worth, found.added, found.only_by_terminal) == ({}, None, False)


def test_a_start_whose_output_comes_after_the_plan_is_told() -> None:
    """Two starts of 2027 and 2028 with lead time 2 of a mine, one of which was given; a road without any output is no such thing."""
    case = small_case(
        {"terminal_value": "book_value"},
        projects=[{"project": "mine", "activity": "dig", "lead_time": 2, "last_start": 2028}, {"project": "road", "last_start": 2028}],
        given_starts=[{"project": "mine", "year": 2027, "modules": 1}],
    )
    plan = hand_plan(case, starts={("mine", 2027): 1, ("mine", 2028): 1, ("road", 2028): 1})
    assert left(plan).silent == {"mine": (2028,)}
    assert told(plan) == ["mine started in 2028 has no output inside the plan: only the terminal value or a rule speaks for it."]


def test_what_was_given_is_no_choice() -> None:
    case = small_case(
        {"terminal_value": "book_value"},
        projects=[{"project": "mine", "activity": "dig", "capex": 10}],
        given_starts=[{"project": "mine", "year": 2026, "modules": 1}],
    )
    assert left(hand_plan(case, starts={("mine", 2026): 1})).worth == {}


def test_summary_command_line_and_json_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    plan = mine()
    lines = summary.table(plan, recompute(plan)).set_index(["section", "item"])
    assert lines.loc[(summary.LEFT, "mine"), "total"] == pytest.approx(9.0)
    assert lines.loc[(summary.LEFT, "Value added without it"), "total"] == pytest.approx(-8.0)
    assert lines.loc[(summary.LEFT, "Note"), "remark"].startswith(ONLY)
    print_plan(plan, mp.audit(plan), [], None)
    assert ONLY in capsys.readouterr().out
    document = after_the_plan(plan)
    assert document is not None
    assert document["only_by_terminal_value"]
    assert document["value_added_without"] == pytest.approx(-8.0)


def test_a_plan_without_starts_has_no_such_section() -> None:
    plan = with_results(hand_plan(small_case({"terminal_value": "book_value"}, markets=SOLD)))
    assert summary.LEFT not in set(summary.table(plan, recompute(plan))["section"])
