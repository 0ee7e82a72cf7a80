"""The steel group whose old furnaces may be closed and whose new lines may be retired: tables alone, on a shortened plan."""

from __future__ import annotations

from functools import cache

import pytest

import masterplan as mp
from masterplan.reports.given_up import losses

GAP = 0.002
FURNACES = ("north_furnace", "south_furnace")
CHANGES: dict[str, tuple[str, ...]] = {
    "as it is": (),
    "may close": tuple(f"activities.{name}.{change}" for name in FURNACES for change in ("closable=yes", "closing_cost=0.02")),
    "too dear to close": tuple(f"activities.{name}.{change}" for name in FURNACES for change in ("closable=yes", "closing_cost=9")),
    "may sell a line": ("projects.coating_line.retirable=yes", "projects.coating_line.retirement_cost=-0.9"),
    "may scrap a line": ("projects.coating_line.retirable=yes", "projects.coating_line.retirement_cost=0.05"),
}


@cache
def plan_of(name: str) -> mp.Plan:
    """The group until 2030, without the projects whose only work is to close a furnace."""
    shut = ("projects.close_north.max_total=0", "projects.close_south.max_total=0")
    return mp.solve(mp.load("steel").change("settings.last_year=2030", *shut, *CHANGES[name]), gap=GAP)


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_sound_proven_and_audited(name: str) -> None:
    plan = plan_of(name)
    assert not mp.check(plan.case)
    assert plan.status == "optimal"
    assert mp.audit(plan).passed


def test_a_furnace_that_costs_more_than_it_earns_is_closed() -> None:
    """Its yearly cost goes with it, so the group is worth more, beyond what the gaps could hide."""
    kept, may = plan_of("as it is"), plan_of("may close")
    assert len(kept.closures) == 0
    assert set(may.closures["activity"]) <= set(FURNACES)
    assert may.closures["capacity"].sum() > 0.5
    assert kept.bound is not None
    assert may.objective is not None
    assert may.objective > kept.bound
    given_up = [loss for loss in losses(may) if loss.taker == "closed"]
    assert {loss.activity for loss in given_up} == set(may.closures["activity"])


def test_what_is_too_dear_to_close_stays() -> None:
    plan = plan_of("too dear to close")
    assert len(plan.closures) == 0
    assert plan.objective == pytest.approx(plan_of("as it is").objective, abs=0.01)


def test_a_line_that_others_pay_more_for_is_sold() -> None:
    """The line begun in 2025 costs 0.3 and is sold for 0.9 (nothing may be started for it that soon); scrapping it at a cost pays never."""
    sold, scrapped = plan_of("may sell a line"), plan_of("may scrap a line")
    rows = sold.retirements[sold.retirements["start_year"] == 2025]
    assert rows["modules"].tolist() == [1.0]
    assert len(scrapped.retirements) == 0
    value = sold.cash[(sold.cash["entry"] == "retirement_cost")]["amount"].sum()
    assert value == pytest.approx(0.9 * sold.retirements["modules"].sum())
