"""Reading tells every cause once, at its cell, with what to do; what hangs on a cause is not told again."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from masterplan.data.errors import CaseError, Problem
from masterplan.data.read import cases, load, read_case

Sheets = dict[str, list[list[Any]]]


def sound() -> Sheets:
    """A small sound case as sheets with a header in row 1."""
    return {
        "settings": [
            ["setting", "value"],
            ["first_year", 2026],
            ["last_year", 2030],
            ["discount_rate", 0.08],
        ],
        "resources": [
            ["resource", "unit", "year", "arrivals"],
            ["ore", "kt", None, None],
            ["steel", "kt", None, None],
            ["wafers", "k wafers", None, None],
        ],
        "activities": [["activity", "unit", "variable_cost"], ["smelting", "kt", 0.1], ["mining", "kt", None]],
        "recipes": [
            ["activity", "resource", "amount", "lag", "basis", "year"],
            ["mining", "ore", 1, None, None, None],
            ["smelting", "ore", -1.5, None, None, None],
            ["smelting", "steel", 1, 0, "level", None],
        ],
        "existing_capacity": [["activity", "year", "capacity"], ["mining", None, 10], ["mining", 2028, 8]],
        "projects": [
            ["project", "activity", "year", "capex", "lead_time", "life", "lumpy", "credit", "spend_profile", "max_per_year"],
            ["furnace", "smelting", None, 1.2, 2, 20, "yes", None, None, 1],
            ["furnace", None, 2028, 1.1, None, None, None, None, None, None],
        ],
        "markets": [["market", "resource", "side", "price", "limit"], ["steel sales", "steel", "sell", 0.9, 100]],
    }


def workbook(sheets: Sheets, path: Path) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path / "case.xlsx")
    return path / "case.xlsx"


def folder(sheets: Sheets, path: Path) -> Path:
    room = path / "case"
    room.mkdir()
    for name, rows in sheets.items():
        pd.DataFrame(rows[1:], columns=rows[0], dtype=object).to_csv(room / f"{name}.csv", index=False)
    return room


def frames(sheets: Sheets) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(rows[1:], columns=rows[0], dtype=object) for name, rows in sheets.items()}


def problems(sheets: Sheets, path: Path) -> list[Problem]:
    return list(read_case(workbook(sheets, path))[1])


def test_all_sources_give_the_same_case(tmp_path: Path) -> None:
    from_frames = load(frames(sound()), "sound")

    for source in (workbook(sound(), tmp_path), folder(sound(), tmp_path)):
        assert load(source).input_hash == from_frames.input_hash
    assert load(str(tmp_path / "case")).name == "case"
    assert from_frames.name == "sound"
    assert from_frames.years == (2026, 2027, 2028, 2029, 2030)


def test_every_table_is_there_with_its_columns_and_types() -> None:
    case = load(frames(sound()))

    projects = case.tables["projects"]
    assert projects["project"].to_list() == ["furnace", "furnace"]
    assert projects["activity"].to_list() == ["smelting", None]
    assert projects["capex"].dtype == "float64"
    assert projects["year"].isna().to_list() == [True, False]
    assert len(case.tables["rules"]) == 0
    assert list(case.tables["rules"].columns)[:3] == ["rule", "kind", "project"]


def test_embedded_cases_load() -> None:
    assert "base" in cases()
    for name in cases():
        assert load(name).name == name


# (table, row from 1, column from 0, what is typed there, code, cell, a word of the message)
CELLS = [
    ("projects", 2, 3, "1.350,5", "E102", "D2", "Type 1350.5 as a number"),
    ("projects", 2, 3, "1,234", "E102", "D2", "Type 1234 or 1.234 as a number"),
    ("projects", 2, 3, "7.5", "E102", "D2", "Type 7.5 as a number"),
    ("projects", 2, 3, "1 350", "E102", "D2", "Type 1350 as a number"),
    ("projects", 2, 3, "much", "E102", "D2", "leave the cell blank"),
    ("projects", 2, 3, True, "E103", "D2", "Type 1 if that is meant"),
    ("projects", 2, 3, datetime.date(2026, 1, 2), "E103", "D2", "Format the cell as a number"),
    ("projects", 3, 2, datetime.date(2028, 1, 2), "E103", "C3", "Type 2028"),
    ("projects", 2, 6, True, "E103", "G2", "Type yes"),
    ("projects", 2, 0, datetime.date(2026, 1, 2), "E103", "A2", "no text"),
    ("projects", 2, 3, "#DIV/0!", "E104", "D2", "Repair the formula"),
    ("projects", 2, 4, 2.5, "E105", "E2", "Type 2 or 3"),
    ("projects", 2, 7, 8, "E106", "H2", "Did you mean 0.08?"),
    ("projects", 2, 3, -2, "E106", "D2", "Did you mean 2?"),
    ("projects", 2, 6, "yess", "E107", "G2", "Did you mean 'yes'?"),
    ("markets", 2, 0, "steel.sales", "E108", "A2", "Use other characters"),
    ("recipes", 4, 1, "stele", "E109", "B4", "Did you mean 'steel'?"),
    ("recipes", 4, 1, "Steel", "E109", "B4", "Did you mean 'steel'?"),
    ("projects", 2, 8, "even", "E109", "I2", "Add it to profiles"),
    ("recipes", 3, 0, "mining", "E110", "A3", "the first is at A2"),
    ("existing_capacity", 3, 1, None, "E110", "A3", "without a year"),
    ("projects", 3, 4, 3, "E111", "E3", "E2 says 2"),
    ("existing_capacity", 2, 1, 2027, "E112", "C2", "Add a row for 2026"),
    ("projects", 3, 2, 208, "E113", "C3", "such as 2030"),
    ("recipes", 2, 2, "1 USD", "E114", "C2", "kt / kt"),
    ("markets", 2, 3, "5 USD / GWh", "E114", "D2", "billion USD / kt"),
    ("projects", 2, 3, "=1+1", "E120", "D2", "save it"),
    ("projects", 2, 4, None, "E101", "E2", "Fill it in"),
    ("recipes", 2, 2, None, "E101", "C2", "Fill it in"),
    ("recipes", 2, 1, None, "E101", "B2", "Fill it in"),
    ("settings", 4, 1, 8, "E106", "B4", "Did you mean 0.08?"),
    ("settings", 4, 1, "8,5", "E102", "B4", "Type 8.5"),
    ("settings", 4, 1, None, "E101", "B4", "Fill it in"),
    ("settings", 4, 0, "discount_rat", "E109", "A4", "Did you mean 'discount_rate'?"),
    ("settings", 4, 0, "last_year", "E110", "A4", "Delete one"),
    ("settings", 3, 1, "2030,0", "E102", "B3", "Type 2030"),
    ("recipes", 1, 2, "amont", "E004", "C1", "Did you mean 'amount'?"),
    ("projects", 1, 9, "lead_time", "E006", "J1", "Delete or rename one"),
    ("markets", 1, 4, None, "E007", "E2", "Name the column"),
]


@pytest.mark.parametrize(("table", "row", "column", "typed", "code", "cell", "words"), CELLS)
def test_one_fault_is_one_problem_at_its_cell(
    table: str, row: int, column: int, typed: Any, code: str, cell: str, words: str, tmp_path: Path
) -> None:
    sheets = sound()
    sheets[table][row - 1][column] = typed

    found = problems(sheets, tmp_path)

    if (table, row, column) == ("settings", 4, 0) and code == "E110":
        assert [problem.code for problem in found] == ["E110", "E101"]  # the rate is gone too
    else:
        assert [problem.code for problem in found] == [code]
    assert (found[0].sheet, found[0].cell) == (table, cell)
    assert words in str(found[0])
    assert found[0].is_error


@pytest.mark.parametrize(
    ("table", "row", "column", "typed"),
    [
        ("projects", 2, 3, "1200 million USD"),
        ("projects", 2, 3, "1.2 billion USD / module"),
        ("projects", 2, 7, "10 %"),
        ("recipes", 2, 2, "1000 t / kt"),
        ("existing_capacity", 2, 2, "10000 t"),
        ("resources", 4, 3, "0 M wafers"),
        ("markets", 2, 3, "900 USD / t"),
        ("projects", 2, 4, "24 months"),
        ("projects", 2, 0, " furnace\u00a0"),
        ("markets", 2, 0, "steel  sales"),
        ("settings", 4, 1, "8 %"),
    ],
)
def test_quantities_and_odd_spaces_are_understood(table: str, row: int, column: int, typed: str, tmp_path: Path) -> None:
    sheets = sound()
    sheets[table][row - 1][column] = typed

    assert problems(sheets, tmp_path) == []


def test_quantity_is_converted_to_the_unit_of_its_row(tmp_path: Path) -> None:
    sheets = sound()
    sheets["markets"][1][3] = "900 USD / t"
    sheets["projects"][2][3] = "1100 M$"

    case = load(workbook(sheets, tmp_path))

    assert case.tables["markets"]["price"].to_list() == [0.0009]
    assert case.tables["projects"]["capex"].to_list() == [1.2, 1.1]


def test_csv_numbers_are_numbers_and_lines_are_told(tmp_path: Path) -> None:
    sheets = sound()
    sheets["projects"][1][3] = "1234.5"
    sheets["projects"][1][7] = "8"

    _, found = read_case(folder(sheets, tmp_path))

    assert [(problem.code, problem.sheet, problem.cell) for problem in found] == [("E106", "projects.csv", "line 2")]
    assert "projects.csv line 2 (projects / furnace / credit)" in str(found[0])


def test_frames_are_placed_by_row() -> None:
    sheets = sound()
    sheets["projects"][1][4] = 2.5

    with pytest.raises(CaseError, match=r"projects / furnace / lead_time: found 2.5"):
        load(frames(sheets))


# one cause, one message


def test_a_wrong_name_in_many_rows_is_one_problem(tmp_path: Path) -> None:
    sheets = sound()
    sheets["activities"] += [[f"a{at}", "kt", None] for at in range(40)]
    sheets["recipes"] += [[f"a{at}", "stel", 1, None, None, None] for at in range(40)]

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.cell, len(problem.also)) == ("E109", "B5", 39)
    assert problem.also[0] == "recipes!B6"
    assert "and 39 more: recipes!B6" in str(problem)


def test_a_misspelt_definition_is_one_problem(tmp_path: Path) -> None:
    sheets = sound()
    sheets["resources"][2][0] = "stel"

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.sheet, problem.cell, problem.also) == ("E109", "recipes", "B4", ("markets!B2",))
    assert problem.fix == "Did you mean 'stel'?"


def test_a_table_that_is_not_understood_silences_what_hangs_on_it(tmp_path: Path) -> None:
    sheets = sound()
    sheets["resorces"] = sheets.pop("resources")

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.sheet) == ("E001", "resorces")
    assert "Did you mean 'resources'?" in problem.fix


@pytest.mark.parametrize("header", ["resurce", "note"])
def test_a_table_without_its_key_silences_what_hangs_on_it(header: str, tmp_path: Path) -> None:
    sheets = sound()
    sheets["resources"][0][0] = header

    assert [problem.code for problem in problems(sheets, tmp_path)] == ["E004" if header == "resurce" else "E005"]


def test_a_table_without_header_is_told(tmp_path: Path) -> None:
    sheets = sound()
    sheets["activities"] = [["what", "how"], ["smelting", "kt"]]

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.sheet) == ("E008", "activities")


def test_a_missing_table_is_told_once(tmp_path: Path) -> None:
    sheets = sound()
    del sheets["resources"]

    assert [(problem.code, problem.table) for problem in problems(sheets, tmp_path)] == [("E002", "resources")]


def test_a_misspelt_later_row_is_one_problem(tmp_path: Path) -> None:
    sheets = sound()
    sheets["projects"][2][0] = "furnce"

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.cell, problem.fix) == ("E109", "A3", "Did you mean 'furnace'?")


def test_a_definition_that_cannot_be_read_silences_unknown_names(tmp_path: Path) -> None:
    sheets = sound()
    sheets["resources"][2][0] = "=A2"

    assert [problem.code for problem in problems(sheets, tmp_path)] == ["E120"]


def test_the_item_of_a_limit_is_known_by_its_measure(tmp_path: Path) -> None:
    sheets = sound()
    sheets["limits"] = [["limit", "bound"], ["cap", 5]]
    sheets["limit_members"] = [["limit", "measure", "item"], ["cap", "starts", "furnace"], ["cap", "buy", "furnace"]]

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.cell) == ("E109", "C3")
    assert "markets" in problem.allowed


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    sheets = sound()
    sheets["projects"][1][3] = "much"
    sheets["projects"][1][7] = 8
    sheets["recipes"][3][1] = "stel"
    sheets["settings"][2][1] = None

    with pytest.raises(CaseError) as caught:
        load(workbook(sheets, tmp_path))

    assert {problem.code for problem in caught.value.problems} == {"E102", "E106", "E109", "E101"}
    assert str(caught.value).startswith("case has 4 problems:")


def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    sheets = sound()
    sheets["settings"].append(["schema_version", 99])

    assert [(problem.code, problem.cell) for problem in problems(sheets, tmp_path)] == [("E010", "B5")]


def test_too_many_rows_are_refused() -> None:
    many = pd.DataFrame({"source": range(100_001)})

    with pytest.raises(CaseError, match="E003"):
        load({**frames(sound()), "sources": many})


def test_problems_between_tables_get_their_cell(tmp_path: Path) -> None:
    sheets = sound()
    sheets["settings"][2][1] = 2020

    case, found = read_case(workbook(sheets, tmp_path))

    assert case is not None
    assert found[0].sheet == "settings"
    assert found[0].cell in ("B2", "B3")


# layout


def test_header_is_found_below_titles_and_columns_stand_in_any_order(tmp_path: Path) -> None:
    sheets = sound()
    sheets["markets"] = [["Where we sell"], [], ["Price [USD]"], ["limit", "price", "note by Ann", "side", "resource", "market"], []]
    sheets["markets"] += [[None, 0.9, "checked", "sell", "steel", "steel sales"], [None] * 6, [100, 0.8, None, "sell", "steel", "export"]]

    case = load(workbook(sheets, tmp_path))

    assert case.names("markets") == ("steel sales", "export")


def test_notes_results_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    sheets = sound()
    sheets |= {"Summary": [["NPV", 1]], "notes": [["x"]], "Balance steel": [["y"]], "Sheet1": [], "Settings2": [["z"]]}

    (problem,) = problems(sheets, tmp_path)

    assert (problem.code, problem.sheet, problem.fix) == ("E001", "Settings2", "Did you mean 'settings'? Name it note… if it is not input")


def test_a_table_stands_once() -> None:
    sheets = sound()
    sheets["Markets"] = sheets["markets"]

    with pytest.raises(CaseError, match="E009"):
        load(frames(sheets))


def test_unknown_frames_and_sources_name_the_nearest() -> None:
    with pytest.raises(CaseError, match=r"E001 .*Did you mean 'markets'"):
        load({**frames(sound()), "market": pd.DataFrame({"market": ["x"]})})
    with pytest.raises(CaseError, match=r"F001 .*Did you mean 'base'"):
        load("bsae")


def test_a_row_longer_than_its_header_is_told(tmp_path: Path) -> None:
    room = folder(sound(), tmp_path)
    (room / "activities.csv").write_text("activity,unit\nsmelting,kt\nmining,kt,more\n")

    (problem,) = read_case(room)[1]

    assert (problem.code, problem.sheet, problem.cell) == ("E007", "activities.csv", "line 3")


MARK = 987654


def _rewritten(path: Path, digits: str) -> Path:
    """The workbook with other digits in the place of `MARK`: no spreadsheet program writes a number of 401 digits."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name).replace(str(MARK).encode(), digits.encode()) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return path


@pytest.mark.parametrize("column", ["capex", "lead_time"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_whole_number_that_no_float_holds_is_told_at_its_cell(column: str, sign: int, tmp_path: Path) -> None:
    sheets = sound()
    place = sheets["projects"][0].index(column)
    sheets["projects"][1][place] = sign * MARK
    book = _rewritten(workbook(sheets, tmp_path), str(10**400))
    sheets["projects"][1][place] = sign * 10**400
    for source in (book, folder(sheets, tmp_path), frames(sheets)):
        (problem,) = read_case(source)[1]
        assert (problem.code, problem.column) == ("E106", column)
        assert f"{column} is a finite number" in str(problem)


def test_a_name_that_no_float_holds_is_told() -> None:
    sheets = sound()
    sheets["projects"][1][1] = 10**400
    assert [problem.code for problem in read_case(frames(sheets))[1]] == ["E109"]


@pytest.mark.parametrize("source", [None, 3, ["base"], b"base"])
def test_what_no_case_is_read_from_is_told(source: Any) -> None:
    with pytest.raises(TypeError, match=r"an embedded case \(base, steel\), a folder, a workbook, or a mapping .*: found"):
        load(source)
