"""The command line: what goes to which stream, and every exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

import masterplan as mp
from masterplan.cli import app
from masterplan.data.plan import Plan
from masterplan.outcome import ExitCode, exit_code
from tests.small_cases import small_frames

SOLVE_KEYS = {
    "schema", "case", "status", "stopped_because", "objective", "npv", "npv_without_terminal", "do_nothing", "bound", "gap",
    "gap_money", "seconds", "size", "nodes", "starts", "capex", "audit", "outputs",
}  # fmt: skip
SECONDS_KEYS = {"import", "load", "build", "solve", "audit", "export"}

# a plant of capex 1 earns 1.5 a year from the year after its start: two in 2026 are worth 2 x (2 x 1.5 - 1), two in 2027 2 x (1.5 - 1)
TINY = {
    "recipes": [{"activity": "plant", "resource": "power", "amount": 1}],
    "projects": [{"project": "new_plant", "activity": "plant", "capex": 1, "lead_time": 1, "life": 20, "max_per_year": 2}],
    "markets": [{"market": "customers", "resource": "power", "side": "sell", "price": 1.5}],
}
TINY_VALUE = 5.0


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def answer(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def write_case(folder: Path, settings: dict[str, Any] | None = None, **tables: Any) -> Path:
    folder.mkdir()
    for name, frame in small_frames(settings, **{**TINY, **tables}).items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_case(tmp_path / "tiny")


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return mp.solve(mp.load(write_case(tmp_path_factory.mktemp("solved") / "tiny")))


@pytest.fixture
def solver_answers(monkeypatch: pytest.MonkeyPatch, solved: Plan) -> Callable[..., None]:
    """Put a solver in place that answers with the solved plan, changed as told."""

    def put(**changed: Any) -> None:
        monkeypatch.setattr(mp, "solve", lambda case, **options: replace(solved, case=case, **changed))

    return put


# 0: done


def test_solve_writes_a_plan_and_says_so(tiny: Path, tmp_path: Path) -> None:
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx")
    assert result.exit_code == ExitCode.DONE, result.output
    assert result.stdout.startswith("optimal: NPV 5.00 billion USD (bound 5.00, gap 0 %")
    assert f"-> {tmp_path / 'plan.xlsx'}" in result.stdout
    assert "new_plant" in result.stdout
    assert "2026: 2, 2027: 2" in result.stdout
    assert "audit passed" in result.stdout
    assert (tmp_path / "plan.xlsx").is_file()


def test_solve_writes_a_workbook_and_a_page(tiny: Path, tmp_path: Path) -> None:
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx", "--html", tmp_path / "plan.html", "--json")
    assert result.exit_code == ExitCode.DONE, result.output
    assert answer(result)["outputs"] == [str(tmp_path / "plan.xlsx"), str(tmp_path / "plan.html")]
    assert (tmp_path / "plan.xlsx").is_file()
    assert "new_plant" in (tmp_path / "plan.html").read_text(encoding="utf-8")


def test_solve_writes_a_page_alone(tiny: Path, tmp_path: Path) -> None:
    result = run("solve", tiny, "--html", tmp_path / "plan.html")
    assert f"-> {tmp_path / 'plan.html'}" in result.stdout
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["plan.html"]


def test_solve_without_output_writes_nothing(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert run("solve", tiny).exit_code == ExitCode.DONE
    assert not list(empty.iterdir())


def test_solve_json_holds_what_others_build_on(tiny: Path, tmp_path: Path) -> None:
    output = tmp_path / "plan.xlsx"
    result = run("solve", tiny, "-o", output, "--json")
    content = answer(result)
    assert content.keys() >= SOLVE_KEYS
    assert content["schema"] == "masterplan.solve/1"
    assert (content["case"], content["status"]) == ("tiny", "optimal")
    assert content["objective"] == pytest.approx(TINY_VALUE)
    assert content["do_nothing"] == pytest.approx(0.0)
    assert content["seconds"].keys() >= SECONDS_KEYS
    assert content["size"].keys() >= {"rows", "columns", "integers", "nonzeros"}
    assert content["starts"] == [{"project": "new_plant", "year": year, "modules": 2.0} for year in (2026, 2027)]
    assert content["capex"] == [{"project": "new_plant", "year": year, "amount": pytest.approx(2.0)} for year in (2026, 2027)]
    assert content["audit"]["passed"] is True
    assert content["outputs"] == [str(output)]


def test_changes_and_scenarios_apply_in_order(tmp_path: Path) -> None:
    case = write_case(
        tmp_path / "varied",
        scenarios=[{"scenario": "cheap"}],
        changes=[
            {"scenario": "cheap", "step": 1, "table": "projects", "key": "new_plant", "column": "capex", "operation": "set", "value": 0.5}
        ],
    )
    content = answer(run("solve", case, "--scenario", "cheap", "--set", "projects.new_plant.capex*=0.5", "--json"))
    assert content["objective"] == pytest.approx(TINY_VALUE + 4 * 0.75)
    assert content["scenarios"] == ["cheap"]
    assert content["changes"] == ["projects.new_plant.capex*=0.5"]


def test_a_plan_workbook_is_a_case_and_a_start(tiny: Path, tmp_path: Path) -> None:
    output = tmp_path / "plan.xlsx"
    run("solve", tiny, "-o", output)
    content = answer(run("solve", output, "--start", output, "--json"))
    assert content["objective"] == pytest.approx(TINY_VALUE)


def test_a_pipe_gets_data_only_and_no_colour(tiny: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "masterplan", "solve", tiny, "--json", "--quiet"], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout)["status"] == "optimal"
    assert not done.stderr
    assert "\x1b" not in done.stdout


def test_text_of_a_case_is_never_markup(tmp_path: Path) -> None:
    projects = [{**TINY["projects"][0], "project": "[red]plant"}]
    result = run("solve", write_case(tmp_path / "odd", projects=projects))
    assert "[red]plant" in result.stdout


def test_check_of_a_sound_case(tiny: Path) -> None:
    content = answer(run("check", tiny, "--json"))
    assert content["schema"] == "masterplan.check/1"
    assert content["exit_code"] == ExitCode.DONE
    assert all(problem["code"].startswith("W") for problem in content["problems"])


def test_describe_names_and_counts(tiny: Path) -> None:
    content = answer(run("describe", tiny, "--json"))
    assert content["schema"] == "masterplan.describe/1"
    assert content.keys() >= {"case", "years", "money", "systems", "resources", "activities", "projects", "scenarios"}
    assert "new_plant" in run("describe", tiny).stdout


def test_cases_lists_the_base_case() -> None:
    content = answer(run("cases", "--json"))
    assert content["schema"] == "masterplan.cases/1"
    assert "base" in {case["case"] for case in content["cases"]}
    assert "base" in run("cases").stdout


def test_a_filled_template_is_the_case(tiny: Path, tmp_path: Path) -> None:
    workbook = tmp_path / "mine.xlsx"
    assert run("template", workbook, "--from", tiny).exit_code == ExitCode.DONE
    assert answer(run("solve", workbook, "--json"))["objective"] == pytest.approx(TINY_VALUE)


def test_verify_of_an_untouched_plan(tiny: Path, tmp_path: Path) -> None:
    run("solve", tiny, "-o", tmp_path / "plan.xlsx")
    content = answer(run("verify", tmp_path / "plan.xlsx", "--reoptimise", "--json"))
    assert (content["schema"], content["exit_code"]) == ("masterplan.verify/1", ExitCode.DONE)
    assert content["tables_changed"] is False
    assert content["reoptimised"]["objective"] == pytest.approx(TINY_VALUE)
    assert content["distance_to_bound"] == pytest.approx(0.0, abs=1e-6)
    assert "audit passed" in run("verify", tmp_path / "plan.xlsx").stdout


# 2: wrong use


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["solve", "--gap", "-1"],
        ["solve", "--threads", "0"],
        ["solve", "-o", "plan.pdf"],
        ["solve", "--html", "plan.xlsx"],
        ["check"],
        ["template", "mine.csv"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


# 3: bad input


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return write_case(
        tmp_path / "faulty",
        projects=[{**TINY["projects"][0], "lead_time": 2.5, "capex": "much"}],
        markets=[{**TINY["markets"][0], "side": "sale"}],
    )


@pytest.mark.parametrize("command", ["solve", "check", "describe"])
def test_bad_input_tells_every_problem(command: str, faulty: Path) -> None:
    result = run(command, faulty)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert not result.stdout
    for found in ("2.5", "much", "sale"):
        assert found in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["solve", "check"])
def test_bad_input_in_json(command: str, faulty: Path) -> None:
    content = answer(run(command, faulty, "--json"))
    assert content["schema"] == f"masterplan.{command}/1"
    assert content["exit_code"] == ExitCode.BAD_INPUT
    assert len(content["problems"]) == 3
    assert content["problems"][0].keys() >= {"code", "table", "sheet", "cell", "key", "column", "found", "allowed", "fix"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "no_such_case"],
        ["solve", "--set", "projects.nobody.capex=1"],
        ["solve", "--scenario", "nobody"],
        ["verify", "absent.xlsx"],
    ],
    ids=" ".join,
)
def test_unknown_names_are_bad_input(arguments: list[str], tiny: Path) -> None:
    if arguments[1].startswith("--"):
        arguments = ["solve", str(tiny), *arguments[1:]]
    result = run(*arguments)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert result.stderr


# 4: infeasible or unbounded


def test_an_infeasible_case_is_said_in_words(tmp_path: Path) -> None:
    case = write_case(tmp_path / "poor", finance=[{"minimum_cash": 1000}])
    result = run("solve", case, "-o", tmp_path / "plan.xlsx")
    assert result.exit_code == ExitCode.INFEASIBLE
    assert result.stdout.startswith("infeasible")
    assert len(result.stdout.split()) > 5
    assert not (tmp_path / "plan.xlsx").exists()


def test_an_infeasible_case_in_json(tmp_path: Path) -> None:
    content = answer(run("solve", write_case(tmp_path / "poor", finance=[{"minimum_cash": 1000}]), "--json"))
    assert content.keys() >= SOLVE_KEYS
    assert (content["status"], content["objective"], content["audit"], content["outputs"]) == ("infeasible", None, None, [])
    assert content["message"]


def test_an_unbounded_case(tiny: Path, solver_answers: Callable[..., None]) -> None:
    solver_answers(status="unbounded", stopped_because="proof", objective=None, message="sales grow without end")
    result = run("solve", tiny)
    assert result.exit_code == ExitCode.INFEASIBLE
    assert "sales grow without end" in result.stdout


# 5, 7, 130: how a solve stopped


@pytest.mark.parametrize(("stopped", "code"), [("time_limit", ExitCode.LIMIT), ("interrupted", ExitCode.INTERRUPTED)])
def test_the_best_plan_so_far_is_written(
    stopped: str, code: ExitCode, tiny: Path, tmp_path: Path, solver_answers: Callable[..., None]
) -> None:
    solver_answers(status="feasible", stopped_because=stopped, bound=6.0, gap=0.2, gap_money=1.0)
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx")
    assert result.exit_code == code
    assert "(bound 6.00, gap 20 %, 1.00 billion USD)" in result.stdout
    assert (tmp_path / "plan.xlsx").is_file()


def test_a_limit_before_any_plan(tiny: Path, tmp_path: Path, solver_answers: Callable[..., None]) -> None:
    solver_answers(status="no_plan", stopped_because="time_limit", objective=None, npv=None)
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx", "--json")
    assert result.exit_code == ExitCode.LIMIT
    assert (answer(result)["status"], answer(result)["outputs"]) == ("no_plan", [])
    assert not (tmp_path / "plan.xlsx").exists()


def test_a_failed_solver(tiny: Path, solver_answers: Callable[..., None]) -> None:
    solver_answers(status="failed", stopped_because="error", objective=None, message="numerical trouble")
    assert run("solve", tiny).exit_code == ExitCode.SOLVER_FAILED


def test_an_interrupt_outside_the_solver(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mp, "solve", interrupted)
    result = run("solve", tiny, "--json")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert answer(result)["exit_code"] == ExitCode.INTERRUPTED


def test_a_fault_of_ours_propagates(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mp, "solve", broken)
    assert isinstance(run("solve", tiny).exception, ZeroDivisionError)


# 6: cannot write


@pytest.mark.parametrize("lock", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_an_open_workbook_is_noticed_before_solving(lock: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / lock).touch()
    monkeypatch.delattr(mp, "solve", raising=False)
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx")
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert "is open in a spreadsheet program" in result.stderr


@pytest.mark.parametrize("command", ["solve", "template"])
def test_a_file_is_no_folder_to_write_in(command: str, tiny: Path, tmp_path: Path) -> None:
    target = tmp_path / "file" / "plan.xlsx"
    target.parent.touch()
    result = run(command, *([tiny, "-o", target] if command == "solve" else [target]))
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert f"{target.parent} is a file, no folder" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "closed"), ExitCode.BAD_INPUT),
        (("verify", "closed/plan.xlsx"), ExitCode.BAD_INPUT),
        (("template", "closed/mine.xlsx"), ExitCode.CANNOT_WRITE),
    ],
)
def test_a_folder_that_may_not_be_entered(words: tuple[str, str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the operating system has it for others than its administrator, who may run these tests."""
    (tmp_path / "closed").mkdir()

    def refuse(call: Any) -> Any:
        def refused(path: Path, *more: Any, **named: Any) -> Any:
            if "closed" in path.parts:
                raise PermissionError(13, "Permission denied", str(path))
            return call(path, *more, **named)

        return refused

    for name in ("stat", "iterdir", "open"):
        monkeypatch.setattr(Path, name, refuse(getattr(Path, name)))
    result = run(words[0], tmp_path / words[1])
    assert result.exit_code == code, result.output
    assert "Permission denied" in result.stderr


def test_a_template_never_overwrites(tmp_path: Path) -> None:
    mine = tmp_path / "mine.xlsx"
    mine.write_text("a day's work", encoding="utf-8")
    assert run("template", mine).exit_code == ExitCode.CANNOT_WRITE
    assert mine.read_text(encoding="utf-8") == "a day's work"


def test_a_plan_that_cannot_be_written_is_still_told(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mp, "write_workbook", full)
    result = run("solve", tiny, "-o", tmp_path / "plan.xlsx", "--json")
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert answer(result)["starts"]
    assert answer(result)["outputs"] == []
    assert "No space left" in result.stderr


# 8: audit failed


def test_a_solver_that_lies_fails_the_audit(tiny: Path, solved: Plan, solver_answers: Callable[..., None]) -> None:
    solver_answers(starts=solved.starts.assign(modules=solved.starts["modules"] * 1.5))
    result = run("solve", tiny)
    assert result.exit_code == ExitCode.AUDIT_FAILED
    assert "audit FAILED" in result.stdout


@pytest.fixture
def edited(tiny: Path, tmp_path: Path) -> Path:
    """A plan workbook in which a person starts one module in 2026 instead of two."""
    path = tmp_path / "plan.xlsx"
    run("solve", tiny, "-o", path)
    book = load_workbook(path)
    row = next(row for row in book["Starts"].iter_rows() if any(cell.value == "new_plant" for cell in row))
    next(cell for cell in row if cell.value == 2).value = 1
    book.save(path)
    return path


def test_an_edited_plan_must_still_add_up(edited: Path) -> None:
    result = run("verify", edited)
    assert result.exit_code == ExitCode.AUDIT_FAILED
    assert result.stdout.splitlines()[1].startswith("FAILED")
    content = answer(run("verify", edited, "--json"))
    assert content["exit_code"] == ExitCode.AUDIT_FAILED
    assert content["audit"]["passed"] is False


def test_edited_starts_are_operated_as_well_as_possible(edited: Path) -> None:
    """One module less in 2026 forgoes 2 x 1.5 - 1."""
    result = run("verify", edited, "--reoptimise", "--json")
    assert result.exit_code == ExitCode.DONE, result.stderr
    content = answer(result)
    assert content["reoptimised"]["objective"] == pytest.approx(TINY_VALUE - 2)
    assert content["distance_to_bound"] == pytest.approx(2)
    assert content["audit"]["passed"] is True
    assert "distance to the stated bound 2.00 billion USD" in run("verify", edited, "--reoptimise").stdout


def test_a_failed_audit_is_worse_than_an_interrupt(solved: Plan) -> None:
    failed = replace(mp.audit(solved), passed=False)
    assert exit_code(replace(solved, status="feasible", stopped_because="interrupted"), failed) == ExitCode.AUDIT_FAILED


# a real Ctrl-C


def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    """Hundreds of lumpy projects against yearly limits: a plan at once, no proof for long."""
    case = write_case(tmp_path / "hard", **hard_case())
    output = tmp_path / "plan.xlsx"
    command = [sys.executable, "-m", "masterplan", "solve", str(case), "-o", str(output), "--gap", "0", "--time-limit", "100", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "CI": "true"}) as process:
        assert process.stderr is not None
        until = time.monotonic() + 60
        while "NPV" not in process.stderr.readline() and time.monotonic() < until:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, stderr
    content = json.loads(stdout)
    assert (content["status"], content["stopped_because"]) == ("feasible", "interrupted")
    assert content["audit"]["passed"] is True
    assert output.is_file()


def hard_case() -> dict[str, Any]:
    names = [f"p{number:03d}" for number in range(60)]
    return {
        "settings": {"last_year": 2032},
        "recipes": [{"activity": name, "resource": "power", "amount": 100 + (37 * place) % 53} for place, name in enumerate(names)],
        "projects": [
            {
                "project": name,
                "activity": name,
                "capex": 100 + (41 * place) % 59,
                "lead_time": 1,
                "life": 3,
                "max_per_year": 1,
                "max_total": 2,
            }
            for place, name in enumerate(names)
        ],
        "finance": [{"capex_limit": 701.5}],
    }
