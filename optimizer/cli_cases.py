"""The commands about cases: what is wrong with one, what is in it, and a workbook to write one in."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from masterplan.arguments import BASE_CASE, CaseArgument, Json, expect_workbook
from masterplan.outcome import CannotWriteError, ExitCode, not_there_yet, problems_told, writing


def check(
    case: CaseArgument,
    annotate: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="Write a copy of the workbook with its faults marked.")] = None,
    as_json: Json = False,
) -> None:
    """Tell everything that is wrong with a case, and what looks odd.

    \b
    Examples:
      masterplan check my-case.xlsx
      masterplan check my-case.xlsx --annotate marked.xlsx
      masterplan check my-folder --json

    --annotate marks each fault in a copy of the workbook: a colour and a comment at its cell, and a sheet Errors with links to them.
    The copy can be put right and read as it is.

    Exit codes: 0 usable (there may be warnings), 3 with errors.
    """
    with problems_told("check", as_json):
        target = None if annotate is None else _copy_of(case, annotate)
        import masterplan as mp
        from masterplan.console import print_problems, say, tell
        from masterplan.data.read import read_case
        from masterplan.jsonout import case_identity, document, emit, problem_rows

        chosen, problems = read_case(case, more_checks=mp.sanity)
        written = target is not None and not any(problem.code.startswith("F") for problem in problems)
        if target is not None and written:
            try:
                with writing(target):
                    mp.annotate(case, target, problems)
            except ValueError as error:
                raise CannotWriteError(f"{case} {error}") from None
        errors = sum(problem.is_error for problem in problems)
        code = ExitCode.BAD_INPUT if errors else ExitCode.DONE
        head = f"{chosen.name if chosen else case}: {_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
        if as_json:
            about = case_identity(chosen) if chosen else {"case": case}
            outputs = [str(target)] if written else []
            emit(document("check", **about, exit_code=code, message=head, problems=problem_rows(problems), outputs=outputs))
        elif problems:
            say(head, style="red" if errors else "")
            print_problems(problems)
        else:
            tell("✓ no problems found")
        if written and not as_json:
            say(f"-> {target}")
        raise typer.Exit(code)


def _copy_of(case: str, target: Path) -> Path:
    """Where the marked copy of a workbook goes: never over a file that is there, which may hold somebody's corrections."""
    expect_workbook(target, "--annotate")
    if not Path(case).is_file():
        raise typer.BadParameter(f"marks a copy of a workbook; {case} is none", param_hint="--annotate")
    return not_there_yet(target)


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write; an existing file is kept.")],
    source: Annotated[str | None, typer.Option("--from", metavar="CASE", help="Fill it with the tables of this case.")] = None,
    as_json: Json = False,
) -> None:
    """Write an Excel workbook to fill in: every table, with units, meanings and drop-downs.

    \b
    Examples:
      masterplan template my-case.xlsx
      masterplan template steel.xlsx --from steel
    """
    expect_workbook(file, "FILE.xlsx")
    with problems_told("template", as_json):
        import masterplan as mp
        from masterplan.console import tell
        from masterplan.jsonout import document, emit

        chosen = None if source is None else mp.load(source)
        target = not_there_yet(file)
        with writing(file):
            mp.write_template(target, case=chosen)
        if as_json:
            emit(document("template", case=source, exit_code=ExitCode.DONE, outputs=[str(file)]))
        else:
            tell(f"{file} is ready: fill it in, then `masterplan check {shlex.quote(str(file))}`")


def describe(case: CaseArgument = BASE_CASE, as_json: Json = False) -> None:
    """Tell what is in a case: years, money, systems, resources, activities, projects, scenarios.

    \b
    Examples:
      masterplan describe
      masterplan describe my-case.xlsx --json
    """
    with problems_told("describe", as_json):
        import masterplan as mp
        from masterplan.jsonout import document, emit
        from masterplan.summary import print_description

        content = mp.describe(mp.load(case))
        if as_json:
            emit(document("describe", **content))
        else:
            print_description(content)


def cases(as_json: Json = False) -> None:
    """List the embedded cases.

    \b
    Examples:
      masterplan cases
      masterplan cases --json
    """
    with problems_told("cases", as_json):
        import masterplan as mp
        from masterplan.console import print_table, tell
        from masterplan.jsonout import document, emit

        titles = {name: mp.load(name).setting("title") or "" for name in mp.cases()}
        if as_json:
            emit(document("cases", cases=[{"case": name, "title": title} for name, title in titles.items()]))
        else:
            print_table(("case", "title"), list(titles.items()))
            tell("look into one with `masterplan describe CASE`, solve it with `masterplan solve CASE -o plan.xlsx`")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


COMMANDS: Mapping[Callable[..., None], str] = {
    check: "Tell everything that is wrong with a case.",
    template: "Write an Excel workbook to fill in.",
    describe: "Tell what is in a case.",
    cases: "List the embedded cases.",
}
"""Each command, and what it does in a line of `masterplan --help`."""
