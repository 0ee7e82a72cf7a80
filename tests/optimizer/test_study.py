import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import masterplan as mp
import masterplan.data
from masterplan.cli import app
from masterplan.kept import Kept
from masterplan.runs import Run, read_runs
from masterplan.tasks import each, workers
from tests.optimizer.test_scenario_study import bakery

RUNS = (
    Run("as it is"),
    Run("dear", changes=("markets.street.price=4",), against="as it is"),
    Run("famine without ovens", scenarios=("famine",), changes=("projects.oven.max_total=0",), against="as it is"),
    Run("the same", changes=("settings.title=again",), against="as it is"),
)


def double(number: int) -> int:
    return 2 * number


def die_once(marker: str) -> str:
    """The first worker that gets this dies as if it were killed; the second lives."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def always_die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_runs_are_compared() -> None:
    """As it is 2 (see bakery); at a price of 4, 11; with no oven nothing is earned: 2 less."""
    table = mp.scenario_table(bakery(), runs=RUNS, gap=0).set_index("scenario")
    assert table["npv"].to_dict() == pytest.approx({"as it is": 2, "dear": 11, "famine without ovens": 0, "the same": 2})
    assert table["change"].to_list()[1:] == pytest.approx([9, -2, 0])
    assert table["beyond_tolerance"].to_list()[1:] == [True, True, False]
    assert table["starts_changed"].to_list()[1:] == ["oven", "oven", ""]
    assert table.loc["dear", "change_low"] == pytest.approx(9)
    assert table.loc["dear", "change_high"] == pytest.approx(9)


def test_a_wide_gap_is_a_wide_interval() -> None:
    """With a gap of 90 % nothing is said about a difference that the bounds do not prove; the truth lies between the ends."""
    table = mp.scenario_table(bakery(), runs=RUNS[:3], gap=0.9).set_index("scenario")
    assert table.loc["dear", "change_low"] <= 9 <= table.loc["dear", "change_high"]


@pytest.mark.parametrize("own", [True, False])
def test_workers_find_what_one_process_finds(own: bool) -> None:
    runs = (*RUNS, Run("wrong", changes=("projects.ovn.capex=2",)))
    alone = mp.scenario_table(bakery(), runs=runs, gap=0)
    if own:
        shared = mp.scenario_table(bakery(), runs=runs, gap=0, jobs=2)
    else:
        with workers(1) as pool:
            shared = mp.scenario_table(bakery(), runs=runs, gap=0, executor=pool)
    pd.testing.assert_frame_equal(alone, shared)


def test_what_was_solved_is_not_solved_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    first = mp.scenario_table(bakery(), runs=RUNS[:2], gap=0, keep=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("masterplan.study.solve", None)
        again = mp.scenario_table(bakery(), runs=RUNS[:2], gap=0, keep=tmp_path, told=said.append)
    pd.testing.assert_frame_equal(first, again)
    assert said == ["as it is: solved before", "dear: solved before"]
    changed = mp.scenario_table(bakery().change("markets.street.price=1"), runs=RUNS[:1], gap=0, keep=tmp_path)
    assert changed["npv"].to_list() == pytest.approx([0])


def test_what_cannot_be_read_is_solved_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    key = kept.key("a", 1)
    kept.put(key, {"npv": 1.0})
    assert kept.get(key) == {"npv": 1.0}
    (tmp_path / f"{key}.json").write_text('{"npv": 1', encoding="utf-8")
    assert kept.get(key) is None
    assert kept.get(kept.key("a", 2)) is None


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    assert dict(each(die_once, {"a": str(tmp_path / "dead")}, jobs=2)) == {"a": "done"}
    with pytest.raises(RuntimeError, match="not done: a"):
        dict(each(always_die, {"a": 1}, jobs=2))


def test_the_executor_of_the_caller_is_used_and_left_open() -> None:
    with workers(1) as pool:
        assert dict(each(double, {"a": 1, "b": 2}, executor=pool)) == {"a": 2, "b": 4}
        assert pool.submit(double, 4).result() == 8


def test_threads_are_refused() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="allowed are processes"):
        dict(each(double, {"a": 1}, executor=pool))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("run,scenario\na,b\n", "allowed are run, scenarios, changes, against"),
        ("", "found no rows"),
        (
            "run,against\na,\na,\n,a\nb,c\nd,d\n",
            r"line 3: 'a' is the name of an earlier run too\nline 5: 'c' is no other",
        ),
        ("run,changes\na,b,c\n", "more cells than columns"),
    ],
)
def test_runs_that_cannot_be_read_are_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_runs(path)


def test_the_command_takes_runs(tmp_path: Path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    runs = tmp_path / "runs.csv"
    runs.write_text(
        "run,scenarios,changes,against\nplain,,,\nmore,feast,projects.oven.max_per_year=3; projects.oven.capex=2,plain\n", "utf-8"
    )
    called = ["scenarios", str(tmp_path / "bakery"), "--runs", str(runs), "--json", "--keep", str(tmp_path / "kept")]
    told = CliRunner().invoke(app, called)
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)["table"]
    assert [row["scenario"] for row in rows] == ["plain", "more"]
    assert rows[1]["change"] == pytest.approx(3 * 2 * 4 - 3 * 2 - 2)  # three ovens at once, two years of three breads at 4
    assert CliRunner().invoke(app, [*called, "--vary", "projects.*.max_total=0"]).exit_code == 2
    assert CliRunner().invoke(app, ["scenarios", "--runs", str(tmp_path / "none.csv")]).exit_code == 3
    runs.write_text("run,changes\na,projects.oven.weight=3\n", encoding="utf-8")
    assert json.loads(CliRunner().invoke(app, called).stdout)["table"][0]["status"] == "bad input"


def test_every_run_of_the_base_study_fits_the_case() -> None:
    case = mp.load("base")
    for run in read_runs(Path(str(masterplan.data.__file__)).parent / "cases" / "base" / "studies" / "systems.csv"):
        assert run.case(case).years == case.years
