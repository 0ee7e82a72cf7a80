"""The command line on a terminal, in a pipe and under Ctrl-C: what real processes write, and how they end."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

import masterplan as mp
from masterplan import live
from masterplan.answer import Progress
from masterplan.cli import app
from masterplan.console import say, tell
from masterplan.formulations.templates import constraint_templates
from masterplan.outcome import ExitCode, free_name
from tests.optimizer.test_cli import TINY, answer, run, write_case
from tests.small_cases import small_case

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("terminal") / "tiny")


def on_a_terminal(arguments: list[str], **environment: str) -> tuple[str, int]:
    """What a command writes to a terminal of 100 columns, both streams as a person sees them, and its exit code."""
    ours, theirs = pty.openpty()
    wanted = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "TERM", "FORCE_COLOR")}
    wanted |= {"TERM": "xterm-256color", "COLUMNS": "100", **environment}
    process = subprocess.Popen([sys.executable, "-m", "masterplan", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=wanted)
    os.close(theirs)
    written = bytearray()
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return written.decode(), process.wait(timeout=60)


@pytest.mark.parametrize(
    ("environment", "escapes", "colours"),
    [({}, True, True), ({"NO_COLOR": "1"}, True, False), ({"TERM": "dumb"}, False, False)],
    ids=["terminal", "NO_COLOR", "TERM=dumb"],
)
def test_a_terminal_gets_what_it_can_show(environment: dict[str, str], escapes: bool, colours: bool, tiny: Path) -> None:
    """A live line needs a terminal that can go back; colours are left out where nobody wants them (bold is no colour)."""
    text, code = on_a_terminal(["solve", str(tiny), "--set", "projects.new_plant.max_per_year=1"], **environment)
    assert code == ExitCode.DONE, text
    assert "optimal: NPV" in text
    assert (ESCAPE in text) == escapes
    assert ("building the model" in text) == escapes
    shown = {number for found in COLOUR.findall(text) for number in found[2:-1].split(";")} - {"", "0", "1", "2"}
    assert not shown or colours


def test_colours_are_used_where_they_are_welcome(tiny: Path) -> None:
    text, code = on_a_terminal(["solve", "no_such_case"])
    assert code == ExitCode.BAD_INPUT
    assert "\x1b[31m" in text
    text, _ = on_a_terminal(["solve", "no_such_case"], NO_COLOR="1")
    assert "\x1b[31m" not in text


@pytest.mark.parametrize("form", ["--quiet", "--json"])
def test_a_reader_may_leave(form: str, tiny: Path) -> None:
    """`masterplan solve | head -0`: no traceback, and the exit code is that of the command."""
    command = [sys.executable, "-m", "masterplan", "solve", str(tiny), form]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=120), told) == (ExitCode.DONE, "")


def test_ctrl_c_while_the_case_is_read(tmp_path: Path) -> None:
    """Before the solver has taken over: no traceback, no file, 130."""
    os.mkfifo(folder := tmp_path / "settings.csv")
    process = subprocess.Popen(
        [sys.executable, "-m", "masterplan", "solve", str(tmp_path), "-o", str(tmp_path / "plan.xlsx"), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with folder.open("w"):  # opens when the reader does
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, stderr
    assert json.loads(stdout)["exit_code"] == ExitCode.INTERRUPTED
    assert "Traceback" not in stderr
    assert not (tmp_path / "plan.xlsx").exists()


def test_names_from_strangers_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    tell("mine\x1b]0;owned\x07\x1b[2J\x9b31m\ttab")
    say("\x1b[2Jmine")
    out, err = capsys.readouterr()
    assert (out.split(), err) == (["mine]0;owned[2J31m", "tab"], "[2Jmine\n")


def test_help_needs_nothing_heavy() -> None:
    """What a command needs is imported by the command: help comes in a blink."""
    command = [sys.executable, "-X", "importtime", "-m", "masterplan", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "masterplan" in imported
    assert not imported & {"rich", "numpy", "pandas", "scipy", "openpyxl", "pint", "pyomo", "highspy"}


# progress


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """A terminal on stderr, and what was drawn on it."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, color_system=None, _environ={"TERM": "xterm"})
    monkeypatch.setattr(live, "console", lambda stderr=False: console)
    monkeypatch.delenv("CI", raising=False)
    return screen.getvalue


def test_progress_is_what_the_solver_said(drawn: Callable[[], str]) -> None:
    with live.progress(small_case(), quiet=False) as listener:
        assert listener is not None
        listener(Progress(1.0, None, 12.5, None, 0))
        assert "no plan yet  bound 12.50" in drawn()
        listener(Progress(2.0, 10.0, 12.0, 0.2, 5))
    assert "NPV 10.00  bound 12.00  gap 20 %" in drawn()


def test_nothing_draws_beside_the_model(drawn: Callable[[], str]) -> None:
    """Pyomo replaces `sum` while it builds a template; a thread that draws meanwhile would meet it."""
    threads = threading.active_count()
    with live.progress(small_case(), quiet=False), constraint_templates(True):
        assert threading.active_count() == threads
    assert "building the model" in drawn()


def test_the_bound_is_told_between_two_plans() -> None:
    """HiGHS tells of better plans by itself; how the bound moves has to be asked for."""
    told: list[Progress] = []
    names = [f"p{number:02d}" for number in range(30)]
    case = small_case(
        {"last_year": 2030},
        recipes=[{"activity": name, "resource": "power", "amount": 100 + (37 * place) % 53} for place, name in enumerate(names)],
        projects=[
            {"project": name, "activity": name, "capex": 100 + (41 * place) % 59, "life": 3, "max_per_year": 1, "max_total": 2}
            for place, name in enumerate(names)
        ],
        markets=[{"market": "grid", "resource": "power", "side": "sell", "price": 1}],
        finance=[{"capex_limit": 701.5}],
    )
    mp.solve(case, gap=0.0, time_limit=1.5, threads=1, progress=told.append)
    found = [step for step in told if step.incumbent is not None]
    assert len(found) > len({step.incumbent for step in found})
    assert len({step.bound for step in found}) > 1
    assert all(step.gap >= 0 for step in found if step.gap is not None)


# help and files


def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def examples(command: Any) -> list[list[str]]:
    lines = [line.strip() for line in (command.help or "").splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("masterplan ")]


@pytest.mark.parametrize("name", commands())
def test_every_command_has_examples_that_it_understands(name: str) -> None:
    found = examples(commands()[name])
    assert found, f"the help of {name} has no example"
    for arguments in found:
        words = arguments[: arguments.index(">")] if ">" in arguments else arguments
        assert words[0] == name
        commands()[name].make_context(name, words[1:])


def test_help_says_what_the_exit_codes_mean() -> None:
    told = run("solve", "--help").stdout
    for code in ExitCode:
        assert f" {code.value} " in told, f"the help of solve does not tell exit code {code.value}"


def test_check_marks_a_copy(tmp_path: Path) -> None:
    workbook, copy = tmp_path / "case.xlsx", tmp_path / "copy.xlsx"
    faulty = write_case(tmp_path / "faulty", projects=[{**TINY["projects"][0], "activity": "plan"}])
    assert run("check", faulty, "--annotate", copy).exit_code == 2, "a folder has no cells to mark"
    run("template", workbook, "--from", write_case(tmp_path / "sound"))
    result = run("check", workbook, "--annotate", copy, "--json")
    assert (result.exit_code, answer(result)["outputs"]) == (ExitCode.DONE, [str(copy)])
    assert run("check", copy).exit_code == ExitCode.DONE
    assert run("check", workbook, "--annotate", copy).exit_code == ExitCode.CANNOT_WRITE, "corrections in a copy are somebody's work"


def test_what_cannot_be_opened_cannot_be_marked(tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_bytes(b"no workbook")
    result = run("check", tmp_path / "case.xlsx", "--annotate", tmp_path / "copy.xlsx", "--json")
    assert (result.exit_code, answer(result)["outputs"]) == (ExitCode.BAD_INPUT, [])
    assert not (tmp_path / "copy.xlsx").exists()


def test_a_plan_is_not_lost_when_its_file_was_opened_meanwhile(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = mp.solve

    def opened_meanwhile(*arguments: Any, **options: Any) -> Any:
        (tmp_path / ".~lock.plan.xlsx#").touch()
        return library(*arguments, **options)

    monkeypatch.setattr(mp, "solve", opened_meanwhile)
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx", "--json")
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert answer(result)["outputs"] == [str(tmp_path / "plan-2.xlsx")]
    assert mp.read_plan(tmp_path / "plan-2.xlsx").objective == pytest.approx(5.0)
    assert free_name(tmp_path / "plan.xlsx").name == "plan-3.xlsx"
