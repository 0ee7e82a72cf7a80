"""What a year takes from the starts of earlier years: one row per project and age, the starts of so many years before times its share.

Capex is the spend share of an age times the capex begun that many years ago (sheet Begun); capacity is the availability of an age times the
capacity begun; what is built and what stands takes its inputs in the same way. Adding up the ages of a project gives its year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from masterplan.reports import live_begun as columns
from masterplan.reports.depreciation import book, has_class
from masterplan.reports.facts import Facts
from masterplan.reports.formula import ONE, ZERO, Numbers, Term, greatest, least
from masterplan.reports.live_begun import Begun, Block, Lines
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import OWN_ROW, LiveSheet, Row, block_sum, total_of, year_term
from masterplan.reports.names import money_unit

SHEET = "Ages"
HEADS = ("What", "Item", "Age")


@dataclass(eq=False)
class Ages:
    """Lines of the sheet Ages by what they are for, each by project (or by the key of a construction input)."""

    sheet: LiveSheet
    money: str
    lead_times: dict[str, Term]
    book: dict[str, list[Term]]
    own: dict[str, list[Row]] = field(default_factory=dict)
    fixed: dict[str, list[Row]] = field(default_factory=dict)
    alive: dict[str, Row] = field(default_factory=dict)
    under_construction: dict[str, Row] = field(default_factory=dict)
    started: dict[str, Row] = field(default_factory=dict)
    built: dict[str, list[Row]] = field(default_factory=dict)
    taken: dict[Any, Row] = field(default_factory=dict)
    standing: dict[Any, list[Row]] = field(default_factory=dict)
    value_taken: dict[Any, Row] = field(default_factory=dict)
    written_off: dict[str, list[Row]] = field(default_factory=dict)
    worth: dict[str, list[Row]] = field(default_factory=dict)
    fading: dict[tuple[str, int], Row] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Retired:
    """The lines of one project on the sheet Retirements: start years down, years across."""

    first: Row
    last: Row
    starts: Numbers
    amounts: Numbers
    years: Numbers

    def by(self, begun: Term, width: int) -> Term:
        """Modules of the start year `begun` that are retired by the year of the column."""
        sheet, last = self.first.sheet, self.first.last
        begin = np.broadcast_to(begun.values, (width,))
        so_far = np.cumsum(self.amounts, axis=1)
        values = np.array([so_far[self.starts == begin[place], place].sum() for place in range(width)])
        down = f"({sheet}!$C${self.first.number}:$C${self.last.number}={begun.text})"
        across = f"({sheet}!$G$5:${last}$5<=@$5)"
        block = f"{sheet}!$G${self.first.number}:${last}${self.last.number}"
        return Term(f"SUMPRODUCT({down}*{across}*{block})", values)


def ages(facts: Facts, inputs: Inputs, begun: Begun, sheet: LiveSheet, retirements: Lines, vintages: Lines) -> Ages:
    """All lines, a section per project."""
    leads = {project: inputs.attribute("projects", "lead_time", project) for project in facts.case.names("projects")}
    made = Ages(sheet, money_unit(facts.case), leads, {})
    for name in sorted({facts.attribute("projects", "depreciation_class")[project] for project in leads if has_class(facts, project)}):
        made.book[name] = _book(facts, inputs, sheet, name)
    for project in facts.case.names("projects"):
        block, ended = begun.blocks[project], retired_of(project, retirements)
        _modules(facts, made, project, block, ended)
        _spend(facts, inputs, made, project, block)
        _built(facts, inputs, made, project, block, ended)
        _inputs(facts, inputs, made, project, block, ended)
        _deductions(facts, inputs, made, project, block)
        if facts.output_profile(project) is not None:
            _worth(facts, inputs, made, project)
    for (project, start), row in vintages.items():
        _fading(facts, made, project, int(start), row)
    return made


def retired_of(project: str, retirements: Lines) -> Retired | None:
    """The project's lines on the sheet Retirements; None where it has none."""
    rows = [(int(start), row) for (name, start), row in retirements.items() if name == project]
    if not rows:
        return None
    first_year = rows[0][1].first_year
    years = np.arange(first_year, first_year + len(rows[0][1].values), dtype=float)
    return Retired(
        rows[0][1], rows[-1][1], np.array([start for start, _ in rows], dtype=float), np.array([row.values for _, row in rows]), years
    )


def _year(facts: Facts) -> Term:
    return year_term(facts.case.years)


def _ago(facts: Facts, years: Term) -> Term:
    return _year(facts) - years


def own_age(row_age: int) -> Term:
    """The age in column D of the line itself."""
    return Term(f"$D{OWN_ROW}", np.array(float(row_age)))


def _modules(facts: Facts, made: Ages, project: str, block: Block, ended: Retired | None) -> None:
    year, unit = _year(facts), "modules"
    made.started[project] = made.sheet.line(project, "Started", block.sum_where(columns.MODULES, (columns.START, "=", year)), unit, project)
    building = block.sum_where(columns.MODULES, (columns.START, "<=", year), (columns.FIRST, ">", year))
    made.under_construction[project] = made.sheet.line(project, "Under construction", building, unit, project)
    if ended is None:
        alive = block.sum_where(columns.MODULES, (columns.FIRST, "<=", year), (columns.LAST, ">=", year))
        made.alive[project] = made.sheet.line(project, "Alive", alive, unit, project)
        return
    life, rows = _lifetime(facts, project), []
    for age in range(life):
        rows.append(made.sheet.line(project, "Alive", _left(facts, made, project, block, ended, age), unit, project, age))
    made.alive[project] = made.sheet.line(project, "Alive, all ages", block_sum(rows), unit, project)


def _lifetime(facts: Facts, project: str) -> int:
    """Ages that a module of the project can have inside the plan."""
    lead, life = (int(facts.attribute("projects", name)[project]) for name in ("lead_time", "life"))
    return max(0, min(life, facts.case.last_year - facts.case.start_years[0] - lead + 1))


def _left(facts: Facts, made: Ages, project: str, block: Block, ended: Retired | None, age: int) -> Term:
    """Modules of an age that are not retired."""
    first = _ago(facts, own_age(age))
    left = block.sum_where(columns.MODULES, (columns.FIRST, "=", first))
    if ended is None:
        return left
    return left - ended.by(first - made.lead_times[project], len(facts.case.years))


def _spend(facts: Facts, inputs: Inputs, made: Ages, project: str, block: Block) -> None:
    money = made.money
    name = facts.attribute("projects", "spend_profile").get(project)
    has_fixed = inputs.is_given("projects", "fixed_capex", project)
    spend_ages = sorted(facts.spend_shares(project, facts.case.first_year))
    for label, column, wanted, rows in (
        ("Capex by module", columns.OWN, True, made.own),
        ("Fixed capex", columns.FIXED, has_fixed, made.fixed),
    ):
        rows[project] = []
        for age in spend_ages if wanted else ():
            begun = _ago(facts, own_age(age))
            even = ONE / greatest(made.lead_times[project], ONE)
            share = even if name is None else inputs.at("profiles", "value", (name, age), begun)
            term = share * block.sum_where(column, (columns.START, "=", begun))
            rows[project].append(made.sheet.line(project, label, term, money, project, age))


def _built(facts: Facts, inputs: Inputs, made: Ages, project: str, block: Block, ended: Retired | None) -> None:
    name, activity = facts.attribute("projects", "availability_profile").get(project), facts.attribute("projects", "activity").get(project)
    made.built[project] = []
    if activity is None:
        return
    unit = str(facts.attribute("activities", "unit")[activity])
    if name is None and ended is None:
        year = _year(facts)
        term = block.sum_where(columns.NAMEPLATE, (columns.FIRST, "<=", year), (columns.LAST, ">=", year))
        made.built[project].append(made.sheet.line(project, "Capacity", term, unit, project))
        return
    given = sorted(age for profile, age in facts.keys("profiles") if profile == name)
    for age in range(_lifetime(facts, project)):
        first = _ago(facts, own_age(age))
        begun = first - made.lead_times[project]
        if ended is None:
            term = block.sum_where(columns.NAMEPLATE, (columns.FIRST, "=", first))
        else:
            term = inputs.at("projects", "module_capacity", project, begun) * _left(facts, made, project, block, ended, age)
        if name is not None:
            held = max((each for each in given if each <= age), default=given[0])
            term = inputs.at("profiles", "value", (name, held), begun) * term
        made.built[project].append(made.sheet.line(project, "Capacity", term, unit, project, age))


def _inputs(facts: Facts, inputs: Inputs, made: Ages, project: str, block: Block, ended: Retired | None) -> None:
    units = facts.attribute("resources", "unit")
    for resource, years_after, key in facts.building.get(project, []):
        begun = _ago(facts, own_age(years_after))
        taken = inputs.at("construction_inputs", "amount", key, begun) * block.sum_where(columns.MODULES, (columns.START, "=", begun))
        made.taken[key] = made.sheet.line(project, "Built with", taken, units[resource], resource, years_after)
        if inputs.is_given("construction_inputs", "capitalised_value", key):
            value = inputs.at("construction_inputs", "capitalised_value", key, begun) * made.taken[key].here
            made.value_taken[key] = made.sheet.line(project, "Built with, as capex", value, made.money, resource, years_after)
    for key in facts.keys("construction_inputs"):
        if key[0] == project and key[2] == "standing":
            made.standing[key] = _standing(facts, inputs, made, project, key, block, ended)


def _standing(
    facts: Facts, inputs: Inputs, made: Ages, project: str, key: tuple[Any, ...], block: Block, ended: Retired | None
) -> list[Row]:
    """One line where the amount is the same for all starts, else one per age."""
    unit, amounts = facts.attribute("resources", "unit")[key[1]], facts.series("construction_inputs", "amount")
    if len({amounts[*key, year] for year in facts.case.start_years}) == 1 and not inputs.has_steps("construction_inputs", "amount", key):
        term = inputs.at("construction_inputs", "amount", key, _year(facts)) * made.alive[project].here
        return [made.sheet.line(project, "Standing", term, unit, key[1])]
    rows = []
    for age in range(_lifetime(facts, project)):
        begun = _ago(facts, own_age(age)) - made.lead_times[project]
        term = inputs.at("construction_inputs", "amount", key, begun) * _left(facts, made, project, block, ended, age)
        rows.append(made.sheet.line(project, "Standing", term, unit, key[1], age))
    return rows


def _deductions(facts: Facts, inputs: Inputs, made: Ages, project: str, block: Block) -> None:
    """What of the cost is deducted from taxable income at each age, by the depreciation class."""
    made.written_off[project] = []
    if not has_class(facts, project):
        return
    shares = book(facts, project)
    name = facts.attribute("projects", "depreciation_class")[project]
    for age in range(min(len(shares) - 1, len(facts.case.years) + len(facts.case.start_years))):
        before, after = made.book[name][age], made.book[name][age + 1]
        cost = block.sum_where(columns.COST, (columns.FIRST, "=", _ago(facts, own_age(age))))
        made.written_off[project].append(
            made.sheet.line(project, "Deducted from taxable income", (before - after) * cost, made.money, project, age)
        )


def _worth(facts: Facts, inputs: Inputs, made: Ages, project: str) -> None:
    """What one output is worth at each age, one figure per age."""
    name, section = facts.output_profile(project), f"{project}: worth of one output by age"
    given = sorted(age for profile, age in facts.keys("profiles") if profile == name)
    made.worth[project] = []
    for age in range(int(facts.attribute("projects", "life")[project])):
        held = max((each for each in given if each <= age), default=given[0])
        value = inputs.at("profiles", "value", (name, held), inputs.setting("first_year"))
        made.worth[project].append(made.sheet.figure(section, project, value, note=age))


def _fading(facts: Facts, made: Ages, project: str, start: int, level: Row) -> None:
    """What a vintage makes of its fading output beyond its level: level times (worth at its age less 1)."""
    rows, years = made.worth[project], facts.case.years
    age = _year(facts) - Term(f"$D{OWN_ROW}", np.array(float(start))) - made.lead_times[project]
    last = len(rows) - 1
    held = least(greatest(age, ZERO), Term(f"MAX({SHEET}!$D${rows[0].at}:$D${rows[-1].at})", np.array(float(last))))
    worth = np.array([rows[int(place)].values[0] for place in held.values])
    found = Term(f"INDEX({SHEET}!$F${rows[0].at}:$F${rows[-1].at},{held.text}+1)", worth)
    true = {year: value * (facts.output_worth(project, start, year) - 1.0) for year, value in zip(years, level.values, strict=True)}
    term = level.here * (found - ONE)
    made.fading[project, start] = made.sheet.line(
        f"{project}: output beyond the level", project, term, level.unit, "of the modules begun in", start, truth=true
    )


def _book(facts: Facts, inputs: Inputs, sheet: LiveSheet, name: str) -> list[Term]:
    """Share of the cost that is not deducted yet, at the beginning of each age and at last after the final one."""
    section, method = "Share of the cost not deducted yet", facts.attribute("depreciation", "method")[name]
    found = [total_of(sheet.figure(section, name, ONE, note=0))]
    if method == "expensing":
        return [*found, total_of(sheet.figure(section, name, ZERO, note=1))]
    kept = ONE - inputs.attribute("depreciation", "immediate", name)
    years = inputs.attribute("depreciation", "years", name)
    for age in range(1, int(facts.attribute("depreciation", "years")[name]) + 1):
        to_go = years - own_age(age)
        left = kept * to_go / (to_go + ONE)
        if method == "declining_balance":
            left = least(left, kept * (ONE - inputs.attribute("depreciation", "rate", name)))
        kept = total_of(sheet.figure(section, name, left, note=age))
        found.append(kept)
    return found
