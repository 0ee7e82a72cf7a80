"""The input workbook: one layout for every table, drop-downs, comments, and nothing that reading would not take."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from masterplan.data.errors import CaseError
from masterplan.data.package import FIXED_TIME
from masterplan.data.read import load
from masterplan.data.schema import TABLES
from masterplan.data.template import FIRST_ROW, NAME_ROW, write_table_sheet, write_template
from tests.small_cases import small_case


def test_empty_template_only_lacks_what_must_be_filled_in(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx")

    with pytest.raises(CaseError) as caught:
        load(tmp_path / "empty.xlsx")

    assert [(p.code, p.sheet, p.key) for p in caught.value.problems] == [
        ("E101", "settings", "first_year"),
        ("E101", "settings", "last_year"),
        ("E101", "settings", "discount_rate"),
    ]


def test_every_table_has_its_sheet_with_names_comments_and_frozen_head(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx")
    workbook = load_workbook(tmp_path / "empty.xlsx")

    assert workbook.sheetnames == ["Start here", *(table.name for table in TABLES)]
    for table in TABLES:
        sheet = workbook[table.name]
        names = [cell.value for cell in sheet[NAME_ROW]][: len(table.column_names)]
        assert names == list(table.column_names)
        assert sheet.freeze_panes == f"B{FIRST_ROW}"
        for at, name in enumerate(table.column_names, start=1):
            assert table.column(name).meaning.split("\n")[0] in sheet.cell(NAME_ROW, at).comment.text


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_template(tmp_path / name, load("steel"))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert {part.date_time for part in zipfile.ZipFile(tmp_path / "one.xlsx").infolist()} == {FIXED_TIME}


def test_drop_downs_offer_choices_and_names(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx")
    workbook = load_workbook(tmp_path / "empty.xlsx")

    rules = {str(rule.sqref): rule for rule in workbook["recipes"].data_validations.dataValidation}
    assert rules["A6:A45"].formula1 == "list_activities"
    assert rules["C6:C45"].formula1 == '"level,capacity"'
    assert workbook.defined_names["list_activities"].attr_text == "'activities'!$A$6:$A$45"
    assert {rule.type for rule in rules.values()} == {"list", "whole", "decimal"}
    settings = {str(rule.sqref): rule.formula1 for rule in workbook["settings"].data_validations.dataValidation}
    assert '"npv,least_cost,final_cash"' in settings.values()


def test_no_cell_is_a_formula_and_dangerous_text_is_quoted(tmp_path: Path) -> None:
    case = small_case({"title": "=1+1"}, sources=[{"source": "s", "description": "=HYPERLINK(1)"}])
    write_template(tmp_path / "case.xlsx", case)
    workbook = load_workbook(tmp_path / "case.xlsx")

    assert not [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    cell = workbook["sources"].cell(FIRST_ROW, 2)
    assert (cell.value, cell.quotePrefix) == ("=HYPERLINK(1)", True)


def test_one_sheet_can_be_added_to_another_workbook() -> None:
    workbook = Workbook()
    case = small_case(resources=[{"resource": "ore", "unit": "t"}])

    sheet = write_table_sheet(workbook, case, "resources")

    assert sheet.title == "resources"
    assert [sheet.cell(FIRST_ROW, at).value for at in (1, 3)] == ["ore", "t"]


def test_texts_are_wrapped_in_rows_that_are_high_enough(tmp_path: Path) -> None:
    """No program has to guess the height of a row: LibreOffice would not."""
    long = "a sentence of some forty letters, twice. " * 10
    write_template(
        tmp_path / "case.xlsx", small_case(sources=[{"source": "s", "description": long}, {"source": "t", "description": "short"}])
    )
    sheet = load_workbook(tmp_path / "case.xlsx")["sources"]
    width, cell = sheet.column_dimensions["B"].width, sheet.cell(FIRST_ROW, 2)
    assert cell.alignment.wrap_text
    assert width <= 70
    assert sheet.row_dimensions[FIRST_ROW].height >= 15 * (len(long) / (1.25 * width))
    assert sheet.row_dimensions[FIRST_ROW + 1].height is None


def test_a_table_of_many_columns_is_printed_on_pages_beside_each_other(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx")
    projects, profiles = (load_workbook(tmp_path / "empty.xlsx")[name] for name in ("projects", "profiles"))
    assert (projects.page_setup.fitToWidth, projects.print_title_cols) == (2, "$A:$A")
    assert (profiles.page_setup.orientation, profiles.page_setup.fitToWidth, profiles.print_title_cols) == ("portrait", 1, None)
    assert profiles.oddFooter.left.text == "profiles"
