"""What this workbook is, where to find what, what the colours mean, and the conventions behind its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from masterplan.data.plan import Plan
from masterplan.reports.grid import Banner, Page
from masterplan.reports.names import money_in_words
from masterplan.reports.style import KEY, number_format
from masterplan.reports.timeline import FIRST_ROW, HEADER_ROW

SHEET = "About"
SAMPLE = 1234.5
LINE_HEIGHT, CHARACTERS = 14.0, 132  # of a line of text in column D
TIMING = {"mid_year": "in the middle of its year", "start_of_year": "at the start of its year", "end_of_year": "at the end of its year"}
TERMINAL = {
    "none": "nothing: what stands after the last year is worth nothing in the NPV",
    "book_value": "remaining economic book value after tax of what the plan built, and stocks at their stated price",
    "perpetuity": "the last year's operating cash, less an annuity that replaces what stands, taxed as a steady year, for ever",
}
OBJECTIVE = {
    "npv": "highest net present value",
    "least_cost": "lowest cost (negative NPV)",
    "final_cash": "most cash at the end of the last year",
}


def write(page: Page, plan: Plan, banner: Banner, index: Sequence[tuple[str, str]], values_only: Sequence[str] | None = None) -> None:
    """Writes the page; `index` lists (sheet, what it shows), `values_only` what is no formula (None: nothing is)."""
    case = plan.case
    page.head("Capital plan", case.setting("title") or case.name, banner, "output")
    for column, text in enumerate(("", "What", "", "Meaning"), start=1):
        page.put(HEADER_ROW, column, text, "header")
    row = _section(page, FIRST_ROW, "What this is")
    described = [("The case", case.setting("description"))] if case.setting("description") else []
    for name, text in (*described, *PURPOSE):
        row = _entry(page, row, name, text)
    if values_only is None:
        row = _entry(page, row, *ONLY_VALUES)
    else:
        row = _section(page, row + 1, "How the formulas work")
        for name, text in (*LIVE, ("Values, not formulas", "; ".join((*ALWAYS_VALUES, *values_only)))):
            row = _entry(page, row, name, text)
    row = _section(page, row + 1, "Sheets")
    for sheet, text in index:
        page.link(row, 2, sheet, sheet)
        page.put(row, 4, text, "plain")
        row += 1
    row = _section(page, row + 1, "Colours")
    for look, text in KEY:
        page.put(row, 2, SAMPLE if look != "link" else "sheet", look, number_format(1))
        page.put(row, 4, text, "plain")
        row += 1
    row = _section(page, row + 1, "Conventions")
    for name, text in conventions(plan):
        row = _entry(page, row, name, text)
    page.widths([2, 26, 2, 120])
    page.print_setup(banner, 4, f"A{FIRST_ROW}")
    page.on_one_page()


PURPOSE = (
    ("Purpose", "What to build, when, and with which money: a plan found by masterplan, with a proof of how good it is."),
    ("Read", "Summary first, then Starts, Capex and Cash; Checks says whether the plan keeps every rule of the case."),
    ("Test your own plan", "Change purple cells on the decision sheets, save, and run `masterplan verify` on this file."),
    ("Solve again", "Change blue cells on the sheets with an amber tab, save, and run `masterplan solve` on this file."),
    ("Use the numbers", "Sheet Data holds every number of the plan as solved in one tidy table, in values only."),
)
ONLY_VALUES = ("Formulas", "None: the case is so large that the workbook holds values, and Checks the audit when the plan was written.")
LIVE = (
    (
        "What follows what",
        "Purple decisions and blue inputs are typed in; Begun, Ages, Capacity, Balances, Capex and Cash follow in formulas, down to NPV, "
        "and so do the figures of Summary, Targets, Given up and Binding.",
    ),
    (
        "Ages",
        "Begun has a row per project and start year. Ages has a row per project and age: the starts of so many years before, times "
        "the share of that age. A year of a project is the sum of its ages; nothing is read backwards.",
    ),
    (
        "Inputs by year",
        "A number that its table states once is read from its cell; one that it states for several years stands on Steps and Yearly.",
    ),
    (
        "Edit a decision",
        "Levels, trades and stocks do not follow a start by themselves: where they no longer fit, Checks says which rule is broken.",
    ),
    (
        "Edit an input",
        "Everything follows, and Checks says that the plan is no longer the one solved for these inputs. Words, added rows and years "
        "in which something new holds need `masterplan solve`.",
    ),
)
ALWAYS_VALUES = (
    "facts of the solve: status, bound, the do-nothing plan, and the audit as it was written",
    "which lines Given up, Binding and the Summary have: those of the plan as solved",
    "sheets of studies, Map, Data and RunLog",
    "conditions of gates and thresholds of synergies (tested by the audit alone)",
)


def conventions(plan: Plan) -> list[tuple[str, str]]:
    """Name and wording of every convention behind the numbers, and which case it is."""
    case = plan.case
    growth = f", growing {case.setting('perpetuity_growth'):.2%} a year" if case.setting("terminal_value") == "perpetuity" else ""
    given = "; years have a given factor" if case.tables["finance"]["discount_factor"].notna().any() else ""
    return [
        ("Money", money_in_words(case)),
        ("Years", f"{case.first_year} to {case.last_year}, whole years"),
        ("Discount rate", f"{case.setting('discount_rate'):.2%} a year{given}"),
        ("Timing of flows", f"a flow falls {TIMING[case.setting('flow_timing')]}; values are of the start of {case.first_year}"),
        ("What the plan seeks", OBJECTIVE[case.setting("objective")]),
        ("Terminal value", TERMINAL[case.setting("terminal_value")] + growth),
        ("NPV", "unlevered: operating cash after tax less capex, plus credits; raised capital moves cash, not NPV"),
        ("Signs", "money in and supply are positive, money out and use are negative (red, with a minus); a dash is zero"),
        (
            "Gap",
            "|bound − objective| / |objective − do-nothing plan| (/ |objective| where doing nothing breaks a rule), also given in money",
        ),
        ("Case", case.name),
        ("Perimeter and scenarios", ", ".join(case.scenarios_applied) or "none: the case as given"),
        ("Changes", "; ".join(case.changes_applied) or "none"),
        ("Run", run_name(plan)),
    ]


def run_name(plan: Plan) -> str:
    """What names this run on every printed page: case, inputs, status."""
    scenarios = "".join(f" + {name}" for name in plan.case.scenarios_applied)
    return f"{plan.case.name}{scenarios}, inputs {plan.case.input_hash[:8]}, {plan.status}"


def _section(page: Page, row: int, text: str) -> int:
    for column in range(1, 5):
        page.put(row, column, text if column == 1 else None, "section")
    return row + 1


def _entry(page: Page, row: int, name: str, text: str) -> int:
    page.put(row, 2, name, "label")
    page.put(row, 4, text, "wrapped")
    page.sheet.row_dimensions[row].height = LINE_HEIGHT * max(1, math.ceil(len(text) / CHARACTERS))
    return row + 1
