"""Reading a plan workbook back, as written and as a person may have left it."""

import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from masterplan.data.errors import CaseError
from masterplan.data.plan import DECISIONS, RESULTS
from masterplan.data.template import write_template
from masterplan.reports.audit import audit
from masterplan.reports.read_plan import read_plan
from masterplan.reports.recompute import recompute
from masterplan.reports.run_log import NUMBERS
from masterplan.reports.workbook import write_workbook
from tests.reports.ending_plan import ending_plan
from tests.reports.example_plan import example_case, example_plan


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("read") / "plan.xlsx"
    write_workbook(example_plan(), path)
    return path


@pytest.fixture
def edit(written, tmp_path):
    """Writes a copy of the workbook after `change(book)` and gives its path."""

    def edited(change):
        book = load_workbook(written)
        change(book)
        book.save(tmp_path / "edited.xlsx")
        return tmp_path / "edited.xlsx"

    return edited


def numbers(frame):
    """key -> number of a frame, without zeros."""
    return {tuple(row[:-1]): row[-1] for row in frame.itertuples(index=False, name=None) if row[-1]}


def found(path):
    """(code, sheet!cell) of every problem, and the whole message."""
    with pytest.raises(CaseError) as caught:
        read_plan(path)
    return [(problem.code, f"{problem.sheet}!{problem.cell}") for problem in caught.value.problems], str(caught.value)


def row_of(sheet, item, part=None):
    return next(row for row in range(6, 60) if sheet.cell(row, 2).value == item and (part is None or sheet.cell(row, 3).value == part))


def test_what_is_written_is_read_back_exactly(written):
    plan, read = example_plan(), read_plan(written)
    for name in DECISIONS:
        assert numbers(getattr(read, name)) == numbers(getattr(plan, name)), name
    for name in (*NUMBERS, "status", "stopped_because", "message", "run", "extra_entries"):
        assert getattr(read, name) == getattr(plan, name), name
    assert read.case.input_hash == plan.case.input_hash
    assert audit(read).passed


def test_results_come_back(written):
    plan, read = example_plan(), read_plan(written)
    for name in RESULTS:
        assert list(getattr(read, name).columns) == list(RESULTS[name])
    assert numbers(read.capacity) == numbers(plan.capacity)
    assert numbers(read.cash) == pytest.approx(numbers(plan.cash))


def test_scenarios_changes_and_entries_of_others_come_back(tmp_path):
    case = replace(example_case(), name="base", scenarios_applied=("group", "slow"), changes_applied=("projects.pit.capex*=2",))
    plan = replace(example_plan(case), extra_entries=("carbon",), message="said")
    write_workbook(plan, tmp_path / "plan.xlsx")
    read = read_plan(tmp_path / "plan.xlsx")
    assert (read.case.name, read.case.scenarios_applied, read.case.changes_applied) == (
        "base",
        ("group", "slow"),
        ("projects.pit.capex*=2",),
    )
    assert (read.extra_entries, read.message) == (("carbon",), "said")


def test_key_figures_come_back(tmp_path):
    figures = pd.DataFrame([("npv", 77.5, "M USD"), ("payback_year", None, "year")], columns=["kpi", "value", "unit"])
    write_workbook(replace(example_plan(), kpis=figures), tmp_path / "plan.xlsx")
    assert read_plan(tmp_path / "plan.xlsx").kpis.to_numpy().tolist() == [["npv", 77.5, "M USD"]]


def test_retirements_and_closures_are_read_back_and_may_be_edited(tmp_path):
    plan = ending_plan()
    write_workbook(plan, tmp_path / "plan.xlsx")
    read = read_plan(tmp_path / "plan.xlsx")
    for name in ("retirements", "closures"):
        assert numbers(getattr(read, name)) == numbers(getattr(plan, name)) != {}
    book = load_workbook(tmp_path / "plan.xlsx")
    book["Retirements"].cell(row_of(book["Retirements"], "pit"), 8).value = 1
    row = row_of(book["Closures"], "old")
    book["Closures"].cell(row, 2).value = "odd"
    book.save(tmp_path / "edited.xlsx")
    problems, message = found(tmp_path / "edited.xlsx")
    assert [code for code, _ in problems] == ["E803"]
    assert "Did you mean 'old'?" in message
    book["Closures"].cell(row, 2).value = "old"
    book.save(tmp_path / "edited.xlsx")
    read = read_plan(tmp_path / "edited.xlsx")
    assert numbers(read.retirements) == {("pit", 2025, 2026): 1.0, ("pit", 2025, 2027): 1.0}
    assert "retirements pit 2025 2027 from 0 to 1" in read.message


def test_an_edited_start_is_valued_anew_and_keeps_the_bound(edit):
    def one_more(book):
        book["Starts"].cell(row_of(book["Starts"], "chips"), 8).value = 1

    plan = read_plan(edit(one_more))
    assert numbers(plan.starts)["chips", 2027] == 1.0
    assert (plan.status, plan.gap, len(plan.cash)) == ("feasible", None, 0)
    assert plan.objective == pytest.approx(recompute(plan).totals["objective"])
    assert plan.objective < example_plan().objective
    assert plan.bound == example_plan().bound
    assert plan.do_nothing == example_plan().do_nothing
    assert plan.message == "Edited since the solve: starts chips 2027 from 0 to 1."


def test_edited_tables_drop_the_bound_too(edit):
    def dearer(book):
        sheet = book["projects"]
        names = [cell.value for cell in sheet[5]]
        sheet.cell(6, names.index("capex") + 1).value = 11

    plan = read_plan(edit(dearer))
    assert (plan.bound, plan.do_nothing, plan.gap) == (None, None, None)
    assert plan.message == "Edited since the solve: the tables of the case."


def test_blank_is_zero_and_new_rows_and_moved_columns_are_read(edit):
    def change(book):
        sheet = book["Starts"]
        sheet.cell(row_of(sheet, "chips"), 7).value = None
        row = sheet.max_row + 2
        sheet.cell(row, 2).value, sheet.cell(row, 3).value, sheet.cell(row, 6).value = "chips", 2024, 3
        book["Trades"].insert_cols(4)
        book["Trades"].insert_rows(3)

    plan = read_plan(edit(change))
    assert ("chips", 2026) not in numbers(plan.starts)
    assert numbers(plan.starts)["chips", 2024] == 3.0
    assert numbers(plan.trades) == numbers(example_plan().trades)


def test_cells_that_are_no_numbers_are_told_all_at_once(edit):
    def spoil(book):
        levels = book["Levels"]
        row = row_of(levels, "mine")
        levels.cell(row, 7).value = "1.350,5"
        levels.cell(row, 8).value = "=1+1"
        levels.cell(row, 9).value = True
        book["Stocks"].cell(row_of(book["Stocks"], "ore"), 7).value = "#REF!"
        book["Stocks"].cell(row_of(book["Stocks"], "ore"), 7).data_type = "e"

    problems, message = found(edit(spoil))
    assert problems == [("E802", "Levels!G7"), ("E802", "Levels!H7"), ("E802", "Levels!I7"), ("E802", "Stocks!G7")]
    assert "found '1.350,5', level is a number. Type 1350.5 as a number" in message
    assert "without a stored value" in message


def test_names_that_the_case_has_not(edit):
    def spoil(book):
        book["Starts"].cell(row_of(book["Starts"], "pit"), 2).value = "pitt"
        book["Trades"].cell(row_of(book["Trades"], "world", 2), 3).value = 7
        book["Losses"].cell(row_of(book["Losses"], "all"), 2).value = "some"
        book["Vintages"].cell(row_of(book["Vintages"], "chips"), 3).value = None

    problems, message = found(edit(spoil))
    assert problems == [("E803", "Starts!B7"), ("E803", "Vintages!C7"), ("E803", "Trades!C11"), ("E803", "Losses!B7")]
    assert "Did you mean 'pit'?" in message
    assert "found 7, tier of world is one of 1, 2" in message


def test_rows_twice_or_without_a_name_and_years_elsewhere(edit):
    def spoil(book):
        sheet = book["Levels"]
        for row, name in ((20, "mine"), (21, None)):
            sheet.cell(row, 2).value, sheet.cell(row, 7).value = name, 1
        book["Starts"].cell(row_of(book["Starts"], "pit", 2025), 3).value = 2027
        book["Stocks"].cell(5, 10).value = 2029
        book["Stocks"].cell(row_of(book["Stocks"], "ore"), 10).value = 4

    problems, message = found(edit(spoil))
    assert problems == [
        ("E806", "Starts!C13"),
        *[("E804", f"Levels!{letter}20") for letter in "GHI"],
        ("E805", "Levels!B21"),
        ("E806", "Stocks!J7"),
    ]
    assert "a start year before the plan is before 2026" in message


def test_missing_sheets_and_columns(edit):
    def spoil(book):
        del book["Levels"]
        book["Starts"].cell(5, 8).value = "next"

    problems, message = found(edit(spoil))
    assert problems == [("E801", "Starts!A5"), ("E801", "!")]
    assert "Starts needs columns named 2027" in message
    assert "a plan workbook has the sheet Levels" in message


def test_a_spoilt_run_log(edit):
    def spoil(book):
        sheet = book["RunLog"]
        for row in range(6, 40):
            if sheet.cell(row, 1).value in ("bound", "status"):
                sheet.cell(row, 2).value = "splendid"

    problems, message = found(edit(spoil))
    assert [code for code, _ in problems] == ["E807", "E807"]
    assert "bound is a number" in message
    assert "status is one of optimal, feasible" in message


def test_without_run_log_and_data_a_plan_claims_nothing(edit):
    def strip(book):
        del book["RunLog"]
        del book["Data"]

    plan = read_plan(edit(strip))
    assert (plan.status, plan.gap, plan.bound) == ("feasible", None, None)
    assert plan.objective == pytest.approx(example_plan().objective)
    assert numbers(plan.levels) == numbers(example_plan().levels)


def test_a_plan_of_another_layout_is_refused(edit):
    def rename(book):
        cell = next(cells[1] for cells in book["RunLog"].iter_rows(min_row=6) if cells[0].value == "layout")
        cell.value = "masterplan.plan/9"

    problems, message = found(edit(rename))
    assert problems == [("E807", "RunLog!B6")]
    assert "masterplan.plan/1" in message


def test_the_workbook_of_no_plan_is_told_in_one_sentence(tmp_path):
    """A budget of somebody's, and a case that was not solved: neither is told table by table."""
    book = Workbook()
    book.active.append(["Budget", 2026])
    book.save(tmp_path / "budget.xlsx")
    write_template(tmp_path / "case.xlsx", case=example_plan().case)
    for name in ("budget.xlsx", "case.xlsx"):
        problems, message = found(tmp_path / name)
        assert problems == [("E801", "!")]
        assert "the workbook of no plan" in message


@pytest.mark.parametrize("name", ["nothing.xlsx", "base"])
def test_what_is_no_file(tmp_path, name):
    problems, _ = found(tmp_path / name)
    assert problems == [("F001", "!")]


def test_problems_of_the_tables_come_first(edit):
    def spoil(book):
        sheet = book["projects"]
        names = [cell.value for cell in sheet[5]]
        sheet.cell(6, names.index("capex") + 1).value = "dear"

    problems, _ = found(edit(spoil))
    assert [cell.split("!")[0] for _, cell in problems] == ["projects"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saved_by_libreoffice_it_is_the_same_plan(written, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    call = ["soffice", profile, "--headless", "--norestore", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(written)]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    plan = read_plan(tmp_path / written.name)
    assert (plan.message, plan.status) == ("", "optimal")  # it writes 15 digits: the same plan all the same
    assert plan.objective == pytest.approx(example_plan().objective)
