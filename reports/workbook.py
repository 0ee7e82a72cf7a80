"""The plan workbook: `write_workbook(plan, path)`. Numbers come from the recomputation, the verdict from the audit, never from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from masterplan.data.files import ensure_writable, write_atomically
from masterplan.data.findings import Findings
from masterplan.data.package import workbook_bytes
from masterplan.data.pause import no_garbage
from masterplan.data.plan import Plan
from masterplan.data.schema import TABLES, Table
from masterplan.data.template import write_table_sheet
from masterplan.reports import (
    about,
    activity_map,
    as_solved,
    checks,
    checks_page,
    live_ages,
    live_begun,
    live_bridge,
    live_inputs,
    live_portfolio,
    run_log,
    stages_page,
    tidy,
)
from masterplan.reports import summary as summary_report
from masterplan.reports.audit import Audit, audit
from masterplan.reports.findings_page import arranged, write_findings
from masterplan.reports.grid import Banner, Page
from masterplan.reports.list_page import ColumnLook, name_as_table, parts_of, write_list
from masterplan.reports.live_book import WORKINGS, Live, make_live
from masterplan.reports.live_bridge import Bridge
from masterplan.reports.live_page import write_begun, write_live, write_steps
from masterplan.reports.names import money_in_words
from masterplan.reports.recompute import Recomputed, recompute
from masterplan.reports.sheets import RARE, REPORTS, ListReport, Report, subtitle
from masterplan.reports.study_charts import charts_of, study_charts
from masterplan.reports.style import TINY, YEAR, Styles, number_format
from masterplan.reports.summary_page import draw_summary, lines_from, write_summary
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN
from masterplan.reports.timeline_page import write_timeline

TIMELINE_FREEZE = "G6"
LIST_FREEZE = "A6"
LEAST_PRINTED, LEAST_PRINTED_TIMELINE = 6, 19  # columns, so that the subtitle of a narrow sheet and the figures of Summary are not cut
LARGEST = 60_000  # lines of decisions times years, above which formulas would make the file slow to open
STEPS_MEANING = "Inputs that their table states for several years: from which year on which cell holds, read from the sheets of the case."
SMALL_NUMBER = ColumnLook("number", TINY)
LINK_LOOKS = {"Amount": ColumnLook("number"), "Unit": ColumnLook("unit")}


def write_workbook(plan: Plan, path: str | Path, audit: Audit | None = None, findings: Sequence[Findings] = ()) -> None:
    """Write a plan to an Excel file, whole or not at all; `audit` is made where it is not given; each of `findings` is a sheet more.

    Raises ValueError without a plan, OSError with a sentence for the planner where the file is open elsewhere or cannot be written.
    """
    if not plan.found:
        raise ValueError(f"There is no plan to write: the solve ended as {plan.status.replace('_', ' ')}.")
    ensure_writable(path)
    with no_garbage():
        content = workbook_bytes(make_workbook(plan, audit, findings))
    write_atomically(path, content)


def make_workbook(plan: Plan, verdict: Audit | None = None, findings: Sequence[Findings] = ()) -> Workbook:
    """The workbook of a plan, not yet a file. A case of more than LARGEST lines times years has values in the place of formulas."""
    verdict = audit(plan) if verdict is None else verdict
    numbers = recompute(plan)
    tables = {report.SHEET: report.table(plan, numbers) for report in REPORTS}
    tables = {report.SHEET: tables[report.SHEET] for report in REPORTS if len(tables[report.SHEET]) or report not in RARE}
    log = run_log.table(plan, numbers)
    live = make_live(plan, numbers, tables) if lines_of(plan) * len(plan.case.years) <= LARGEST else None
    made = checks_page.checked(plan, live, verdict, log["name"].tolist()) if live else []
    workbook = Workbook()
    workbook.active.title = about.SHEET
    book = _Book(workbook, Styles(workbook), _banner(plan, verdict, made))
    if live:
        live.sheets[live_portfolio.TITLE] = live_portfolio.portfolio(plan, live, log["name"].tolist())
        live.sheets.update(stages_page.stages(plan, live))
    front, lines = book.page(summary_report.SHEET, subtitle(summary_report)), tables.pop(summary_report.SHEET)
    bars = _summary_sheet(front, book.banner, lines, plan, numbers, live, lines_from(charts_of(findings)))
    for report in REPORTS:
        if report.SHEET in tables:
            _timeline_sheet(book, report, tables[report.SHEET], plan, live)
    bridge = _outlook(book, live) if live else None
    drawn: list[Any] = []
    for found in map(arranged, findings):
        page = book.page(found.sheet, found.meaning)
        drawn += study_charts(page.sheet, found, write_findings(page, found, book.banner))
    draw_summary(front, lines, plan, bars, bridge, drawn)
    links = activity_map.table(plan.case)
    if len(links):
        _list_sheet(book.page(activity_map.SHEET, subtitle(activity_map)), links, activity_map, book.banner, LINK_LOOKS)
    if live:
        _workings(book, live)
    page = book.page(checks.SHEET, subtitle(checks_page if live else checks))
    if live:
        _live_checks(page, book.banner, made, verdict)
        page = book.page(as_solved.SHEET, subtitle(as_solved))
        page.head(as_solved.SHEET, subtitle(as_solved), book.banner, as_solved.TAB)
        as_solved.write(page, plan, live.decided, live.early)
        page.print_setup(book.banner, LEAST_PRINTED, LIST_FREEZE)
        page.print_first_page()
    else:
        _checks_sheet(page, verdict, book.banner)
    for declared in TABLES:
        _table_sheet(book, plan, declared)
    _data_sheets(workbook, book.styles, tidy.table(plan, numbers), book.banner)
    book.index.append((tidy.SHEET, subtitle(tidy)))
    _list_sheet(book.page(run_log.SHEET, subtitle(run_log)), log, run_log, book.banner, {"value": ColumnLook("value")})
    about.write(Page(workbook[about.SHEET], book.styles), plan, book.banner, book.index, live.values_only if live else None)
    if live:
        _names(workbook, live)
    book.styles.close()
    workbook.active = workbook.sheetnames.index(summary_report.SHEET)
    return workbook


@dataclass(frozen=True)
class _Book:
    """A workbook that is being written, and the index of its sheets."""

    workbook: Workbook
    styles: Styles
    banner: Banner
    index: list[tuple[str, str]] = field(default_factory=list)

    def page(self, sheet: str, meaning: str) -> Page:
        """A new sheet, named in the index."""
        self.index.append((sheet, meaning))
        return Page(self.workbook.create_sheet(sheet), self.styles)


def lines_of(plan: Plan) -> int:
    """How many lines of decisions the plan's sheets have, about."""
    return sum(len(plan.case.names(table)) for table in ("projects", "activities", "resources")) + len(plan.case.keys("markets"))


def _banner(plan: Plan, verdict: Audit, made: Sequence[checks_page.Checked]) -> Banner:
    money, run = money_in_words(plan.case), about.run_name(plan)
    if not made:
        return Banner(verdict.passed, checks.verdict(verdict), money, run)
    _, told, passed = checks_page.banner(made)
    return Banner(passed, told, money, run, checks_page.BANNER)


def _summary_sheet(
    page: Page, banner: Banner, table: pd.DataFrame, plan: Plan, numbers: Recomputed, live: Live | None, first: int
) -> dict[str, int]:
    page.head(summary_report.SHEET, subtitle(summary_report), banner, summary_report.TAB)
    bars = write_summary(page, table, plan, numbers, first, live)
    page.print_setup(banner, _columns(len(plan.case.years)), TIMELINE_FREEZE)
    page.on_one_page()
    return bars


def _columns(years: int) -> int:
    return max(FIRST_YEAR_COLUMN + years - 1, LEAST_PRINTED_TIMELINE)


def _timeline_sheet(book: _Book, report: Report, table: pd.DataFrame, plan: Plan, live: Live | None) -> None:
    page = book.page(report.SHEET, subtitle(report))
    page.head(report.SHEET, subtitle(report), book.banner, report.TAB)
    if live and report.SHEET in live.sheets:
        write_live(page, live.sheets[report.SHEET], live.marks)
    else:
        write_timeline(page, table, report.HEADS, live=live is not None)
    page.print_setup(book.banner, _columns(len(plan.case.years)), TIMELINE_FREEZE)


def _outlook(book: _Book, live: Live) -> Bridge:
    """What NPV is made of, what the plan gains over doing nothing, what is built when, and what is short."""
    page = book.page(live_bridge.SHEET, subtitle(live_bridge))
    page.head(live_bridge.SHEET, subtitle(live_bridge), book.banner, live_bridge.TAB)
    bridge = live_bridge.write(page, live)
    page.print_setup(book.banner, len(live_bridge.HEADS), LIST_FREEZE)
    for name in (live_portfolio.TITLE, stages_page.GANTT, stages_page.IN_USE):
        if name not in live.sheets:
            continue
        sheet = live.sheets[name]
        page = book.page(name, sheet.meaning)
        page.head(name, sheet.meaning, book.banner, sheet.tab)
        if name == live_portfolio.TITLE:
            write_live(page, sheet, live.marks)
        else:
            stages_page.write_stages(page, sheet, live)
        page.print_setup(book.banner, _columns(len(sheet.years)), TIMELINE_FREEZE)
    return bridge


def _workings(book: _Book, live: Live) -> None:
    """The sheets between decisions and results."""
    for name, (meaning, _) in WORKINGS.items():
        sheet = live.sheets[name]
        if name == live_ages.SHEET:
            page = book.page(live_begun.SHEET, subtitle(live_begun))
            page.head(live_begun.SHEET, subtitle(live_begun), book.banner, live_begun.TAB)
            write_begun(page, live.begun, live.marks)
            page.print_setup(book.banner, len(live_begun.HEADS), "D6")
        if not sheet.sections:
            continue
        page = book.page(name, meaning)
        page.head(name, meaning, book.banner, sheet.tab)
        write_live(page, sheet, live.marks)
        page.print_setup(book.banner, _columns(len(sheet.years)), TIMELINE_FREEZE)
    page = book.page(live_inputs.STEPS, STEPS_MEANING)
    page.head(live_inputs.STEPS, STEPS_MEANING, book.banner, "working")
    write_steps(page, live.inputs)
    page.print_setup(book.banner, LEAST_PRINTED, LIST_FREEZE)


def _live_checks(page: Page, banner: Banner, made: Sequence[checks_page.Checked], verdict: Audit) -> None:
    page.head(checks.SHEET, subtitle(checks_page), banner, checks.TAB)
    formula, told, _ = checks_page.banner(made)
    page.formula(3, 1, formula, told)
    checks_page.write(page, made, verdict)
    page.print_setup(banner, LEAST_PRINTED, LIST_FREEZE)


def _table_sheet(book: _Book, plan: Plan, declared: Table) -> None:
    """A table of the case; row 3, which holds no input, says whether the checks hold."""
    page = Page(write_table_sheet(book.workbook, plan.case, declared), book.styles)
    book.index.append((declared.name, declared.meaning))
    page.margins(book.banner)
    if book.banner.formula:
        page.verdict(book.banner)


def _names(workbook: Workbook, live: Live) -> None:
    """Two names for other workbooks and for people; the formulas use cells."""
    places = {"MasterCheck": checks_page.MASTER, "NPV": f"Cash!$F${live.worth.figures['npv'].number}"}
    for name, place in places.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=place)


def _data_sheets(workbook: Workbook, styles: Styles, data: pd.DataFrame, banner: Banner) -> None:
    for place, part in enumerate(parts_of(data), start=1):
        ending = "" if place == 1 else f"_{place}"
        page = Page(workbook.create_sheet(f"{tidy.SHEET}{ending}"), styles)
        _list_sheet(page, part, tidy, banner, {"year": ColumnLook("value", YEAR), "value": ColumnLook("number")})
        name_as_table(page, part, f"PlanData{ending}")
        page.print_first_page()


def _checks_sheet(page: Page, verdict: Audit, banner: Banner) -> None:
    table = checks.table(verdict)
    check, result, relative, absolute, where, rows = table.columns
    looks = {check: ColumnLook("wrapped"), where: ColumnLook("place"), rows: ColumnLook("number", number_format(0))}
    _list_sheet(page, table, checks, banner, {**looks, relative: SMALL_NUMBER, absolute: SMALL_NUMBER})
    for row, value in enumerate(table[absolute].tolist(), start=FIRST_ROW):
        page.put(row, 4, value, "number", checks_page.amount_format(value))
    for row, word in enumerate(table[result].tolist(), start=FIRST_ROW):
        page.put(row, 2, word, {checks.HOLDS: "good", checks.FAILS: "bad"}.get(word, "detail"))


def _list_sheet(page: Page, table: pd.DataFrame, report: ListReport, banner: Banner, columns: Mapping[str, ColumnLook]) -> None:
    page.head(page.sheet.title, subtitle(report), banner, report.TAB)
    write_list(page, table, columns)
    page.print_setup(banner, max(len(table.columns), LEAST_PRINTED), LIST_FREEZE)
