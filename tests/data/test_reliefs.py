"""Reliefs: ways to relieve what holds the plan back are read, checked, told in words, and written again."""

from __future__ import annotations

from typing import Any

import pytest

import masterplan as mp
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.relief import Relief, declared
from tests.small_cases import small_case


def stall(*reliefs: dict[str, Any]) -> Case:
    """A stall that sells up to three breads; an oven takes a year."""
    return small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
        reliefs=[{"limit": "customers", "column": "limit", "table": "markets", "key": "street", "step": 1, **row} for row in reliefs],
    )


@pytest.mark.parametrize(
    ("row", "code", "column", "told"),
    [
        ({"step": 0}, "E611", "step", "a step changes something"),
        ({"step": 2, "max_relief": 1}, "E612", "max_relief", "at least one step of 2"),
        ({"step": -1, "max_relief": 2}, "E612", "max_relief", "with its sign"),
        ({"operation": "times", "step": -0.5, "max_relief": -1}, "E613", "max_relief", "less than 1"),
        ({"table": "market"}, "E504", "table", "Did you mean 'markets'?"),
        ({"column": "limt"}, "E505", "column", "Did you mean 'limit'?"),
        ({"key": "stret"}, "E506", "key", "Did you mean 'street'?"),
        ({"table": "projects", "key": "oven", "column": "lead_time", "from_year": 2027}, "E507", "from_year", "does not vary by year"),
        ({"table": "projects", "key": "oven", "column": "lead_time", "step": -1, "max_relief": -2}, "E509", "max_relief", "becoming -1"),
        ({"table": "projects", "key": "oven", "column": "lead_time", "step": 0.5}, "E509", "max_relief", "a whole number is needed"),
        ({"table": "projects", "key": "oven", "column": "max_total"}, "E510", "max_relief", "no value to change"),
    ],
)
def test_what_cannot_be_relieved_is_told(row: dict[str, Any], code: str, column: str, told: str) -> None:
    with pytest.raises(CaseError) as error:
        stall({"relief": "one", **row})
    (problem,) = error.value.problems
    assert (problem.code, problem.table, problem.key, problem.column) == (code, "reliefs", "one", column)
    assert told in str(problem)


def test_one_wrong_name_in_many_reliefs_is_one_problem() -> None:
    with pytest.raises(CaseError) as error:
        stall({"relief": "one", "key": "stret"}, {"relief": "two", "key": "stret"})
    (problem,) = error.value.problems
    assert problem.also == ("reliefs two",)


def test_a_relief_is_a_change_in_steps_up_and_down() -> None:
    """A tenth more is a factor of 1.1; a step back from there, to where it came from, 1 / 1.1."""
    tenth = Relief("more", "customers", "markets", "street", "limit", "times", 0.1, 0.5, 2027)
    assert str(tenth.change(0.5)) == "markets.street.limit*=1.5@2027:"
    assert str(tenth.change(-0.25)) == "markets.street.limit*=0.8@2027:"
    assert tenth.in_words(0.5) == "markets.street.limit +50 %, from 2027"
    sooner = Relief("sooner", "lead time", "projects", "oven", "lead_time", "plus", -1, -1)
    assert str(sooner.change(-1)) == "projects.oven.lead_time+=-1"
    assert sooner.in_words(1) == "projects.oven.lead_time +1"
    once = Relief("once", "customers", "markets", "street", "limit", "plus", 2, 2, 2027, 2027)
    assert once.in_words(2) == "markets.street.limit +2, 2027"


def test_a_blank_total_is_one_step_and_a_case_is_written_with_its_reliefs(tmp_path) -> None:
    case = stall({"relief": "one", "cost": 5, "way": "a bigger sign"})
    mp.write_folder(case, tmp_path / "stall")
    (relief,) = declared(mp.load(str(tmp_path / "stall")))
    assert relief == declared(case)[0]
    assert (relief.most, relief.cost, relief.way, relief.operation) == (1, 5, "a bigger sign", "plus")
