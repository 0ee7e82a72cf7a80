"""Balance: what comes in goes out, or is thrown away where that is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulations.solved import mine_case, solved
from tests.small_cases import Row, small_case


@pytest.mark.parametrize(
    ("disposal", "dump", "value"),
    [("yes", [], 30.0), ("no", [{"market": "dump", "resource": "slag", "side": "sell", "price": -2}], 24.0), ("no", [], 0.0)],
    ids=["thrown away", "dumped at a cost", "nowhere to go"],
)
def test_a_by_product_goes_somewhere(disposal: str, dump: list[Row], value: float) -> None:
    """Digging 1 of ore (10) makes 1 of slag, to be thrown away for free, dumped at 2, or with no way out, so that nothing is dug.

    Proves: supply equals use, or covers it where disposal is allowed.
    Would otherwise be: 30 for all.
    """
    case = mine_case(
        recipes=[{"activity": "dig", "resource": "slag", "amount": 1}],
        resources=[{"resource": "slag", "disposal": disposal}],
        existing_capacity=[{"activity": "dig", "capacity": 1}],
        markets=dump,
    )
    assert solved(case).objective == pytest.approx(value, abs=1e-9)


def test_disposal_does_not_supply() -> None:
    """Power may be thrown away, yet must be bought for 1 to be used: 10 - 1.

    Proves: a surplus is free, a shortage is not.
    Would otherwise be: 30.
    """
    grid: dict[str, Any] = {"market": "grid", "resource": "power", "side": "buy", "price": 1}
    case = mine_case(
        recipes=[{"activity": "dig", "resource": "power", "amount": -1}],
        resources=[{"resource": "power", "disposal": "yes"}],
        existing_capacity=[{"activity": "dig", "capacity": 1}],
        markets=[grid],
    )
    assert solved(case).objective == pytest.approx(27.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """A chain from ore to metal with slag that may be thrown away; a resource that nothing touches leaves 0 = 0."""
    case = small_case(
        {"last_year": 2026},
        resources=[{"resource": "slag", "disposal": "yes"}, {"resource": "idle"}],
        recipes=[
            {"activity": "dig", "resource": "ore", "amount": 1},
            {"activity": "smelt", "resource": "ore", "amount": -3},
            {"activity": "smelt", "resource": "metal", "amount": 2},
            {"activity": "smelt", "resource": "slag", "amount": 0.5},
        ],
        markets=[{"market": "world", "resource": "metal", "side": "sell", "price": 5}],
    )
    golden("balance", case)
