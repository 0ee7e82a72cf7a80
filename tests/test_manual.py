"""The manual and the README: every example runs, every page is complete, and the site is whole without the web."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from nbclient import NotebookClient

import masterplan as mp
from docs.generate import GOLDEN, NOTEBOOK, PARTS, commands, notebook
from masterplan import resolving, solving
from masterplan.data.schema import SETTINGS, TABLES
from masterplan.formulations import COLLECTING, POSTING
from tests.manual import ROOT, Block, Session, blocks, command, run_page

PAGES = sorted((ROOT / "docs" / "pages").glob("*.md"))
SMALL = ("tutorial", "constraint", "questions")  # pages whose case is solved to its end
AFTER = {"questions": "tutorial"}  # pages that begin in the folder that another leaves
ENOUGH = 0.95


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large cases stop at a wide gap: the examples have to work, not to be proven best."""
    library = solving.checked_options

    def checked_options(gap: float, *rest: Any) -> Any:
        return replace(library(max(gap, ENOUGH), *rest), threads=1)

    for module in (solving, resolving):
        monkeypatch.setattr(module, "checked_options", checked_options)


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.stem)
def test_every_example_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if page.stem not in SMALL:
        quick(monkeypatch)
    if page.stem in AFTER:
        run_page(page.with_stem(AFTER[page.stem]))
    run_page(page)


def test_the_notebook_runs(tmp_path: Path) -> None:
    book = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert (tmp_path / "plan.xlsx").is_file()


def test_the_notebook_is_kept_without_results() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "docs" / "mkdocs.yml"), site_dir=str(folder), strict=True)
    build(config)
    return folder


def test_the_site_is_whole_without_the_web(site: Path) -> None:
    pages = list(site.glob("*.html"))
    assert {page.stem for page in pages} >= {page.stem for page in PAGES} | {"first_plan"}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//[^"]*"', text), f"{page.name} needs the web"
        assert "```" not in text, f"{page.name} shows a fence"
        assert "generated:" not in text


def test_the_reference_leaves_nothing_out() -> None:
    shown = {name: part() for name, part in PARTS.items()}
    for table in TABLES:
        assert f"## {table.name}" in shown["tables"]
        for name in table.column_names if table.name != "settings" else [setting.name for setting in SETTINGS]:
            assert re.search(rf"^\| \**{name}\** \|", shown["tables"], re.MULTILINE)
    for block in (*POSTING, *COLLECTING):
        name = block.__name__.rsplit(".", 1)[-1]  # type: ignore[attr-defined]
        assert f"### {name}\n" in shown["model"]
        assert (GOLDEN / f"{name}.lp").read_text(encoding="utf-8").rstrip() in shown["model"]
    assert all(f"## {name}\n" in shown["library"] for name in mp.__all__)
    assert all(f"## {name}\n" in shown["help"] for name, _ in commands())
    assert "mp.load" in notebook()


# what runs the examples can fail


def test_a_false_output_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text("```sh\nmasterplan check steel\n```\n\n```text\n3 problems found\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"page\.md, line 5: the manual says"):
        run_page(page)


def test_a_false_exit_code_is_noticed() -> None:
    with pytest.raises(AssertionError, match="ended with 0, not 3"):
        command("masterplan check steel   # exit code 3")
    with pytest.raises(AssertionError, match="ended with 3, not 0"):
        command("masterplan check no_such_case")


def test_what_cannot_be_run_is_noticed() -> None:
    with pytest.raises(AssertionError, match="no test runs rm"):
        command("rm -rf output")
    with pytest.raises(AssertionError, match="No rule to make target"):
        command("make coffee")
    with pytest.raises(AssertionError, match="'ruby'"):
        Session().run(Block("ruby", "", "", 1))
    assert [block.language for block in blocks('```sh\na\n```\n```csv title="x.csv"\nb\n```\n')] == ["sh", "csv"]
