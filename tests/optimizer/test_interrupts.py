"""Ctrl-C at every moment: while a model is built, between solves, in a worker, while files are written. What is known by then is kept."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.cli import app
from masterplan.data.pause import holding_interrupts, is_interrupted, undisturbed
from masterplan.formulations import formulate, operate, rules
from masterplan.outcome import ExitCode
from masterplan.prepared import prepare
from masterplan.runs import Run
from masterplan.study import SolveOptions, plans
from tests.optimizer.bakery import bakery, sourced_bakery


def pressing(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, before: bool = True) -> list[str]:
    """Press Ctrl-C the first time that a function is called, before it or after it."""
    inner, pressed = getattr(place, name), list[str]()

    def call(*arguments: Any, **named: Any) -> Any:
        if before and not pressed:
            pressed.append(name)
            signal.raise_signal(signal.SIGINT)
        result = inner(*arguments, **named)
        if not pressed:
            pressed.append(name)
            signal.raise_signal(signal.SIGINT)
        return result

    monkeypatch.setattr(place, name, call)
    return pressed


def test_ctrl_c_waits_and_both_blocks_see_it() -> None:
    with holding_interrupts() as outer:
        with holding_interrupts() as inner:
            signal.raise_signal(signal.SIGINT)
            assert is_interrupted()
        with holding_interrupts() as later:
            assert later.pressed
    assert (inner.pressed, outer.pressed, is_interrupted()) == (True, True, False)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)  # Python's own handler is back


def test_what_is_undisturbed_ends_first() -> None:
    done = []

    def work() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [1]


@pytest.mark.parametrize("templates", [True, False])
def test_a_model_is_built_to_its_end(templates: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Pyomo would take the interruption of a rule for an error of the rule, log it, and go on without it."""
    built: list[str] = []
    pressing(monkeypatch, operate, "add")
    monkeypatch.setattr(rules, "add", lambda m, case, ledger, add=rules.add: (built.append("rules"), add(m, case, ledger)))
    with pytest.raises(KeyboardInterrupt):
        formulate(bakery(), templates=templates)
    assert built == ["rules"]
    assert caplog.records == []


def test_a_press_while_the_model_is_built_ends_the_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    pressing(monkeypatch, operate, "add")
    with pytest.raises(KeyboardInterrupt):
        mp.solve(bakery())


@pytest.mark.parametrize("step", ["_polished", "with_least_debt", "do_nothing_flow"])
def test_a_press_while_a_plan_is_made_keeps_it(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from masterplan import solving

    best = mp.solve(bakery(), gap=0)
    assert pressing(monkeypatch, solving, step) == []
    plan = mp.solve(bakery(), gap=0)
    assert (plan.status, plan.stopped_because) == ("optimal", "interrupted")
    assert plan.objective == pytest.approx(best.objective)
    assert mp.audit(plan).passed


def test_the_options_say_what_ctrl_c_does_to_the_solver() -> None:
    arrays = prepare(bakery()).arrays
    with holding_interrupts():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            highs.run(arrays, SolverOptions())
        answer = highs.run(arrays, SolverOptions(on_interrupt="answer"))
        assert (answer.quality, answer.stopped) == ("none", "interrupted")
        assert highs.run(arrays, SolverOptions(on_interrupt="wait")).quality == "optimal"


def test_an_explanation_that_is_interrupted_claims_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from masterplan import explanation

    case = bakery(rules=[{"rule": "promise", "kind": "must_do", "project": "oven", "amount": 9}])
    pressing(monkeypatch, explanation, "conflict")
    mp.write_folder(case, tmp_path / "bakery")
    told = CliRunner().invoke(app, ["explain", str(tmp_path / "bakery")])
    assert told.exit_code == ExitCode.INTERRUPTED, told.output
    assert told.stdout == ""


COMMANDS = ("solve", "scenarios", "options", "bottlenecks", "sensitivity", "frontier", "alternatives")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_press_while_files_are_written_lets_them_be_written(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "bakery"
    mp.write_folder(sourced_bakery(), folder)
    asked = [command, str(folder), "-o", str(tmp_path / "plan.xlsx"), "--html", str(tmp_path / "plan.html")]
    whole = CliRunner().invoke(app, asked)
    assert whole.exit_code == ExitCode.DONE, whole.output
    (tmp_path / "plan.xlsx").unlink()
    pressed = pressing(monkeypatch, mp, "write_workbook")
    told = CliRunner().invoke(app, asked)
    assert pressed
    assert told.exit_code == ExitCode.INTERRUPTED, told.output
    assert mp.read_plan(tmp_path / "plan.xlsx").objective == pytest.approx(2)
    assert len(told.stdout.splitlines()) == len(whole.stdout.splitlines())
    assert "was interrupted" not in told.stdout, "the study itself was over"
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".tmp"]


def test_workers_hand_over_what_they_have(tmp_path: Path) -> None:
    """Each worker is at a solve when Ctrl-C is pressed: the study ends, says so, and nobody prints a traceback."""
    script = tmp_path / "study.py"
    script.write_text(
        "import os, signal, threading\n"
        "from masterplan.tasks import each\n"
        "from masterplan.data.pause import holding_interrupts, is_interrupted\n"
        "import time\n"
        "def work(number):\n"
        "    if number == 0:\n"
        "        os.kill(os.getppid(), signal.SIGINT)\n"
        "    with holding_interrupts() as held:\n"
        "        while not held.pressed:\n"
        "            time.sleep(0.01)\n"
        "    return number\n"
        "if __name__ == '__main__':\n"
        "    print(sorted(each(work, {str(n): n for n in range(2)}, jobs=2)))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[('0', 0), ('1', 1)]", "")


def test_a_command_is_quiet_from_its_first_moment() -> None:
    """Ctrl-C while the command line itself is loaded."""
    code = "import signal, sys\nsys.modules['masterplan.cli'] = None\n"
    code += "import builtins\nreal = builtins.__import__\n"
    code += "def press(name, *more):\n    if name == 'masterplan.cli': raise KeyboardInterrupt\n    return real(name, *more)\n"
    code += "from masterplan.__main__ import main\nbuiltins.__import__ = press\nmain()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.INTERRUPTED, "", "")


# what cannot be written


def test_a_full_folder_is_told_and_what_it_holds_is_used_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    asked = ["scenarios", str(tmp_path / "bakery"), "--vary", "markets.street.price=3", "--keep", str(tmp_path / "kept")]
    sync, synced = os.fsync, list[int]()

    def full(file: int) -> None:
        synced.append(file)
        if len(synced) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(file)

    monkeypatch.setattr(os, "fsync", full)
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == ExitCode.CANNOT_WRITE, told.output
    assert "cannot keep what was solved" in told.stderr
    assert os.strerror(errno.ENOSPC) in told.stderr
    assert len(list((tmp_path / "kept").iterdir())) == 1, "the first is kept, and no half of the second"
    monkeypatch.setattr(os, "fsync", sync)
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == ExitCode.DONE
    assert again.stderr.count("solved before") == 1


@pytest.mark.parametrize("name", ["plan.xlsx", "table.csv"])
def test_a_file_that_was_opened_meanwhile_costs_no_study(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")

    def opened(case: Any, *more: Any, solve: Any = mp.solve, **named: Any) -> mp.Plan:
        (tmp_path / f".~lock.{name}#").touch()
        return solve(case, *more, **named)

    monkeypatch.setattr("masterplan.study.solve", opened)
    told = CliRunner().invoke(app, ["scenarios", str(tmp_path / "bakery"), "-o", str(tmp_path / name)])
    assert told.exit_code == ExitCode.CANNOT_WRITE, told.output
    beside = tmp_path / name.replace(".", "-2.")
    assert beside.stat().st_size
    assert f"{beside.name}" in " ".join(told.stdout.split())
    assert "(as it stands)" in told.stdout


def test_after_a_press_no_further_run_is_begun() -> None:
    told: list[str] = []
    with holding_interrupts():
        signal.raise_signal(signal.SIGINT)
        options = SolveOptions()
        assert plans(bakery(), [Run("one"), Run("two")], options, told=told.append) == {}
    assert options.interrupted
    assert told == ["interrupted; what was not solved is left out"]
