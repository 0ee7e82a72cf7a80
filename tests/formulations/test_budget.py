"""Budget: capex within its limit, with what is carried over."""

from __future__ import annotations

import pytest

from tests.formulations.solved import AT_A_QUARTER, mine_case, solved, starts
from tests.small_cases import small_case


@pytest.mark.parametrize(("share", "value", "begun"), [(0.5, 3.0, {("mine", 2028): 1.0}), (1, 13.0, {("mine", 2027): 1.0}), (0, 0.0, {})])
def test_a_share_of_what_is_unspent_carries_over(share: float, value: float, begun: dict) -> None:
    """4 a year, a mine of 7 that earns 10 a year, four years. Half carried over: 4, 6, 7, so that it begins in 2028: 10 - 7.

    Proves: the share is taken each year of all that is left.
    Would otherwise be: 13 with all of it (8 in 2027), 0 with none; 0 if only the last year's limit carried over (4 + 2).
    """
    plan = solved(mine_case({"last_year": 2029}, mine={"capex": 7}, finance=[{"capex_limit": 4, "carry_over_share": share}]))
    assert plan.objective == pytest.approx(value, abs=1e-9)
    assert starts(plan) == begun


@pytest.mark.parametrize(("inside", "value"), [("no", 13.0), ("yes", 3.0)])
def test_committed_capex_uses_up_the_limit_where_it_is_inside(inside: str, value: float) -> None:
    """Limit 4, of which 1 is committed; a mine of 4. Outside: 20 - 4 - 3. Inside, with all carried over, it waits a year: 10 - 4 - 3.

    Proves: the setting.
    Would otherwise be: 13 for both.
    """
    finance = [{"capex_limit": 4, "carry_over_share": 1, "committed_capex": 1}]
    plan = solved(mine_case({"committed_inside_limit": inside}, mine={"capex": 4}, finance=finance))
    assert plan.objective == pytest.approx(value, abs=1e-9)


def test_the_limit_is_gross_of_credits() -> None:
    """A mine of 8 with a credit of half: 4 net does not fit into a limit of 7.

    Proves: credits do not relieve the limit.
    Would otherwise be: 16.
    """
    plan = solved(mine_case(mine={"capex": 8, "lead_time": 0, "credit": 0.5}, finance=[{"capex_limit": 7}]))
    assert plan.objective == pytest.approx(0.0, abs=1e-9)


def test_golden_lp(golden) -> None:
    """Three years with carry-over of a quarter, committed capex inside, and a credit that does not appear."""
    mine = {"project": "mine", "capex": 8, "lead_time": 2, "credit": 0.5, "last_start": 2027}
    finance = [{"capex_limit": 9, "carry_over_share": 0.25, "committed_capex": 2}]
    golden("budget", small_case({**AT_A_QUARTER, "committed_inside_limit": "yes"}, projects=[mine], finance=finance))
