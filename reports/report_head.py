"""The beginning and the end of the report: what the plan is, its proof and key figures; checks, versions, hashes, command."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.data.plan import Plan
from masterplan.reports import checks as checks_report
from masterplan.reports.about import conventions
from masterplan.reports.after_the_plan import left, sentences
from masterplan.reports.audit import Audit
from masterplan.reports.binding import in_words
from masterplan.reports.html_table import details, of_frame, table
from masterplan.reports.markup import Markup, amount, joined, percent, tag
from masterplan.reports.names import money_in_words
from masterplan.reports.report_findings import anchor
from masterplan.reports.report_parts import Told, section
from masterplan.reports.summary import GAP, STATUS, STOPPED, figures

PLACES = (
    ("capex", "Money"),
    ("build", "Building"),
    ("tight", "Tight"),
    ("capacity", "Capacity"),
    ("flows", "Flows"),
    ("map", "Map"),
    ("cash", "Cash"),
    ("milestones", "Milestones"),
)


LONGEST = 6  # limits that are named at the top


def title(plan: Plan) -> str:
    """What the page is called."""
    return f"{plan.case.setting('title') or plan.case.name}: capital plan"


def header(told: Told, verdict: Audit, made: str) -> Markup:
    """Title, status, verdict of the audit, key figures, and what to know first in sentences; `made` is the rest of the page."""
    plan, case = told.plan, told.plan.case
    applied = "".join(f" + {name}" for name in case.scenarios_applied)
    where = f"{case.name}{applied} · {case.first_year}–{case.last_year} · {money_in_words(case)}"
    look = "good" if plan.status == "optimal" else "warn"
    status = f"{plan.status}: {STATUS.get(plan.status, plan.message)}; {STOPPED[plan.stopped_because]}"
    line = tag(
        "p",
        tag("span", status, class_=f"status {look}"),
        " · ",
        tag("span", checks_report.verdict(verdict), class_=f"status {'good' if verdict.passed else 'bad'}"),
    )
    cards = [tag("div", tag("dt", label), tag("dd", written)) for label, written in key_figures(told)]
    said = tag("ul", *(tag("li", sentence) for sentence in _sentences(told)), class_="said")
    heading = tag("h1", case.setting("title") or case.name)
    return tag("header", heading, tag("p", where, class_="sub"), line, tag("dl", *cards, class_="figures"), said, _contents(told, made))


def key_figures(told: Told) -> list[tuple[str, str]]:
    """Label and number as it is written, of the figures at the top."""
    return [(label, percent(value, 2) if line == GAP else amount(value)) for label, value, line in figures(told.plan, told.numbers)]


def checks(verdict: Audit) -> Markup:
    """What the audit tested."""
    words = tag("p", checks_report.verdict(verdict), class_=f"status {'good' if verdict.passed else 'bad'}")
    frame = checks_report.table(verdict)
    return section(
        "checks", "Does the plan keep every rule?", words, details("Every check", of_frame(frame.infer_objects(), caption="Checks"))
    )


def footer(told: Told) -> Markup:
    """Conventions, versions, the hash of the inputs, and the command that made the plan."""
    plan, run = told.plan, told.plan.run
    versions = " · ".join(f"{name} {version}" for name, version in run.get("versions", {}).items())
    lines: list[str] = [versions, f"inputs sha256 {plan.case.input_hash}", f"finished {run['finished']}" if run.get("finished") else ""]
    command = tag("p", "Made by ", tag("code", str(run["command"]))) if run.get("command") else ""
    how = details("How to read the numbers", table(["What", "Meaning"], conventions(plan)))
    return tag("footer", how, tag("p", " · ".join(part for part in lines if part)), command)


def _sentences(told: Told) -> Iterator[str]:
    plan, numbers, money = told.plan, told.numbers, told.money
    if plan.value_added is not None and plan.gap_money is not None:
        yield (
            f"The plan is worth {amount(plan.value_added)} {money} more than doing nothing; no plan of this case is more than "
            f"{amount(plan.gap_money)} {money} better."
        )
    totals = numbers.totals
    if plan.case.setting("objective") == "npv":
        yield f"NPV is {amount(totals['npv'])} {money}, of which {amount(totals['terminal_value'])} {money} stand after the last year."
    if totals["penalties"]:
        yield f"Penalties of missed targets take {amount(totals['penalties'])} {money} of what the plan was optimised for."
    if totals["peak_debt"]:
        yield f"Debt is {amount(totals['peak_debt'])} {money} at its most."
    yield from sentences(left(plan, numbers), money)
    binding = in_words(plan, numbers).split("; ")
    more = f"; and {len(binding) - LONGEST} more, see Tight" if len(binding) > LONGEST else ""
    yield f"Longest at a limit: {'; '.join(binding[:LONGEST]) or 'nothing'}{more}."


def _contents(told: Told, made: str) -> Markup:
    """Links to the sections that the page has."""
    studies = [(anchor(place), found.sheet) for place, found in enumerate(told.findings)]
    links = [tag("a", label, href=f"#{name}") for name, label in (*PLACES, *studies, ("checks", "Checks")) if f' id="{name}"' in made]
    return tag("nav", joined(links), aria_label="Sections")
