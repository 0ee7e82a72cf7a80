"""A synergy in the second system, by tables alone: steel melted with power of its own wind sells as green steel."""

from __future__ import annotations

import pandas as pd
import pytest

import masterplan as mp

GAP = 0.02
BENEFIT = 0.12
NEEDED = {"wind_farm": 1.2, "electric_furnace": 1.0}


@pytest.fixture(scope="module")
def case() -> mp.Case:
    return mp.load("steel").change("settings.last_year=2031")


@pytest.fixture(scope="module")
def green(case: mp.Case) -> mp.Plan:
    members = [{"synergy": "green_steel", "measure": "level", "item": item, "threshold": least} for item, least in NEEDED.items()]
    synergy = {"synergy": "green_steel", "meaning": "melted with wind of its own", "benefit": BENEFIT}
    return mp.solve(
        mp.load({**case.tables, "synergies": pd.DataFrame([synergy]), "synergy_members": pd.DataFrame(members)}, "steel"), gap=GAP
    )


def test_the_plan_is_audited_and_gets_what_its_levels_earn(green: mp.Plan) -> None:
    """The benefit is there in exactly the years in which both members run at their thresholds."""
    assert not mp.sanity(green.case)
    assert mp.audit(green).passed
    level = green.levels.pivot(index="year", columns="activity", values="level")
    both = [year for year in green.case.years if all(level.loc[year, item] >= least - 1e-6 for item, least in NEEDED.items())]
    paid = green.cash[green.cash["entry"] == "synergy_benefit"].set_index("year")["amount"]

    assert both
    assert paid[paid > 0].to_dict() == pytest.approx(dict.fromkeys(both, BENEFIT))


def test_the_synergy_pays_a_wind_park_that_would_not_be_built(case: mp.Case, green: mp.Plan) -> None:
    """Without it there is no wind park, and even the bound is less than what the plan with it has in hand."""
    plain = mp.solve(case, gap=GAP)

    assert "wind_park" not in set(plain.starts["project"])
    assert "wind_park" in set(green.starts["project"])
    assert plain.bound is not None
    assert green.objective is not None
    assert plain.bound < green.objective
