"""Why an embedded case with a planted fault has no plan."""

from __future__ import annotations

import pytest

import masterplan as mp


def test_a_dam_that_may_be_started_too_late() -> None:
    """Steel: the dam for 0.12 is due by 2029 and may be started from 2031: two years at a tenth of it, 0.024; undoing the fault is 0.06."""
    case = mp.load("steel").change("projects.tailings_dam.first_start=2031")
    found = mp.explain(case, time_limit=12, threads=1)
    assert found.cost == pytest.approx(2 * 0.1 * 0.12)
    assert found.repaired is not None
    assert set(found.conflict["table"]) <= {"projects", "rules"}
    assert "dam_is_due" in " ".join(found.conflict["key"])


def test_four_fabs_at_once() -> None:
    """Base: four fabs for 16 + 2 are due in 2026, of which two may be started a year: a year later for four is 0.1 x 4 x 18 = 7.2."""
    case = mp.load("base").change("rules.announced_fab/terafab.amount=4", "rules.announced_fab/terafab.deadline=2026")
    found = mp.explain(case, time_limit=20, threads=1)
    assert found.cost == pytest.approx(7.2)
    assert found.changes == ("rules.announced_fab/terafab.deadline+=1",)
    assert found.repaired is not None
