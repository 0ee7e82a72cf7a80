"""What the manual takes from the code when it is built, so that it cannot drift: a hook of mkdocs.

A page says `<!-- generated: tables -->`, and what stands in `PARTS` under that name is put there. The notebook becomes a page of its own.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from typer.testing import CliRunner

import masterplan as mp
from masterplan import cli, formulations, reports
from masterplan.data.cells import plain
from masterplan.data.files import PLAN_SHEETS
from masterplan.data.schema import SETTINGS, TABLES, Column, Table
from masterplan.outcome import ExitCode
from masterplan.reports.sheets import subtitle

DOCS = Path(__file__).resolve().parent
GOLDEN = DOCS.parent / "tests" / "golden"
NOTEBOOK = DOCS / "first_plan.ipynb"
_MARK = re.compile(r"<!-- generated: ([a-z ]+) -->")
_FILE = re.compile(r'^```(\w+) title="(.+?)"$', re.MULTILINE)
_CODES = {"DONE": "done", "BAD_INPUT": "bad input: every problem is told, in one run"} | {
    "INFEASIBLE": "infeasible or unbounded: a fault of the case, named in words",
    "LIMIT": "a limit was reached: the best plan is written, or none was found",
    "CANNOT_WRITE": "a file cannot be written",
    "SOLVER_FAILED": "the solver failed",
    "AUDIT_FAILED": "the audit failed",
    "INTERRUPTED": "interrupted: the best plan is written if there is one",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Hook of mkdocs: a page with its generated parts."""
    return filled(markdown)


def on_files(files: Any, config: Any) -> Any:
    """Hook of mkdocs: the notebook as a page."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, "first_plan.md", content=notebook()))
    return files


def filled(markdown: str) -> str:
    """A page in which every mark is replaced by what the code says, and the name of a file stands above its block.

    Raises KeyError for a mark that nothing stands behind.
    """
    return _FILE.sub(r"`\2`\n\n```\1", _MARK.sub(lambda found: PARTS[found[1]](), markdown))


def model() -> str:
    """Every block in the order in which it is added: its contract, and its rows for a tiny case."""
    parts = []
    for title, blocks in (("Blocks that decide and post", formulations.POSTING), ("Blocks that collect", formulations.COLLECTING)):
        parts.append(f"## {title}")
        for block in blocks:
            assert isinstance(block, ModuleType)
            name = block.__name__.rpartition(".")[2]
            first, _, contract = inspect.getdoc(block).partition("\n\n")  # type: ignore[union-attr]
            parts += [f"### {name}", escaped(" ".join(first.split())), fenced(contract)]
            if (rows := GOLDEN / f"{name}.lp").is_file():
                lp = fenced(rows.read_text(encoding="utf-8"))
                parts.append(f'<details markdown="1"><summary>Its rows for a tiny case</summary>\n\n{lp}\n\n</details>')
    return "\n\n".join(parts)


def tables() -> str:
    """Every table with its columns, and every setting."""
    parts = []
    for table in TABLES:
        needed = " A case must have it." if table.required else ""
        parts += [f"## {table.name}", f"{escaped(table.meaning.rstrip('.'))}.{needed}"]
        parts.append(
            columns(SETTINGS, None) if table.name == "settings" else columns([table.column(name) for name in table.column_names], table)
        )
    return "\n\n".join(parts)


def columns(listed: Any, table: Table | None) -> str:
    """The columns of a table (None: the settings) as a table."""
    lines = ["| name | kind | unit | default | meaning |", "|---|---|---|---|---|"]
    for column in listed:
        name = f"**{column.name}**" if table is not None and column.name in table.key else column.name
        by_year = " *by year*" if column.series else ""
        default = "required" if column.is_required else plain_default(column)
        lines.append(f"| {name} | {column.kind}{by_year} | {escaped(column.unit)} | {default} | {escaped(meaning(column))} |")
    return "\n".join(lines)


def plain_default(column: Column) -> str:
    """The default as it would be typed, empty where a blank cell says nothing."""
    return "" if column.default in (None, "") else plain(column.default) if isinstance(column.default, int | float) else str(column.default)


def meaning(column: Column) -> str:
    """Meaning, choices, the table that names come from, and range."""
    told = [column.meaning]
    told += [f"one of {', '.join(column.choices)}"] if column.choices else []
    told += [f"a name of {column.refers}"] if column.refers else []
    told += [f"from {plain(column.minimum)}"] if column.minimum is not None else []
    told += [f"to {plain(column.maximum)}"] if column.maximum is not None else []
    return "; ".join(told)


def sheets() -> str:
    """Every sheet of a plan workbook with its subtitle, in the order of the workbook where one is known."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(reports.__path__):
        report = importlib.import_module(f"masterplan.reports.{module.name}")
        if isinstance(getattr(report, "SHEET", None), str) and report.__doc__:
            found[report.SHEET] = subtitle(report)
    place = {name: at for at, name in enumerate(PLAN_SHEETS)}
    lines = [f"| {name} | {escaped(found[name])} |" for name in sorted(found, key=lambda name: place.get(name, len(place)))]
    return "\n".join(["| sheet | holds |", "|---|---|", *lines])


def commands() -> Iterator[tuple[str, Any]]:
    """Every command of the command line by name."""
    yield from typer.main.get_command(cli.app).commands.items()  # type: ignore[attr-defined]


def command_list() -> str:
    """Every command in a sentence."""
    lines = [f"| [`{name}`](commands.md#{name}) | {escaped(command.get_short_help_str(200))} |" for name, command in commands()]
    return "\n".join(["| command | does |", "|---|---|", *lines])


def command_help() -> str:
    """The help of every command, as the command prints it."""
    runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    parts = []
    for name, _ in commands():
        parts += [f"## {name}", fenced(runner.invoke(cli.app, [name, "--help"], prog_name="masterplan").stdout)]
    return "\n\n".join(parts)


def exit_codes() -> str:
    """Every exit code."""
    lines = [f"| {code.value} | {_CODES[code.name]} |" for code in ExitCode]
    return "\n".join(["| code | means |", "|---|---|", lines[0], "| 2 | wrong use of the command line |", *lines[1:]])


def json_keys() -> str:
    """The keys of the documents that solve, check, verify and describe write for the system of the tutorial."""
    import tempfile

    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in re.findall(
            r'```csv title="works/(.+?)"\n(.*?)```', (DOCS / "pages" / "tutorial.md").read_text("utf-8"), re.DOTALL
        ):
            path = Path(folder, "works", name)
            path.parent.mkdir(exist_ok=True)
            if not path.exists():  # the tutorial makes a mistake on purpose later on
                path.write_text(content, encoding="utf-8")
        works, plan = f"{folder}/works", f"{folder}/plan.xlsx"
        for arguments in (["solve", works, "-o", plan], ["check", works], ["verify", plan], ["describe", works], ["cases"]):
            answer = json.loads(CliRunner().invoke(cli.app, [*arguments, "--json"]).stdout)
            parts.append(f"| `{arguments[0]}` | {', '.join(f'`{key}`' for key in answer)} |")
    return "\n".join(["| command | keys |", "|---|---|", *parts])


def library() -> str:
    """Every public name: how it is called, and what it says of itself."""
    parts = []
    for name in mp.__all__:
        thing = getattr(mp, name)
        parts += [f"## {name}", fenced(signature(name, thing), "python-signature"), prose(inspect.getdoc(thing) or "")]
        if inspect.isclass(thing):
            parts.append("\n".join(f"- `{public}`: {escaped(first_sentence(member))}" for public, member in members(thing)))
    return "\n\n".join(parts)


def signature(name: str, thing: Any) -> str:
    """`name(argument: type = default, ...) -> type`, an argument a line where there are many."""
    text = re.sub(r"'([^']+)'", r"\1", str(inspect.signature(thing)))  # types that are written as text
    text = text.removesuffix(" -> None") if inspect.isclass(thing) else text
    text = re.sub(r"=<factory>|<factory>", "...", text)
    if len(text) > 90:
        inside, _, result = text[1:].rpartition(")")
        text = "(\n    " + ",\n    ".join(re.split(r", (?=[*\w]+:|\*)", inside)) + f",\n){result}"
    return f"mp.{name}{text}"


def members(thing: type) -> list[tuple[str, Any]]:
    """The documented public methods and properties of a class."""
    fields = {field.name for field in dataclasses.fields(thing)} if dataclasses.is_dataclass(thing) else set()
    own = [(name, member) for name, member in vars(thing).items() if not name.startswith("_") and name not in fields]
    return [(name, member) for name, member in own if first_sentence(member)]


def first_sentence(member: Any) -> str:
    """The first paragraph of what a member says of itself, on one line."""
    text = getattr(member, "__doc__", None) if not isinstance(member, str | int | float | tuple) else None
    return " ".join((text or "").strip().split("\n\n")[0].split())


def notebook() -> str:
    """The notebook as a page: its texts, and its code in blocks."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) if cell["cell_type"] == "markdown" else fenced("".join(cell["source"]), "python") for cell in cells)
    return "\n\n".join(texts) + "\n\nThis page is the notebook `docs/first_plan.ipynb`.\n"


def fenced(text: str, language: str = "") -> str:
    """A block that is shown as it is."""
    return f"```{language}\n{text.rstrip()}\n```"


def prose(text: str) -> str:
    """A docstring as paragraphs."""
    return "\n\n".join(escaped(" ".join(part.split())) for part in text.split("\n\n"))


def escaped(text: str) -> str:
    """Text in a page: marks of Markdown and HTML stay what they are, apart from `code`."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_\[\]|])", r"\\\1", part).replace("&", "&amp;").replace("<", "&lt;") for part in parts[::2]]
    return "`".join(part if at % 2 == 0 else part.replace("|", "\\|") for at, part in enumerate(parts))


PARTS: dict[str, Callable[[], str]] = {
    "commands": command_list,
    "exit codes": exit_codes,
    "help": command_help,
    "json": json_keys,
    "library": library,
    "model": model,
    "sheets": sheets,
    "tables": tables,
}
