"""What the commands ask for in the same words, and what they do alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from masterplan.outcome import exit_code, writable

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
PageFile = Annotated[Path | None, typer.Option("--html", metavar="PLAN.html", help="Write both as a page with charts.")]


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


def plan_targets(output: Path | None, html: Path | None) -> list[Path]:
    """The workbook and the page to write to, after making sure before a long solve that they can be put there."""
    expect_workbook(output, "-o")
    expect_page(html, "--html")
    return [writable(path) for path in (output, html) if path is not None]


def expect_page(path: Path | None, option: str) -> None:
    """Refuse a file name that is no page's."""
    if path is not None and path.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{path} does not end in .html", param_hint=option)


def kept_folder(keep: Path | None) -> Path | None:
    """The folder for what is solved, after making sure before the first solve that something can be put there."""
    if keep is not None:
        writable(keep / "solved.json")
    return keep


def study_options(gap: float, time_limit: float, threads: int | None, jobs: int, keep: Path | None) -> dict[str, Any]:
    """How the solves of a study are made, by the names that its function knows."""
    from masterplan.console import say

    return {"gap": gap, "time_limit": time_limit, "threads": threads, "told": say, "jobs": jobs, "keep": kept_folder(keep)}


@contextmanager
def refused(option: str) -> Iterator[None]:
    """A value that cannot be read is a wrong use of its option; a case without a plan ends as its solve did."""
    from masterplan.console import say
    from masterplan.data.errors import CaseError
    from masterplan.studied import NoPlanError

    try:
        yield
    except NoPlanError as error:
        say(str(error), style="red")
        if error.plan is None:
            raise KeyboardInterrupt from None
        raise typer.Exit(exit_code(error.plan)) from None
    except CaseError:
        raise
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
