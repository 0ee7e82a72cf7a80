"""What is forgotten fails here: every block, report and check has the proof that the house asks for."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from masterplan.data.check import CHECKS
from masterplan.data.sanity import SANITY
from masterplan.reports.audit import audit
from masterplan.reports.sheets import REPORTS
from tests.audited import ROWS, VARIABLES
from tests.formulations.golden import FOLDER, golden_path
from tests.formulations.rich import rich_case
from tests.formulations.walk import BLOCKS, Step, name_of, walk
from tests.reports.broken_plans import BROKEN
from tests.reports.hand_plans import hand_plan
from tests.reports.test_audit import FALSE_CLAIMS, UNREADABLE

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
NO_BLOCKS = {"__init__", "contrast", "ledger", "listed", "templates", "vintages"}  # contrast stands last, for a study alone


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


def proofs_in(path: Path) -> list[ast.FunctionDef]:
    return [function for function in functions(path) if function.name.startswith("test_")]


def codes_of(check: Any) -> set[str]:
    """The codes that a check can tell, its helpers in the same module included."""
    module = ast.parse(inspect.getsource(inspect.getmodule(check)))  # type: ignore[arg-type]
    bodies = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    found, queue, seen = set[str](), [check.__name__], set[str]()
    while queue:
        name = queue.pop()
        if name in seen or name not in bodies:
            continue
        seen.add(name)
        for node in ast.walk(bodies[name]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_code(node.value):
                found.add(node.value)
            if isinstance(node, ast.Name):
                queue.append(node.id)
    return found


def _is_code(text: str) -> bool:
    return len(text) == 4 and text[0] in "EW" and text[1:].isdigit()


@cache
def words_in(folder: Path) -> set[str]:
    """Every text constant and every name in the test files of a folder."""
    found = set[str]()
    for path in folder.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.alias):
                found.add(node.name.rsplit(".", 1)[-1])
    return found


# blocks


def test_every_module_of_the_formulations_is_in_a_list_or_a_helper() -> None:
    files = {path.stem for path in (ROOT / "formulations").glob("*.py")}
    assert files - NO_BLOCKS == {name_of(block) for block in BLOCKS}


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_every_block_has_its_test_its_golden_lp_and_its_contract(block: Any) -> None:
    name = name_of(block)
    path = TESTS / "formulations" / f"test_{name}.py"
    assert path.is_file(), f"no {path.name}"
    assert golden_path(name).is_file(), f"no golden LP of {name}: pytest tests/formulations --update-golden"
    assert f'golden("{name}"' in path.read_text(encoding="utf-8").replace("'", '"'), f"{path.name} compares no golden LP"
    assert all(f"\n{head}" in block.__doc__ for head in ("Decides", "Holds", "Posts")), f"{name}.py has no contract"


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_every_block_has_an_optimum_worked_out_by_hand(block: Any) -> None:
    """Every test that solves says what it proves, and what a broken model would give."""
    tests = proofs_in(TESTS / "formulations" / f"test_{name_of(block)}.py")
    told = [ast.get_docstring(test) or "" for test in tests]
    assert any("Proves:" in text and "Would otherwise be:" in text for text in told)
    solving = [test for test in tests if any(isinstance(node, ast.Name) and node.id == "solved" for node in ast.walk(test))]
    silent = [test.name for test in solving if "Proves:" not in (ast.get_docstring(test) or "")]
    assert not silent


def test_no_golden_lp_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {name_of(block) for block in BLOCKS}


# audit


@cache
def _steps() -> dict[str, Step]:
    return walk(rich_case())[1]


@cache
def _checks() -> set[str]:
    """Every check that the audit makes, of whatever plan."""
    return set(audit(hand_plan(rich_case())).checks["name"])


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_every_row_and_every_variable_is_tested_again_by_the_audit(block: Any) -> None:
    """A rule that is in the model alone would be believed: each row and each bound of a variable names the check that reads it anew."""
    step = _steps()[name_of(block)]
    rows, variables = step.names(pyo.Constraint) - ROWS.keys(), step.names(pyo.Var) - VARIABLES.keys()
    assert not rows, f"tests/audited.py names no check of the audit for the rows {sorted(rows)} of {name_of(block)}"
    assert not variables, f"tests/audited.py names no check of the audit for the variables {sorted(variables)} of {name_of(block)}"


def test_what_is_named_for_the_audit_is_there() -> None:
    rows = {name for step in _steps().values() for name in step.names(pyo.Constraint)}
    variables = {name for step in _steps().values() for name in step.names(pyo.Var)}
    assert (ROWS.keys() - rows, VARIABLES.keys() - variables) == (set(), set())
    assert {check for checks in (*ROWS.values(), *VARIABLES.values()) for check in checks} <= _checks()


def test_every_check_of_the_audit_is_failed_by_a_plan() -> None:
    """Each has a plan that breaks it alone, a false claim, or a row that cannot be read."""
    failed = set(BROKEN) | set(FALSE_CLAIMS.values()) | {name for name, *_ in UNREADABLE.values()}
    assert _checks() == failed


def test_every_rule_of_the_audit_stands_for_something_in_the_model() -> None:
    """The other way round: what is a check of a rule is named by a row or a variable."""
    named = {check for checks in (*ROWS.values(), *VARIABLES.values()) for check in checks}
    assert set(BROKEN) - named == set()


# reports


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__.rsplit(".", 1)[-1])
def test_every_report_has_a_test(report: Any) -> None:
    """A test file of its own, or a test of tests/reports that names the report or its sheet."""
    name = report.__name__.rsplit(".", 1)[-1]
    folder = TESTS / "reports"
    if not (folder / f"test_{name}.py").is_file():
        named = words_in(folder)
        assert name in named or report.SHEET in named, f"no test names the report {name}"


def test_every_report_module_is_complete() -> None:
    for report in REPORTS:
        assert (report.__doc__ or "").strip(), f"{report.__name__} has no subtitle"
        assert callable(report.table)


# checks


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_is_tripped_by_a_test(check: Any) -> None:
    """Each code that a check can tell is named by a test of the checks."""
    codes = codes_of(check)
    assert codes or check.__name__ == "changes", f"{check.__name__} tells no code"  # the codes of changes are those of the editor
    missing = codes - words_in(TESTS / "data")
    assert not missing, f"no test trips {sorted(missing)} of {check.__name__}"


@pytest.mark.parametrize("check", SANITY, ids=lambda check: check.__name__)
def test_every_warning_is_raised_by_a_test(check: Any) -> None:
    codes = codes_of(check)
    assert codes, f"{check.__name__} tells no code"
    missing = codes - words_in(TESTS / "data")
    assert not missing, f"no test raises {sorted(missing)} of {check.__name__}"


def test_every_report_with_a_sheet_is_written() -> None:
    """A module of `reports` that names a SHEET stands in REPORTS, or is written by the workbook itself."""
    folder = ROOT / "reports"
    with_sheet = {file.stem for file in folder.glob("*.py") if re.search(r"^SHEET\b", file.read_text(encoding="utf-8"), re.MULTILINE)}
    written = (folder / "workbook.py").read_text(encoding="utf-8")
    listed = {report.__name__.rsplit(".", 1)[-1] for report in REPORTS}
    assert {name for name in with_sheet - listed if not re.search(rf"\b{name}\.(SHEET|table)\b", written)} == set()
