"""The summary of a case, of a plan and of its audit, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from masterplan.console import MEASURE, count, known, number, percent, print_table, tell
from masterplan.jsonout import distance_to_bound, tables_changed
from masterplan.reports.names import head_in_words

if TYPE_CHECKING:
    import pandas as pd

    from masterplan.data.errors import Problem
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan

MOST_BINDING = 8  # things that bind, told of one scenario
LONGEST_PRINTED = 30  # rows of a table of findings
STOPPED = {
    "gap": "stopped at the gap",
    "time_limit": "stopped at the time limit",
    "interrupted": "interrupted",
    "proof": "proven",
    "error": "stopped on an error of the solver",
}


def print_plan(plan: Plan, audit: Any, warnings: Sequence[Problem], output: str | None) -> None:
    """The summary of a solve."""
    tell(headline(plan, output), style="bold")
    if not plan.found:
        tell_warnings(warnings)
        return
    from masterplan.reports.after_the_plan import left, sentences

    unit = plan.case.setting("money_unit")
    rows = [
        ("NPV with terminal value", plan.npv),
        ("NPV without terminal value", plan.npv_without_terminal),
        (f"do-nothing plan ({MEASURE[plan.case.setting('objective')]})", plan.do_nothing),
        ("value added", plan.value_added),
    ]
    wide = max(len(name) for name, _ in rows)
    for name, value in rows:
        tell(f"  {name:<{wide}}  {f'{number(value)} {unit}' if known(value) else 'none: not feasible'}")
    print_starts(plan)
    for sentence in sentences(left(plan), unit):
        tell(f"  {sentence}", style="yellow")
    print_warning_count(warnings)
    print_audit_line(audit)


def headline(plan: Plan, output: str | None = None) -> str:
    """`optimal: NPV 7,121.2 billion USD (bound 7,127.3, gap 0.086 %, 6.1 billion USD) in 4.3 s -> plan.xlsx`."""
    seconds = plan.run.get("seconds", {})
    took = f" in {seconds.get('build', 0.0) + seconds['solve']:.1f} s" if "solve" in seconds else ""
    if not plan.found:
        return f"{plan.status.replace('_', ' ')}{took}: {plan.message or 'no plan was found'}"
    unit = plan.case.setting("money_unit")
    proof = [f"bound {number(plan.bound)}"] if known(plan.bound) else ["no bound"]
    proof += [f"gap {percent(plan.gap)}"] if known(plan.gap) else []
    proof += [f"{number(plan.gap_money)} {unit}"] if known(plan.gap_money) else []
    stopped = f", {STOPPED[plan.stopped_because]}" if plan.status == "feasible" else ""
    measure = MEASURE[plan.case.setting("objective")]
    arrow = f" -> {output}" if output else ""
    return f"{plan.status}{stopped}: {measure} {number(plan.objective)} {unit} ({', '.join(proof)}){took}{arrow}"


def print_starts(plan: Plan) -> None:
    """What is started when, one line per project."""
    begun: dict[str, list[tuple[int, float]]] = {}
    for row in plan.starts.to_dict("records"):
        if abs(row["modules"]) > 1e-9:
            begun.setdefault(str(row["project"]), []).append((int(row["year"]), float(row["modules"])))
    if not begun:
        tell("  nothing is started")
        return
    rows = [(project, count(sum(m for _, m in years)), _by_year(years)) for project, years in begun.items()]
    print_table(("project", "modules", "started (modules by year)"), rows, right=(1,))


def _by_year(years: Iterable[tuple[int, float]]) -> str:
    return ", ".join(f"{year}: {count(modules)}" for year, modules in sorted(years))


def print_warning_count(warnings: Sequence[Problem]) -> None:
    """How many warnings the sanity report has, and where to read them."""
    if warnings:
        tell(f"  {len(warnings)} warning{'s' if len(warnings) != 1 else ''} about the case: `masterplan check` tells them", style="yellow")


def tell_warnings(warnings: Sequence[Problem]) -> None:
    """The warnings themselves: where no plan was found, one of them may be the reason."""
    for warning in warnings:
        tell(f"  {warning}", style="yellow")


def print_audit_line(audit: Any) -> None:
    """One line about the audit."""
    verdict = "passed" if audit.passed else "FAILED"
    tell(f"  audit {verdict}: {len(audit.as_dict()['checks'])} checks, {worst_text(audit)}", style="" if audit.passed else "bold red")


def print_checks(audit: Any) -> None:
    """Every check of the audit that had something to test, with its worst relative violation and where that is."""
    checks = audit.as_dict()["checks"]
    tested = [check for check in checks if check["rows"] or not check["passed"]]
    rows = [
        ("ok" if check["passed"] else "FAILED", check["name"], f"{check['worst_relative']:.1e}", count(check["rows"]), check["where"] or "")
        for check in sorted(tested, key=lambda check: bool(check["passed"]))
    ]
    print_table(("", "check", "worst", "rows", "where"), rows, right=(3,))
    tell(f"{len(checks) - len(tested)} more checks had nothing to test")


def worst_text(audit: Any) -> str:
    """The worst relative violation of the audit, and the difference to the solver's objective."""
    difference = audit.objective_difference
    told = f", objective differs by {difference:.1e}" if known(difference) else ""
    return f"worst relative violation {audit.worst:.1e}{told}"


def print_verification(stated: Plan, found: Plan | None, audit: Any) -> None:
    """What a plan workbook is worth; `found` is the plan whose operation was re-solved, if it was."""
    unit, measure = stated.case.setting("money_unit"), MEASURE[stated.case.setting("objective")]
    if audit is not None:
        print_checks(audit)
        tell(f"audit {'passed' if audit.passed else 'FAILED'}: {worst_text(audit)}", style="bold" if audit.passed else "bold red")
    if stated.message:
        tell(f"  {stated.message}", style="yellow")
    tell(f"  stated {measure} {number(stated.objective)} {unit}, bound {number(stated.bound)}")
    if found is not None and not found.found:
        tell(f"  {found.status}: {found.message}", style="bold red")
    if found is not None and found.found:
        tell(f"  {measure} with these starts and their best operation {number(found.objective)} {unit}")
        distance = distance_to_bound(stated, found)
        tell(f"  distance to the stated bound {number(distance)} {unit}" if known(distance) else "  the workbook states no bound")
    if found is None and known(distance := distance_to_bound(stated, stated)):
        tell(f"  distance to the stated bound {number(distance)} {unit}")
    if tables_changed(stated):
        tell("  the tables were changed since the solve: the stated bound is about other numbers", style="yellow")


def print_scenarios(table: pd.DataFrame, output: str | None = None) -> None:
    """The scenario table, then what binds longest in each; all that binds, and every start, are in the CSV and in the JSON."""
    names = [name for name in table.columns if name not in ("starts", "binds")]
    cells = [[_cell(name, value) for name, value in zip(names, row, strict=True)] for row in table[names].itertuples(index=False)]
    print_table(names, cells, right=range(3, len(names)))
    if "binds" in table:
        _print_binding(table)
    if output:
        tell(f"-> {output}")


def _print_binding(table: pd.DataFrame) -> None:
    tell("what binds longest")
    for name, binds in table[["scenario", "binds"]].itertuples(index=False):
        found = str(binds or "nothing").split("; ")
        more = f"; and {len(found) - MOST_BINDING} more" if len(found) > MOST_BINDING else ""
        tell(f"  {name}: {'; '.join(found[:MOST_BINDING])}{more}")


def _cell(column: str, value: Any) -> str:
    if value is None or value != value:
        return "-"
    if column in ("gap", "probability"):
        return percent(float(value))
    if isinstance(value, str):
        return value
    return str(int(value)) if column.startswith("first_") else number(float(value))


def print_findings(found: Findings, output: str | None) -> None:
    """What a study found: its sentences, then its tables."""
    for place, sentence in enumerate(found.sentences):
        tell(sentence, style="bold" if place == 0 else "")
    for table in found.tables:
        tell(f"\n{table.title}: {table.meaning}", style="bold")
        numeric = [table.rows[name].dtype.kind in "if" for name in table.rows.columns]
        cells = [
            [_found_cell(str(name), value, table.shares) for name, value in zip(table.rows.columns, row, strict=True)]
            for row in table.rows.head(LONGEST_PRINTED).values.tolist()
        ]
        print_table(
            [head_in_words(str(name)) for name in table.rows.columns],
            cells,
            right=[at for at, is_number in enumerate(numeric) if is_number],
        )
        if len(table.rows) > LONGEST_PRINTED:
            tell(f"... and {len(table.rows) - LONGEST_PRINTED} rows more, with -o PLAN.xlsx or --json")
    if output:
        tell(f"-> {output}")


def _found_cell(column: str, value: Any, share: bool = False) -> str:
    if value is None or value != value:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if share:
        return f"{100 * float(value):.0f} %"
    return str(int(value)) if column.endswith("year") or isinstance(value, int) else number(float(value))


def print_description(content: Mapping[str, Any]) -> None:
    """What is in a case, from the document that `describe` gives."""
    years, money = content["years"], content["money"]
    tell(f"{content['case']}: {content['title']}" if content["title"] else content["case"], style="bold")
    if content["description"]:
        tell(f"  {content['description']}")
    tell(f"  years      {years['first']} to {years['last']} ({years['count']})")
    tell(f"  money      {money['money_unit']}, {money['price_basis']}, discounted at {percent(money['discount_rate'])} a year")
    for name in ("systems", "resources", "activities", "projects"):
        tell(f"  {name:<10} {content[name]['count']}: {', '.join(content[name]['names'])}")
    tell(f"  scenarios  {content['scenarios']['count']}")
    for kind, names in content["scenarios"]["names"].items():
        tell(f"    {kind}: {', '.join(names)}")
