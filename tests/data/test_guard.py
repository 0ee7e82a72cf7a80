"""Files from strangers: every attack or accident has its code, quickly, and nothing of it is opened."""

from __future__ import annotations

import ast
import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from masterplan.data.folders import read_folder
from masterplan.data.guard import guard
from masterplan.data.read import read_case
from masterplan.data.template import write_template

SHEET = "xl/worksheets/sheet1.xml"
MOST_MEMORY = 50 * 2**20  # bytes; what the bombs would take is more


def plain_workbook() -> bytes:
    book = Workbook()
    book.active.title = "settings"
    book.active.append(["setting", "value"])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(path: Path, name: str, content: bytes) -> Path:
    """A workbook in which one part is replaced or added."""
    with zipfile.ZipFile(io.BytesIO(plain_workbook())) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return path


def sheet_with(cells: bytes, head: bytes = b"") -> bytes:
    return (
        head
        + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells
        + b"</sheetData></worksheet>"
    )


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%b">' % (depth, b"&l%d;" % (depth - 1) * 10) for depth in range(1, 10))
    + b"]><lolz>&l9;</lolz>"
)
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

BYTES = {
    "F002 text": b"setting,value\nfirst_year,2026\n",
    "F003 empty": b"",
    "F004 cut": plain_workbook()[:2000],
    "F005 old": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
}

PARTS = {
    "F010 laughs": (SHEET, sheet_with(b"", b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>')),
    "F010 late": (SHEET, sheet_with(b"", b'<?xml version="1.0"?>' + b" " * 5000 + b'<!DOCTYPE x SYSTEM "file:///etc/passwd">')),
    "F011 utf-16": (SHEET, sheet_with(b"").decode().encode("utf-16")),
    "F011 declared": (SHEET, sheet_with(b"", b'<?xml version="1.0" encoding="UTF-7"?>')),
    "E003 far row": (SHEET, sheet_with(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')),
    "E003 far column": (SHEET, sheet_with(b"<row r='1'><c r='XFD1'><v>1</v></c></row>")),
    "F010 laughs in the workbook": ("xl/workbook.xml", LAUGHS),
    "F010 laughs in the styles": ("xl/styles.xml", LAUGHS),
    "F010 laughs in a relation": ("xl/_rels/workbook.xml.rels", LAUGHS),
    "F010 laughs in a comment": ("xl/comments/comment1.xml", LAUGHS),
    "F010 a file of ours": (SHEET, sheet_with(b"<row><c><v>&x;</v></c></row>", XXE)),
    "F010 a server of theirs": ("xl/sharedStrings.xml", XXE.replace(b"file:///etc/passwd", b"http://127.0.0.1/") + b"<sst>&x;</sst>"),
    "F009 bomb of XML": (SHEET, sheet_with(b" " * (60 * 2**20))),
    "F009 bomb": ("xl/media/image1.bin", b"\0" * (60 * 2**20)),
}


@pytest.mark.parametrize("attack", BYTES)
def test_what_is_no_workbook_has_its_code(attack: str, tmp_path: Path) -> None:
    file = tmp_path / "case.xlsx"
    file.write_bytes(BYTES[attack])

    case, (problem,) = read_case(file)

    assert case is None
    assert problem.code == attack[:4]
    assert problem.is_error
    assert "case.xlsx" in str(problem)
    assert problem.fix


@pytest.mark.parametrize("attack", PARTS)
def test_attack_is_refused_unopened(attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = with_part(tmp_path / "case.xlsx", *PARTS[attack])

    def opens(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr("openpyxl.load_workbook", opens)
    tracemalloc.start()
    case, (problem,) = read_case(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert case is None
    assert problem.code == attack[:4]
    assert problem.fix
    assert peak < MOST_MEMORY


def test_a_part_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masterplan.data.guard.MOST_ELEMENTS", 1000)
    file = with_part(tmp_path / "case.xlsx", SHEET, sheet_with(b"<row/>" * 2100))

    assert guard(file).code == "F012"  # type: ignore[union-attr]


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "case.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")

    assert guard(tmp_path / "case.xlsx").code == "F002"  # type: ignore[union-attr]


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "case.xlsx", "w") as archive:
        for number in range(2_001):
            archive.writestr(str(number), "")

    assert guard(tmp_path / "case.xlsx").code == "F009"  # type: ignore[union-attr]


def test_broken_xml_is_told(tmp_path: Path) -> None:
    file = with_part(tmp_path / "case.xlsx", SHEET, b"<worksheet><sheetData><row>")

    assert [problem.code for problem in read_case(file)[1]] == ["F004"]


def test_long_result_sheets_do_not_count(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Data"
    book.create_sheet("settings")
    data = io.BytesIO()
    book.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(tmp_path / "case.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = sheet_with(b'<row r="900000"><c r="A900000"/></row>') if part == SHEET else old.read(part)
            new.writestr(part, content)

    assert guard(tmp_path / "case.xlsx") is None


def test_workbook_without_input_sheets_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Summary"
    book.save(tmp_path / "case.xlsx")

    assert [problem.code for problem in read_case(tmp_path / "case.xlsx")[1]] == ["F008"]


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    write_template(tmp_path / "case.xlsx")

    assert guard(tmp_path / "case.xlsx") is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"setting,value\ntitle,\xff\xfe\n", "F007"),
        (b"setting,value\ntitle,a\0b\n", "F007"),
        (b"setting;value\ntitle;x\n", "F002"),
        (b'setting,value\ntitle,"open\n', "F004"),
        (b"setting,value\n" + b"," * 600, "E003"),
    ],
)
def test_bad_csv_has_its_code_and_no_followers(content: bytes, code: str, tmp_path: Path) -> None:
    for table in ("resources", "activities", "recipes", "projects", "markets"):
        (tmp_path / f"{table}.csv").write_text({"resources": "resource,unit\n", "activities": "activity,unit\n"}.get(table, ""))
    (tmp_path / "settings.csv").write_bytes(content)

    (problem,) = read_folder(tmp_path)[1]

    assert (problem.code, problem.sheet) == (code, "settings.csv")
    assert "settings" not in {follower.table for follower in read_case(tmp_path)[1] if follower.code != code}


def test_files_that_may_not_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.csv").write_text("setting,value\n")
    (tmp_path / "case.xlsx").write_bytes(b"PK")

    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuses)
    monkeypatch.setattr(Path, "read_bytes", refuses)

    assert [problem.code for problem in read_folder(tmp_path)[1]] == ["F006"]
    assert guard(tmp_path / "case.xlsx").code == "F006"  # type: ignore[union-attr]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert guard(tmp_path / "case.xlsx").code == "F001"  # type: ignore[union-attr]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert [problem.code for problem in read_case(tmp_path)[1]] == ["F008"]


def test_a_swollen_whole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts, none of them large for itself."""
    monkeypatch.setattr("masterplan.data.guard.MOST_BYTES", 100_000)
    with zipfile.ZipFile(tmp_path / "case.xlsx", "w") as archive:
        for number in range(20):
            archive.writestr(f"xl/part{number}.bin", b"x" * 10_000)

    assert guard(tmp_path / "case.xlsx").code == "F009"  # type: ignore[union-attr]


def test_a_part_with_a_false_checksum_is_told(tmp_path: Path) -> None:
    file = with_part(tmp_path / "case.xlsx", SHEET, sheet_with(b"<row r='1'/>" * 40))
    with zipfile.ZipFile(file) as archive:
        offset = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 5
    data = bytearray(file.read_bytes())
    data[offset] ^= 0xFF
    file.write_bytes(data)

    assert [problem.code for problem in read_case(file)[1]] == ["F004"]


def test_an_encrypted_part_is_told(tmp_path: Path) -> None:
    """A zip whose parts want a password (not the way of Excel, whose encrypted files are F005)."""
    file = tmp_path / "case.xlsx"
    file.write_bytes(plain_workbook())
    data = bytearray(file.read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    file.write_bytes(data)

    assert [problem.code for problem in read_case(file)[1]] == ["F004"]


def test_a_formula_is_text_and_never_worked_out(tmp_path: Path) -> None:
    """A command in a cell (DDE) has no stored result: it is refused as any formula that nobody worked out."""
    write_template(tmp_path / "case.xlsx")
    book = load_workbook(tmp_path / "case.xlsx")
    book["settings"]["B6"] = "=cmd|'/c calc'!A1"
    book["settings"]["B7"] = '=WEBSERVICE("http://127.0.0.1/")'
    book.save(tmp_path / "case.xlsx")

    found = [problem for problem in read_case(tmp_path / "case.xlsx")[1] if problem.code == "E120"]
    assert [problem.cell for problem in found] == ["B6", "B7"]


def test_every_code_of_a_file_has_an_attack() -> None:
    """The codes told by the code that reads files are those that this page trips."""
    home = Path(__file__)
    told = {code for name in ("guard", "folders", "sheets") for code in codes(home.parents[2] / "data" / f"{name}.py")}
    assert told >= {f"F{number:03d}" for number in range(1, 13)}
    assert told <= codes(home)


def codes(path: Path) -> set[str]:
    texts = (node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant))
    return {text[:4] for text in texts if isinstance(text, str) and re.match(r"F\d{3}( |$)", text)}
