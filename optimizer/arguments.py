"""What the commands ask for in the same words, and what they do alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from masterplan.data.case import Case

BASE_CASE = "base"

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="Embedded name, folder, or workbook.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout; messages stay on stderr.")]
Changes = Annotated[list[str] | None, typer.Option("--set", metavar="CHANGE", help="Change a number; may be repeated.")]
Scenarios = Annotated[list[str] | None, typer.Option("--scenario", metavar="NAME", help="Apply a scenario; may be repeated.")]
Gap = Annotated[float, typer.Option(min=0.0, max=0.99, help="Stop when this close to the best, as a share of the value added.")]
Seconds = Annotated[float, typer.Option("--time-limit", min=0.1, metavar="SECONDS", help="For each solve.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the solver; all cores if not given.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes that solve at once, one thread each.")]
Keep = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Keep each plan there; what was solved before is taken from it.")]
PlanFile = Annotated[Path | None, typer.Option("-o", "--output", metavar="PLAN.xlsx", help="Write the plan and what was found.")]


def chosen_case(source: str, scenarios: list[str] | None, changes: list[str] | None) -> Case:
    """The case after its scenarios, left to right, and then the changes."""
    import masterplan as mp

    case: Case = mp.load(source)
    case = case.scenario(*scenarios) if scenarios else case
    return case.change(*changes) if changes else case


def expect_workbook(path: Path | None, option: str) -> None:
    """Refuse a file name that is no workbook's."""
    if path is not None and path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path} does not end in .xlsx", param_hint=option)


def expect_page(path: Path | None, option: str) -> None:
    """Refuse a file name that is no page's."""
    if path is not None and path.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{path} does not end in .html", param_hint=option)
