"""The HTML report: `write_report(plan, path)`. One file that needs nothing else: no network, no fonts, no library, and hardly a script.

Charts are drawn here as SVG, by a few small modules (`svg_*.py`). Of the well-kept chart libraries none fitted, as measured:
- plotly.js 4.8 MB (the whole report here is about a tenth of that), and it makes code with `Function` and puts styles into the page, which
  a strict content policy forbids;
- Vega by altair and vl-convert 0.9 MB in the page and 88 MB to install; it makes code too, unless its interpreter is added, and has
  neither a Sankey diagram nor a Gantt chart;
- bokeh 25 MB to install, with `eval`; pyecharts has no library in it and loads one from the network.
All of them draw when a script runs: in the preview of a mail, on paper or with scripts forbidden there would be nothing to see. An SVG
is text: it is there at once, is the same bytes for the same plan, can be read aloud, selected and searched, and a name in it is escaped
where every other name is (`markup.py`). The content policy allows one script and one style sheet by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from masterplan.data.files import write_atomically
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.reports import audit as audit_module
from masterplan.reports import report_build, report_findings, report_head, report_money, report_system
from masterplan.reports.audit import Audit
from masterplan.reports.markup import Markup, empty, joined, tag
from masterplan.reports.recompute import recompute
from masterplan.reports.report_parts import Told

SCRIPT, STYLE = "report.js", "report.css"


def write_report(plan: Plan, path: str | Path, audit: Audit | None = None, findings: Sequence[Findings] = ()) -> None:
    """Write a plan as one HTML page, whole or not at all; `audit` is made where it is not given; each of `findings` is a section more.

    Raises ValueError without a plan, OSError with a sentence for the planner where the file cannot be written.
    """
    write_atomically(path, make_report(plan, audit, findings).encode())


def make_report(plan: Plan, audit: Audit | None = None, findings: Sequence[Findings] = ()) -> str:
    """The page as text. The same plan gives the same text."""
    if not plan.found:
        raise ValueError(f"There is no plan to write: the solve ended as {plan.status.replace('_', ' ')}.")
    verdict = audit_module.audit(plan) if audit is None else audit
    told = Told(plan, recompute(plan), tuple(findings))
    sections = joined(
        [
            report_money.capex(told),
            report_build.built(told),
            report_system.tight(told),
            report_build.ramps(told),
            report_system.flows(told),
            report_system.activity_map(told),
            report_money.cash(told),
            report_build.milestones(told),
            *(report_findings.study(told, found, place) for place, found in enumerate(told.findings)),
            report_head.checks(verdict),
        ]
    )
    body = tag("main", report_head.header(told, verdict, sections), sections, report_head.footer(told), id="content")
    return _page(report_head.title(plan), body)


def _page(title: str, body: Markup) -> str:
    style, script = _asset(STYLE), _asset(SCRIPT)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    head = [
        empty("meta", charset="utf-8"),
        empty("meta", http_equiv="Content-Security-Policy", content=policy),
        empty("meta", name="viewport", content="width=device-width, initial-scale=1"),
        empty("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup(style)),
    ]
    ends = [tag("div", id="tip", role="tooltip", hidden=True), tag("div", id="live", aria_live="polite"), tag("script", Markup(script))]
    skip = tag("a", "To the plan", href="#content", class_="skip")
    page = tag("html", tag("head", *head), tag("body", skip, body, *ends), lang="en")
    return joined([Markup("<!DOCTYPE html>\n"), page, Markup("\n")])


def _asset(name: str) -> str:
    return (resources.files("masterplan.reports") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
