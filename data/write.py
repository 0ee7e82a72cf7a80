"""Writing: a case as a folder of CSV files, or its rows as clean cells; reading them back gives the same case exactly."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from masterplan.data.case import Case
from masterplan.data.cells import plain
from masterplan.data.files import safe_text, write_atomically
from masterplan.data.schema import TABLE, TABLES, Table
from masterplan.data.units import parse_number

CellValue = str | int | float | None

_WANTS_GUARD = re.compile(r"'*[=+\-@\t\r|]")


def write_folder(case: Case, path: str | Path) -> None:
    """Write every table that has rows, and those that a case must have, as `<table>.csv`: UTF-8, commas, each file whole or not at all.

    Columns that are blank throughout are left out. Files of tables that have no rows any more are deleted. Raises OSError.
    """
    folder = Path(path)
    for table in TABLES:
        file = folder / f"{table.name}.csv"
        if len(case.tables[table.name]) or table.required:
            write_atomically(file, _csv(case, table).encode())
        else:
            file.unlink(missing_ok=True)


def table_rows(case: Case, table: str) -> Iterator[tuple[CellValue, ...]]:
    """The rows of a table in the order of `column_names`: text, whole numbers as int, other numbers as float, None for blank."""
    frame = case.tables[table]
    columns = [frame[name].to_list() for name in TABLE[table].column_names]
    for row in zip(*columns, strict=True):
        yield tuple(_clean(cell) for cell in row)


def _csv(case: Case, table: Table) -> str:
    rows = list(table_rows(case, table.name))
    names = table.column_names
    needed = {*table.key, *(name for name in names if table.column(name).is_required)}
    kept = [at for at, name in enumerate(names) if name in needed or any(row[at] is not None for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([names[at] for at in kept])
    writer.writerows([_written(row[at]) for at in kept] for row in rows)
    return text.getvalue()


def _written(cell: CellValue) -> str:
    """A cell as text; what a spreadsheet would take for a formula gets an apostrophe in front, which reading takes off again."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return plain(cell)
    return f"'{cell}" if _WANTS_GUARD.match(cell) and parse_number(cell) is None else cell


def _clean(cell: object) -> CellValue:
    if cell is None or cell != cell or cell == "":
        return None
    if not isinstance(cell, int | float):
        return safe_text(cell)
    number = float(cell)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
