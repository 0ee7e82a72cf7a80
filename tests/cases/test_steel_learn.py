"""The steel group whose coating lines get cheaper the more of them it builds: tables alone, on a shortened plan."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import masterplan as mp
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE

GAP = 0.002
LINE = "coating_line"
CURVES: dict[str, tuple[tuple[float, float], ...]] = {
    "rising": ((0, 0), (1, 0.5), (3, 6.0)),
    "learning": ((0, 0), (1, 0.5), (2, 0.6), (3, 0.7)),
    "cheap": ((0, 0), (3, 0.3)),
}


@cache
def plan_of(name: str, basis: str = "cumulative") -> mp.Plan:
    """The group until 2031 with a cost curve of coating lines in the place of their capex; one is begun in 2025."""
    case = mp.load("steel").change("settings.last_year=2031")
    points = [{"project": LINE, "modules": float(n), "cost": cost, "basis": basis} for n, cost in CURVES[name]]
    projects = [{**row, "capex": None} if row["project"] == LINE else row for row in rows(case, "projects")]
    frames = {"learning": points, "projects": projects}
    return mp.solve(case.with_tables(**{table: rows_frame(TABLE[table], given) for table, given in frames.items()}), gap=GAP)


def lines(plan: mp.Plan) -> dict[int, float]:
    """Start year -> coating lines."""
    own = plan.starts[plan.starts["project"] == LINE]
    return dict(zip(own["year"], own["modules"], strict=True))


def spent(plan: mp.Plan) -> float:
    """Capex of coating lines inside the plan."""
    return float(plan.capex[plan.capex["project"] == LINE]["amount"].sum())


@pytest.mark.parametrize("name", CURVES)
def test_it_is_sound_proven_and_audited(name: str) -> None:
    plan = plan_of(name)
    assert not mp.check(plan.case)
    assert plan.status == "optimal"
    assert mp.audit(plan).passed


def test_a_line_is_added_where_the_second_is_cheap() -> None:
    """The second costs 2.75 where the curve rises, 0.1 where it is learnt; then the plan is worth more, beyond the gaps."""
    rising, learning = plan_of("rising"), plan_of("learning")
    assert set(lines(rising)) == {2025}
    assert sum(lines(learning).values()) > 1
    assert rising.bound is not None
    assert learning.objective is not None
    assert learning.objective > rising.bound


def test_the_capex_of_the_lines_is_where_the_curve_stands() -> None:
    """All that was built so far, less the half of the first line that was spent in 2025."""
    plan = plan_of("learning")
    points, cost = zip(*CURVES["learning"], strict=True)
    assert spent(plan) == pytest.approx(np.interp(sum(lines(plan).values()), points, cost) - 0.25)


def test_a_curve_of_one_year_begins_anew_in_each() -> None:
    """Lines of different years cost 0.5 each there: half of the first, and all of the others."""
    plan = plan_of("learning", "per_year")
    points, cost = zip(*CURVES["learning"], strict=True)
    assert mp.audit(plan).passed
    assert spent(plan) == pytest.approx(sum(np.interp(n, points, cost) for n in lines(plan).values()) - 0.25)
