"""Writing sheets of formulas: the values by the ordinary writers, then the formula of each cell over its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from masterplan.reports import live_begun
from masterplan.reports.formula import Numbers, Term
from masterplan.reports.grid import Page
from masterplan.reports.live_begun import Begun
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import OWN_ROW, LiveSheet, Row, resolved
from masterplan.reports.style import YEAR, number_format
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, HEADER_ROW, Line, frame
from masterplan.reports.timeline_page import TOTAL, write_timeline

FINE = number_format(4)
SINCE = '0;-0;"start"'  # the year from which a number holds; 0 is the beginning of the plan


def write_live(page: Page, sheet: LiveSheet, marks: Mapping[int, int]) -> None:
    """A timeline whose numbers are formulas; a line without a formula keeps its values, in the look of a value."""
    lines = [_line(section, row, sheet.years) for section, rows in sheet.sections.items() for row in rows]
    write_timeline(page, frame(lines, sheet.years), sheet.heads)
    letters = [get_column_letter(FIRST_YEAR_COLUMN + place) for place in range(len(sheet.years))]
    for row in (row for rows in sheet.sections.values() for row in rows):
        _formulas(page, sheet, row, marks, letters)
    _quiet(page, f"F{FIRST_ROW}:{letters[-1]}{max(FIRST_ROW, page.sheet.max_row)}")


def _quiet(page: Page, area: str) -> None:
    """Computer noise looks like the zero that it is."""
    place = area.split(":")[0]
    dash = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode='"–";"–";"–"'), font=Font(color="000000"))
    page.sheet.conditional_formatting.add(
        area, Rule(type="expression", dxf=dash, formula=[f"AND(ISNUMBER({place}),ABS({place})<0.000000001)"])
    )


def _line(section: str, row: Row, years: Sequence[int]) -> Line:
    total: float | None = float(row.values.sum()) if row.total == "sum" else None
    if isinstance(row.total, Term):
        return Line(section, row.item, {}, row.unit, row.part, str(row.note), float(np.ravel(row.total.values)[0]), row.style, row.remark)
    values = dict(zip(years, row.values.tolist(), strict=True))
    return Line(section, row.item, values, row.unit, row.part, str(row.note), total, row.style, row.remark, row.link)


def _formulas(page: Page, sheet: LiveSheet, row: Row, marks: Mapping[int, int], letters: Sequence[str]) -> None:
    if isinstance(row.note, int):
        page.put(row.number, 4, row.note, "whole", YEAR)
    if isinstance(row.total, Term):
        text = _own(sheet, row, row.total.text, marks)
        page.formula(row.number, TOTAL, text, float(np.ravel(row.total.values)[0]))
        return
    if row.total == "sum":
        page.formula(row.number, TOTAL, f"SUM($G{row.number}:${letters[-1]}{row.number})", float(row.values.sum()))
    if row.term is None:
        for place in range(len(letters)):
            page.look(row.number, FIRST_YEAR_COLUMN + place, "fixed")
        return
    text = _own(sheet, row, row.term.text, marks)
    put_row(page, row.number, text, row.values)


def _own(sheet: LiveSheet, row: Row, text: str, marks: Mapping[int, int]) -> str:
    return resolved(text, marks).replace(f"{sheet.place}!", "").replace(OWN_ROW, str(row.number))


def put_row(page: Page, number: int, text: str, values: Numbers) -> None:
    """One formula in every year of a row."""
    for place, value in enumerate(values.tolist()):
        column = FIRST_YEAR_COLUMN + place
        copied = text.replace("@", get_column_letter(column)).replace("~", get_column_letter(column - 1))
        page.formula(number, column, copied, value)


def write_begun(page: Page, begun: Begun, marks: Mapping[int, int]) -> None:
    """A row per project and start year."""
    for column, head in enumerate(live_begun.HEADS, start=1):
        page.put(HEADER_ROW, column, head, "header" if column == 1 else "header_wrapped")
    page.sheet.row_dimensions[HEADER_ROW].height = 42
    for number, (project, _, cells) in enumerate(begun.rows, start=FIRST_ROW):
        page.put(number, 1, project, "label")
        for letter, term in cells.items():
            column, value = ord(letter) - ord("A") + 1, float(np.ravel(term.values)[0])
            shape = YEAR if letter in (live_begun.START, live_begun.FIRST, live_begun.LAST) else FINE
            text = resolved(term.text, marks).replace(f"{live_begun.SHEET}!", "")
            page.put(number, column, value, "number" if text else "fixed", shape)
            if text and not text.isdigit():
                page.formula(number, column, text, value)
    page.widths([26.0, *([13.0] * (len(live_begun.HEADS) - 1))])


def write_steps(page: Page, inputs: Inputs) -> None:
    """From which year on which cell holds."""
    heads = ("Table", "Row", "Column", "", "From year", "Number")
    for column, head in enumerate(heads, start=1):
        page.put(HEADER_ROW, column, head, "header_number" if column > 4 else "header")
    for number, step in enumerate(inputs.steps, start=FIRST_ROW):
        for column, text in enumerate((step.table, step.key, step.column), start=1):
            page.put(number, column, text, "label")
        page.put(number, 5, step.year, "number", SINCE)
        if step.since:
            page.formula(number, 5, step.since, step.year)
        page.put(number, 6, step.value, "number", number_format(4))
        page.formula(number, 6, step.cell, step.value)
    page.widths([20.0, 34.0, 20.0, 2.0, 12.0, 14.0])
