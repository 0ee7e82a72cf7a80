"""Running the examples of a page: its blocks in order, in one folder, in one Python session.

sh       each line is run; `# exit code 3` beside it says how it ends (0 if not said); a line of make is only asked what it would do
python   run in the session of the page
csv      written to the file in its title
text     what the block before it printed, `...` standing for anything; without a block before it, or without a language: a drawing
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from masterplan.cli import app

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {"sh", "python", "csv", "text", ""}
_FENCE = re.compile(r'^```(\w*)(?: title="(.+?)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"#.*exit code (\d+)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, the file in its title, its text, and the line where it begins."""

    language: str
    title: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    for found in _FENCE.finditer(page):
        yield Block(found[1], found[2] or "", found[3], page[: found.start()].count("\n") + 1)


@dataclass
class Session:
    """What the blocks of a page share: names of Python, and what the last block printed. The working folder is the caller's."""

    names: dict[str, Any] = field(default_factory=dict)
    printed: str | None = None

    def run(self, block: Block) -> None:
        """Run a block, or compare it with what was printed. Raises AssertionError where it does not hold."""
        assert block.language in LANGUAGES, f"no test runs a block of {block.language!r}"
        if block.language == "text":
            if self.printed is not None:
                same(block.text, self.printed)
        elif block.language == "csv":
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(block.text, "manual", "exec"), self.names)
        elif block.language == "sh":
            self.printed = "".join(command(line) for line in block.text.splitlines() if line.strip() and not line.startswith("#"))


def same(told: str, printed: str) -> None:
    """Is this what was printed, up to `...` and spaces?"""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(told, printed, flags), f"the manual says\n{told}\nand the program says\n{printed}"


def command(line: str) -> str:
    """Run a line of a shell block; what it prints on both streams."""
    expected = int(found[1]) if (found := _CODE.search(line)) else 0
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return ""
    assert words[0] == "masterplan", f"no test runs {words[0]}"
    target = words[words.index(">") + 1] if ">" in words else None
    result = CliRunner().invoke(app, words[1 : words.index(">") if target else None])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == expected, f"`{line}` ended with {result.exit_code}, not {expected}:\n{result.output}"
    if target:
        Path(target).write_text(result.stdout, encoding="utf-8")
    return str(result.output)


def run_page(path: Path) -> None:
    """Run every block of a page in the working folder; what fails is told with its place."""
    session = Session()
    for block in blocks(path.read_text(encoding="utf-8")):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                session.run(block)
        except Exception as error:
            raise AssertionError(f"{path.name}, line {block.line}: {error}") from error
