import threading
import time

import pytest

import masterplan as mp
from masterplan.answer import Progress
from tests.random_cases import random_case
from tests.small_cases import small_case

SHOP = {
    "recipes": [{"activity": "shop", "resource": "bread", "amount": 1}],
    "projects": [{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}],
    "markets": [{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}],
}


def test_the_gap_is_kept_where_doing_nothing_is_impossible() -> None:
    """Without a do-nothing plan the gap is relative to the objective itself, constants included."""
    case = mp.load("steel").change("settings.last_year=2033")
    plan = mp.solve(case, gap=0.02, time_limit=60)
    assert plan.do_nothing is None
    assert plan.value_added is None
    assert plan.gap is not None
    assert plan.gap <= 0.02 + 1e-9


def test_a_plan_without_choices_is_worth_what_doing_nothing_is() -> None:
    case = small_case(**SHOP | {"projects": []}, finance=[{"baseline_cash": 5}])
    plan = mp.solve(case)
    assert plan.objective == plan.do_nothing == 15
    assert plan.gap == 0


def test_an_infeasible_case_is_a_status() -> None:
    case = small_case(
        **SHOP | {"markets": [{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3, "minimum": 1}]}
    )
    plan = mp.solve(case)
    assert (plan.status, plan.found) == ("infeasible", False)
    assert "No plan" in plan.message


def test_a_row_without_decisions_that_cannot_hold_is_infeasible_too() -> None:
    rules = [{"rule": "soon", "kind": "deadline", "project": "oven", "deadline": 2026}]
    late = [{**SHOP["projects"][0], "first_start": 2027}]
    plan = mp.solve(small_case(**SHOP | {"projects": late}, rules=rules))
    assert plan.status == "infeasible"


def test_value_without_limit_is_a_status() -> None:
    endless = [{"market": "street", "resource": "bread", "side": "sell", "price": 2}]
    grown = [{"activity": "shop", "capacity_limited": "no"}]
    plan = mp.solve(small_case(**SHOP | {"markets": endless}, activities=grown))
    assert plan.status == "unbounded"


@pytest.mark.parametrize(("option", "value"), [("gap", -0.1), ("gap", 1.0), ("time_limit", 0.0), ("threads", 0)])
def test_options_out_of_range_are_refused(option: str, value: float) -> None:
    with pytest.raises(ValueError, match=option):
        mp.solve(small_case(**SHOP), **{option: value})


def test_a_time_limit_leaves_the_best_plan_so_far() -> None:
    """The do-nothing plan is there before the search begins, so some plan always is."""
    plan = mp.solve(mp.load("base"), gap=0, time_limit=0.3)
    assert (plan.status, plan.stopped_because) == ("feasible", "time_limit")
    assert plan.objective is not None
    assert plan.do_nothing is not None
    assert plan.objective >= plan.do_nothing - 1e-6
    assert mp.audit(plan).passed


def test_progress_tells_incumbent_and_bound_in_the_money_of_the_case() -> None:
    told: list[Progress] = []
    plan = mp.solve(mp.load("base").change("settings.last_year=2031"), gap=0.02, progress=told.append)
    assert plan.bound is not None
    assert plan.objective is not None
    known = [event for event in told if event.incumbent is not None and event.bound is not None]
    assert known
    assert all(event.incumbent <= event.bound + 1e-6 for event in known if event.incumbent is not None and event.bound is not None)
    assert known[-1].incumbent == pytest.approx(plan.objective, rel=0.02)


def test_solving_works_outside_the_main_thread() -> None:
    plans: list[mp.Plan] = []
    worker = threading.Thread(target=lambda: plans.append(mp.solve(small_case(**SHOP), gap=0)))
    worker.start()
    worker.join(60)
    assert plans[0].status == "optimal"


def test_starts_kept_operation_is_found_again() -> None:
    plan = mp.solve(random_case(3), gap=0)
    again = mp.reoptimise(plan)
    assert again.objective == pytest.approx(plan.objective)
    assert again.starts.equals(plan.starts)


def test_a_start_in_a_year_that_its_project_has_not_is_told() -> None:
    plan = mp.solve(small_case(**SHOP), gap=0)
    moved = plan.starts.assign(year=2028)
    told = mp.reoptimise(mp.Plan(plan.case, "optimal", "proof", starts=moved))
    assert told.status == "infeasible"
    assert "oven in 2028" in told.message


def test_a_run_tells_its_versions_options_and_size() -> None:
    begun = time.perf_counter()
    run = mp.solve(small_case(**SHOP), gap=0).run
    spent = time.perf_counter() - begun
    assert set(run["versions"]) >= {"masterplan", "pyomo", "highs", "python"}
    assert run["options"]["gap"] == 0
    assert run["size"]["columns"] > 0
    seconds = run["seconds"]
    phases = {"build", "do_nothing", "first_plan", "search", "polish", "results"}
    assert set(seconds) == {*phases, "solve"}
    assert sum(seconds[phase] for phase in phases) == pytest.approx(seconds["build"] + seconds["solve"])
    assert seconds["build"] + seconds["solve"] <= spent
