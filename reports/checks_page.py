"""The rules that this workbook tests by itself, in formulas, with the worst violation of each; below, the audit as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

from masterplan.data.plan import Plan
from masterplan.reports import as_solved, cash, checks, run_log
from masterplan.reports.audit import Audit
from masterplan.reports.facts import ANY
from masterplan.reports.grid import Page
from masterplan.reports.list_page import ColumnLook
from masterplan.reports.live_book import Live
from masterplan.reports.live_sheet import TOLERANCE, Row, quoted, resolved
from masterplan.reports.style import GREEN, LEAF, RED, ROSE, TINY, number_format
from masterplan.reports.timeline import FIRST_ROW, HEADER_ROW
from masterplan.reports.timeline_page import digits

VISIBLE = 1e-4  # a slack
VERDICT = '[=1]"✓ holds";[=0]"✗ FAILS";General'
LARGEST, LIMIT = float(TOLERANCE.values), TOLERANCE.text.removeprefix("Checks!")
MASTER = "Checks!$B$6"
MASTER_ROW, FIRST_CHECK = FIRST_ROW, FIRST_ROW + 3
BANNER = "Checks!$A$3"
NUMBERS, UNCHANGED = "Every decision is a number", "The inputs are those that were solved"
NO_ERRORS, TWICE, AS_CLAIMED = (
    "No formula gives an error",
    "NPV is the sum of its parts",
    "NPV is that of the solve, where nothing was edited",
)
AUDITED = "The audit passed when the plan was written"


@dataclass(frozen=True)
class Checked:
    """A check: the formula of its worst violation, the value of it, what to look at, and how many numbers it looks at."""

    name: str
    worst: str
    value: float
    where: str
    rows: int


def checked(plan: Plan, live: Live, verdict: Audit, log_rows: Sequence[str]) -> list[Checked]:
    """Every check of the workbook, in the order of its rows."""
    marks = live.marks
    made = []
    for name, rows in live.tested.items():
        block = f"Tested!$G${rows[0].number}:${rows[0].last}${rows[-1].number}"
        worst = float(max(np.max(row.values) for row in rows))
        made.append(Checked(name, f"MAX({block})", worst, f"sheet Tested, from row {rows[0].number} on", len(rows) * len(plan.case.years)))
    areas = []
    for lines in live.decided.values():
        if lines:
            first, last = next(iter(lines.values())), list(lines.values())[-1]
            areas.append(
                f"{first.sheet}!$G${min(row.number for row in lines.values())}:${last.last}${max(row.number for row in lines.values())}"
            )
    counted = "+".join(f"COUNTA({area})-COUNT({area})" for area in areas)
    made.append(Checked(NUMBERS, counted, 0.0, "decision sheets: text where a number stands counts as nothing", len(areas)))
    made.append(
        Checked(UNCHANGED, as_solved.INPUTS_CHANGED, 0.0, "sheet AsSolved counts the changes; solve again for a plan that fits them", 1)
    )
    errors = []
    for sheet in live.sheets.values():
        numbers = [row.number for rows in sheet.sections.values() for row in rows]
        if numbers:
            errors.append(f"SUMPRODUCT(--ISERROR({quoted(sheet.title)}!$F${min(numbers)}:${sheet.last}${max(numbers)}))")
    made.append(Checked(NO_ERRORS, "+".join(errors), 0.0, "a sheet with an error shows it", len(errors)))
    made.append(_twice(live, marks))
    if plan.npv is not None:
        made.append(_as_claimed(plan, live, marks, log_rows))
    made.append(Checked(AUDITED, "", float(verdict.worst), "the rows below", int(verdict.checks["rows"].sum())))
    return made


def _figure(live: Live, name: str) -> Row:
    return live.worth.figures[name]


def _twice(live: Live, marks: dict[int, int]) -> Checked:
    """NPV once more, as one sum of products."""
    lines = {name: live.worth.lines[f"{cash.VALUE}.{name}"] for name in ("cash_flow", "factor")}
    flows = [lines["cash_flow"], *(row for name, row in live.worth.lines.items() if name == f"{cash.VALUE}.debt_spread")]
    parts = [f"SUMPRODUCT({row.range},{lines['factor'].range})" for row in flows]
    parts += [f"Cash!$F{_figure(live, name).at}" for name in ("after_horizon", "terminal_value")]
    npv = f"Cash!$F{_figure(live, 'npv').at}"
    value = sum(float(np.dot(row.values, lines["factor"].values)) for row in flows)
    value += sum(float(_figure(live, name).values[0]) for name in ("after_horizon", "terminal_value"))
    stated = float(_figure(live, "npv").values[0])
    text = resolved(f"ABS({'+'.join(parts)}-{npv})/MAX(1,ABS({npv}))", marks)
    return Checked(TWICE, text, abs(value - stated) / max(1.0, abs(stated)), "sheet Cash, Net present value", 1)


def _as_claimed(plan: Plan, live: Live, marks: dict[int, int], log_rows: Sequence[str]) -> Checked:
    npv, claimed = f"Cash!$F{_figure(live, 'npv').at}", f"{run_log.SHEET}!$B${FIRST_ROW + list(log_rows).index('npv')}"
    assert plan.npv is not None
    edited = f"{as_solved.INPUTS_CHANGED}+{as_solved.DECISIONS_CHANGED}"
    text = resolved(f"IF({edited}>0,0,ABS({npv}-{claimed})/MAX(1,ABS({claimed})))", marks)
    value = abs(float(_figure(live, "npv").values[0]) - plan.npv) / max(1.0, abs(plan.npv))
    return Checked(AS_CLAIMED, text, value, "sheets Cash and RunLog", 1)


def banner(made: Sequence[Checked]) -> tuple[str, str, bool]:
    """The line at the top of every sheet as formula and as text, and whether all checks hold."""
    holds = all(check.value <= LARGEST for check in made)
    good, bad = f"✓ all {len(made)} checks hold", "✗ CHECKS FAIL: see the sheet Checks"
    return f'IF({MASTER}=1,"{good}","{bad}")', good if holds else bad, holds


def write(page: Page, made: Sequence[Checked], verdict: Audit) -> None:
    """The checks in formulas from row 6 on, the audit below."""
    table = checks.table(verdict)
    for column, name in enumerate(table.columns, start=1):
        page.put(HEADER_ROW, column, name, "header_text" if column == 5 else "header_number" if column in (3, 4, 6) else "header")
    last = FIRST_CHECK + len(made) - 1
    holds = [check.value <= LARGEST for check in made]
    page.put(MASTER_ROW, 1, "All checks", "strong")
    page.put(MASTER_ROW, 2, float(all(holds)), "value", VERDICT)
    page.formula(MASTER_ROW, 2, f"MIN($B${FIRST_CHECK}:$B${last})", float(all(holds)))
    page.put(MASTER_ROW, 5, "this result stands at the top of every sheet", "place")
    for row, label, value in (
        (MASTER_ROW + 1, "Largest relative violation that passes", LARGEST),
        (MASTER_ROW + 2, "Modules below this are no start", ANY),
    ):
        page.put(row, 1, label, "detail")
        page.put(row, 4, value, "number", TINY)
    for row, (check, passed) in enumerate(zip(made, holds, strict=True), start=FIRST_CHECK):
        page.put(row, 1, check.name, "wrapped")
        page.put(row, 2, float(passed), "value", VERDICT)
        page.formula(row, 2, f"IF(ISNUMBER($C{row}),IF($C{row}<={LIMIT},1,0),0)", float(passed))
        page.put(row, 3, check.value, "number", TINY)
        if check.worst:
            page.formula(row, 3, check.worst, check.value)
        page.put(row, 5, check.where, "place")
        page.put(row, 6, check.rows, "number", number_format(0))
    area = f"B{MASTER_ROW} B{FIRST_CHECK}:B{last}"
    for result, colour, fill in (("1", GREEN, LEAF), ("0", RED, ROSE)):
        page.sheet.conditional_formatting.add(
            area, CellIsRule("equal", [result], font=Font(color=colour, bold=True), fill=PatternFill(bgColor=fill, fill_type="solid"))
        )
    _audit(page, verdict, last + 2)
    page.widths([60.0, 12.0, 24.0, 34.0, 56.0, 12.0])


def amount_format(value: float | None) -> str:
    """How a violation or a slack is shown: what is next to nothing as a power of ten, a slack as the amount that it is."""
    return TINY if value is None or abs(value) < VISIBLE else number_format(digits(abs(value)))


def _audit(page: Page, verdict: Audit, first: int) -> None:
    """The audit of the plan as it was written: values, that do not follow edits."""
    for column in range(1, 7):
        page.put(
            first, column, "The audit when the plan was written (run `masterplan verify` after edits)" if column == 1 else None, "section"
        )
    table = checks.table(verdict)
    looks = [
        ColumnLook("wrapped"),
        ColumnLook("detail"),
        ColumnLook("fixed", TINY),
        ColumnLook("fixed"),
        ColumnLook("place"),
        ColumnLook("fixed", number_format(0)),
    ]
    for column, (name, style) in enumerate(zip(table.columns, looks, strict=True), start=1):
        for row, value in enumerate(table[name].tolist(), start=first + 1):
            look = {checks.HOLDS: "good", checks.FAILS: "bad"}.get(value, style.look) if column == 2 else style.look
            page.put(row, column, value, look, amount_format(value) if column == 4 else style.number)
