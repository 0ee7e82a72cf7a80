"""The command that tells what holds a plan back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

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
    plan_targets,
    study_options,
)
from masterplan.data.pause import holding_interrupts
from masterplan.delivered import deliver
from masterplan.outcome import problems_told


def bottlenecks(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    rungs: Annotated[int, typer.Option(min=0, help="The most limits that are relieved one after the other.")] = 20,
    step_limits: Annotated[int, typer.Option("--steps", min=0, help="How many limits get one step more and one less, each alone.")] = 6,
    all_steps: Annotated[bool, typer.Option("--all-steps", help="One step more and one less of every limit that can be relieved.")] = False,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """What holds the plan back in which year, what relieving it is worth, and what binds then: the ladder of bottlenecks.

    The table `reliefs` of the case says what could be relieved, how and by how much; without one a tenth, a module or a year of whatever
    binds is tried. Two prices are told apart: with builds fixed, from the plan as it stands, and the worth when everything may be
    re-decided, each a solve of its own, from low to high as far as it is proven.

    \b
    Examples:
      masterplan bottlenecks base -o plan.xlsx
      masterplan bottlenecks steel --rungs 3 --steps 0 --json
      masterplan bottlenecks base --scenario ai_low --gap 0.002 --jobs 2 --keep solved

    Exit codes: as for solve, of the plan as it stands.
    """
    with problems_told("bottlenecks", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp

        chosen = chosen_case(case, scenario, set_)
        steps = None if all_steps else step_limits
        with holding_interrupts():
            found = mp.bottlenecks(chosen, None, rungs, steps, **study_options(gap, time_limit, threads, jobs, keep))
            deliver("bottlenecks", chosen, found.findings(), found.plan, targets, as_json, interrupted=found.interrupted)


COMMANDS: tuple[Callable[..., None], ...] = (bottlenecks,)
