"""Validation: drop-downs and number checks of an input sheet. They warn rather than stop, since a number may carry its unit."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.cells import FIRST_PLAUSIBLE_YEAR, LAST_PLAUSIBLE_YEAR, plain
from masterplan.data.schema import TABLES, Column, Table

REFERRED = frozenset(column.refers for table in TABLES for column in table.columns if column.refers)
_LONGEST_LIST = 255  # characters of a list that stands in the validation itself


def validate_column(sheet: Worksheet, column: Column, position: int, first_row: int, last_row: int) -> None:
    """Attach the drop-down or number check of a column to its cells."""
    letter = get_column_letter(position)
    _attach(sheet, column, f"{letter}{first_row}:{letter}{last_row}")


def validate_setting(sheet: Worksheet, setting: Column, row: int) -> None:
    """Attach the drop-down or number check of a setting to its value in column B."""
    _attach(sheet, setting, f"B{row}")


def add_names(workbook: Workbook, table: Table, first_row: int, last_row: int) -> None:
    """Name the list of a table's names `list_<table>`, where other tables choose from it."""
    if table.name in REFERRED:
        letter = get_column_letter(table.column_names.index(table.key[0]) + 1)
        name = f"list_{table.name}"
        workbook.defined_names[name] = DefinedName(name, attr_text=f"'{table.name}'!${letter}${first_row}:${letter}${last_row}")


def _attach(sheet: Worksheet, column: Column, cells: str) -> None:
    rule = _rule(column)
    if rule is None:
        return
    rule.allow_blank, rule.showErrorMessage, rule.errorStyle = True, True, "warning"
    rule.errorTitle = column.name[:32]
    sheet.add_data_validation(rule)
    rule.add(cells)


def _rule(column: Column) -> DataValidation | None:
    listed = ",".join(column.choices)
    if column.choices and len(listed) <= _LONGEST_LIST:
        return DataValidation("list", formula1=f'"{listed}"', error="Choose from the list.")
    if column.refers:
        return DataValidation("list", formula1=f"list_{column.refers}", error=f"The sheet {column.refers} does not name it.")
    if not column.is_number:
        return None
    kind = "decimal" if column.kind == "number" else "whole"
    low, high = column.minimum, column.maximum
    if column.kind == "year":
        low, high = FIRST_PLAUSIBLE_YEAR, LAST_PLAUSIBLE_YEAR
    error = "A whole number is expected." if kind == "whole" else "A number is expected, or one with its unit such as 1.5 GWh."
    if low is not None and high is not None:
        return DataValidation(kind, operator="between", formula1=plain(low), formula2=plain(high), error=error)
    if low is not None:
        return DataValidation(kind, operator="greaterThanOrEqual", formula1=plain(low), error=error)
    lowest = "-1000000000" if kind == "whole" else "-1E+300"
    highest = plain(high) if high is not None else ("1000000000" if kind == "whole" else "1E+300")
    return DataValidation(kind, operator="between", formula1=lowest, formula2=highest, error=error)
