"""The command line: `masterplan`, or `python -m masterplan`.

Commands only: what they do stands in the library, how they print in `console` and `summary`, their JSON in `jsonout`.
Everything heavy is imported by the command that needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan import cli_bottlenecks, cli_cases, cli_compare, cli_ranges, cli_studies
from masterplan.arguments import BASE_CASE, CaseArgument, Changes, Json, Scenarios, chosen_case, expect_page, expect_workbook
from masterplan.data.pause import holding_interrupts
from masterplan.delivered import plan_files
from masterplan.outcome import (
    ExitCode,
    ended,
    exit_code,
    problems_told,
    read_file,
    writable,
    write_all,
)

if TYPE_CHECKING:
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan

EXPLAINING = 20.0  # seconds for the reason why there is no plan

app = typer.Typer(
    epilog="CASE is the name of an embedded case (see `masterplan cases`), a folder of CSV tables, or a workbook; a plan workbook too.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"masterplan {version('masterplan')}")
        raise typer.Exit


@app.callback()
def command(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Tell the version.")] = False,
) -> None:
    """Capital planning: what to build, when, and with which money."""


def solve(
    case: CaseArgument = BASE_CASE,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="PLAN.xlsx", help="Write the plan as a workbook.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="PLAN.html", help="Write the plan as a page with charts.")] = None,
    set_: Changes = None,
    scenario: Scenarios = None,
    gap: Annotated[float, typer.Option(min=0.0, max=0.99, help="Stop when this close to the best, as a share of the value added.")] = 0.005,
    time_limit: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Stop after this time with the best plan so far.")] = 300.0,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of the solver; all cores if not given.")] = None,
    start: Annotated[Path | None, typer.Option(metavar="PLAN.xlsx", help="Begin from the plan of this workbook.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Find the best plan, audit it, and write it to Excel and as a page.

    \b
    Examples:
      masterplan solve -o plan.xlsx --html plan.html
      masterplan solve my-case.xlsx --set "projects.mine.lead_time+=1" --gap 0.01
      masterplan solve --scenario tesla_only --json > plan.json

    Exit codes: 0 done, 3 bad input, 4 infeasible or unbounded, 5 a limit was reached (best plan written), 6 cannot write,
    7 solver failed, 8 audit failed, 130 interrupted (best plan written).
    """
    expect_workbook(output, "-o")
    expect_page(html, "--html")
    with problems_told("solve", as_json):
        targets = [writable(path) for path in (output, html) if path is not None]
        begun = time.perf_counter()
        import masterplan as mp
        from masterplan.live import progress

        library = mp.solve  # its imports are what `import` counts
        imported = time.perf_counter()
        chosen = chosen_case(case, scenario, set_)
        first = None if start is None else read_file(mp.read_plan, start)
        seconds = {"import": imported - begun, "load": time.perf_counter() - imported}
        with progress(chosen, quiet) as listener:
            plan = library(chosen, gap=gap, time_limit=time_limit, threads=threads, start=first, progress=listener)
        with holding_interrupts() as held:
            code = _deliver(plan, targets, seconds, as_json)
        raise typer.Exit(ended(code, held.pressed))


def _deliver(plan: Plan, targets: list[Path], seconds: dict[str, float], as_json: bool) -> ExitCode:
    """Audit, write and print what a solve found."""
    import masterplan as mp
    from masterplan.jsonout import emit, findings_content, solve_document
    from masterplan.summary import print_findings, print_plan

    audited = time.perf_counter()
    audit = mp.audit(plan) if plan.found else None
    seconds = {**plan.run.get("seconds", {}), **seconds, "audit": time.perf_counter() - audited}
    plan = replace(plan, run={**plan.run, "seconds": seconds, "command": shlex.join(["masterplan", *sys.argv[1:]])})
    code = exit_code(plan, audit)
    exported = time.perf_counter()
    written, is_as_asked = write_all(plan_files(plan, targets, audit=audit))
    code = code if is_as_asked else ExitCode.CANNOT_WRITE
    if targets and plan.found:
        seconds["export"] = time.perf_counter() - exported
    warnings = [] if plan.status == "failed" else mp.sanity(plan.case)
    found = _explained(plan)
    if found is not None:
        plan = replace(plan, message=found.sentences[0])
    if as_json:
        told = {} if found is None else {"explanation": findings_content(found)}
        emit({**solve_document(plan, audit, warnings, written, code), **told})
    else:
        print_plan(plan, audit, warnings, ", ".join(written) or None)
        if found is not None:
            print_findings(replace(found, sentences=found.sentences[1:]), None)
    return code


def _explained(plan: Plan) -> Findings | None:
    """Why there is no plan, where the case is at fault; None where it is not."""
    if plan.status not in ("infeasible", "unbounded"):
        return None
    import masterplan as mp
    from masterplan.console import say

    say(f"{plan.status}: looking for the least that would have to give way")
    found = mp.explain(plan.case, time_limit=EXPLAINING, threads=plan.run.get("options", {}).get("threads"))
    return found.findings() if found.status in ("infeasible", "unbounded") else None


def verify(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.xlsx", help="A plan workbook, perhaps edited by hand.")],
    reoptimise: Annotated[bool, typer.Option("--reoptimise", help="Keep the starts and find the best operation for them.")] = False,
    as_json: Json = False,
) -> None:
    """Test a plan workbook: does every rule of its tables hold, and do its figures follow from its decisions?

    \b
    Examples:
      masterplan verify plan.xlsx
      masterplan verify plan.xlsx --reoptimise --json

    With --reoptimise only the starts are taken from the workbook: their best operation is found, tested,
    and compared with the value and the bound that the workbook states.

    Exit codes: 0 passed, 3 bad input, 4 no operation is feasible with these starts, 8 the audit failed.
    """
    with problems_told("verify", as_json):
        import masterplan as mp
        from masterplan.jsonout import document, emit, verify_content
        from masterplan.summary import print_verification

        stated = read_file(mp.read_plan, plan)
        tested = mp.reoptimise(stated) if reoptimise else stated
        audit = mp.audit(tested) if tested.found else None
        code = exit_code(tested, audit) if reoptimise else ExitCode.DONE if audit is not None and audit.passed else ExitCode.AUDIT_FAILED
        if as_json:
            emit(document("verify", **verify_content(stated, tested if reoptimise else None, audit), exit_code=code))
        else:
            print_verification(stated, tested if reoptimise else None, audit)
        raise typer.Exit(code)


app.command()(solve)
for about_cases, told in cli_cases.COMMANDS.items():
    app.command(short_help=told)(about_cases)
app.command(short_help="Test a plan workbook, edited by hand or not.")(verify)
for study in (*cli_studies.COMMANDS, *cli_bottlenecks.COMMANDS, *cli_ranges.COMMANDS, *cli_compare.COMMANDS):
    app.command()(study)


def main() -> None:
    """Run the command line; characters that a terminal cannot show are replaced."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="masterplan")
