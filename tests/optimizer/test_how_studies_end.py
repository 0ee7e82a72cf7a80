"""How studies end: one Ctrl-C ends all of one and keeps what there is; the exit code is the plan's; what cannot be is refused first."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.ladder import Climb
from masterplan.outcome import ExitCode
from masterplan.reports.recompute import recompute
from masterplan.runs import Run
from masterplan.solving import solve
from masterplan.study import SolveOptions, plans
from masterplan.tasks import each
from tests.optimizer.bakery import sourced_bakery

Ending = Callable[..., list[str]]

STUDIES: dict[str, Callable[[Case], Any]] = {
    "scenarios": lambda case: mp.scenarios(case, vary=["markets.street.price=3", "markets.street.price=4"]),
    "options": mp.options,
    "alternatives": mp.alternatives,
    "bottlenecks": mp.bottlenecks,
    "sensitivity": mp.sensitivity,
    "sensitivity of few": lambda case: mp.sensitivity(case, top=1),
    "spider": lambda case: mp.spider(case, "markets.street.price"),
    "frontier": lambda case: mp.frontier(case, "capex"),
    "capex limits": lambda case: mp.frontier(case.change("finance.capex_limit=6"), "capex_limit"),
}
COMMANDS = {
    "scenarios": ["--vary", "markets.street.price=3"],
    "options": [],
    "alternatives": [],
    "bottlenecks": [],
    "sensitivity": [],
    "frontier": [],
}


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Ending:
    """Let every solve of a study, from the first or a later one on, stop in another way; what is given back lists those made."""

    def stop(because: str, after: int = 0) -> list[str]:
        made: list[str] = []

        def ended(case: Case, *more: Any, **options: Any) -> Plan:
            made.append(case.name)
            plan = solve(case, *more, **options)
            return plan if len(made) <= after else replace(plan, status="feasible", stopped_because=because)

        monkeypatch.setattr("masterplan.study.solve", ended)
        return made

    return stop


@pytest.mark.parametrize("study", STUDIES)
def test_one_ctrl_c_ends_a_study_and_keeps_the_plan(study: str, ending: Ending) -> None:
    solves = ending("interrupted")
    found = STUDIES[study](with_limit())
    assert len(solves) == 1
    assert found.interrupted
    plan = found.best if "frontier" in study or study == "capex limits" else found.plan
    assert plan.objective == pytest.approx(2)
    assert found.findings().sentences


@pytest.mark.parametrize("study", ["options", "sensitivity", "spider", "frontier"])
def test_a_later_ctrl_c_ends_the_batches_after_it_too(study: str, ending: Ending) -> None:
    solves = ending("interrupted", after=2)
    assert STUDIES[study](with_limit()).interrupted
    assert len(solves) == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_an_interrupted_study_says_so_and_writes_its_plan(command: str, ending: Ending, tmp_path: Path) -> None:
    ending("interrupted")
    told = called(command, tmp_path, *COMMANDS[command], "-o", str(tmp_path / "plan.xlsx"), "--json")
    assert told.exit_code == ExitCode.INTERRUPTED, told.output
    document = json.loads(told.stdout)
    assert document["exit_code"] == ExitCode.INTERRUPTED
    assert "interrupted" in document["sentences"][0]
    assert mp.read_plan(tmp_path / "plan.xlsx").objective == pytest.approx(2)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_study_of_a_plan_that_a_limit_stopped_says_so(command: str, ending: Ending, tmp_path: Path) -> None:
    ending("time_limit")
    told = called(command, tmp_path, *COMMANDS[command])
    assert told.exit_code == ExitCode.LIMIT, told.output


def test_a_ctrl_c_between_the_plan_and_its_bottlenecks_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Climb, "candidates", pressed)
    found = mp.bottlenecks(with_limit())
    assert found.interrupted
    assert found.plan.objective == pytest.approx(2)
    assert len(found.prices)
    assert not any("worth more than the solves can tell" in sentence for sentence in found.findings().sentences)


def test_a_ctrl_c_while_the_plan_is_recomputed_keeps_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pressed: list[Plan] = []

    def once(plan: Plan) -> Any:
        pressed.append(plan)
        if len(pressed) == 1:
            raise KeyboardInterrupt
        return recompute(plan)

    monkeypatch.setattr("masterplan.bottleneck_study.recompute", once)
    found = mp.bottlenecks(with_limit())
    assert found.interrupted
    assert len(found.use)


def test_a_ctrl_c_before_there_is_a_plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def pressed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("masterplan.study.solve", pressed)
    for command in COMMANDS:
        told = called(command, tmp_path, *COMMANDS[command], "--jobs", "2") if command == "bottlenecks" else called(command, tmp_path)
        assert told.exit_code == ExitCode.INTERRUPTED, command
        assert "Traceback" not in told.output


def test_runs_before_a_ctrl_c_are_kept() -> None:
    def work(number: int) -> int:
        if number == 2:
            raise KeyboardInterrupt
        return 10 * number

    assert list(each(work, {"a": 1, "b": 2, "c": 3})) == [("a", 10)]


def test_after_a_ctrl_c_nothing_more_is_solved(ending: Ending) -> None:
    ending("interrupted", after=1)
    options, runs = SolveOptions(), [Run("one"), Run("two", changes=("markets.street.price=3",)), Run("three")]
    assert list(plans(sourced_bakery(), runs, options)) == ["one", "two"]
    assert options.interrupted
    assert plans(sourced_bakery(), runs, replace(options, gap=0.1)) == {}
    assert not SolveOptions().interrupted


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_be_is_refused_before_the_first_solve(command: str, ending: Ending, tmp_path: Path) -> None:
    solves = ending("proof")
    (tmp_path / "file").write_text("no folder")
    told = called(command, tmp_path, "--keep", str(tmp_path / "file" / "solved"))
    assert told.exit_code == ExitCode.CANNOT_WRITE, told.output
    assert "cannot write" in told.stderr
    assert solves == []


@pytest.mark.parametrize(
    "asked",
    [
        ["scenarios", "CASE", "-o", "plan.txt"],
        ["frontier", "CASE", "--measure", "capex@"],
        ["frontier", "CASE", "--measure", "capex@:"],
        ["trace", "bread", "CASE", "--year", "1900"],
    ],
)
def test_what_cannot_be_is_refused_before_a_solve(asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr("masterplan.study.solve", never)
    monkeypatch.setattr(mp, "solve", never)
    told = CliRunner().invoke(app, [str(written(tmp_path)) if word == "CASE" else word for word in asked])
    assert told.exit_code == 2, told.output


def test_no_plan_to_write_is_said(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    told = called("explain", tmp_path, "--html", str(page))
    assert told.exit_code == 0
    assert f"There is no plan to write: {page} was not written." in " ".join(told.stderr.split())
    assert not page.exists()


def with_limit() -> Case:
    """The bakery with sources and a limit on capex that its best plan just keeps."""
    return sourced_bakery(finance=[{"capex_limit": 6}])


def written(folder: Path) -> Path:
    mp.write_folder(with_limit(), folder / "bakery")
    return folder / "bakery"


def called(command: str, folder: Path, *more: str) -> Any:
    return CliRunner().invoke(app, [command, str(written(folder)), *more])
