"""What is written is read back exactly; files are written whole or not at all; text never turns into a formula."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masterplan.data.case import Case
from masterplan.data.files import FileInUseError, is_plan_sheet, looks_like_formula, safe_text, write_atomically
from masterplan.data.read import load
from masterplan.data.template import write_template
from masterplan.data.write import table_rows, write_folder
from tests.random_cases import random_case
from tests.small_cases import small_case

HOSTILE = [
    "=cmd|'/c calc'!A1",
    "+1",
    "-x",
    "@sum",
    "'=quoted",
    "''=twice",
    "'plain",
    "a\nb",
    'say "hi", you',
    "-5",
    "0.80",
    "<b>&",
    "x" * 200,
]


def hostile_case() -> Case:
    sources = [{"source": f"s{at}", "description": text, "low": 0.1 + 0.2, "high": 1e300} for at, text in enumerate(HOSTILE)]
    return small_case({"title": "=1+1", "discount_rate": 1 / 3}, sources=sources)


def assert_same(one: Case, other: Case) -> None:
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name], check_exact=True)
    assert one.input_hash == other.input_hash


EMBEDDED = {
    "hostile": hostile_case,
    "base": lambda: load("base"),
    "tesla_only": lambda: load("base").scenario("tesla_only"),
    "steel": lambda: load("steel"),
}


@pytest.mark.parametrize("make", EMBEDDED.values(), ids=EMBEDDED)
def test_folder_workbook_and_frames_give_the_same_case(make: object, tmp_path: Path) -> None:
    case = make()  # type: ignore[operator]
    write_folder(case, tmp_path / "folder")
    from_folder = load(tmp_path / "folder")
    write_template(tmp_path / "case.xlsx", from_folder)

    assert_same(case, from_folder)
    assert_same(case, load(tmp_path / "case.xlsx"))
    assert_same(case, load(dict(case.tables)))


ROWS = st.lists(st.tuples(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=5)


def case_of(rows: list[tuple[str, float]]) -> Case:
    return small_case(sources=[{"source": f"s{at}", "title": text, "central": number} for at, (text, number) in enumerate(rows)])


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_any_text_and_number_survives_a_folder(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float]]) -> None:
    folder = tmp_path_factory.mktemp("case")
    write_folder(case_of(rows), folder)

    assert_same(case_of(rows), load(folder))


@settings(max_examples=5, deadline=None)
@given(ROWS)
def test_any_text_and_number_survives_a_workbook(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float]]) -> None:
    file = tmp_path_factory.mktemp("case") / "case.xlsx"
    write_template(file, case_of(rows))

    assert_same(case_of(rows), load(file))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_any_case_survives_a_workbook(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    case, file = random_case(seed), tmp_path_factory.mktemp("case") / "case.xlsx"
    write_template(file, case)

    assert_same(case, load(file, case.name))


def test_folder_holds_only_tables_with_rows_and_drops_old_files(tmp_path: Path) -> None:
    (tmp_path / "rules.csv").write_text("rule\n")
    (tmp_path / "README.md").write_text("kept")

    write_folder(hostile_case(), tmp_path)

    names = {file.name for file in tmp_path.iterdir()}
    assert "sources.csv" in names
    assert "projects.csv" in names  # required, so its header stands
    assert "rules.csv" not in names
    assert "README.md" in names


def test_csv_text_that_looks_like_a_formula_is_guarded(tmp_path: Path) -> None:
    write_folder(hostile_case(), tmp_path)

    with (tmp_path / "sources.csv").open(newline="") as file:
        written = [row["description"] for row in csv.DictReader(file)]

    assert written[0] == "'=cmd|'/c calc'!A1"
    assert "-5" in written  # a plain number is no formula


def test_rows_are_clean_cells() -> None:
    case = small_case(recipes=[{"activity": "a", "resource": "r", "amount": 2.0}, {"activity": "a", "resource": "s", "amount": 0.5}])

    assert list(table_rows(case, "recipes")) == [("a", "r", None, None, None, 2), ("a", "s", None, None, None, 0.5)]


def test_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"old")

    def fails(*_: object) -> None:
        raise PermissionError("held open")

    monkeypatch.setattr("os.replace", fails)
    with pytest.raises(FileInUseError, match=r"plan\.xlsx is open in a spreadsheet program"):
        write_atomically(target, b"new")

    assert target.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.xlsx"]


@pytest.mark.parametrize("lock", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_open_file_is_left_alone(lock: str, tmp_path: Path) -> None:
    (tmp_path / lock).touch()

    with pytest.raises(FileInUseError, match="Close it, or give another name"):
        write_atomically(tmp_path / "plan.xlsx", b"new")


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(FileInUseError, match="is a folder"):
        write_atomically(tmp_path, b"new")


def test_safe_text_fits_in_a_cell() -> None:
    assert safe_text("a\x00b\ud800c\ufffe\r\nd") == "abc\nd"
    assert len(safe_text("x" * 40_000)) == 32_767
    assert looks_like_formula("=1")
    assert not looks_like_formula("a=1")


def test_result_sheets_are_known() -> None:
    assert is_plan_sheet("Summary")
    assert is_plan_sheet("Balance chips")
    assert is_plan_sheet("notes of Monday")
    assert not is_plan_sheet("projects")


def test_a_process_that_is_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    """Killed when half of the new content is on the disk, and killed when all of it is but it is not yet in place."""
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"old")
    for name in ("fsync", "replace"):
        script = (
            "import os, signal\n"
            "from masterplan.data.files import write_atomically\n"
            f"os.{name} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            f"write_atomically({str(target)!r}, b'new' * 100_000)\n"
        )
        done = subprocess.run([sys.executable, "-c", script], check=False, timeout=120)
        assert done.returncode == -signal.SIGKILL
        assert target.read_bytes() == b"old"
