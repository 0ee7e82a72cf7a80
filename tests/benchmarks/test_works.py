"""The benchmark compares like with like."""

import pytest

import masterplan as mp
from tests.benchmarks.works import as_case, as_linopy, works


@pytest.mark.filterwarnings("ignore")
def test_both_ways_have_the_same_optimum() -> None:
    w = works(2, years=6)
    plan, model = mp.solve(as_case(w), gap=1e-6), as_linopy(w)
    model.solve("highs", mip_rel_gap=1e-6, output_flag=False)
    assert plan.objective == pytest.approx(model.objective.value, rel=1e-5)
