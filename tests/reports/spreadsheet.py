"""A spreadsheet program that calculates every formula anew, for tests: LibreOffice, told not to believe the values that files store."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def recalculated(files: Sequence[Path], folder: Path) -> list[Path]:
    """Each file after LibreOffice has worked out every formula and saved it."""
    return converted(files, folder, "xlsx")


def converted(files: Sequence[Path], folder: Path, ending: str) -> list[Path]:
    """Each file as LibreOffice saves it in another format, every formula worked out anew."""
    profile, out = folder / "profile", folder / "converted"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    home = f"-env:UserInstallation={profile.as_uri()}"
    call = ["soffice", home, "--headless", "--norestore", "--convert-to", ending, "--outdir", str(out)]
    subprocess.run([*call, *map(str, files)], check=True, capture_output=True, timeout=600)
    return [out / f"{file.stem}.{ending}" for file in files]


def edited(file: Path, copy: Path, part: str, values: Mapping[str, float | str]) -> Path:
    """A copy in which somebody typed into cells of one part (`xl/worksheets/sheet3.xml`): nothing else of the file is touched."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                text = content.decode()
                for place, value in values.items():
                    typed = f' t="inlineStr"><is><t>{value}</t></is></c>' if isinstance(value, str) else f"><v>{value!r}</v></c>"
                    text, count = re.subn(rf'<c r="{place}"( s="\d+")?[^>]*?(/>|(?<!/)>.*?</c>)', rf'<c r="{place}"\1{typed}', text)
                    assert count == 1, f"{part} has no cell {place}"
                content = text.encode()
            new.writestr(name, content)
    return copy
