"""The live part of a plan workbook, before it is written: from the decision sheets to NPV, and the rules tested on the way.

The order is that of the working: Starts and the other decisions, Begun (a row per project and start year), Ages (a row per project
and age), Capacity, Balances, Capex, Cash, then Tested. Steps and Yearly hold the inputs that vary by year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from masterplan.data.plan import Plan
from masterplan.reports import balances, cancellations, capacity, capex, cash, live_ages, live_inputs, live_measures, live_tested, starts
from masterplan.reports.binding import SHEET as BINDING
from masterplan.reports.decisions import EARLY
from masterplan.reports.facts import Facts
from masterplan.reports.formula import Term
from masterplan.reports.given_up import SHEET as GIVEN_UP
from masterplan.reports.live_ages import Ages, ages
from masterplan.reports.live_begun import Begun, Lines, begun
from masterplan.reports.live_binding import binding
from masterplan.reports.live_curves import curves
from masterplan.reports.live_ends import ends, spend_after
from masterplan.reports.live_given_up import given_up
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_measures import Measured
from masterplan.reports.live_money import Spent, items, spend
from masterplan.reports.live_operation import Operation, operate
from masterplan.reports.live_sheet import LiveSheet, Row, quoted
from masterplan.reports.live_targets import Targets, targets
from masterplan.reports.live_tested import tested
from masterplan.reports.live_worth import Worth, worth
from masterplan.reports.measures import measures
from masterplan.reports.recompute import Recomputed
from masterplan.reports.sheets import DECIDED, WORKED_OUT, subtitle
from masterplan.reports.targets import SHEET as TARGETS
from masterplan.reports.tested_rule import Built
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, years_of

WORKINGS: Mapping[str, tuple[str, tuple[str, str, str]]] = {
    live_inputs.YEARLY: ("Inputs that vary by year, read from the sheets of the case by way of Steps.", ("Row", "Column", "")),
    live_ages.SHEET: (
        subtitle(live_ages),
        live_ages.HEADS,
    ),
    live_measures.TITLE: ("What the members of each general limit add up to, by year.", live_measures.HEADS),
    live_tested.TITLE: ("By how much each rule is broken in each year, relative to what it compares: 0 where it holds.", live_tested.HEADS),
}


@dataclass(frozen=True, eq=False)
class Live:
    """The sheets of formulas of one workbook, and what the pages about them need."""

    inputs: Inputs
    begun: Begun
    sheets: dict[str, LiveSheet]
    decided: dict[str, Lines]
    early: tuple[Term, ...]
    ages: Ages
    operation: Operation
    spent: Spent
    worth: Worth
    tested: dict[str, list[Row]]
    targets: Targets

    @property
    def marks(self) -> dict[int, int]:
        """The row of every mark."""
        return {row.mark: row.number for sheet in self.sheets.values() for rows in sheet.sections.values() for row in rows}

    @property
    def values_only(self) -> list[str]:
        """Lines that stand as values, because no formula of this workbook gives them."""
        return [line for sheet in self.sheets.values() for line in sheet.values_only]


def make_live(plan: Plan, found: Recomputed, tables: Mapping[str, pd.DataFrame]) -> Live:
    """Formulas for a plan; `tables` are the frames of the decision sheets as they are written."""
    facts = Facts(plan)
    last = get_column_letter(FIRST_YEAR_COLUMN + len(plan.case.years) - 1)
    sheets = {
        report.SHEET: LiveSheet(report.SHEET, subtitle(report), report.TAB, report.HEADS, plan.case.years, last)
        for report in WORKED_OUT
        if report.SHEET in tables
    }
    for name, (meaning, heads) in WORKINGS.items():
        sheets[name] = LiveSheet(name, meaning, "check" if name == live_tested.TITLE else "working", heads, plan.case.years, last)
    inputs = Inputs(plan.case, sheets[live_inputs.YEARLY])
    decided = {report.DECISION.sheet.lower().split()[0]: decision_lines(tables.get(report.SHEET), report.SHEET, last) for report in DECIDED}
    given = early_cells(tables["Starts"], starts.SHEET)
    dropped = early_cells(tables[cancellations.SHEET], cancellations.SHEET) if cancellations.SHEET in tables else {}
    bent = curves(facts, inputs, sheets[live_ages.SHEET])
    started = begun(facts, inputs, decided["starts"], given, decided["retirements"], bent)
    aged = ages(facts, inputs, started, sheets[live_ages.SHEET], decided["retirements"], decided["vintages"])
    operation = operate(facts, inputs, started, aged, decided, found, sheets[capacity.SHEET], sheets[balances.SHEET])
    spent = spend(facts, inputs, aged, found, sheets[capex.SHEET])
    ends(facts, inputs, started, aged)
    after = spend_after(facts, inputs, started, aged, found)
    entries = items(facts, inputs, started, aged, decided, dropped, operation)
    value = worth(facts, inputs, started, aged, decided, entries, after, found, sheets[cash.SHEET])
    measured = Measured(facts, inputs, aged, decided, operation, spent, value, sheets[live_measures.TITLE], measures(facts, found))
    built = Built(facts, inputs, started, aged, decided, dropped, operation, spent, value, measured)
    rules = tested(built, sheets[live_tested.TITLE])
    aims = targets(measured, found, sheets[TARGETS]) if TARGETS in sheets else Targets()
    if GIVEN_UP in sheets:
        given_up(plan, built, found, sheets[GIVEN_UP])
    if BINDING in sheets:
        binding(built, tables[BINDING], sheets[BINDING])
    for sheet in sheets.values():
        sheet.numbered()
    return Live(inputs, started, sheets, decided, (*given.values(), *dropped.values()), aged, operation, spent, value, rules, aims)


def row_numbers(table: pd.DataFrame, first_row: int = FIRST_ROW) -> list[int]:
    """The row of every line of a timeline frame, in the order of the frame (see `write_timeline`)."""
    sections = table["section"].tolist()
    numbers, row = [0] * len(sections), first_row
    for name in dict.fromkeys(sections):
        for place in [place for place, section in enumerate(sections) if section == name]:
            row += 1
            numbers[place] = row
        row += 2
    return numbers


def decision_lines(table: pd.DataFrame | None, sheet: str, last: str) -> Lines:
    """(item, part) -> its line on a decision sheet; none where the sheet is not written. Early starts have no line."""
    if table is None or table.empty:
        return {}
    years, found = years_of(table), {}
    for number, record in zip(row_numbers(table), table.to_dict("records"), strict=True):
        if record["section"] != EARLY and not record["remark"]:
            values = np.array([float(record[year] or 0.0) for year in years])
            row = Row(quoted(sheet), last, values, None, record["item"], record["part"], unit=record["unit"], number=number)
            row.first_year = years[0]
            found[str(record["item"]), record["part"]] = row
    return found


def early_cells(table: pd.DataFrame, sheet: str) -> dict[tuple[str, int], Term]:
    """(project, start year) -> the cell of a start before the plan."""
    return {
        (str(record["item"]), int(record["part"])): Term(f"{sheet}!$F${number}", np.array(float(record["total"])))
        for number, record in zip(row_numbers(table), table.to_dict("records"), strict=True)
        if record["section"] == EARLY
    }
