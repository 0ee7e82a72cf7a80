"""Commands that turn numbers: how sensitive the plan is, what it is worth along a measure, and where it switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

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
    refused,
    study_options,
)
from masterplan.data.pause import holding_interrupts
from masterplan.delivered import deliver
from masterplan.outcome import problems_told

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.dials import Turned

Source = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Move this source; may be repeated. Else the --top ones.")]
Top = Annotated[int, typer.Option(min=1, help="How many sources to move, those with the largest estimated effect.")]
Spider = Annotated[str | None, typer.Option(metavar="CHANGE:V,V,...", help="Turn one number through multiples of itself instead.")]
TwoWay = Annotated[list[str] | None, typer.Option(metavar="CHANGE:V,V,...", help="Turn two numbers together instead; give it twice.")]


def sensitivity(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    source: Source = None,
    top: Top = 30,
    spider: Spider = None,
    two_way: TwoWay = None,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """What each uncertain number changes: every source goes to its low and to its high, one at a time, and the plan is found anew.

    The numbers that the table provenance ties to a source, sourced or derived, move in proportion to it; its column elasticity says
    otherwise where that is wrong (-1 inversely, 0 not at all). Every change is told from least to most, as far as it is proven.

    \b
    Examples:
      masterplan sensitivity base --top 10 --jobs 2 -o plan.xlsx
      masterplan sensitivity base --source launch_cost_2035 --source optimus_price
      masterplan sensitivity base --spider "projects.terafab.capex:0.5,0.75,1.25"
      masterplan sensitivity base --two-way "settings.discount_rate:0.06,0.08" --two-way "projects.*.capex*=:0.8,1.2"

    Exit codes: as for solve.
    """
    with problems_told("sensitivity", as_json):
        if sum(map(bool, (source, spider, two_way))) > 1 or (two_way and len(two_way) != 2):
            raise typer.BadParameter("give sources, or one --spider, or --two-way twice", param_hint="--two-way")
        targets = plan_targets(output, html)
        import masterplan as mp

        chosen, how = chosen_case(case, scenario, set_), study_options(gap, time_limit, threads, jobs, keep)
        with holding_interrupts():
            with refused("--two-way" if two_way else "--spider" if spider else "--source" if source else "CASE"):
                turned = [spider] if spider else two_way
                found: Any = _turned(chosen, turned, how) if turned else mp.sensitivity(chosen, source, top, **how)
            deliver("sensitivity", chosen, found.findings(), found.plan, targets, as_json, interrupted=found.interrupted)


def frontier(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    measure: Annotated[str, typer.Option(metavar="MEASURE/ITEM@YEAR", help="What to trade worth against.")] = "capex",
    toward: Annotated[str | None, typer.Option(metavar="most|least", help="The end that is wanted.")] = None,
    points: Annotated[int, typer.Option(min=2, help="Plans along the frontier, both ends included.")] = 8,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """What the best plan is worth for each capex budget, or along any other measure; plans that another one beats in both are left out.

    Measures: level, capacity (activity), starts, modules, spend (project), buy, sell (market), production, use, stock (resource),
    earnings, debt; summed over the plan, or over the years behind @ (2035, 2030:2035, :2030); * is every item. capex and started count
    up to the year. capex_limit scales the yearly limit instead.

    \b
    Examples:
      masterplan frontier base --measure capex@2030 -o plan.xlsx
      masterplan frontier base --measure "level/ground_compute@2035" --points 6 --jobs 2
      masterplan frontier base --measure "buy/*" --toward least
      masterplan frontier base --measure capex_limit

    Exit codes: as for solve.
    """
    with problems_told("frontier", as_json):
        if toward not in (None, "most", "least"):
            raise typer.BadParameter(f"found {toward!r}; most and least are allowed", param_hint="--toward")
        targets = plan_targets(output, html)
        import masterplan as mp

        chosen = chosen_case(case, scenario, set_)
        with holding_interrupts():
            with refused("--measure"):
                way: Any = toward
                found = mp.frontier(chosen, measure, way, points, **study_options(gap, time_limit, threads, jobs, keep))
            deliver("frontier", chosen, found.findings(), found.best, targets, as_json, interrupted=found.interrupted)


def break_even(
    case: CaseArgument = BASE_CASE,
    scenario: Scenarios = None,
    set_: Changes = None,
    change: Annotated[str, typer.Option(metavar="CHANGE", help="The number to turn: a change without its value.")] = ...,  # type: ignore[assignment]
    wanted: Annotated[str, typer.Option(metavar="MEASURE>VALUE", help="What the plan has, or has not.")] = ...,  # type: ignore[assignment]
    low: Annotated[float, typer.Option(help="Where to begin.")] = ...,  # type: ignore[assignment]
    high: Annotated[float, typer.Option(help="Where to end.")] = ...,  # type: ignore[assignment]
    tolerance: Annotated[float | None, typer.Option(min=0.0, help="Widest bracket; 1/64 of the range if not given.")] = None,
    prove: Annotated[bool, typer.Option(help="Solve the other side at the ends, to be certain of them.")] = True,
    gap: Gap = 0.005,
    time_limit: Seconds = 180.0,
    threads: Threads = None,
    jobs: Jobs = 1,
    keep: Keep = None,
    output: PlanFile = None,
    html: PageFile = None,
    as_json: Json = False,
) -> None:
    """The value of a number at which the best plan begins, or ceases, to have something: the cost up to which a fab is built.

    Found between solves: the answer is a bracket. Its ends are solved on the other side too, to say what is certain: a plan that is best
    within the gap may have the thing by chance. One switch between low and high is assumed.

    \b
    Examples:
      masterplan break-even base --change "projects.terafab.capex*=" --wanted "starts/terafab>0" --low 1 --high 4
      masterplan break-even base --change settings.discount_rate --wanted "capex@2030>=230" --low 0.05 --high 0.12 --tolerance 0.01

    Exit codes: as for solve.
    """
    with problems_told("break-even", as_json):
        targets = plan_targets(output, html)
        import masterplan as mp

        chosen = chosen_case(case, scenario, set_)
        with holding_interrupts():
            with refused("--wanted"):
                how = study_options(gap, time_limit, threads, jobs, keep)
                found = mp.break_even(chosen, change, wanted, low, high, tolerance, prove, **how)
            at = found.plans[min(found.plans) if found.bracket is None else found.bracket[0]]
            deliver("break-even", chosen, found.findings(), at, targets, as_json, interrupted=found.interrupted)


def _turned(case: Case, texts: list[str], how: dict[str, Any]) -> Turned:
    """The spider of one text, or the table of two."""
    import masterplan as mp
    from masterplan.data.dial import dial_values

    (change, values), *more = (dial_values(text) for text in texts)
    return mp.two_way(case, change, values, *more[0], **how) if more else mp.spider(case, change, values, **how)


COMMANDS: tuple[Callable[..., None], ...] = (sensitivity, frontier, break_even)
