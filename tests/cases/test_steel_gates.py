"""A gate in the second system, by tables alone: steel may be exported only once enough coated coil has proven its quality."""

from __future__ import annotations

import pandas as pd
import pytest

import masterplan as mp

GAP = 0.02
LAG, THRESHOLD = 1, 1.5


@pytest.fixture(scope="module")
def case() -> mp.Case:
    return mp.load("steel").change("settings.last_year=2031")


@pytest.fixture(scope="module")
def free(case: mp.Case) -> mp.Plan:
    return mp.solve(case, gap=GAP)


@pytest.fixture(scope="module")
def gated(case: mp.Case) -> mp.Plan:
    gates = pd.DataFrame([{"gate": "quality_seal", "activity": "export"}])
    row = {"gate": "quality_seal", "measure": "level", "item": "coating_line", "threshold": THRESHOLD, "lag": LAG}
    return mp.solve(mp.load({**case.tables, "gates": gates, "gate_conditions": pd.DataFrame([row])}, "steel"), gap=GAP)


def _level(plan: mp.Plan, activity: str) -> pd.Series:
    return plan.levels[plan.levels["activity"] == activity].set_index("year")["level"]


def test_the_gated_case_is_sound_and_its_plan_is_audited(gated: mp.Plan) -> None:
    assert not mp.check(gated.case)
    assert not mp.sanity(gated.case)
    assert gated.status == "optimal"
    assert mp.audit(gated).passed


def test_export_waits_for_the_first_year_in_which_the_seal_is_earned(gated: mp.Plan) -> None:
    """The year is worked out here from the coated coil of the plan."""
    coated = _level(gated, "coating_line").cumsum()
    earned = int(coated[coated >= THRESHOLD - 1e-6].index[0]) + LAG
    opened = gated.gates[gated.gates["opened"] > 0.5]["year"].to_list()

    assert opened == list(range(earned, gated.case.last_year + 1))
    assert _level(gated, "export").loc[: earned - 1].max() == pytest.approx(0.0, abs=1e-6)


def test_waiting_costs_money(free: mp.Plan, gated: mp.Plan) -> None:
    """Without a gate export begins at once; even the bound of the gated case is below what the free plan has in hand."""
    assert _level(free, "export").iloc[0] > 1.0
    assert gated.bound is not None
    assert free.objective is not None
    assert gated.bound < free.objective
