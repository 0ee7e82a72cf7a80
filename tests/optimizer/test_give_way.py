"""Every constraint family and every bound is a planner's number that may give way, or is named among what never does."""

from __future__ import annotations

from functools import cache

import pyomo.environ as pyo

from masterplan.data.schema import TABLE
from masterplan.elastic_model import elastic_model
from masterplan.give_way import NEVER_BOUNDS, NEVER_ROWS, WAYS
from tests.formulations.rich import rich_case
from tests.formulations.walk import walk


@cache
def _model() -> pyo.ConcreteModel:
    return walk(rich_case())[0]


def test_every_constraint_family_gives_way_or_never_does() -> None:
    families = {row.name for row in _model().component_objects(pyo.Constraint)}
    giving = {family for way in WAYS.values() for family in way.rows}
    assert giving | NEVER_ROWS.keys() == families
    assert giving & NEVER_ROWS.keys() == set()


def test_every_bound_of_a_variable_gives_way_or_never_does() -> None:
    """A lower bound of 0 says only that nothing is negative."""
    bounds = set[str]()
    for variable in _model().component_objects(pyo.Var):
        for one in variable.values():
            low, high = one.bounds
            bounds |= {f"{variable.name} lower"} if low else set()
            bounds |= {f"{variable.name} upper"} if high is not None else set()
    giving = {bound for way in WAYS.values() for bound in way.bounds}
    assert bounds <= giving | NEVER_BOUNDS.keys()
    assert giving & NEVER_BOUNDS.keys() == set()


def test_every_way_is_a_column_of_the_schema() -> None:
    for way in WAYS.values():
        assert way.cell in TABLE[way.table].column_names


def test_the_numbers_of_a_case_that_uses_every_block_can_give_way() -> None:
    """All but those that the rich case does not state: gate and synergy bounds, storage and prerequisites are in it."""
    found = {give.way.name for give in elastic_model(rich_case()).gives}
    unstated = {"projects.lead_time", "projects.first_start", "projects.last_start", "gates.most", "synergies.most"}
    assert WAYS.keys() - found == unstated
