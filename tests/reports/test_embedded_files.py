"""The files of the embedded cases: small enough to mail, and a page that a browser draws with its own script and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import masterplan as mp
from tests.reports.live_plans import EMBEDDED, Written
from tests.reports.page import read_page
from tests.reports.test_report_page import CHROMIUM

pytestmark = pytest.mark.xdist_group("workbooks")
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def pages(written: dict[str, Written], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name in EMBEDDED:
        mp.write_report(written[name].plan, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in EMBEDDED}


@pytest.mark.parametrize("name", EMBEDDED)
def test_they_can_be_mailed(written: dict[str, Written], pages: dict[str, Path], name: str) -> None:
    assert written[name].path.stat().st_size < 2 * MEGABYTE
    assert pages[name].stat().st_size < 5 * MEGABYTE


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_part_of_the_page_is_there(written: dict[str, Written], pages: dict[str, Path], name: str) -> None:
    """Each with its drawing, its words and its numbers; the cases have something to show in all of them."""
    page = read_page(pages[name].read_text(encoding="utf-8"))
    parts = [section.attributes["aria-labelledby"] for section in page.all("section")]
    assert parts == ["capex", "build", "tight", "capacity", "flows", "map", "cash", "milestones", "checks"]
    assert len(page.all("svg")) > 10
    assert "✓ audit passed" in page.one("header").text


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("name", EMBEDDED)
def test_a_browser_runs_the_script_of_the_page(pages: dict[str, Path], name: str, tmp_path: Path) -> None:
    call = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    seen = subprocess.run(
        [*call, f"--user-data-dir={tmp_path}", "--dump-dom", pages[name].as_uri()], capture_output=True, text=True, check=True, timeout=120
    )
    assert '<html lang="en" data-js="1">' in seen.stdout
