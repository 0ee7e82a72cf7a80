"""The formulas of the plan workbook: they give what Python gives, in a spreadsheet program too, and edits trip the check they should."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

import masterplan as mp
from masterplan.reports.checks_page import UNCHANGED
from masterplan.reports.formula import Formula, Term, number
from masterplan.reports.live_portfolio import rate_of_return
from masterplan.reports.live_sheet import LiveSheet
from masterplan.reports.package import workbook_bytes
from masterplan.reports.recompute import recompute
from tests.formulations.rich import rich_case
from tests.reports.ending_plan import ending_plan
from tests.reports.example_plan import example_plan
from tests.reports.spreadsheet import needs_libreoffice, recalculated
from tests.small_cases import small_case

FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTA", "IF", "INDEX", "IRR", "ISERROR", "ISNUMBER", "MATCH", "MAX", "MIN", "OR", "ROUND", "ROWS", "SUM",
    "SUMIFS", "SUMPRODUCT",
}  # fmt: skip
LITERALS = {"0", "0.5", "1", "2"}
WORDS = {'""', '"<="', '">="', '">"'}
TIMELINES = ("Capacity", "Balances", "Capex", "Cash", "Yearly", "Ages", "Sums", "Tested", "Portfolio", "Gantt", "In use")


def steel() -> mp.Plan:
    return mp.solve(mp.load("steel").change("settings.last_year=2031"), gap=0.9, threads=1)


PLANS: dict[str, Callable[[], mp.Plan]] = {
    "by hand": example_plan,
    "ends early": ending_plan,
    "rich": lambda: mp.solve(rich_case("book_value"), gap=0),
    "rich, perpetuity": lambda: mp.solve(rich_case("perpetuity", flow_timing="end_of_year"), gap=0),
    "steel": steel,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[mp.Plan, Path]]:
    """Every plan with its workbook."""
    folder, found = tmp_path_factory.mktemp("live"), {}
    for place, (name, make) in enumerate(PLANS.items()):
        plan, path = make(), folder / f"plan{place}.xlsx"
        mp.write_workbook(plan, path)
        found[name] = plan, path
    return found


@pytest.fixture(params=PLANS)
def plan_and_book(request: pytest.FixtureRequest, written: dict[str, tuple[mp.Plan, Path]]) -> tuple[mp.Plan, Any, Any]:
    """A plan, its formulas, and the values stored beside them."""
    plan, path = written[request.param]
    return plan, load_workbook(path), load_workbook(path, data_only=True)


def formulas(book: Any) -> list[tuple[str, Any]]:
    return [(sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def results(book: Any) -> dict[str, int]:
    """check -> 1 or 0 of the checks in formulas."""
    return {row[0]: row[1] for row in book["Checks"].iter_rows(min_row=6, max_col=2, values_only=True) if row[1] in (0, 1)}


def line(sheet: Any, item: str, part: object = None) -> int:
    """The row of a line by columns B and C."""
    return next(row for row in range(6, sheet.max_row + 1) if (sheet.cell(row, 2).value, sheet.cell(row, 3).value) == (item, part))


# values


def test_every_formula_stands_with_its_value_and_pandas_reads_it(plan_and_book: tuple[mp.Plan, Any, Any]) -> None:
    _, book, stored = plan_and_book
    found = formulas(book)
    assert len(found) > 400
    assert [(sheet, cell.coordinate) for sheet, cell in found if stored[sheet][cell.coordinate].value is None] == []


def test_the_values_are_those_of_the_recomputation(plan_and_book: tuple[mp.Plan, Any, Any]) -> None:
    """NPV and its parts, capacity, capex and cash as the recomputation, which knows no formula, has them."""
    plan, book, stored = plan_and_book
    numbers = recompute(plan)
    sheet = stored["Cash"]
    for name, item in {"npv": "NPV", "npv_without_terminal": "NPV without terminal value", "terminal_value": "Terminal value"}.items():
        row = line(sheet, item)
        assert book["Cash"].cell(row, 6).data_type == "f"
        assert sheet.cell(row, 6).value == pytest.approx(numbers.totals[name], rel=1e-9, abs=1e-9)
    for measure in ("capacity", "level"):
        for activity, rows in numbers.capacity.groupby("activity"):
            row = line(stored["Capacity"], activity, measure)
            got = [stored["Capacity"].cell(row, 7 + place).value for place in range(len(plan.case.years))]
            assert got == pytest.approx(rows[measure].tolist(), rel=1e-9, abs=1e-9)
            assert book["Capacity"].cell(row, 7).data_type == "f"
    for project, rows in numbers.capex.groupby("project"):
        row = line(stored["Capex"], project)
        got = [stored["Capex"].cell(row, 7 + place).value for place in range(len(plan.case.years))]
        assert got == pytest.approx(rows["total"].tolist(), rel=1e-9, abs=1e-9)
    closing = line(sheet, "Closing cash")
    got = [sheet.cell(closing, 7 + place).value for place in range(len(plan.case.years))]
    assert got == pytest.approx(numbers.cash_position["closing"].tolist(), rel=1e-9, abs=1e-9)


def test_all_checks_hold_and_every_sheet_says_so(plan_and_book: tuple[mp.Plan, Any, Any]) -> None:
    _, book, stored = plan_and_book
    assert set(results(stored).values()) == {1}
    count = len(results(stored)) - 1  # the first row is all of them together
    assert {sheet["A3"].value for sheet in stored} == {f"✓ all {count} checks hold"}
    assert {sheet["A3"].data_type for sheet in book} == {"f"}


@pytest.mark.parametrize("name", ["by hand", "ends early", "steel"])
def test_nothing_but_cost_curves_stays_a_value(written: dict[str, tuple[mp.Plan, Path]], name: str) -> None:
    """On the sheets of formulas every line is one; where a project has a cost curve, About says what is not."""
    book = load_workbook(written[name][1])
    for sheet in TIMELINES:
        if sheet in book.sheetnames:
            cells = [cell for row in book[sheet].iter_rows(min_row=6, min_col=6) for cell in row if cell.value is not None]
            assert [cell.coordinate for cell in cells if cell.data_type == "n"] == []
    told = {row[1]: row[3] for row in book["About"].iter_rows(values_only=True)}
    assert "Cash" not in told["Values, not formulas"]


def test_a_cost_curve_is_told_on_about(written: dict[str, tuple[mp.Plan, Path]]) -> None:
    told = {row[1]: row[3] for row in load_workbook(written["rich"][1])["About"].iter_rows(values_only=True)}
    assert told["Values, not formulas"].endswith("Capex of projects on a cost curve")


# formulas


def test_npv_goes_back_to_starts_prices_and_capex(written: dict[str, tuple[mp.Plan, Path]]) -> None:
    """The cells that NPV is worked out from, followed to the end."""
    book = load_workbook(written["steel"][1])
    open_, seen = {("Cash", f"F{line(book['Cash'], 'NPV')}")}, set[tuple[str, str]]()
    while open_:
        sheet, place = open_.pop()
        seen.add((sheet, place))
        cell = book[sheet][place]
        if cell.data_type == "f":
            open_ |= {each for each in precedents(cell.value, sheet) if each not in seen}
    names = {name: {place.rstrip("0123456789") for sheet, place in seen if sheet == name} for name, _ in seen}
    heads = {name: {cell.value: cell.column_letter for cell in book[name][5]} for name in ("projects", "markets")}
    assert {"G", "H", "I", "J", "K", "L"} <= names["Starts"]
    assert {"G", "L"} <= names["Trades"]
    assert {"G", "L"} <= names["Levels"]
    assert heads["projects"]["capex"] in names["projects"]
    assert heads["markets"]["price"] in names["markets"]


def precedents(formula: str, sheet: str) -> set[tuple[str, str]]:
    """The cells that a formula names, ranges cell by cell."""
    found = set[tuple[str, str]]()
    for token in Tokenizer(formula).items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            home, _, span = token.value.rpartition("!")
            ends = span.replace("$", "").split(":")
            first, last = (re.fullmatch(r"([A-Z]+)(\d+)", end) for end in (ends[0], ends[-1]))
            assert first is not None
            assert last is not None
            columns = range(column_number(first[1]), column_number(last[1]) + 1)
            found |= {
                ((home or sheet).strip("'"), f"{get_column_letter(column)}{row}")
                for column in columns
                for row in range(int(first[2]), int(last[2]) + 1)
            }
    return found


def column_number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def test_a_row_has_one_formula(plan_and_book: tuple[mp.Plan, Any, Any]) -> None:
    """Copied from the first year to the right, the formula of a row is that of every year."""
    plan, book, _ = plan_and_book
    last, rows = 6 + len(plan.case.years), 0
    for name in [name for name in (*TIMELINES, "Summary") if name in book.sheetnames]:
        for at in range(6, book[name].max_row + 1):
            first = book[name].cell(at, 7)
            if first.data_type == "f":
                rows += 1
                for column in range(8, last + 1):
                    cell = book[name].cell(at, column)
                    assert cell.value == Translator(first.value, first.coordinate).translate_formula(cell.coordinate)
    assert rows > 40


def test_formulas_use_few_functions_and_few_numbers(plan_and_book: tuple[mp.Plan, Any, Any]) -> None:
    _, book, _ = plan_and_book
    functions, numbers, words = set[str](), set[str](), set[str]()
    for _, cell in formulas(book):
        for token in Tokenizer(cell.value).items:
            if token.type == "FUNC" and token.subtype == "OPEN":
                functions.add(token.value.rstrip("("))
            elif token.type == "OPERAND" and token.subtype == "NUMBER":
                numbers.add(token.value)
            elif token.type == "OPERAND" and token.subtype == "TEXT" and cell.coordinate != "A3":
                words.add(token.value)
    assert functions <= FUNCTIONS
    assert numbers <= LITERALS
    assert words <= WORDS


@pytest.mark.parametrize("name", ["by hand", "rich"])
def test_a_second_file_has_the_same_bytes(written: dict[str, tuple[mp.Plan, Path]], name: str, tmp_path: Path) -> None:
    plan, path = written[name]
    mp.write_workbook(plan, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_a_plan_is_read_back_from_its_formulas(written: dict[str, tuple[mp.Plan, Path]]) -> None:
    for plan, path in written.values():
        again = mp.read_plan(path)
        assert again.message == plan.message
        assert again.objective == plan.objective


# the portfolio


def figures(path: Path) -> dict[str, Any]:
    """Figure -> number of the sheet Portfolio."""
    rows = load_workbook(path, data_only=True)["Portfolio"].iter_rows(min_row=6, min_col=2, max_col=6, values_only=True)
    return {row[0]: row[4] for row in rows if row[0] is not None}


def test_the_portfolio_gains_what_the_plan_adds_to_doing_nothing(tmp_path: Path) -> None:
    """A mine sells 1 at 9 for 3 years, and 2 more at 7 once a pit for 10 stands: the gain, year by year, sums up to the value added."""
    case = small_case(
        recipes=[{"activity": "mine", "resource": "ore", "amount": 1.0}],
        existing_capacity=[{"activity": "mine", "capacity": 1.0}],
        projects=[{"project": "pit", "activity": "mine", "capex": 10.0, "module_capacity": 2.0, "max_total": 1.0}],
        markets=[
            {"market": "world", "tier": 1, "resource": "ore", "side": "sell", "price": 9.0, "limit": 1.0},
            {"market": "world", "tier": 2, "resource": "ore", "side": "sell", "price": 7.0, "limit": 2.0},
        ],
    )
    plan = mp.solve(case, gap=0)
    mp.write_workbook(plan, tmp_path / "plan.xlsx")
    found = figures(tmp_path / "plan.xlsx")
    assert plan.run["do_nothing"]["cash_flow"] == dict.fromkeys(map(str, case.years), 9.0)
    assert plan.value_added == pytest.approx(18.0)  # 2 x 7 in two years, less 10
    assert found["Value added"] == pytest.approx(18.0)
    assert found["Do-nothing plan: the same"] == 9.0 * len(case.years)
    assert found["Capex of projects, discounted"] == pytest.approx(10.0)
    assert found["Profitability index"] == pytest.approx(2.8)
    assert figures(written_again(tmp_path)) == found


def written_again(folder: Path) -> Path:
    """The same plan, read back and written once more: the years of doing nothing are in the run log."""
    mp.write_workbook(mp.read_plan(folder / "plan.xlsx"), folder / "again.xlsx")
    return folder / "again.xlsx"


def test_without_a_do_nothing_plan_gains_are_over_nothing(written: dict[str, tuple[mp.Plan, Path]]) -> None:
    plan, path = written["by hand"]
    assert figures(path)["Value added"] == pytest.approx(recompute(plan).totals["npv"])


def test_rate_of_return() -> None:
    """-100, then 60 twice: 60/(1+r) + 60/(1+r)^2 = 100, so 1+r = (60 + sqrt(27600)) / 200."""
    assert rate_of_return(np.array([-100.0, 60.0, 60.0])) == pytest.approx((60 + 27600**0.5) / 200 - 1)
    assert rate_of_return(np.array([1.0, 2.0])) is None


# a spreadsheet program


@needs_libreoffice
def test_libreoffice_calculates_the_same(written: dict[str, tuple[mp.Plan, Path]], tmp_path: Path) -> None:
    """Every formula of every plan, worked out anew: as stored, to 1e-9; and the plan is read back from what it saves."""
    paths = [path for _, path in written.values()]
    for (plan, path), other in zip(written.values(), recalculated(paths, tmp_path), strict=True):
        book, stored, anew = load_workbook(path), load_workbook(path, data_only=True), load_workbook(other, data_only=True)
        for sheet, cell in formulas(book):
            was, now = (each[sheet][cell.coordinate].value for each in (stored, anew))
            if isinstance(was, str):
                assert now == was
            else:
                assert abs(now - was) <= 1e-9 * max(1.0, abs(was)), f"{sheet}!{cell.coordinate} {cell.value}"
        assert anew["Checks"]["B6"].value == 1
        again = mp.read_plan(other)
        assert recompute(again).totals["npv"] == pytest.approx(recompute(plan).totals["npv"], rel=1e-9)
        assert again.message == ""


def more_starts(book: Any) -> None:
    book["Starts"].cell(line(book["Starts"], "quay_extension"), 8).value = 2


def half_a_module(book: Any) -> None:
    sheet = book["Starts"]
    row = line(sheet, "wind_park")
    sheet.cell(row, 8).value = sheet.cell(row, 8).value + 0.5


def dearer(book: Any) -> None:
    sheet = book["markets"]
    column = [cell.value for cell in sheet[5]].index("price") + 1
    sheet.cell(6, column).value = sheet.cell(6, column).value * 1.1


def less_money(book: Any) -> None:
    sheet = book["finance"]
    sheet.cell(6, [cell.value for cell in sheet[5]].index("capex_limit") + 1).value = 0.01


def less_capacity(book: Any) -> None:
    sheet = book["existing_capacity"]
    column = [cell.value for cell in sheet[5]].index("capacity") + 1
    for row in range(6, 40):
        if isinstance(sheet.cell(row, column).value, int | float):
            sheet.cell(row, column).value = sheet.cell(row, column).value / 2


def text_for_a_number(book: Any) -> None:
    sheet = book["Trades"]
    sheet.cell(7, 8).value = "much"


EDITS: dict[Callable[[Any], None], set[str]] = {
    more_starts: {"A year starts no more modules than the project may have in a year"},
    half_a_module: {"Modules of a project with whole modules are whole"},
    dearer: {UNCHANGED},
    less_money: {UNCHANGED, "Capex is within its limit and what the year before left"},
    less_capacity: {UNCHANGED, "The level of an activity is within its capacity"},
    text_for_a_number: {"Every decision is a number"},
}


@needs_libreoffice
def test_edits_by_hand_trip_their_check(written: dict[str, tuple[mp.Plan, Path]], tmp_path: Path) -> None:
    """Six edits, each in a copy of its own: the check that is meant fails, the line at the top of every sheet turns."""
    copies = []
    for edit in EDITS:
        book = load_workbook(written["steel"][1])
        edit(book)
        copies.append(tmp_path / f"{edit.__name__}.xlsx")
        book.save(copies[-1])
    for (edit, tripped), file in zip(EDITS.items(), recalculated(copies, tmp_path), strict=True):
        book = load_workbook(file, data_only=True)
        found = results(book)
        failed = {name for name, result in found.items() if result == 0}
        assert tripped <= failed, edit.__name__
        assert found["All checks"] == 0
        assert {sheet["A3"].value for sheet in book} == {"✗ CHECKS FAIL: see the sheet Checks"}
        if edit is dearer:
            assert "The balance of every resource closes" not in failed


# parts


def test_a_formula_without_a_number_is_refused() -> None:
    workbook = Workbook()
    workbook.active["A1"]._value, workbook.active["A1"].data_type = Formula("=1+1", 2.0), "f"
    assert b"<v>2</v>" in _sheet(workbook)
    with pytest.raises(ValueError, match="has to stand in a cell of its own"):
        number(3.0)


def _sheet(workbook: Workbook) -> bytes:
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(workbook_bytes(workbook))).read("xl/worksheets/sheet1.xml")


def test_a_formula_that_misses_the_recomputed_number_stays_a_value() -> None:
    sheet = LiveSheet("Cash", "", "output", ("", "", ""), (2026, 2027), "H")
    right = sheet.line("all", "right", Term("Starts!@7", np.array([1.0, 2.0])), truth={2026: 1.0, 2027: 2.0})
    wrong = sheet.line("all", "wrong", Term("Starts!@7", np.array([1.0, 2.0])), truth={2026: 1.0, 2027: 3.0})
    assert right.term is not None
    assert (wrong.term, wrong.values.tolist()) == (None, [1.0, 3.0])
    assert sheet.values_only == ["Cash / all / wrong"]


def test_terms_bracket_what_has_to_be() -> None:
    one, two = Term("A1", np.array([2.0])), Term("B1", np.array([3.0]))
    assert ((one + two) * two).text == "(A1+B1)*B1"
    assert (one - (two - one)).text == "A1-(B1-A1)"
    assert (one + -two).text == "A1+(-B1)"
    assert (one / (two * two)).text == "A1/(B1*B1)"
    assert (-(one - two)).values.tolist() == [1.0]


def test_pandas_reads_no_blank_in_a_row_of_formulas(written: dict[str, tuple[mp.Plan, Path]]) -> None:
    plan, path = written["steel"]
    cash = pd.read_excel(path, sheet_name="Cash", header=4)
    assert cash.loc[cash["Entry"] == "Closing cash", list(plan.case.years)].notna().all(axis=None)
