"""Guard: looks at a file before anything opens it, since workbooks come from strangers.

Catches what is no workbook (F001 to F008), zip bombs (F009), document types (F010), foreign encodings (F011), endless
sheets (F012) and cells at the far end of a sheet (E003), in a few milliseconds for an ordinary file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from masterplan.data.errors import Problem
from masterplan.data.files import is_plan_sheet
from masterplan.data.headers import MOST_COLUMNS, MOST_ROWS

MOST_PARTS = 2_000
MOST_PART_BYTES = 200 * 2**20
MOST_BYTES = 400 * 2**20
MOST_RATIO = 200
RATIO_COUNTS_FROM = 10 * 2**20  # small parts may compress as well as they like
MOST_ELEMENTS = 3_000_000
PROLOG = 4096
CHUNK = 2**20

_REPAIR = "Open it in Excel or LibreOffice and save it again"
_SAVE_AS = "Save it as an Excel workbook (.xlsx)"
_REFERENCE = re.compile(rb"""[\s]r\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")


def guard(path: Path) -> Problem | None:
    """What is wrong with a workbook file as a file, or None if it may be opened."""
    problem = _not_a_file(path) or _not_a_workbook(path)
    if problem:
        return problem
    try:
        with zipfile.ZipFile(path) as archive:
            return _archive(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
        return _file("F004", path, f"which is cut off or damaged ({type(error).__name__})", _REPAIR)


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets of a workbook that was let pass, as the file writes them."""
    with zipfile.ZipFile(path) as archive:
        return [sheet.get("name", "") for sheet in _elements(_SHEET, archive, "xl/workbook.xml")]


def _not_a_file(path: Path) -> Problem | None:
    if not path.is_file():
        return _file("F001", path, "which is not there", "Check the name")
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        fix = "Close it in other programs, or ask for the right to read it"
        return _file("F006", path, f"which cannot be read ({error.strerror})", fix)
    return _file("F003", path, "which is empty", "Write a new one with `masterplan template`") if path.stat().st_size == 0 else None


def _not_a_workbook(path: Path) -> Problem | None:
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD_EXCEL:
        return _file("F005", path, "which is protected by a password or in the old .xls format", f"Remove the password. {_SAVE_AS}")
    if not start.startswith(b"PK"):
        fix = f"{_SAVE_AS}, or put CSV files named after the tables in a folder"
        return _file("F002", path, "which is no Excel workbook, whatever its name says", fix)
    return None


def _archive(path: Path, archive: zipfile.ZipFile) -> Problem | None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_BYTES or any(_swollen(part) for part in parts):
        allowed = f"which unpacks to {total // 2**20} MiB in {len(parts)} parts"
        return _file("F009", path, allowed, "Delete what is not input, and save it again")
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        return _file("F002", path, "which is a zip file but no Excel workbook", _SAVE_AS)
    ignored = _ignored_parts(archive)
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")) and part.filename not in ignored:
            problem = _part(path, archive, part.filename)
            if problem:
                return problem
    return None


def _swollen(part: zipfile.ZipInfo) -> bool:
    ratio = part.file_size / max(part.compress_size, 1)
    return part.file_size > MOST_PART_BYTES or (ratio > MOST_RATIO and part.file_size > RATIO_COUNTS_FROM)


def _part(path: Path, archive: zipfile.ZipFile, name: str) -> Problem | None:
    """Stream one part: its prolog, how many elements it has, and how far its cells reach."""
    elements, last_row, last_column = 0, 0, 0
    is_sheet = name.startswith("xl/worksheets/") and name.count("/") == 2
    with archive.open(name) as stream:
        for number, chunk in enumerate(_chunks(stream)):
            if number == 0 and (problem := _prolog(path, name, chunk)):
                return problem
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                return _doctype(path, name)
            elements += chunk.count(b"<")
            if elements > 2 * MOST_ELEMENTS:
                return _file("F012", path, f"whose part {name} has more than {MOST_ELEMENTS} elements", "Delete rows that are not input")
            if is_sheet:
                for column, row in _REFERENCE.findall(chunk):
                    last_row, last_column = max(last_row, int(row)), max(last_column, _column(column))
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
        reach = f"whose part {name} reaches row {last_row} and column {last_column}"
        return _file("E003", path, f"{reach}; at most {MOST_ROWS} rows and {MOST_COLUMNS} columns are read", "Delete the cells far outside")
    return None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Chunks that overlap a little, so that nothing is missed at a seam."""
    tail = b""
    while chunk := stream.read(CHUNK):
        yield tail + chunk
        tail = chunk[-40:]


def _prolog(path: Path, name: str, chunk: bytes) -> Problem | None:
    start = chunk[:PROLOG]
    encoding = _ENCODING.search(start)
    foreign = encoding is not None and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")
    if foreign or start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        return _file("F011", path, f"whose part {name} is not encoded in UTF-8", _REPAIR)
    if re.search(rb"<[A-Za-z]", start) is None and len(chunk) > PROLOG:
        return _doctype(path, name)
    return None


def _ignored_parts(archive: zipfile.ZipFile) -> set[str]:
    """The parts of sheets that hold no input: they are never opened, so they may be as long as they like."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in archive.namelist():
        return set()
    targets = {item.get("Id", ""): item.get("Target", "") for item in _elements(_RELATION, archive, relations)}
    ignored = set()
    for sheet in _elements(_SHEET, archive, "xl/workbook.xml"):
        if is_plan_sheet(sheet.get("name", "")):
            target = targets.get(sheet.get("r:id", ""), "")
            ignored.add(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return ignored - {"xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"}


def _elements(pattern: re.Pattern[bytes], archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with archive.open(name) as stream:
        text = stream.read(CHUNK)
    found = pattern.findall(text)
    return [{key.decode(): value.decode(errors="replace") for key, value in _ATTRIBUTE.findall(element)} for element in found]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _doctype(path: Path, name: str) -> Problem:
    return _file("F010", path, f"whose part {name} declares a document type", _REPAIR)


def _file(code: str, path: Path, allowed: str, fix: str) -> Problem:
    return Problem(code, found=f"the file {path.name!r}", allowed=allowed, fix=fix)
