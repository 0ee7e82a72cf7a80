"""The layers of the house, read from the source files: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"masterplan": "optimizer", "masterplan.data": "data", "masterplan.formulations": "formulations", "masterplan.reports": "reports"}
MAY_KNOW = {
    "data": {"masterplan.data"},
    "formulations": {"masterplan.data", "masterplan.formulations"},
    "reports": {"masterplan.data", "masterplan.reports"},
}
FOREIGN = {
    "data": {"pyomo", "highspy"},
    "formulations": {"openpyxl", "highspy"},
    "reports": {"pyomo", "highspy"},
    "optimizer": set(),
}
SOLVER_FILE = "highs.py"
LIGHT = {"typer", "masterplan"}  # what the command line may import before a command is chosen

FILES = [pytest.param(folder, path, id=f"{folder}/{path.name}") for folder in FOREIGN for path in sorted((ROOT / folder).glob("*.py"))]


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
    """Every absolute name that a file imports, `from a import b` as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize(("folder", "path"), FILES)
def test_a_folder_knows_only_the_folders_below_it(folder: str, path: Path) -> None:
    if folder == "optimizer":
        return
    ours = [name for name, _ in imports(parsed(path)) if within(name, "masterplan")]
    strangers = [name for name in ours if not any(within(name, known) for known in MAY_KNOW[folder])]
    assert not strangers, f"{folder}/{path.name} may not know {strangers}"


@pytest.mark.parametrize(("folder", "path"), FILES)
def test_a_folder_keeps_its_hands_off_foreign_libraries(folder: str, path: Path) -> None:
    found = [name for name, _ in imports(parsed(path)) if any(within(name, package) for package in FOREIGN[folder])]
    assert not found, f"{folder}/{path.name} may not import {found}"


@pytest.mark.parametrize(("folder", "path"), FILES)
def test_only_the_solver_file_touches_highs(folder: str, path: Path) -> None:
    if (folder, path.name) != ("optimizer", SOLVER_FILE):
        assert not [name for name, _ in imports(parsed(path)) if within(name, "highspy")]


@pytest.mark.parametrize(("folder", "path"), FILES)
def test_imports_are_absolute_and_named(folder: str, path: Path) -> None:
    for name, node in imports(parsed(path)):
        assert not getattr(node, "level", 0), f"{path.name}: a relative import does not match the folders"
        assert not name.endswith(".*"), f"{path.name}: {name} hides where names come from"


@pytest.mark.parametrize("folder", FOREIGN)
def test_python_files_are_flat(folder: str) -> None:
    nested = [str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.py") if path.parent != ROOT / folder]
    assert not nested, "Python files of a folder stand in the folder itself"


def test_no_folder_shadows_the_package() -> None:
    assert not (ROOT / "masterplan").exists(), "a folder masterplan/ would be imported instead of the package"


@pytest.mark.parametrize("name", ["cli.py", "outcome.py"])
def test_the_command_line_answers_at_once(name: str) -> None:
    """Heavy imports stand inside the command that needs them, or are for type checking only."""
    top = ast.Module([node for node in parsed(ROOT / "optimizer" / name).body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    import sys

    heavy = {found.split(".")[0] for found, _ in imports(top)} - LIGHT - set(sys.stdlib_module_names)
    assert not heavy
