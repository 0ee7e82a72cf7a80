"""A marked copy: every problem at its exact cell and on one sheet, and the copy is an input workbook like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from masterplan.data.errors import Problem
from masterplan.data.package import workbook_bytes
from masterplan.data.read import load, read_case
from masterplan.data.sanity import sanity
from masterplan.data.sheet_xml import store
from masterplan.data.template import FIRST_ROW, write_template
from masterplan.reports.annotate import ERROR_FILL, ERRORS, HEAD_ROW, HEADS, WARNING_FILL, annotate


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The steel case as a workbook."""
    path = tmp_path_factory.mktemp("sound") / "sound.xlsx"
    write_template(path, load("steel"))
    return path


@pytest.fixture
def faulty(sound: Path, tmp_path: Path) -> Path:
    """The steel case with an unknown name, a text for a number, a word for a year, and a formula that holds."""
    path = tmp_path / "faulty.xlsx"
    book = load_workbook(sound)
    for (sheet, cell), value in found_cells(book).items():
        book[sheet][cell] = value
    book.save(path)
    return path


def found_cells(book: Any) -> dict[tuple[str, str], str]:
    """Where to put the slips: the first project's activity, the second recipe's amount, the first year."""
    activity = column_of(book["projects"], "activity")
    amount = column_of(book["recipes"], "amount")
    year = next(cell.row for cell in book["settings"]["A"] if cell.value == "first_year")
    return {
        ("projects", f"{activity}{FIRST_ROW}"): "no_such",
        ("recipes", f"{amount}{FIRST_ROW + 1}"): "1.350,5",
        ("settings", f"B{year}"): "soon",
    }


def column_of(sheet: Any, name: str) -> str:
    return str(next(cell.column_letter for cell in sheet[FIRST_ROW - 1] if cell.value == name))


def marked(path: Path) -> tuple[Path, tuple[Problem, ...]]:
    problems = read_case(path, more_checks=sanity)[1]
    copy = path.with_name(f"marked {path.name}")
    annotate(path, copy, problems)
    return copy, problems


def test_every_problem_is_marked_at_its_cell(faulty: Path) -> None:
    before = faulty.read_bytes()
    copy, problems = marked(faulty)
    book, wrong = load_workbook(copy), found_cells(load_workbook(faulty))

    assert {(problem.sheet, problem.cell) for problem in problems if problem.is_error} == set(wrong)
    for problem in problems:
        cell = book[problem.sheet][problem.cell]
        assert cell.comment.text.startswith(f"{problem.code} ")
        assert problem.fix in cell.comment.text
        assert cell.fill.fgColor.rgb == f"00{ERROR_FILL}"
    assert faulty.read_bytes() == before


def test_nothing_else_is_marked(faulty: Path) -> None:
    copy, problems = marked(faulty)
    book = load_workbook(copy)
    red = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == f"00{ERROR_FILL}"
    }
    assert {place for place in red if place[0] != ERRORS} == {(problem.sheet, problem.cell) for problem in problems}


def test_the_first_sheet_lists_all_with_links(faulty: Path) -> None:
    copy, problems = marked(faulty)
    book = load_workbook(copy)
    sheet = book.worksheets[0]
    assert sheet.title == ERRORS
    assert [cell.value for cell in sheet[HEAD_ROW]] == list(HEADS)
    rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1))
    assert [(row[0].value, row[1].value, row[2].value) for row in rows] == [(p.code, p.sheet, p.cell) for p in problems]
    assert [row[2].hyperlink.location for row in rows] == [f"'{p.sheet}'!{p.cell}" for p in problems]
    assert [(row[5].value, row[6].value, row[7].value) for row in rows] == [(p.found, p.allowed, p.fix) for p in problems]


def test_the_copy_put_right_is_the_case(faulty: Path, sound: Path) -> None:
    copy, _ = marked(faulty)
    book = load_workbook(copy)
    was = load_workbook(sound)
    for sheet, cell in found_cells(was):
        book[sheet][cell].value = was[sheet][cell].value
    book.save(copy)
    assert load(copy).input_hash == load("steel").input_hash


def test_a_copy_can_be_marked_again(faulty: Path, sound: Path) -> None:
    """What was put right loses its mark, what is still wrong keeps one."""
    copy, problems = marked(faulty)
    book = load_workbook(copy)
    (first, *rest) = problems
    book[first.sheet][first.cell].value = load_workbook(sound)[first.sheet][first.cell].value
    book.save(copy)

    again, still = marked(copy)
    found = load_workbook(again)
    assert [(problem.code, problem.cell) for problem in still] == [(problem.code, problem.cell) for problem in rest]
    assert found[first.sheet][first.cell].comment is None
    assert found[first.sheet][first.cell].fill.fgColor.rgb != f"00{ERROR_FILL}"
    assert [sheet.title for sheet in found].count(ERRORS) == 1


def test_a_note_at_the_cell_is_kept(faulty: Path) -> None:
    book = load_workbook(faulty)
    (sheet, cell), *_ = found_cells(book)
    book[sheet][cell].comment = Comment("ask the mill", "planner")
    book.save(faulty)

    copy, _ = marked(faulty)
    assert load_workbook(copy)[sheet][cell].comment.text.endswith("ask the mill")
    again, _ = marked(copy)
    assert load_workbook(again)[sheet][cell].comment.text.count("ask the mill") == 1


def test_results_of_formulas_survive(sound: Path, tmp_path: Path) -> None:
    """openpyxl writes formulas without their results: the copy would be refused for want of them."""
    path = tmp_path / "case.xlsx"
    book = load_workbook(sound)
    row = next(cell.row for cell in book["settings"]["A"] if cell.value == "discount_rate")
    rate = book["settings"].cell(row, 2).value
    book["settings"].cell(row, 2).value = f"={rate}*1"
    book["settings"]["C2"] = '="a"&"<b>"'
    book.save(path)
    assert [problem.code for problem in read_case(path)[1]] == ["E120"]

    store(book["settings"].cell(row, 2), rate)
    store(book["settings"]["C2"], "a<b>")
    path.write_bytes(workbook_bytes(book))
    assert load(path).input_hash == load("steel").input_hash

    annotate(path, tmp_path / "copy.xlsx", [])
    assert load(tmp_path / "copy.xlsx").input_hash == load("steel").input_hash
    assert load_workbook(tmp_path / "copy.xlsx", data_only=True)["settings"]["C2"].value == "a<b>"
    assert load_workbook(tmp_path / "copy.xlsx")["settings"].cell(row, 2).value == f"={rate}*1"


def test_one_name_wrong_in_many_rows_is_listed_once_and_marked_everywhere(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    book = load_workbook(sound)
    resource = column_of(book["recipes"], "resource")
    cells = [f"{resource}{row}" for row in range(FIRST_ROW, FIRST_ROW + 3)]
    for cell in cells:
        book["recipes"][cell] = "electricty"
    book.save(path)

    copy, problems = marked(path)
    (problem,) = [problem for problem in problems if problem.code == "E109"]
    found = load_workbook(copy)
    assert len(problem.also) == 2
    assert all(found["recipes"][cell].comment.text.startswith("E109") for cell in cells)


def test_warnings_are_amber_and_have_a_cell(sound: Path, tmp_path: Path) -> None:
    warning = Problem("W901", "resources", "ore", "unit", allowed="something odd", sheet="resources", cell="A6")
    annotate(sound, tmp_path / "copy.xlsx", [warning, Problem("W902", "markets", allowed="no place at all")])
    found = load_workbook(tmp_path / "copy.xlsx")
    assert found["resources"]["A6"].fill.fgColor.rgb == f"00{WARNING_FILL}"
    assert found[ERRORS]["A1"].value == "0 errors, 2 warnings"


def test_text_of_strangers_is_no_formula(sound: Path, tmp_path: Path) -> None:
    annotate(sound, tmp_path / "copy.xlsx", [Problem("E109", "resources", found="=HYPERLINK(1)\x00", sheet="resources", cell="A6")])
    cell = load_workbook(tmp_path / "copy.xlsx")[ERRORS].cell(HEAD_ROW + 1, 6)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=HYPERLINK(1)", True)


def test_what_is_no_workbook_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_bytes(b"PK\3\4 cut")
    with pytest.raises(ValueError, match="F004"):
        annotate(tmp_path / "case.xlsx", tmp_path / "copy.xlsx", [])
    assert not (tmp_path / "copy.xlsx").exists()


def test_long_advice_has_room(sound: Path, tmp_path: Path) -> None:
    """A program that does not work out the height of a row shows all lines of it."""
    long = Problem("E109", "resources", "ore", "unit", found="'x'", fix="Use one of: " + "a_long_name, " * 30, sheet="resources", cell="A6")
    annotate(sound, tmp_path / "copy.xlsx", [long, Problem("E109", "resources", fix="Leave it")])
    rows = load_workbook(tmp_path / "copy.xlsx")[ERRORS].row_dimensions
    assert rows[HEAD_ROW + 1].height >= 15 * len(long.fix) / (1.25 * 60)
    assert rows[HEAD_ROW + 2].height is None
