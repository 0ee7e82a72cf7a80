"""The second system, a steel group, is solved by tables alone: it loads, it is proven and audited, and its plan makes sense."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import masterplan as mp
from masterplan.data.ranges import ranges

GAP = 0.01


@pytest.fixture(scope="module")
def case() -> mp.Case:
    return mp.load("steel")


@pytest.fixture(scope="module")
def plan(case: mp.Case) -> mp.Plan:
    return mp.solve(case, gap=GAP)


def _started(plan: mp.Plan, project: str) -> dict[int, float]:
    """Start year -> modules of a project, where there are any."""
    rows = plan.starts[(plan.starts["project"] == project) & (plan.starts["modules"] > 1e-6)]
    return dict(zip(rows["year"], rows["modules"], strict=True))


def _by_year(frame: pd.DataFrame, column: str, **where: str) -> pd.Series:
    """Year -> sum of a column over the rows where each of `where` holds."""
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return frame.groupby("year")[column].sum()


def _emissions(plan: mp.Plan) -> pd.Series:
    """Mt of CO2 by year: every allowance that is used."""
    return -_by_year(plan.ledger, "amount", resource="allowance", entry="use")


def test_it_is_tables_and_a_readme_and_no_code() -> None:
    folder = Path(__file__).parents[2] / "data" / "cases" / "steel"

    assert {path.suffix for path in folder.iterdir()} == {".csv", ".md"}


def test_it_is_sound_and_no_copy_of_the_base_case(case: mp.Case) -> None:
    assert not mp.check(case)
    assert not mp.sanity(case)
    base = mp.load("base")
    for table in ("resources", "activities", "projects"):
        assert len(case.names(table)) >= 12
    assert not set(case.names("activities")) & set(base.names("activities"))


def test_the_plan_is_proven_and_audited(plan: mp.Plan) -> None:
    assert plan.status == "optimal"
    assert mp.audit(plan).passed
    assert plan.npv == pytest.approx(2.0, rel=0.05)


def test_the_north_furnace_is_converted_into_an_electric_one(plan: mp.Plan) -> None:
    """Old capacity leaves for good the year after the start, the new one comes a year later and ramps up."""
    (start,) = _started(plan, "electric_furnace_north")
    furnace = _by_year(plan.capacity, "capacity", activity="north_furnace")
    electric = _by_year(plan.capacity, "capacity", activity="electric_furnace")

    assert furnace[start] == pytest.approx(2.4)
    assert furnace.loc[start + 1 :].max() == pytest.approx(0.0, abs=1e-6)
    assert electric[start + 2] - electric[start + 1] >= 2 * 0.7 - 1e-6


def test_what_the_coal_contract_does_not_take_is_paid(case: mp.Case) -> None:
    """Money for the contract is price x max(taken, promised), and in the very best plan the promise outlives the need for coal."""
    plan = mp.solve(case, gap=0.0)
    price = case.series("markets", "price")
    promised = case.series("markets", "take_or_pay")
    taken = _by_year(plan.trades, "quantity", market="coal_contract")
    short = {year: max(0.0, promised["coal_contract", 1, year] - taken[year]) for year in case.years}
    paid = -_by_year(plan.cash, "amount", entry="take_or_pay")

    assert paid.to_dict() == pytest.approx({year: price["coal_contract", 1, year] * short[year] for year in case.years}, abs=1e-6)
    assert max(short.values()) > 0.1


def test_emissions_fall_under_the_permit(case: mp.Case, plan: mp.Plan) -> None:
    permit = case.series("limits", "bound")
    emissions = _emissions(plan)

    assert all(emissions[year] <= permit["site_permit", year] + 1e-6 for year in case.years)
    assert emissions[case.last_year] < 0.25 * emissions[case.first_year]


def test_what_is_under_way_arrives_and_what_is_not_needed_is_cancelled(plan: mp.Plan) -> None:
    assert _by_year(plan.capacity, "capacity", activity="coating_line")[2027] == pytest.approx(0.6 * 0.7)
    assert _by_year(plan.capacity, "capacity", activity="grid_link")[[2026, 2027]].to_list() == pytest.approx([2.5, 5.0])
    assert plan.cancellations.query("project == 'quay_extension'")["modules"].sum() == pytest.approx(1)
    assert _by_year(plan.cash, "amount", entry="cancel_cost")[2026] == pytest.approx(-0.03)


def test_the_rules_hold(plan: mp.Plan) -> None:
    """The dam is begun in time, one furnace at most is relined, hydrogen waits for the shaft."""
    assert min(_started(plan, "tailings_dam")) <= 2029
    assert len(_started(plan, "reline_north")) + len(_started(plan, "reline_south")) <= 1
    for year in _started(plan, "electrolysis"):
        assert any(shaft < year for shaft in _started(plan, "direct_reduction"))


def test_a_tighter_carbon_limit_costs_money(case: mp.Case, plan: mp.Plan) -> None:
    """Even the bound of the tighter case is below what the base case has in hand, so this is no accident of the gap."""
    tight = mp.solve(case.scenario("tight_carbon"), gap=GAP)

    assert mp.audit(tight).passed
    assert tight.bound is not None
    assert plan.objective is not None
    assert tight.bound < plan.objective
    assert _emissions(tight).sum() < _emissions(plan).sum()


def test_a_source_moves_only_what_it_is_about(case: mp.Case) -> None:
    """Ore per tonne of hot metal moves what furnaces take of ore: not their output with it, which would make dear ore a gain."""
    found = ranges(case)
    assert {place.split(".")[1] for place in found["ore_per_tonne"].places} == {
        f"{furnace}_furnace/ore/level" for furnace in ("north", "south", "relined")
    }
    assert not [place for one in found.values() for place in one.places if "hot_metal" in place or "crude_steel" in place]
