"""Sheets: an Excel workbook as grids. Read twice, for the stored values and for the formulas behind them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import ParseError

from masterplan.data.errors import Problem
from masterplan.data.files import is_plan_sheet
from masterplan.data.grid import ErrorValue, Grid, NoStoredValue
from masterplan.data.guard import guard


def read_workbook(path: Path) -> tuple[list[Grid], list[Problem]]:
    """The input sheets of a workbook as grids, or why the file cannot be used."""
    problem = guard(path)
    if problem:
        return [], [problem]
    try:
        grids = _grids(path)
    except _BROKEN as error:
        fix = "Open it in Excel or LibreOffice and save it again"
        return [], [Problem("F004", found=f"the file {path.name!r}", allowed=f"which is damaged ({type(error).__name__})", fix=fix)]
    if not grids:
        fix = "Name sheets after the tables of a case; `masterplan template` writes such a workbook"
        return [], [Problem("F008", found=f"the file {path.name!r}", allowed="which has no sheet of input", fix=fix)]
    return grids, []


_BROKEN = (KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError, OSError, zipfile.BadZipFile, ParseError)
"""What openpyxl raises for files that are cut off or not as the standard says."""


def _grids(path: Path) -> list[Grid]:
    from openpyxl import load_workbook

    with catch_warnings():
        simplefilter("ignore")  # openpyxl warns of everything it leaves out: charts, extensions, print areas
        stored = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            names = [sheet.title for sheet in stored.worksheets if not is_plan_sheet(sheet.title)]
            return [Grid(name, "workbook", _rows(stored[name], written[name])) for name in names]
        finally:
            stored.close()
            written.close()


def _rows(stored: Any, written: Any) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """The rows that hold anything, with their numbers."""
    stored.reset_dimensions()
    written.reset_dimensions()
    rows = []
    for number, (values, formulas) in enumerate(zip(stored.iter_rows(), written.iter_rows(), strict=True), start=1):
        cells = tuple(_value(value, formula) for value, formula in zip(values, formulas, strict=True))
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return tuple(rows)


def _value(cell: Any, formula: Any) -> Any:
    if cell.value is None:
        has_none = formula.data_type == "f" and cell.data_type != "str"
        return NoStoredValue(str(formula.value)) if has_none else None
    if cell.data_type == "e":
        return ErrorValue(str(cell.value))
    return cell.value
