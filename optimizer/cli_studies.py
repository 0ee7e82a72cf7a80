"""Commands that explain a plan: why this one, what holds it back, what else could be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan.arguments import (
    BASE_CASE,
    CaseArgument,
    Changes,
    Gap,
    Jobs,
    Json,
    Keep,
    PageFile,
    PlanFile,
    Scenarios,
    Seconds,
    Threads,
    chosen_case,
    kept_folder,
    plan_targets,
    refused,
    study_options,
)
from masterplan.data.pause import holding_interrupts
from masterplan.delivered import deliver
from masterplan.outcome import ExitCode, problems_told, read_file, writable

if TYPE_CHECKING:
    import pandas as pd


def scenarios(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    show: Annotated[list[str] | None, typer.Option(metavar="MEASURE/ITEM@YEAR", help="A column more; may be repeated.")] = None,
    set_: Changes = None,
    vary: Annotated[list[str] | None, typer.Option(metavar="CHANGE", help="One row more with this change; a key * is a row each.")] = None,
    runs: Annotated[Path | None, typer.Option(metavar="RUNS.csv", help="Solve the runs of this file instead of the scenarios.")] = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the table (.csv), or the plan and the table (.xlsx).")
    ] = None,
    html: PageFile = None,
    gap: Annotated[float, typer.Option(min=0.0, max=0.99, help="As for solve.")] = 0.005,
    time_limit: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="For each scenario.")] = 180.0,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of the solver; all cores if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Solve the case as it stands, in every scenario and with every change of --vary, and put them side by side.

    \b
    Examples:
      masterplan scenarios base --scenario tesla_only --scenario ai_low
      masterplan scenarios base --show "level/ground_compute@2035" --show first_output/terafab -o scenarios.csv
      masterplan scenarios base --scenario ai_low --scenario ai_high -o plan.xlsx --html plan.html
      masterplan scenarios base --scenario central --vary "projects.*.max_total=0"

    Measures to show: level, capacity (activity@year), modules, started, capex (project@year; capex/*@year for all),
    first_output (project), reached (target@year), first_reached (target).

    RUNS.csv has the columns run, scenarios (parted by spaces), changes (parted by semicolons) and against: the name of the run
    that it is compared with.
    """
    with problems_told("scenarios", as_json):
        if runs is not None and (scenario or vary):
            raise typer.BadParameter("has its own scenarios and changes: leave out --scenario and --vary", param_hint="--runs")
        table_file, targets = _outputs(output, html)
        import masterplan as mp
        from masterplan.runs import read_runs
        from masterplan.summary import print_scenarios

        chosen = chosen_case(case, None, set_)
        with refused("--runs"):
            listed = None if runs is None else read_file(read_runs, runs)
        with holding_interrupts():
            with refused("--show"):
                how = study_options(gap, time_limit, threads, jobs, keep)
                found = mp.scenarios(chosen, scenario, show or [], vary or [], runs=listed, **how)
            deliver(
                "scenarios",
                chosen,
                found.findings(),
                found.plan,
                targets,
                as_json,
                interrupted=found.interrupted,
                also=[] if table_file is None else [(table_file, partial(_write_table, found.table))],
                printed=lambda names: print_scenarios(found.table, names),
                table=found.table,
            )


def _outputs(output: Path | None, html: Path | None) -> tuple[Path | None, list[Path]]:
    """Where the table goes alone, and where the plan goes with it."""
    if output is not None and output.suffix.lower() not in (".csv", ".xlsx"):
        raise typer.BadParameter(f"{output} does not end in .csv or .xlsx", param_hint="-o")
    if output is not None and output.suffix.lower() == ".csv":
        return writable(output), plan_targets(None, html)
    return None, plan_targets(output, html)


def _write_table(table: pd.DataFrame, path: Path) -> None:
    from masterplan.data.files import csv_cell, write_atomically

    write_atomically(path, table.map(csv_cell).to_csv(index=False).encode())


def options(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    force: Annotated[
        list[str] | None, typer.Option(metavar="PROJECT=MODULES@YEAR", help="Price this too: so many modules by the year; may be repeated.")
    ] = None,
    no_delays: Annotated[bool, typer.Option("--no-delays", help="Leave out what a year of delay costs.")] = False,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """The price of no: what each option costs that the plan leaves out, and what each is worth that it takes.

    Left out: one module is forced, in whatever year is best. Taken: no start of it at all, and then a year of delay. Every number is a
    solve of its own, from low to high as far as it is proven; one that may be 0 is below solve tolerance: a smaller --gap tells more.

    \b
    Examples:
      masterplan options base -o plan.xlsx
      masterplan options base --force terafab=2@2028 --no-delays
      masterplan options steel --gap 0.001 --jobs 2 --keep solved

    Exit codes: as for solve; options that cannot be taken, or left out, are answers.
    """
    with problems_told("options", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp

        chosen = chosen_case(case, scenario, set_)
        with holding_interrupts():
            with refused("--force"):
                found = mp.options(chosen, None, force or [], not no_delays, **study_options(gap, time_limit, threads, jobs, keep))
            deliver("options", chosen, found.findings(), found.plan, targets, as_json, interrupted=found.interrupted)


def alternatives(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    within: Annotated[float, typer.Option(min=0.0, max=0.99, help="How much of the value added may be given up, as a share.")] = 0.01,
    count: Annotated[int, typer.Option(min=1, help="How many alternatives to look for.")] = 5,
    prove: Annotated[bool, typer.Option("--prove", help="Prove which projects every plan within the share starts, or none does.")] = False,
    gap: Gap = 0.005,
    time_limit: Seconds = 60.0,
    threads: Threads = None,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """The near-best menu: plans worth nearly as much as the best that differ most in which projects they start, and when.

    What all of them start is no-regret; what flips is open to other reasons than money.

    \b
    Examples:
      masterplan alternatives base -o plan.xlsx
      masterplan alternatives base --within 0.02 --count 3 --prove

    Exit codes: as for solve; 8 if an alternative fails its audit.
    """
    with problems_told("alternatives", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp
        from masterplan.console import say

        chosen = chosen_case(case, scenario, set_)
        with holding_interrupts():
            found = mp.alternatives(chosen, None, within, count, prove, gap, time_limit, threads, told=say, keep=kept_folder(keep))
            code = ExitCode.AUDIT_FAILED if found.plan.found and not (found.menu["audit"] == "passed").all() else None
            deliver("alternatives", chosen, found.findings(), found.plan, targets, as_json, code, found.interrupted)


def explain(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=1.0, metavar="SECONDS", help="For the explanation; a repaired case is solved on top.")
    ] = 45.0,
    threads: Threads = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """Why a case has no plan: the least that would have to give way, weighed in money, and which rules cannot hold together.

    Numbers give way (budgets, limits, dates, rules, resources from elsewhere), never what defines the system; whole modules stay whole.
    The cheapest repair is told as changes for --set, tested by a solve. With -o the repaired case is solved and its plan written.

    \b
    Examples:
      masterplan explain mine.xlsx
      masterplan explain base --set "finance.capex_limit=1" --set "rules.announced_fab/terafab.amount=1"
      masterplan explain steel --set "finance.minimum_cash=2@2028" -o repaired.xlsx

    Exit codes: 0 explained, or there is nothing to explain; 3 bad input; 5 no answer in this time; 6 cannot write.
    """
    with problems_told("explain", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp
        from masterplan.console import say

        chosen = chosen_case(case, scenario, set_)
        with holding_interrupts():
            found = mp.explain(chosen, time_limit, threads, say)
            plan = None
            if targets and found.repaired is not None:
                say("solving the repaired case")
                plan = mp.solve(found.repaired, time_limit=max(time_limit, 60.0), threads=threads)
            code = ExitCode.LIMIT if found.status == "unknown" else ExitCode.DONE
            deliver("explain", chosen, found.findings(), plan, targets, as_json, code, status=found.status)


COMMANDS: tuple[Callable[..., None], ...] = (scenarios, options, alternatives, explain)
