"""A marked copy of a workbook: every problem of its input as a colour and a comment at its cell, and all of them on a sheet `Errors`.

The copy is itself an input workbook: put right what is marked, and read it. The sheet, the comments and the colours are passed over by
reading, and are taken away when the copy is marked again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.errors import Problem
from masterplan.data.files import looks_like_formula, safe_text, write_atomically
from masterplan.data.guard import guard
from masterplan.data.input_look import row_height
from masterplan.data.package import workbook_bytes
from masterplan.data.sheet_xml import store
from masterplan.data.template import put
from masterplan.reports.style import CREAM, GREEN, GREY, MIST, NAVY

ERRORS = "Errors"
HEADS = ("code", "sheet", "cell", "row", "column", "found", "rule", "what to do", "also at")
HEAD_ROW = 4
ERROR_FILL, WARNING_FILL = "F8B4B4", "FFD98A"
AUTHOR = "masterplan check"
LONGEST_COMMENT = 2_000  # characters; the sheet holds the rest
_WIDTHS = (8, 20, 8, 26, 20, 34, 44, 60, 30)
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
_OURS = re.compile(r"^[EW]\d{3} ")
_BEFORE = "\n\nThe note that was here:\n"


def annotate(source: str | Path, path: str | Path, problems: Sequence[Problem]) -> None:
    """Write a copy of the workbook `source` to `path` with its problems marked; `source` is not touched.

    Problems without a cell, or of a sheet that is not there, stand on the sheet `Errors` only. Raises ValueError if the workbook cannot be
    copied, OSError if the copy cannot be written.
    """
    origin = Path(source)
    if problem := guard(origin):
        raise ValueError(f"cannot be copied: {problem}")
    workbook = _opened(origin)
    for sheet in workbook.worksheets:
        _clean(sheet)
    marks: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        for place in _places(problem, workbook):
            marks[place].append(problem)
    for (sheet_name, cell), found in marks.items():
        _mark(workbook[sheet_name][cell], found)
    _list(workbook, problems)
    write_atomically(path, workbook_bytes(workbook))


def _opened(path: Path) -> Workbook:
    """The workbook without an earlier list of errors; its formulas know their stored results."""
    try:
        workbook, values = load_workbook(path), load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises anything for what it cannot copy
        raise ValueError(f"cannot be copied ({type(error).__name__}). Open it in Excel or LibreOffice and save it again") from error
    for sheet in workbook.worksheets:
        if sheet.title.casefold() == ERRORS.casefold():
            workbook.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    store(cell, values[sheet.title][cell.coordinate].value)
    return workbook


def _clean(sheet: Worksheet) -> None:
    """Take away the marks of an earlier check, so that the copy can be marked again."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is None or not _OURS.match(cell.comment.text):
                continue
            _, _, before = cell.comment.text.partition(_BEFORE)
            cell.comment = Comment(before, "masterplan") if before else None
            if cell.fill.fgColor.rgb in (f"00{ERROR_FILL}", f"FF{ERROR_FILL}", f"00{WARNING_FILL}", f"FF{WARNING_FILL}"):
                cell.fill = PatternFill("solid", fgColor=CREAM)


def _places(problem: Problem, workbook: Workbook) -> Iterator[tuple[str, str]]:
    """Every (sheet, cell) of a problem that the workbook has."""
    for place in (f"{problem.sheet}!{problem.cell}", *problem.also):
        sheet, _, cell = place.rpartition("!")
        if sheet in workbook.sheetnames and _CELL.fullmatch(cell):
            yield sheet, cell


def _mark(cell: Any, problems: Iterable[Problem]) -> None:
    """Colour and comment of a cell; a comment that is there already stands below."""
    told = "\n".join(f"{problem.code} {_sentence(problem)}" for problem in problems)[:LONGEST_COMMENT]
    before = f"{_BEFORE}{cell.comment.text}" if cell.comment is not None else ""
    cell.comment = Comment(safe_text(told + before), AUTHOR)
    cell.comment.width, cell.comment.height = 340, 70 + 18 * (len(told + before) // 45 + (told + before).count("\n"))
    is_error = any(problem.is_error for problem in problems)
    cell.fill = PatternFill("solid", fgColor=ERROR_FILL if is_error else WARNING_FILL)


def _sentence(problem: Problem) -> str:
    found = f"found {problem.found}, " if problem.found else ""
    return f"{found}{problem.allowed}{f'. {problem.fix}' if problem.fix else ''}."


def _list(workbook: Workbook, problems: Sequence[Problem]) -> None:
    """The sheet of all problems, the first of the workbook, with a link to each cell."""
    sheet: Worksheet = workbook.create_sheet(ERRORS, 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    errors = sum(problem.is_error for problem in problems)
    put(sheet["A1"], f"{errors} errors, {len(problems) - errors} warnings" if problems else "No problems found")
    put(sheet["A2"], "Put right what is marked, save, and check again: this sheet, the comments and the colours are passed over.")
    sheet["A1"].font, sheet["A2"].font = Font(name="Calibri", bold=True, size=15, color=NAVY), Font(name="Calibri", italic=True, color=GREY)
    for at, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(HEAD_ROW, at)
        put(cell, head)
        cell.font, cell.fill = Font(name="Calibri", bold=True, color=NAVY), PatternFill("solid", fgColor=MIST)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, problem in enumerate(problems, start=HEAD_ROW + 1):
        _list_one(sheet, number, problem, workbook)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 1)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{sheet.cell(HEAD_ROW, len(HEADS)).column_letter}{HEAD_ROW + max(len(problems), 1)}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = ERROR_FILL if errors else WARNING_FILL
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _list_one(sheet: Worksheet, number: int, problem: Problem, workbook: Workbook) -> None:
    texts = (
        problem.code,
        problem.sheet or problem.table,
        problem.cell,
        problem.key,
        problem.column,
        problem.found,
        problem.allowed,
        problem.fix,
    )
    for at, text in enumerate((*texts, ", ".join(problem.also)), start=1):
        cell = sheet.cell(number, at)
        put(cell, text or None)
        cell.font = Font(name="Calibri")
        cell.alignment = Alignment(vertical="top", wrap_text=at > 3)
        cell.quotePrefix = looks_like_formula(text)
    sheet.row_dimensions[number].height = row_height((*texts, ", ".join(problem.also)), _WIDTHS)
    sheet.cell(number, 1).fill = PatternFill("solid", fgColor=ERROR_FILL if problem.is_error else WARNING_FILL)
    if problem.sheet in workbook.sheetnames:
        cell_name = problem.cell if _CELL.fullmatch(problem.cell) else "A1"
        quoted = problem.sheet.replace("'", "''")
        for at in (2, 3) if problem.cell else (2,):
            link = sheet.cell(number, at)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{cell_name}")
            link.font = Font(name="Calibri", color=GREEN, underline="single")
