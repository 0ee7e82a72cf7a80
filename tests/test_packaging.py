"""What pyproject.toml lists by hand agrees with the folders, and what is installed is whole."""

from __future__ import annotations

import tomllib
from importlib import import_module, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = SETTINGS["tool"]["setuptools"]
PACKAGE_DIR: dict[str, str] = SETUPTOOLS["package-dir"]
CASE_FILES = sorted(path.relative_to(ROOT / "data") for path in (ROOT / "data" / "cases").rglob("*") if path.is_file())


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert folders == set(PACKAGE_DIR.values())
    assert set(SETUPTOOLS["packages"]) == set(PACKAGE_DIR)


def test_every_case_file_is_package_data() -> None:
    patterns = SETUPTOOLS["package-data"]["masterplan.data"]
    included = {path.relative_to(ROOT / "data") for pattern in patterns for path in (ROOT / "data").glob(f"{pattern}/*") if path.is_file()}
    assert set(CASE_FILES) <= included


@pytest.mark.parametrize("package", PACKAGE_DIR)
def test_every_source_file_is_installed(package: str) -> None:
    """A package missing from the list works in editable mode and is absent from the wheel."""
    installed = Path(str(import_module(package).__file__)).parent
    source = ROOT / PACKAGE_DIR[package]
    missing = [path.name for path in source.glob("*.py") if not (installed / path.name).is_file()]
    assert not missing, "install again: `make test` does"


def test_every_case_file_is_installed() -> None:
    installed = Path(str(import_module("masterplan.data").__file__)).parent
    assert not [str(path) for path in CASE_FILES if not (installed / path).is_file()]


def test_what_the_page_is_made_of_is_installed() -> None:
    patterns = SETUPTOOLS["package-data"]["masterplan.reports"]
    parts = {path.name for pattern in patterns for path in (ROOT / "reports").glob(pattern)}
    installed = Path(str(import_module("masterplan.reports").__file__)).parent
    assert {"report.css", "report.js"} <= parts
    assert not [name for name in sorted(parts) if not (installed / name).is_file()]


def test_types_are_told_to_users() -> None:
    assert (Path(str(import_module("masterplan").__file__)).parent / "py.typed").is_file()


def test_the_version_is_stated_once() -> None:
    assert metadata.version("masterplan") == SETTINGS["project"]["version"]
