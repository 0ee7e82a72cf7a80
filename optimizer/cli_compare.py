"""Commands that look into plans: what parts two of them, and where a resource comes from and goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan.arguments import (
    BASE_CASE,
    CaseArgument,
    Changes,
    Gap,
    Json,
    PageFile,
    PlanFile,
    Scenarios,
    Seconds,
    Threads,
    chosen_case,
    plan_targets,
    refused,
)
from masterplan.data.pause import holding_interrupts
from masterplan.delivered import deliver
from masterplan.outcome import ExitCode, exit_code, problems_told, read_file

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.plan import Plan


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A plan workbook, or with --scenario or --set a CASE.")],
    second: Annotated[Path | None, typer.Argument(metavar="B.xlsx", help="The plan workbook to compare with it.")] = None,
    scenario: Scenarios = None,
    set_: Changes = None,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """What parts two plans: what moved, when and why, and every cash line of the difference; the lines sum to it.

    Two plan workbooks, or a case as it stands against itself with --scenario and --set, both solved.

    \b
    Examples:
      masterplan compare monday.xlsx friday.xlsx
      masterplan compare base --scenario tesla_only
      masterplan compare base --set "projects.*.lead_time+=1" -o later.xlsx

    Exit codes: as for solve.
    """
    with problems_told("compare", as_json):
        if (second is None) == (not scenario and not set_):
            raise typer.BadParameter("give two plan workbooks, or one case with --scenario or --set", param_hint="B.xlsx")
        targets = plan_targets(output, html)
        import masterplan as mp

        if second is not None:
            a, b = read_file(mp.read_plan, Path(first)), read_file(mp.read_plan, second)
        else:
            case = chosen_case(first, None, None)
            changed = chosen_case(first, scenario, set_)
            with refused("A"):
                a = _solved(case, "as it stands", gap, time_limit, threads)
                if a.stopped_because == "interrupted":  # one plan is nothing to compare
                    raise KeyboardInterrupt
                b = _solved(changed, "changed", gap, time_limit, threads, a)
        with holding_interrupts():
            with refused("B.xlsx"):
                found = mp.compare(a, b)
            code = ExitCode.DONE if second is not None else max(exit_code(a), exit_code(b))  # of plans that were solved here
            deliver("compare", b.case, found.findings(), b, targets, as_json, code)


def trace(
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help="The resource to follow.")],
    case: CaseArgument = BASE_CASE,
    plan: Annotated[Path | None, typer.Option(metavar="PLAN.xlsx", help="Follow it in this plan; else the case is solved.")] = None,
    year: Annotated[int | None, typer.Option(help="One year; else all of the plan.")] = None,
    depth: Annotated[int, typer.Option(min=1, help="Steps through recipes, up and down.")] = 3,
    scenario: Scenarios = None,
    set_: Changes = None,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """Where a resource comes from and where it goes, year by year, and on through recipes; both sides sum to the same.

    Within a year all units are alike: each use draws on every source in proportion. An activity that makes several things passes its share
    on along each of them.

    \b
    Examples:
      masterplan trace logic --plan plan.xlsx
      masterplan trace logic base --year 2035 --depth 4

    Exit codes: as for solve.
    """
    with problems_told("trace", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp

        with refused("RESOURCE"):
            chosen = chosen_case(case, scenario, set_) if plan is None else None
            if chosen is not None and (resource not in chosen.names("resources") or (year is not None and year not in chosen.years)):
                mp.trace(mp.Plan(chosen, "feasible", "gap"), resource, year)  # says what is allowed, before a long solve
            followed = (
                _solved(chosen, "the case", gap, time_limit, threads) if chosen is not None else read_file(mp.read_plan, Path(str(plan)))
            )
            is_known = resource in followed.case.names("resources")
        with refused("--year" if is_known else "RESOURCE"):
            found = mp.trace(followed, resource, year, depth)
        code = ExitCode.DONE if chosen is None else exit_code(followed)
        deliver("trace", followed.case, found.findings(), followed, targets, as_json, code)


def _solved(case: Case, what: str, gap: float, time_limit: float, threads: int | None, start: Plan | None = None) -> Plan:
    import masterplan as mp
    from masterplan.console import say
    from masterplan.studied import needed

    say(f"solving {what}")
    return needed(mp.solve(case, gap=gap, time_limit=time_limit, threads=threads, start=start), f"There is no plan of {what}")


COMMANDS: tuple[Callable[..., None], ...] = (compare, trace)
