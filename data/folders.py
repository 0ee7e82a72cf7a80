"""Folders: CSV files (UTF-8, commas, one per table) as grids."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from masterplan.data.errors import Problem
from masterplan.data.grid import Grid
from masterplan.data.headers import MOST_COLUMNS, MOST_ROWS

MOST_BYTES = 200 * 2**20
_GUARDED_TEXT = re.compile(r"'+[=+\-@\t\r|]")


def read_folder(path: Path) -> tuple[list[Grid], list[Problem]]:
    """The CSV files of a folder as grids, and the files that cannot be used. Other files are not looked at."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    files = sorted(file for file in path.iterdir() if file.suffix.casefold() == ".csv" and not file.name.startswith((".", "~")))
    for file in files:
        grid = _read(file)
        if isinstance(grid, Grid):
            grids.append(grid)
        else:
            problems.append(grid)
    if not files:
        fix = "Put CSV files named after the tables there, such as settings.csv"
        problems.append(Problem("F008", found=f"the folder {path.name!r}", allowed="which has no CSV file", fix=fix))
    return grids, problems


def unguarded(text: str) -> str:
    """A text without the apostrophe that `write_folder` puts before what a spreadsheet would take for a formula."""
    return text[1:] if _GUARDED_TEXT.match(text) else text


def _read(file: Path) -> Grid | Problem:
    try:
        if file.stat().st_size > MOST_BYTES:
            return _refused("F009", file, f"which is larger than {MOST_BYTES // 2**20} MiB", "Split the case")
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("F007", file, "which is not encoded in UTF-8", "Save it as CSV UTF-8")
    except OSError as error:
        fix = "Close it in other programs, or ask for the right to read it"
        return _refused("F006", file, f"which cannot be read ({error.strerror})", fix)
    if "\0" in text:
        return _refused("F007", file, "which is no text", "Save it as CSV UTF-8")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "," not in first and (";" in first or "\t" in first):
        return _refused("F002", file, "whose columns are not parted by commas", "Save it with commas")
    return _parse(file, text)


def _parse(file: Path, text: str) -> Grid | Problem:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, tuple[Any, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(unguarded(cell) if cell else None for cell in cells)))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:
                allowed = f"of which at most {MOST_ROWS} rows and {MOST_COLUMNS} columns are read"
                return _refused("E003", file, allowed, "Split or shorten it")
    except csv.Error as error:
        fix = "Put texts that hold commas or quotes in double quotes, and double the quotes inside"
        return _refused("F004", file, f"which is no proper CSV ({error})", fix, f"line {reader.line_num}")
    return Grid(file.stem, "folder", tuple(rows))


def _refused(code: str, file: Path, allowed: str, fix: str, cell: str = "") -> Problem:
    return Problem(code, found=f"the file {file.name!r}", allowed=allowed, fix=fix, sheet=file.name, cell=cell)
