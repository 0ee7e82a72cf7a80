"""Construct: what modules take while they are built, and while they stand."""

from __future__ import annotations

import pytest

from tests.formulations.solved import ledger, mine_case, solved
from tests.small_cases import small_case

MILL = {"market": "mill", "resource": "steel", "side": "buy", "year": 2026, "price": 5}
CHEAPER = {"market": "mill", "resource": "steel", "side": "buy", "year": 2027, "price": 1}


@pytest.mark.parametrize(("after", "value", "year"), [(None, 98.0, 2027), (0, 90.0, 2026), (1, 98.0, 2027)])
def test_building_takes_its_input_in_its_year(after: int | None, value: float, year: int) -> None:
    """A module of 2026 (lead time 2, sells 100 in 2028) takes 2 of steel: at 5 in 2026, at 1 in 2027.

    Proves: in the year stated, or in the last year of building; the amount is that of the start year, though it is 9 from 2027.
    Would otherwise be: 90 and 98 exchanged, 91 with the amount of the year it is taken in.
    """
    inputs = [
        {"project": "mine", "resource": "steel", "year": y, "amount": n, "years_after_start": after} for y, n in ((2026, 2), (2027, 9))
    ]
    case = mine_case(mine={"lead_time": 2}, world={"price": 100}, markets=[MILL, CHEAPER], construction_inputs=inputs)
    plan = solved(case)
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert ledger(plan, "steel", "construction") == {year: -2}


def test_a_module_alive_takes_its_standing_input_even_when_idle() -> None:
    """Power of 1 at 3 in each year alive; ore sells at 10 in 2027 and for nothing in 2028: 10 - 3 - 3.

    Proves: standing use goes with the module, not with its level.
    Would otherwise be: 7 if it went with the level, 1 if it were taken in building too.
    """
    case = mine_case(
        mine={"last_start": 2026},
        world={"year": 2026},
        markets=[
            {"market": "world", "year": 2028, "resource": "ore", "side": "sell", "price": -1},
            {"market": "grid", "resource": "power", "side": "buy", "price": 3},
        ],
        construction_inputs=[{"project": "mine", "resource": "power", "when": "standing", "amount": 1}],
    )
    plan = solved(case)
    assert plan.objective == pytest.approx(4.0, abs=1e-9)
    assert ledger(plan, "power", "standing") == {2027: -1, 2028: -1}


def test_golden_lp(golden) -> None:
    """Building and standing inputs stand in the balance of their resource."""
    inputs = [
        {"project": "mine", "resource": "steel", "amount": 2},
        {"project": "mine", "resource": "steel", "years_after_start": 1, "amount": 3},
        {"project": "mine", "resource": "power", "when": "standing", "amount": 4},
    ]
    markets = [{"market": f"{name}_bought", "resource": name, "side": "buy", "price": 1} for name in ("steel", "power")]
    golden("construct", small_case(projects=[{"project": "mine", "life": 1}], construction_inputs=inputs, markets=markets), "balance")
