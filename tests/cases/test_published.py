"""Published instances with known optima, stated as tables only: from tables to a proven, audited plan, each gives its value."""

from __future__ import annotations

from pathlib import Path

import pytest

import masterplan as mp

FOLDER = Path(__file__).parent / "published"

# instance -> the published optimum, to all digits that are known; each README tells where it stands
OPTIMUM = {
    "petersen_1967_5": 12400.0,
    "petersen_1967_7": 16537.0,
    "wagner_whitin_1958": 864.0,
    "williams_mining": 146.8619743642,
    "williams_opencast_mining": 17500.0,
    "williams_economic_planning": 2450.026622821294,
    "williams_food_manufacture": 107842.5925925926,
    "beasley_cap41": 1040444.375,
}


@pytest.mark.parametrize("instance", OPTIMUM)
def test_published_optimum_is_found_proven_and_audited(instance: str) -> None:
    plan = mp.solve(mp.load(FOLDER / instance), gap=0)

    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(OPTIMUM[instance], rel=1e-6)
    assert plan.bound == pytest.approx(OPTIMUM[instance], rel=1e-6)
    assert mp.audit(plan).passed


def test_every_instance_has_its_value_and_its_citation() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}

    assert folders == set(OPTIMUM)
    for instance in folders:
        assert "**Published optimum: " in (FOLDER / instance / "README.md").read_text(encoding="utf-8")


def test_opencast_pit_is_the_published_one() -> None:
    """The pit goes down to the one rich block of level 3, takes what lies above it, and leaves the other rich blocks."""
    plan = mp.solve(mp.load(FOLDER / "williams_opencast_mining"), gap=0)

    dug = set(plan.starts.query("modules > 0.5")["project"])
    assert {"block_311", "block_211", "block_212", "block_221", "block_222"} <= dug
    assert not dug & {"block_411", "block_312", "block_321", "block_322"}


def test_mining_works_three_pits_and_blends_the_published_quantities() -> None:
    plan = mp.solve(mp.load(FOLDER / "williams_mining"), gap=0)

    sold = plan.trades.query("market == 'ore_sales'").set_index("year")["quantity"]
    assert sold.to_dict() == pytest.approx({2001: 5.75, 2002: 6.0, 2003: 3.25, 2004: 5.625, 2005: 5 + 7 / 15}, rel=1e-6)
    assert plan.starts.groupby("year")["modules"].sum().max() <= 3 + 1e-6
