"""Template: the workbook that planners fill in, one sheet per table, and the sheets of a case in the same layout.

Row 1 title, row 2 meaning, row 4 labels with units, row 5 column names, data from row 6 with spare rows that are validated too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.case import Case
from masterplan.data.cells import plain
from masterplan.data.files import looks_like_formula, safe_text, write_atomically
from masterplan.data.input_look import DARK, GREY, PALE, Font, cell_styles, fit_page, head_alignment, height_of, width_of
from masterplan.data.package import workbook_bytes
from masterplan.data.schema import SETTING, SETTINGS, TABLE, TABLES, Column, Table
from masterplan.data.validation import add_names, validate_column, validate_setting
from masterplan.data.write import CellValue, table_rows

LABEL_ROW, NAME_ROW, FIRST_ROW = 4, 5, 6
SPARE_ROWS, PRINTED_SPARE = 40, 2

_EXTRA = ("note_unit", "note_meaning")
_WELCOME = (
    "Each sheet is a table of the case; row 5 holds the names that the program reads, in any order.",
    "Fill in settings, resources, activities, recipes, projects and markets; the other sheets may stay empty.",
    "A blank cell says nothing: it never means zero. What stands in a header's comment is its meaning, unit, range and default.",
    "A row with a year holds from that year until the next row of the same key; without a year, from the beginning.",
    "A number may carry its unit, such as 1.5 GWh or 200 USD/kg; it is turned into the unit of the column.",
    "Names hold none of . / = @ * ; and are written the same everywhere. Columns and sheets that begin with note are yours.",
    "Check the workbook with `masterplan check FILE.xlsx`, solve it with `masterplan solve FILE.xlsx -o plan.xlsx`.",
)


def write_template(path: str | Path, case: Case | None = None) -> None:
    """Write the input workbook, empty or with the tables of a case, whole or not at all. Raises OSError."""
    workbook = Workbook()
    _write_welcome(workbook.active, case)
    write_table_sheets(workbook, case)
    write_atomically(path, workbook_bytes(workbook))


def write_table_sheets(workbook: Workbook, case: Case | None) -> None:
    """Add a sheet for every table of the schema, in its order."""
    for table in TABLES:
        write_table_sheet(workbook, case, table)


def write_table_sheet(workbook: Workbook, case: Case | None, table: Table | str) -> Worksheet:
    """Add the sheet of one table, with the rows of the case. Drop-downs of names refer to the sheets of other tables: write all of them."""
    declared = TABLE[table] if isinstance(table, str) else table
    sheet: Worksheet = workbook.create_sheet(declared.name)
    rows = _settings_rows(case) if declared.name == "settings" else list(table_rows(case, declared.name)) if case else []
    last_row = NAME_ROW + len(rows) + (0 if declared.name == "settings" else SPARE_ROWS)
    names = (*declared.column_names, *(_EXTRA if declared.name == "settings" else ()))
    _write_head(sheet, declared, names, _money(case))
    columns = [declared.column(name) if name in declared.column_names else None for name in names]
    widths = [width_of(column, name, [row[at] for row in rows]) for at, (column, name) in enumerate(zip(columns, names, strict=True))]
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    _write_rows(sheet, columns, rows, last_row)
    for number, row in enumerate(rows, start=FIRST_ROW):
        if height := height_of(columns, row, widths):
            sheet.row_dimensions[number].height = height
    for at, name in enumerate(declared.column_names, start=1):
        if declared.name != "settings":
            validate_column(sheet, declared.column(name), at, FIRST_ROW, last_row)
    if declared.name == "settings":
        for number, row in enumerate(rows, start=FIRST_ROW):
            validate_setting(sheet, SETTING[str(row[0])], number)
    add_names(workbook, declared, FIRST_ROW, last_row)
    _finish(sheet, declared, names, last_row, NAME_ROW + len(rows) + PRINTED_SPARE if rows else last_row)
    return sheet


def put(cell: Any, value: CellValue) -> None:
    """Write a value into an openpyxl cell, past its setter, which would take a text for a formula."""
    cell._value, cell.data_type = (safe_text(value), "s") if isinstance(value, str) else (value, "n")


def _write_head(sheet: Worksheet, table: Table, names: Sequence[str], money: str) -> None:
    sheet["A1"], sheet["A2"] = _label(table.name), table.meaning
    sheet["A1"].font = Font(bold=True, size=14, color=DARK)
    sheet["A2"].font = Font(italic=True, color=GREY)
    for at, name in enumerate(names, start=1):
        label, stable = sheet.cell(LABEL_ROW, at), sheet.cell(NAME_ROW, at)
        column = table.column(name) if name in table.column_names else None
        unit = _unit(column, money) if column else ""
        put(label, f"{_label(name.removeprefix('note_'))} [{unit}]" if unit else _label(name.removeprefix("note_")))
        put(stable, name)
        label.font, label.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=DARK)
        stable.font, stable.fill = Font(color=GREY, size=9), PatternFill("solid", fgColor=PALE)
        label.alignment, stable.alignment = head_alignment(column, wrapped=True), head_alignment(column, wrapped=False)
        if column:
            stable.comment = _comment(column, unit)


def _write_rows(sheet: Worksheet, columns: Sequence[Column | None], rows: Sequence[tuple[CellValue, ...]], last_row: int) -> None:
    """The rows and the spare ones."""
    looks = [cell_styles(sheet, column) for column in columns]
    for number in range(FIRST_ROW, last_row + 1):
        row = rows[number - FIRST_ROW] if number - FIRST_ROW < len(rows) else (None,) * len(columns)
        for at, (value, styles) in enumerate(zip(row, looks, strict=True), start=1):
            cell = sheet.cell(number, at)
            put(cell, value)
            cell._style = styles[isinstance(value, str) and looks_like_formula(value)]


def _settings_rows(case: Case | None) -> list[tuple[CellValue, ...]]:
    """The settings of the case as they are stated, then those that are not, each with its unit and meaning."""
    stated = {str(row[0]): row[1] for row in table_rows(case, "settings")} if case else {}
    names = [*stated, *(column.name for column in SETTINGS if column.name not in stated)]
    return [(name, stated.get(name), _unit(SETTING[name], _money(case)), "; ".join(_meaning(SETTING[name]))) for name in names]


def _finish(sheet: Worksheet, table: Table, names: Sequence[str], last_row: int, printed: int) -> None:
    sheet.row_dimensions[LABEL_ROW].height = 48
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.print_title_rows = f"{LABEL_ROW}:{NAME_ROW}"
    sheet.print_area = f"A1:{get_column_letter(len(names))}{min(printed, last_row)}"
    fit_page(sheet)
    excel_table = ExcelTable(displayName=f"in_{table.name}", ref=f"A{NAME_ROW}:{get_column_letter(len(names))}{max(last_row, FIRST_ROW)}")
    excel_table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(excel_table)


def _write_welcome(sheet: Worksheet, case: Case | None) -> None:
    sheet.title = "Start here"
    put(sheet["A1"], (case and case.setting("title")) or "Input workbook")
    sheet["A1"].font = Font(bold=True, size=14, color=DARK)
    for number, line in enumerate(_WELCOME, start=3):
        put(sheet.cell(number, 1), line)
    for number, table in enumerate(TABLES, start=len(_WELCOME) + 4):
        link = sheet.cell(number, 1, table.name)
        link.hyperlink, link.font = f"#'{table.name}'!A1", Font(color="0563C1", underline="single")
        put(sheet.cell(number, 2), table.meaning)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 110
    fit_page(sheet)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "portrait", 1


def _comment(column: Column, unit: str) -> Comment:
    text = "\n".join([*_meaning(column), *([f"unit: {unit}"] if unit else [])])
    comment = Comment(text, "masterplan")
    comment.width, comment.height = 320, 60 + 18 * (len(text) // 45 + text.count("\n"))
    return comment


def _meaning(column: Column) -> list[str]:
    """Meaning, choices, range and default of a column, a line each."""
    lines = [column.meaning]
    if column.choices:
        lines.append(f"one of: {', '.join(column.choices)}")
    if column.refers:
        lines.append(f"a name of the sheet {column.refers}")
    if column.minimum is not None or column.maximum is not None:
        low = f"from {plain(column.minimum)}" if column.minimum is not None else ""
        high = f"to {plain(column.maximum)}" if column.maximum is not None else ""
        lines.append(f"{low} {high}".strip())
    if column.is_required:
        lines.append("required")
    elif column.default not in (None, ""):
        lines.append(f"default: {plain(column.default) if isinstance(column.default, int | float) else column.default}")
    return lines


def _unit(column: Column, money: str) -> str:
    words = {"money": money, "resource": "resource unit", "activity": "activity unit"}
    return " / ".join(words.get(word, word) for word in column.unit.split(" / ")) if column.unit else ""


def _money(case: Case | None) -> str:
    return str(case.setting("money_unit") if case else SETTING["money_unit"].default)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
