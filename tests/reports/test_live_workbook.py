"""The formulas of the plan workbook: they give what Python gives, one formula a row, in few words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

import masterplan as mp
from masterplan.reports.formula import Term, number
from masterplan.reports.live_portfolio import rate_of_return
from masterplan.reports.live_sheet import LiveSheet
from masterplan.reports.recompute import recompute
from tests.reports.curve_plan import CAPEX
from tests.reports.live_plans import EMBEDDED, PLANS, Written, line, results
from tests.small_cases import small_case

pytestmark = pytest.mark.xdist_group("workbooks")
FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTA", "IF", "INDEX", "IRR", "ISERROR", "ISNUMBER", "MATCH", "MAX", "MIN", "OR", "ROUND", "ROWS", "SUM",
    "SUMIFS", "SUMPRODUCT",
}  # fmt: skip
LITERALS = {"0", "0.5", "1", "2"}
WORDS = {'""', '"<="', '">="', '">"'}
TIMELINES = (
    "Capacity", "Balances", "Capex", "Cash", "Targets", "Given up", "Binding", "Yearly", "Ages", "Sums", "Tested", "Portfolio", "Gantt",
    "In use",
)  # fmt: skip


@pytest.fixture(params=PLANS)
def one(request: pytest.FixtureRequest, written: dict[str, Written]) -> Written:
    return written[request.param]


# values


def test_every_formula_stands_with_its_value_and_pandas_reads_it(one: Written) -> None:
    assert len(one.formulas) > 400
    assert [(sheet, cell.coordinate) for sheet, cell in one.formulas if one.stored[sheet][cell.coordinate].value is None] == []


def test_the_values_are_those_of_the_recomputation(one: Written) -> None:
    """NPV and its parts, capacity, capex and cash as the recomputation, which knows no formula, has them."""
    plan, book, stored = one.plan, one.book, one.stored
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


def test_all_checks_hold_and_every_sheet_says_so(one: Written) -> None:
    book, stored = one.book, one.stored
    assert set(results(stored).values()) == {1}
    count = len(results(stored)) - 1  # the first row is all of them together
    assert {sheet["A3"].value for sheet in stored} == {f"✓ all {count} checks hold"}
    assert {sheet["A3"].data_type for sheet in book} == {"f"}


@pytest.mark.parametrize("name", ["by hand", "ends early", "on curves", "rich", *EMBEDDED])
def test_nothing_stays_a_value_that_a_formula_can_give(written: dict[str, Written], name: str) -> None:
    """On the sheets of formulas every line is one, and About names no line of theirs."""
    book = written[name].book
    for sheet in TIMELINES:
        if sheet in book.sheetnames:
            cells = [cell for row in book[sheet].iter_rows(min_row=6, min_col=6) for cell in row if cell.value is not None]
            assert [cell.coordinate for cell in cells if cell.data_type == "n"] == []
    told = {row[1]: row[3] for row in book["About"].iter_rows(values_only=True)}
    assert "Cash" not in told["Values, not formulas"]


def test_capex_follows_its_cost_curve(written: dict[str, Written]) -> None:
    """By hand from the points, and in formulas of them: each start costs what it adds along the curve."""
    book, stored = written["on curves"].book, written["on curves"].stored
    for project, capex in CAPEX.items():
        row = line(stored["Capex"], project)
        assert [stored["Capex"].cell(row, 7 + place).value for place in range(3)] == pytest.approx(capex)
    column = next(cell.column for cell in book["Begun"][5] if cell.value == "On a cost curve")
    assert {book["Begun"].cell(row, column).data_type for row in range(6, book["Begun"].max_row + 1)} == {"f"}


# formulas


def test_npv_goes_back_to_starts_prices_and_capex(written: dict[str, Written]) -> None:
    """The cells that NPV is worked out from, followed to the end."""
    book = written["steel"].book
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


def test_a_row_has_one_formula(one: Written) -> None:
    """Copied from the first year to the right, the formula of a row is that of every year."""
    plan, book = one.plan, one.book
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


def test_formulas_use_few_functions_and_few_numbers(one: Written) -> None:
    functions, numbers, words = set[str](), set[str](), set[str]()
    for _, cell in one.formulas:
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


@pytest.mark.parametrize("name", ["by hand", "rich", *EMBEDDED])
def test_a_second_file_has_the_same_bytes(written: dict[str, Written], name: str, tmp_path: Path) -> None:
    mp.write_workbook(written[name].plan, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == written[name].path.read_bytes()


def test_a_plan_is_read_back_from_its_formulas(written: dict[str, Written]) -> None:
    for each in written.values():
        again = mp.read_plan(each.path)
        assert again.message == each.plan.message
        assert again.objective == each.plan.objective


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


def test_without_a_do_nothing_plan_gains_are_over_nothing(written: dict[str, Written]) -> None:
    plan = written["by hand"].plan
    assert figures(written["by hand"].path)["Value added"] == pytest.approx(recompute(plan).totals["npv"])


def test_rate_of_return() -> None:
    """-100, then 60 twice: 60/(1+r) + 60/(1+r)^2 = 100, so 1+r = (60 + sqrt(27600)) / 200."""
    assert rate_of_return(np.array([-100.0, 60.0, 60.0])) == pytest.approx((60 + 27600**0.5) / 200 - 1)
    assert rate_of_return(np.array([1.0, 2.0])) is None


# parts


def test_a_number_of_the_case_never_stands_in_a_formula() -> None:
    with pytest.raises(ValueError, match="has to stand in a cell of its own"):
        number(3.0)


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
