"""What must hold for any case: laws that relate two solves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import masterplan as mp
from masterplan.data.case import Case
from masterplan.data.schema import TABLES
from tests.random_cases import random_case

SEEDS = st.integers(min_value=200, max_value=10_000)
FEW = settings(max_examples=12, deadline=None, derandomize=True)


def best(case: Case) -> float:
    """The best objective; minus infinity where there is no plan, so that it can be compared."""
    plan = mp.solve(case, gap=0)
    return -np.inf if plan.objective is None else plan.objective


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed: int, shuffler: object) -> None:
    case = random_case(seed)
    rng = np.random.default_rng(seed)
    shuffled = {name: frame.iloc[rng.permutation(len(frame))].reset_index(drop=True) for name, frame in case.tables.items()}
    assert best(case.with_tables(**shuffled)) == pytest.approx(best(case), rel=1e-9, abs=1e-9)


@FEW
@given(SEEDS)
def test_money_in_another_unit_scales_the_value(seed: int) -> None:
    case = random_case(seed)
    scaled = {}
    for table in TABLES:
        frame = case.tables[table.name].copy()
        for column in table.columns:
            if column.unit.startswith("money"):
                frame[column.name] = frame[column.name] * 1000.0
        scaled[table.name] = frame
    rows = scaled["settings"]
    rows["value"] = [1000.0 * float(v) if name == "opening_cash" else v for name, v in zip(rows["setting"], rows["value"], strict=True)]
    assert best(case.with_tables(**scaled)) == pytest.approx(1000.0 * best(case), rel=1e-6, abs=1e-5)


@FEW
@given(SEEDS)
def test_more_room_never_hurts(seed: int) -> None:
    case = random_case(seed)
    value = best(case)
    looser = ["markets.steel.limit+=1"]
    if case.series("finance", "capex_limit"):
        looser.append("finance.capex_limit+=2")
    for change in looser:
        assert best(case.change(change)) >= value - 1e-7


@FEW
@given(SEEDS)
def test_a_useless_project_changes_nothing(seed: int) -> None:
    case = random_case(seed)
    useless = {"project": "folly", "capex": 1.0, "lead_time": 1.0, "life": 5.0, "max_per_year": 1.0}
    projects = pd.concat([case.tables["projects"], pd.DataFrame([useless])], ignore_index=True)
    with_folly = case.with_tables(projects=projects.astype(case.tables["projects"].dtypes))
    assert best(with_folly) <= best(case) + 1e-9
    plan = mp.solve(with_folly, gap=0)
    assert not (plan.starts["project"] == "folly").any() or plan.case.setting("terminal_value") == "book_value"


@FEW
@given(SEEDS)
def test_written_and_read_again_the_case_is_the_same(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    case = random_case(seed)
    folder = tmp_path_factory.mktemp("case")
    mp.write_folder(case, folder)
    again = mp.load(folder)
    assert again.input_hash == case.input_hash
    assert best(again) == best(case)


def test_a_solve_that_stops_on_its_gap_gives_the_same_plan_again() -> None:
    case = mp.load("base").change("settings.last_year=2031")
    first, second = (mp.solve(case, gap=0.02) for _ in range(2))
    pd.testing.assert_frame_equal(first.starts, second.starts)
    assert (first.objective, first.bound) == (second.objective, second.bound)


def test_a_plan_to_begin_from_is_never_lost() -> None:
    case = mp.load("base").change("settings.last_year=2031")
    good = mp.solve(case, gap=0.01, time_limit=60)
    richer = case.change("finance.capex_limit*=1.2")
    again = mp.solve(richer, gap=0.9, time_limit=60, start=good)
    assert good.objective is not None
    assert again.objective is not None
    assert again.objective >= good.objective - 1e-6 * abs(good.objective)
