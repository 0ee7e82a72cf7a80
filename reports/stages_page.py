"""Two sheets to look at: when each project is built and stands (Gantt), and how much of what there is each year takes (In use)."""

from __future__ import annotations

import numpy as np
from openpyxl.formatting.rule import ColorScaleRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from masterplan.data.plan import Plan
from masterplan.reports.facts import ANY
from masterplan.reports.formula import ONE, ZERO, Term, compare, number, when
from masterplan.reports.grid import Page
from masterplan.reports.live_begun import LEAST
from masterplan.reports.live_book import Live
from masterplan.reports.live_page import write_live
from masterplan.reports.live_sheet import LiveSheet
from masterplan.reports.names import activity_systems, in_order, project_systems
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, HEADER_ROW

GANTT, IN_USE = "Gantt", "In use"
MEANINGS = {
    GANTT: "When the modules of each project are built (C) and stand (S); B: some stand while others are built.",
    IN_USE: "What is used of what there is: activities of their capacity, purchases and sales of their limit. Red is a bottleneck.",
}
MARKETS = "Markets, of their limit"
HIDDEN = ";;;"
BUILDS, STANDS, BOTH = 1.0, 2.0, 3.0
STAGES = ((BUILDS, "C", "E69F00"), (STANDS, "S", "9CC9E8"), (BOTH, "B", "0072B2"))


def stages(plan: Plan, live: Live) -> dict[str, LiveSheet]:
    """Both sheets, numbered; one without lines is left out."""
    last, years = live.worth.sheet.last, plan.case.years
    gantt = LiveSheet(GANTT, MEANINGS[GANTT], "output", ("Project", "", ""), years, last)
    least = Term(LEAST, np.array(ANY))
    for system, project in in_order(project_systems(plan.case)):
        builds = when(compare(live.ages.under_construction[project].here, ">", least), ONE, ZERO)
        stands = when(compare(live.ages.alive[project].here, ">", least), number(2.0), ZERO)
        gantt.line(system, project, builds + stands)
    used = LiveSheet(IN_USE, MEANINGS[IN_USE], "output", ("What", "Tier", ""), years, last)
    for system, activity in in_order(activity_systems(plan.case)):
        level, stood = live.operation.levels[activity].here, live.operation.capacity[activity].here
        if plan.case.attribute("activities", "capacity_limited")[activity] == "yes":
            with np.errstate(divide="ignore", invalid="ignore"):
                used.line(system, activity, when(compare(stood, ">", ZERO), level / stood, ZERO), style="percent")
    limits = plan.case.series("markets", "limit")
    for key, row in live.decided["trades"].items():
        if any((*key, year) in limits for year in years):
            limit = live.inputs.at("markets", "limit", key, Term("@$5", np.array(years, dtype=float)))
            with np.errstate(divide="ignore", invalid="ignore"):
                share = when(compare(limit, ">", ZERO), row.here / limit, ZERO)
            used.line(MARKETS, str(key[0]), share, part=key[1], style="percent")
    made = {name: sheet for name, sheet in ((GANTT, gantt), (IN_USE, used)) if sheet.sections}
    for sheet in made.values():
        sheet.numbered()
    return made


def write_stages(page: Page, sheet: LiveSheet, live: Live) -> None:
    """Writes one of the sheets with its colours."""
    write_live(page, sheet, live.marks)
    area = f"G{FIRST_ROW}:{sheet.last}{page.sheet.max_row}"
    if sheet.title == IN_USE:
        scale = {"start_type": "num", "start_value": 0, "mid_type": "num", "mid_value": 0.8, "end_type": "num", "end_value": 1}
        page.sheet.conditional_formatting.add(area, ColorScaleRule(**scale, start_color="FFFFFF", mid_color="FCE5B8", end_color="E8836B"))
        return
    for row in (row for rows in sheet.sections.values() for row in rows):
        for place in range(len(sheet.years)):
            cell = page.sheet.cell(row.number, FIRST_YEAR_COLUMN + place)
            cell._style = page.styles.get("stage", HIDDEN)
    for place in range(len(sheet.years)):
        page.look(HEADER_ROW, FIRST_YEAR_COLUMN + place, "header_centred")
    for value, letter, colour in STAGES:
        fill = PatternFill(bgColor=colour, fill_type="solid")
        font = Font(color="FFFFFF" if value == BOTH else "000000")
        shown = DifferentialStyle(numFmt=NumberFormat(numFmtId=201, formatCode=f'"{letter}"'), font=font, fill=fill)
        page.sheet.conditional_formatting.add(area, Rule(type="cellIs", operator="equal", dxf=shown, formula=[f"{value:g}"]))
