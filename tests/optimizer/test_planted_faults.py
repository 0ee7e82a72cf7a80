"""Small cases without a plan: the repair is the cheapest by hand, it works, and it costs no more than undoing the planted fault."""

from __future__ import annotations

import pytest

import masterplan as mp
from masterplan.answer import SolverOptions
from masterplan.repair import has_plan
from tests.planted import PLANTED

ONE = SolverOptions(threads=1)


@pytest.mark.parametrize("name", PLANTED)
def test_the_cheapest_repair_is_found_and_works(name: str) -> None:
    planted = PLANTED[name]
    case = planted.make()
    assert mp.solve(case, threads=1).status == "infeasible"
    found = mp.explain(case, threads=1)
    first = found.repairs[found.repairs["repair"] == 1]
    assert found.status == "infeasible"
    assert found.cost == pytest.approx(planted.cost, rel=1e-6)
    assert found.cost <= planted.undo * (1 + 1e-6)
    assert first["cost"].sum() == pytest.approx(planted.cost, rel=1e-6)
    assert found.repaired is not None
    assert has_plan(found.repaired, ONE)
    assert found.repairs["cost"].groupby(found.repairs["repair"]).sum().is_monotonic_increasing
    if not found.dropped:
        assert mp.solve(case.change(*found.changes), threads=1).found
    assert _ways(found) <= planted.ways


def _ways(found: mp.Explanation) -> set[str]:
    """The ways of the first repair; rules are told apart by what is dropped or counted."""
    first = found.repairs[found.repairs["repair"] == 1]
    return {f"{table}.{column}" for table, column in zip(first["table"], first["column"], strict=True)}
