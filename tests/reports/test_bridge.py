"""The way to NPV: its steps sum up to it, and each column of the chart stands on what was summed up before."""

from __future__ import annotations

import pytest

from masterplan.reports.live_bridge import AFTER, AMOUNT, BEFORE, DOWN_ABOVE, DOWN_BELOW, RESULT, STEP, UNSEEN, UP_ABOVE, UP_BELOW
from masterplan.reports.recompute import recompute
from masterplan.reports.timeline import FIRST_ROW
from tests.reports.live_plans import PLANS, Written

pytestmark = pytest.mark.xdist_group("workbooks")


@pytest.mark.parametrize("name", PLANS)
def test_the_steps_sum_up_to_npv(written: dict[str, Written], name: str) -> None:
    one = written[name]
    rows = [[cell.value or 0.0 for cell in row] for row in one.stored["Bridge"].iter_rows(FIRST_ROW, None, 1, RESULT)]
    *steps, whole = rows
    value = {at: [row[at - 1] for row in steps] for at in range(AMOUNT, RESULT)}
    npv = recompute(one.plan).totals["npv"]
    size = max(1.0, *map(abs, value[AFTER]))
    assert whole[STEP - 1] == "NPV"
    assert whole[AMOUNT - 1] == pytest.approx(npv)
    assert sum(value[AMOUNT]) == pytest.approx(npv, abs=1e-9 * size)
    assert value[AFTER][-1] == pytest.approx(npv, abs=1e-9 * size)
    assert value[BEFORE][1:] == value[AFTER][:-1]
    for before, after, *parts in zip(
        *(value[at] for at in (BEFORE, AFTER, UNSEEN, UP_ABOVE, DOWN_ABOVE, UP_BELOW, DOWN_BELOW)), strict=True
    ):
        unseen, up, down, up_below, down_below = parts
        ends = {unseen + up + down if unseen >= 0 else up + down, unseen + up_below + down_below if unseen <= 0 else up_below + down_below}
        assert max(ends) == pytest.approx(max(before, after, 0.0), abs=1e-9 * size)
        assert (up + up_below == 0.0) or (down + down_below == 0.0)
        assert abs(up + down - up_below - down_below) == pytest.approx(abs(after - before), abs=1e-9 * size)
