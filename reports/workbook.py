"""The plan workbook: `write_workbook(plan, path)`. Numbers come from the recomputation, the verdict from the audit, never from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from masterplan.data.files import ensure_writable, write_atomically
from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.data.schema import TABLES
from masterplan.data.template import write_table_sheet
from masterplan.reports import about, activity_map, checks, run_log, tidy
from masterplan.reports import summary as summary_report
from masterplan.reports.audit import Audit, audit
from masterplan.reports.findings_page import write_findings
from masterplan.reports.grid import Banner, Page
from masterplan.reports.list_page import ColumnLook, name_as_table, parts_of, write_list
from masterplan.reports.names import money_in_words
from masterplan.reports.package import workbook_bytes
from masterplan.reports.recompute import Recomputed, recompute
from masterplan.reports.sheets import RARE, REPORTS, ListReport, Report, subtitle
from masterplan.reports.style import TINY, YEAR, Styles, number_format
from masterplan.reports.summary_page import write_summary
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN
from masterplan.reports.timeline_page import write_timeline

TIMELINE_FREEZE = "G6"
LIST_FREEZE = "A6"
LEAST_PRINTED, LEAST_PRINTED_TIMELINE = 6, 19  # columns, so that the subtitle of a narrow sheet and the figures of Summary are not cut
SMALL_NUMBER, LINK_AMOUNT = ColumnLook("number", TINY), ColumnLook("number", "#,##0.######")


def write_workbook(plan: Plan, path: str | Path, audit: Audit | None = None, findings: Sequence[Findings] = ()) -> None:
    """Write a plan to an Excel file, whole or not at all; `audit` is made where it is not given; each of `findings` is a sheet more.

    Raises ValueError without a plan, OSError with a sentence for the planner where the file is open elsewhere or cannot be written.
    """
    if not plan.found:
        raise ValueError(f"There is no plan to write: the solve ended as {plan.status.replace('_', ' ')}.")
    ensure_writable(path)
    write_atomically(path, workbook_bytes(make_workbook(plan, audit, findings)))


def make_workbook(plan: Plan, verdict: Audit | None = None, findings: Sequence[Findings] = ()) -> Workbook:
    """The workbook of a plan, not yet a file."""
    verdict = audit(plan) if verdict is None else verdict
    numbers = recompute(plan)
    banner = Banner(verdict.passed, checks.verdict(verdict), money_in_words(plan.case), about.run_name(plan))
    workbook = Workbook()
    first = workbook.active
    first.title = about.SHEET
    styles = Styles(workbook)
    index = []
    for report in REPORTS:
        table = report.table(plan, numbers)
        if len(table) or report not in RARE:
            _timeline_sheet(Page(workbook.create_sheet(report.SHEET), styles), report, table, plan, numbers, banner)
            index.append((report.SHEET, subtitle(report)))
    for found in findings:
        write_findings(Page(workbook.create_sheet(found.sheet), styles), found, banner)
        index.append((found.sheet, found.meaning))
    links = activity_map.table(plan.case)
    if len(links):
        _list_sheet(Page(workbook.create_sheet(activity_map.SHEET), styles), links, activity_map, banner, {"Amount": LINK_AMOUNT})
        index.append((activity_map.SHEET, subtitle(activity_map)))
    _checks_sheet(Page(workbook.create_sheet(checks.SHEET), styles), verdict, banner)
    index.append((checks.SHEET, subtitle(checks)))
    for declared in TABLES:
        write_table_sheet(workbook, plan.case, declared)
        index.append((declared.name, declared.meaning))
    _data_sheets(workbook, styles, tidy.table(plan, numbers), banner)
    index.append((tidy.SHEET, subtitle(tidy)))
    log = run_log.table(plan, numbers)
    _list_sheet(Page(workbook.create_sheet(run_log.SHEET), styles), log, run_log, banner, {"value": ColumnLook("value")})
    index.append((run_log.SHEET, subtitle(run_log)))
    about.write(Page(first, styles), plan, banner, index)
    styles.close()
    workbook.active = workbook.sheetnames.index(summary_report.SHEET)
    return workbook


def _timeline_sheet(page: Page, report: Report, table: pd.DataFrame, plan: Plan, numbers: Recomputed, banner: Banner) -> None:
    page.head(report.SHEET, subtitle(report), banner, report.TAB)
    if report is summary_report:
        write_summary(page, table, plan, numbers)
    else:
        write_timeline(page, table, report.HEADS)
    page.print_setup(banner, max(FIRST_YEAR_COLUMN + len(plan.case.years) - 1, LEAST_PRINTED_TIMELINE), TIMELINE_FREEZE)
    if report is summary_report:
        page.on_one_page()


def _data_sheets(workbook: Workbook, styles: Styles, data: pd.DataFrame, banner: Banner) -> None:
    for place, part in enumerate(parts_of(data), start=1):
        ending = "" if place == 1 else f"_{place}"
        page = Page(workbook.create_sheet(f"{tidy.SHEET}{ending}"), styles)
        _list_sheet(page, part, tidy, banner, {"year": ColumnLook("value", YEAR)})
        name_as_table(page, part, f"PlanData{ending}")


def _checks_sheet(page: Page, verdict: Audit, banner: Banner) -> None:
    table = checks.table(verdict)
    check, result, relative, absolute, where, rows = table.columns
    looks = {check: ColumnLook("wrapped"), where: ColumnLook("place"), rows: ColumnLook("number", number_format(0))}
    _list_sheet(page, table, checks, banner, {**looks, relative: SMALL_NUMBER, absolute: SMALL_NUMBER})
    for row, word in enumerate(table[result].tolist(), start=FIRST_ROW):
        page.put(row, 2, word, {checks.HOLDS: "good", checks.FAILS: "bad"}.get(word, "detail"))


def _list_sheet(page: Page, table: pd.DataFrame, report: ListReport, banner: Banner, columns: Mapping[str, ColumnLook]) -> None:
    page.head(page.sheet.title, subtitle(report), banner, report.TAB)
    write_list(page, table, columns)
    page.print_setup(banner, max(len(table.columns), LEAST_PRINTED), LIST_FREEZE)
