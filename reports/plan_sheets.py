"""The result sheets of a plan workbook as raw rows, before anything is known about them; a person may have edited any cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from openpyxl import load_workbook

from masterplan.data.grid import ErrorValue, NoStoredValue

Rows = list[tuple[int, tuple[Any, ...]]]


def plan_sheets(path: Path, typed: tuple[str, ...], listed: tuple[str, ...]) -> dict[str, Rows]:
    """sheet -> (row number, cells) of the sheets that are there; rows with content only.

    `typed` are sheets that people type into: their formulas without a result are told as NoStoredValue. `listed` are read for their
    values alone, with the sheets `<name>_2`, … that go on from them. Cells are None, text, numbers, truth values, dates, ErrorValue.
    """
    with catch_warnings():
        simplefilter("ignore")  # openpyxl warns of everything it leaves out: extensions, print areas
        stored = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            found = {name: _rows(stored[name], written[name]) for name in stored.sheetnames if name in typed}
            return found | {name: _rows(stored[name], None) for name in stored.sheetnames if name.split("_")[0] in listed}
        finally:
            stored.close()
            written.close()


def _rows(stored: Any, written: Any | None) -> Rows:
    sheets = [stored] if written is None else [stored, written]
    for sheet in sheets:
        sheet.reset_dimensions()
    rows: Rows = []
    for number, (values, *formulas) in enumerate(zip(*(sheet.iter_rows() for sheet in sheets), strict=True), start=1):
        cells = tuple(_value(*pair) for pair in zip(values, *formulas, strict=True))
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return rows


def _value(cell: Any, formula: Any = None) -> Any:
    if cell.value is None:
        return NoStoredValue(str(formula.value)) if formula is not None and formula.data_type == "f" else None
    return ErrorValue(str(cell.value)) if cell.data_type == "e" else cell.value
