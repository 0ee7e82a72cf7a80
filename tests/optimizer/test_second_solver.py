"""The compiled arrays, solved by SCIP as well."""

import numpy as np
import pytest

import masterplan as mp
from masterplan.arrays import Arrays
from masterplan.prepared import prepare
from tests.random_cases import random_case

pyscipopt = pytest.importorskip("pyscipopt", reason="the second solver comes with the dev extra")


def solved_by_scip(arrays: Arrays, gap: float = 0.0, seconds: float = 60.0) -> tuple[str, float, float]:
    """Status, objective and bound of the arrays, in the model's own sense."""
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParam("limits/gap", gap)
    scip.setParam("limits/time", seconds)
    columns = [
        scip.addVar(vtype="I" if whole else "C", lb=None if low == -np.inf else low, ub=None if high == np.inf else high)
        for low, high, whole in zip(arrays.low, arrays.high, arrays.whole, strict=True)
    ]
    for number in range(arrays.matrix.shape[0]):
        row = arrays.matrix.getrow(number)
        total = pyscipopt.quicksum(float(value) * columns[column] for column, value in zip(row.indices, row.data, strict=True))
        low, high = float(arrays.row_low[number]), float(arrays.row_high[number])
        if low == high:
            scip.addCons(total == low)
        elif low > -np.inf:
            scip.addCons(total >= low)
        else:
            scip.addCons(total <= high)
    scip.setObjective(pyscipopt.quicksum(float(c) * x for c, x in zip(arrays.cost, columns, strict=True) if c), "minimize")
    scip.optimize()
    if scip.getNSols() == 0:
        return str(scip.getStatus()), np.nan, np.nan
    return str(scip.getStatus()), *(arrays.sign * value + arrays.constant for value in (scip.getObjVal(), scip.getDualbound()))


@pytest.mark.parametrize("seed", range(100, 130))
def test_both_solvers_find_the_same_optimum(seed: int) -> None:
    case = random_case(seed)
    plan = mp.solve(case, gap=0)
    status, objective, _ = solved_by_scip(prepare(case).arrays)
    if status == "infeasible":
        assert plan.status == "infeasible"
    else:
        assert status == "optimal"
        assert plan.objective == pytest.approx(objective, rel=1e-6, abs=1e-6)


def test_on_the_base_case_cut_to_six_years_neither_beats_the_bound_of_the_other() -> None:
    case = mp.load("base").change("settings.last_year=2031")
    plan = mp.solve(case, gap=0.005, time_limit=60)
    _, objective, bound = solved_by_scip(prepare(case).arrays, gap=0.001)
    assert plan.objective is not None
    assert plan.bound is not None
    slack = 1e-6 * abs(plan.objective)
    assert plan.objective <= bound + slack
    assert objective <= plan.bound + slack
