"""Files: writing whole or not at all, text that can never turn into a formula, and the sheets a plan workbook has besides the tables."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from masterplan.data.findings import FINDINGS_SHEETS

PLAN_SHEETS = (
    "About",
    "Summary",
    "Starts",
    "Cancellations",
    "Capex",
    "Capacity",
    "Levels",
    "Vintages",
    "Retirements",
    "Closures",
    "Given up",
    "Trades",
    "Stocks",
    "Losses",
    "Financing",
    "Gates opened",
    "Synergies active",
    "Balances",
    "Binding",
    "Cash",
    "Targets",
    "Budget",
    "Map",
    "Checks",
    "Data",
    "RunLog",
    "AsSolved",
    "Begun",
    "Ages",
    "Steps",
    "Yearly",
    "Sums",
    "Tested",
    "Portfolio",
    "Bridge",
    "Gantt",
    "In use",
    "Start here",
    "Errors",
)
"""Sheets with these names (and those that begin with `note` or `Balance `) hold no input: reading passes over them."""

LONGEST_TEXT = 32_767  # characters that fit in an Excel cell
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LOOKS_LIKE_FORMULA = re.compile(r"[=+\-@\t\r|]")


class FileInUseError(OSError):
    """The file cannot be written because another program has it open, or its folder does not allow it."""


class CannotKeepError(OSError):
    """What a study has solved cannot be kept in its folder."""


def safe_text(value: object) -> str:
    """Text that XML and a spreadsheet cell can hold: no control characters, line ends as LF, 32,767 characters at most."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL_IN_XML.sub("", text)[:LONGEST_TEXT]


def looks_like_formula(text: str) -> bool:
    """Would a spreadsheet program take this text for a formula or a command if it were typed in?"""
    return bool(_LOOKS_LIKE_FORMULA.match(text))


def is_plan_sheet(name: str) -> bool:
    """Is this a sheet of results or notes, which holds no input?"""
    folded = name.strip().casefold()
    return folded in {sheet.casefold() for sheet in (*PLAN_SHEETS, *FINDINGS_SHEETS)} or folded.startswith(("note", "balance ", "data_"))


def csv_cell(value: object) -> object:
    """A cell of a CSV file for people: an apostrophe before a text that a spreadsheet program would take for a formula."""
    return f"'{value}" if isinstance(value, str) and looks_like_formula(value) else value


def ensure_writable(path: str | Path) -> None:
    """Raise FileInUseError with a sentence for the planner if `path` is open in a spreadsheet program, or cannot be written.

    Cheap: call it before a long solve.
    """
    target = Path(path)
    if any((target.parent / lock).exists() for lock in (f"~${target.name}", f".~lock.{target.name}#")):
        raise FileInUseError(_in_use(target))
    parent = next((folder for folder in target.parents if folder.exists()), target.parent)
    if not parent.is_dir():
        raise FileInUseError(f"{parent} is a file, no folder. Give another name.")
    if target.is_dir():
        raise FileInUseError(f"{target} is a folder. Give the name of a file.")
    if target.exists() and not os.access(target, os.W_OK):
        raise FileInUseError(_in_use(target))


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to `path` whole or not at all: a temporary file in the same folder, synced, then put in place of the old file.

    Missing folders are made. Raises FileInUseError if the file is open elsewhere or may not be written, OSError if the disk fails.
    """
    target = Path(path)
    ensure_writable(target)
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode_for(target))
        os.replace(temporary, target)
    except PermissionError as error:
        raise FileInUseError(_in_use(target)) from error
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


def _mode_for(target: Path) -> int:
    """The mode of the file that is replaced, or what a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _in_use(target: Path) -> str:
    return f"{target.name} is open in a spreadsheet program or may not be written. Close it, or give another name."
