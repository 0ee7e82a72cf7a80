"""Sets, Params and Vars made in one go are used like Pyomo's own, and list every member once."""

from __future__ import annotations

import pyomo.environ as pyo
import pytest

import masterplan as mp
from masterplan.formulations import formulate
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from tests.formulations.rich import rich_case


def small() -> pyo.ConcreteModel:
    m = pyo.ConcreteModel()
    m.KEYS = Members(dimen=2, initialize=[("a", 2026), ("b", 2026), ("a", 2026)])
    m.NAMES = Members(initialize=["a", "b"])
    m.KEYS_OF = Lists(m.NAMES, dimen=2, initialize={"a": [("a", 2026)]})
    m.price = Numbers(m.KEYS, initialize={("a", 2026): 2.0}, default=7.0)
    m.built = Decisions(m.KEYS, whole={"a"}, bounds={("a", 2026): (1.0, None)})
    return m


def test_members_and_lists_are_sets() -> None:
    m = small()
    assert list(m.KEYS) == [("a", 2026), ("b", 2026)]
    assert list(m.KEYS_OF["a"]) == [("a", 2026)]
    assert list(m.KEYS_OF["b"]) == []
    with pytest.raises(KeyError):
        m.KEYS_OF["c"]


def test_numbers_and_decisions_are_params_and_vars() -> None:
    m = small()
    assert (m.price["a", 2026], m.price["b", 2026]) == (2.0, 7.0)
    assert m.built["a", 2026].bounds == (1, None)
    assert m.built["a", 2026].is_integer()
    assert m.built["b", 2026].bounds == (0, None)
    assert m.built["b", 2026].is_continuous()
    assert m.built["b", 2026].name == "built[b,2026]"


@pytest.mark.parametrize("name", [*mp.cases(), "rich"])
def test_blocks_list_a_member_once(name: str) -> None:
    m, _ = formulate(rich_case() if name == "rich" else mp.load(name))
    lists = [component for component in m.component_objects(pyo.Set) if isinstance(component, Lists)]
    assert lists
    for component in lists:
        assert all(len(set(members)) == len(members) for members in component.lists.values()), component.name
