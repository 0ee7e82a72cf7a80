"""Cash: at or above its minimum at the end of every year."""

from __future__ import annotations

import pytest

from tests.formulations.solved import AT_A_QUARTER, mine_case, solved


@pytest.mark.parametrize(("capital", "least", "value"), [(3, 0, 12.0), (2, 0, 0.0), (3, 1, 0.0), (0, None, 12.0)])
def test_cash_pays_for_capex_or_nothing_starts(capital: float, least: float | None, value: float) -> None:
    """5 at hand, a mine of 8 that earns 10 a year: with 3 of equity in the first year it can be begun, 20 - 8.

    Proves: the minimum limits what is begun; equity helps and does not count as value; no minimum, no limit.
    Would otherwise be: 12 for all; 15 if equity were income.
    """
    finance = [{"year": 2026, "external_capital": capital, "minimum_cash": least}, {"year": 2027, "external_capital": 0}]
    plan = solved(mine_case({"opening_cash": 5}, mine={"capex": 8, "last_start": 2026}, finance=finance))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_every_line_reaches_cash() -> None:
    """Opening 1, sales 20, capex 8 with a credit of 2, tax 25 % of 12, baseline 4 a year, committed 1 a year, equity 5.

    Proves: final cash is the sum of all of them.
    Would otherwise be: 1 + 20 - 8 + 2 - 3 + 12 - 3 + 5 less whichever line is missing.
    """
    finance = [
        {"year": 2026, "tax_rate": 0.25, "baseline_cash": 4, "committed_capex": 1, "external_capital": 5},
        {"year": 2027, "external_capital": 0},
    ]
    plan = solved(mine_case({"objective": "final_cash", "opening_cash": 1}, mine={"capex": 8, "credit": 0.25}, finance=finance))
    assert plan.objective == pytest.approx(26.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Two years of cash with a sale, capex, a credit, tax and equity."""
    finance = [{"tax_rate": 0.25, "external_capital": 5, "minimum_cash": 2, "baseline_cash": 4}]
    golden("cash", mine_case({**AT_A_QUARTER, "last_year": 2027, "opening_cash": 1}, mine={"capex": 8, "credit": 0.5}, finance=finance))
