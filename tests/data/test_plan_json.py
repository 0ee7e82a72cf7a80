import json

import pandas as pd
import pytest

import masterplan as mp
from masterplan.data.plan import DECISIONS, RESULTS
from masterplan.data.plan_json import from_json, to_json
from tests.optimizer.test_scenario_study import bakery


def test_a_plan_comes_back_from_plain_data() -> None:
    plan = mp.solve(bakery(), gap=0)
    again = from_json(plan.case, json.loads(json.dumps(to_json(plan))))
    for name in (*DECISIONS, *RESULTS):
        pd.testing.assert_frame_equal(getattr(plan, name), getattr(again, name), check_dtype=False)
    assert mp.audit(again).passed
    assert (again.status, again.npv, again.bound, again.do_nothing) == (plan.status, plan.npv, plan.bound, plan.do_nothing)


def test_half_a_plan_is_refused() -> None:
    content = to_json(mp.solve(bakery(), gap=0))
    del content["levels"]
    with pytest.raises(KeyError):
        from_json(bakery(), content)
