"""The result sheets of a plan workbook as raw rows, before anything is known about them; a person may have edited any cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from openpyxl import load_workbook

from masterplan.data.grid import ErrorValue, NoStoredValue

Rows = list[tuple[int, tuple[Any, ...]]]


def plan_sheets(path: Path, wanted: tuple[str, ...]) -> dict[str, Rows]:
    """sheet -> (row number, cells) of the wanted sheets that are there, and of those that go on as `<sheet>_2`; rows with content only.

    Cells are None, text, numbers, truth values, dates, ErrorValue, or NoStoredValue for a formula without a result.
    """
    with catch_warnings():
        simplefilter("ignore")  # openpyxl warns of everything it leaves out: extensions, print areas
        stored = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            names = [name for name in stored.sheetnames if name.split("_")[0] in wanted]
            return {name: _rows(stored[name], written[name]) for name in names}
        finally:
            stored.close()
            written.close()


def _rows(stored: Any, written: Any) -> Rows:
    stored.reset_dimensions()
    written.reset_dimensions()
    rows: Rows = []
    for number, (values, formulas) in enumerate(zip(stored.iter_rows(), written.iter_rows(), strict=True), start=1):
        cells = tuple(_value(value, formula) for value, formula in zip(values, formulas, strict=True))
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return rows


def _value(cell: Any, formula: Any) -> Any:
    if cell.value is None:
        return NoStoredValue(str(formula.value)) if formula.data_type == "f" else None
    return ErrorValue(str(cell.value)) if cell.data_type == "e" else cell.value
