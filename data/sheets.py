"""Sheets: an Excel workbook as grids. Read twice, for the stored values and for the formulas behind them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import ParseError

from masterplan.data.errors import Problem
from masterplan.data.files import is_plan_sheet
from masterplan.data.grid import ErrorValue, Grid, NoStoredValue, as_float_can
from masterplan.data.guard import guard

Rows = list[tuple[int, tuple[Any, ...]]]
"""Rows with content: their number on the sheet and their cells."""


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
    rows = sheet_rows(path, lambda name: not is_plan_sheet(name))
    return [Grid(name, "workbook", tuple(found)) for name, found in rows.items()]


def sheet_rows(path: Path, typed: Callable[[str], bool], listed: Callable[[str], bool] = lambda name: False) -> dict[str, Rows]:
    """sheet -> (row number, cells) of the wanted sheets; rows with content only.

    `typed` are sheets that people type into: their formulas without a result are told as NoStoredValue. `listed` are read for their
    stored values alone, which is faster. Cells are None, text, numbers, truth values, dates, ErrorValue or NoStoredValue.
    """
    from openpyxl import load_workbook

    with catch_warnings(), path.open("rb") as first, path.open("rb") as second:  # openpyxl leaves a file that it cannot read open
        simplefilter("ignore")  # openpyxl warns of everything it leaves out: charts, extensions, print areas
        stored = load_workbook(first, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(second, read_only=True, data_only=False, keep_links=False)
        names = [sheet.title for sheet in stored.worksheets]
        found = {name: _rows(stored[name], written[name]) for name in names if typed(name)}
        return found | {name: _rows(stored[name]) for name in names if listed(name)}


def _rows(*sheets: Any) -> Rows:
    """The rows that hold anything, with their numbers."""
    for sheet in sheets:
        sheet.reset_dimensions()
    rows: Rows = []
    for number, cells in enumerate(zip(*(sheet.iter_rows() for sheet in sheets), strict=True), start=1):
        values = tuple(_value(*pair) for pair in zip(*cells, strict=True))
        if any(value is not None for value in values):
            rows.append((number, values))
    return rows


def _value(cell: Any, formula: Any = None) -> Any:
    if cell.value is None:
        has_none = formula is not None and formula.data_type == "f" and cell.data_type != "str"
        return NoStoredValue(str(formula.value)) if has_none else None
    return ErrorValue(str(cell.value)) if cell.data_type == "e" else as_float_can(cell.value)
