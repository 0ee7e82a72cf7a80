"""Lesser switches shrink the relaxation and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from masterplan import highs, tighter
from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.read import load
from masterplan.highs import SolverOptions
from masterplan.prepared import prepare
from tests.benchmarks.hard import knapsack, tight, with_opening_costs
from tests.random_cases import random_case
from tests.small_cases import small_case

OPTIONS = SolverOptions(threads=1)
BATCHES = [range(begin, begin + 30) for begin in range(0, 240, 30)]


def _relaxed(arrays: Arrays) -> Arrays:
    return replace(arrays, whole=np.zeros_like(arrays.whole))


def _compared(arrays: Arrays) -> tuple[bool, bool]:
    """Did a switch change, and did the relaxation shrink? The optimum must stay, and stay within what the relaxation says."""
    less = tighter.tighter(arrays, replace(OPTIONS, feasibility=1e-7))
    best, best_less = highs.run(arrays, OPTIONS), highs.run(less, OPTIONS)
    assert best.quality == best_less.quality
    if best.objective is None or best_less.objective is None:
        return False, False
    assert best_less.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6)
    relaxed, relaxed_less = (highs.run(_relaxed(problem), OPTIONS).objective for problem in (arrays, less))
    assert relaxed is not None
    assert relaxed_less is not None
    room = 1e-5 * max(1.0, abs(best.objective))
    assert arrays.sign * (relaxed_less - relaxed) >= -room, "the relaxation grew"
    assert arrays.sign * (best.objective - relaxed_less) >= -room, "the relaxation cuts off the optimum"
    changed = bool((abs(less.matrix - arrays.matrix) > 1e-9).nnz) or not np.array_equal(less.high, arrays.high)
    return changed, arrays.sign * (relaxed_less - relaxed) > room


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_the_optimum_stays_and_the_relaxation_only_shrinks(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tighter, "NEAR", 0)  # the random cases have few modules a year
    changed = 0
    for seed in seeds:
        try:
            ready = prepare(random_case(seed))
        except InfeasibleModelError:
            continue
        changed += _compared(ready.arrays)[0]
    assert changed >= 3, "the random cases have switches to lessen"


def test_openings_against_yearly_limits_are_less_open_in_the_relaxation() -> None:
    """2 ovens at most are paid by the limit of 7 a year where the tables allow 20."""
    found = prepare(_bakery()).arrays
    less = tighter.tighter(found, OPTIONS)
    (first, *_) = tighter.switches(found)
    assert first.most == 20
    assert less.matrix[first.row, first.binary] * first.turned == pytest.approx(-2, rel=1e-4)
    assert _compared(found) == (True, True)


def test_a_switch_that_cannot_open_is_shut() -> None:
    """An opening costs 5 and an oven 3: the limit of 7 pays no year with both."""
    found = prepare(_bakery(fixed_capex=5)).arrays
    less = tighter.tighter(found, OPTIONS)
    for switch in tighter.switches(found):
        assert less.high[switch.binary] == 0


def test_a_gate_opens_no_sooner_than_money_allows() -> None:
    """Would otherwise be: gates half open from the first year."""
    found = prepare(tight(load("base").change("settings.last_year=2032"), 0.35)).arrays
    names = [str(variable) for variable in found.variables]
    shut = tighter.tighter(found, OPTIONS).high < found.high
    assert any(names[column].startswith("opened[") for column in np.flatnonzero(shut))


@pytest.mark.parametrize("case", [knapsack(1, 0.0, 4, 5), with_opening_costs(load("base").change("settings.last_year=2029"), 0.5)])
def test_the_same_optimum_where_everything_is_opened(case: Case) -> None:
    _compared(prepare(case).arrays)


def _bakery(fixed_capex: float = 1.0) -> Case:
    return small_case(
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "fixed_capex": fixed_capex, "max_per_year": 20}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 4, "limit": 30}],
        finance=[{"capex_limit": 7}],
    )
