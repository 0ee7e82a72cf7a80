"""Modules by project and start year: one row each, with when they run, what they cost, and what they are worth at the end.

Every year in which a project might start has a row, started or not, so that a start that is typed in is followed up. What a year of the
plan makes of these rows is summed over them by the age that they have then: see the sheet Ages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from masterplan.reports.facts import ANY, Facts
from masterplan.reports.formula import ONE, ZERO, Numbers, Term, added, compare, size, when
from masterplan.reports.live_curves import Curve
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import Row
from masterplan.reports.timeline import FIRST_ROW

SHEET = "Begun"
TAB = "working"
HEADS = (
    "Project",
    "Start year",
    "Modules",
    "First output",
    "Last output",
    "Module capacity",
    "Capacity begun",
    "Capex by module",
    "Fixed capex",
    "On a cost curve",
    "Capex begun",
    "Inputs that count as capex",
    "Cost",
    "Credit share",
    "Credit",
    "Retired",
    "Cost left",
    "Credit after the last year, at its end",
    "Share of worth left",
    "Share still to deduct",
    "Worth at the end",
    "Yearly cost of replacing",
    "Modules on the cost curve",
)
PROJECT, START, MODULES, FIRST, LAST, SIZE, NAMEPLATE, CAPEX, FIXED, CURVE, OWN = "ABCDEFGHIJK"
INPUTS, COST, SHARE, CREDIT, RETIRED, LEFT, LATER, WORTH, DEDUCT, ENDS, REPLACE, COUNTED = "LMNOPQRSTUVW"
Lines = Mapping[tuple[str, str | int], Row]
LEAST = "Checks!$D$8"  # modules below this are computer noise, not a start


@dataclass(eq=False)
class Block:
    """The rows of one project: ranges of their columns, and their numbers."""

    project: str
    first: int
    last: int
    columns: dict[str, Numbers] = field(default_factory=dict)

    def range(self, column: str) -> str:
        """A column of the block."""
        return f"{SHEET}!${column}${self.first}:${column}${self.last}"

    def sum_where(self, column: str, *tests: tuple[str, str, Term]) -> Term:
        """SUMIFS of a column over the rows that pass every test (column, sign, term of the year)."""
        width = max((np.size(term.values) for _, _, term in tests), default=1)
        kept = np.ones((width, self.last - self.first + 1))
        words = []
        for name, sign, term in tests:
            other = np.reshape(np.broadcast_to(term.values, (width,)), (width, 1))
            check = {"=": np.equal, "<=": np.less_equal, ">=": np.greater_equal, ">": np.greater}[sign]
            kept = kept * check(self.columns[name][None, :], other)
            words.append(f"{self.range(name)},{term.text if sign == '=' else f'{chr(34)}{sign}{chr(34)}&{_whole(term)}'}")
        return Term(f"SUMIFS({self.range(column)},{','.join(words)})", kept @ self.columns[column])

    def total(self, column: str) -> Term:
        """The sum of a column."""
        return Term(f"SUM({self.range(column)})", np.array(self.columns[column].sum()))

    def cell(self, column: str, place: int) -> Term:
        """One cell of the block."""
        return Term(f"{SHEET}!${column}${self.first + place}", np.array(self.columns[column][place]))


@dataclass(eq=False)
class Begun:
    """The sheet while it is made: rows of cells, and the block of each project."""

    blocks: dict[str, Block] = field(default_factory=dict)
    rows: list[tuple[str, int, dict[str, Term]]] = field(default_factory=list)


def begun(
    facts: Facts, inputs: Inputs, starts: Lines, early: Mapping[tuple[str, int], Term], retirements: Lines, curves: Mapping[str, Curve]
) -> Begun:
    """A block for every project; `early` gives the cell of each start before the plan, `retirements` the line of each start."""
    made = Begun()
    for project in facts.case.names("projects"):
        years = [*sorted(year for name, year in early if name == project), *facts.case.years]
        first = FIRST_ROW + len(made.rows)
        block = Block(project, first, first + len(years) - 1)
        table: list[dict[str, Term]] = []
        for place, year in enumerate(years):
            if year < facts.case.first_year:
                modules = early[project, year]
            else:
                row, at = starts[project, ""], year - facts.case.first_year
                modules = Term(f"INDEX({row.range},{SHEET}!$B{first + place}-settings_first+1)", np.array(row.values[at]))
            curved = _curved(curves[project], first + place, table) if project in curves else None
            cells = _cells(facts, inputs, project, year, first + place, modules, curved)
            table.append(_ended(cells, first + place, retirements.get((project, year))))
        for letter in table[0]:
            block.columns[letter] = np.array([float(np.ravel(cells[letter].values)[0]) for cells in table])
        for year, cells in zip(years, table, strict=True):
            made.rows.append((project, year, cells))
        made.blocks[project] = block
    return made


def _cells(
    facts: Facts, inputs: Inputs, project: str, year: int, row: int, modules: Term, curved: Callable[[Term], tuple[Term, Term]] | None
) -> dict[str, Term]:

    def own(letter: str) -> Term:
        return Term(f"{SHEET}!${letter}{row}", found[letter].values)

    def series(column: str) -> Term:
        return inputs.at("projects", column, project, own(START))

    found: dict[str, Term] = {START: Term(f"{year}", np.array(float(year)))}
    first = inputs.setting("first_year")
    modules = Term(modules.text.replace("settings_first", first.text), modules.values)
    found[MODULES] = when(compare(size(modules), ">", Term(LEAST, np.array(ANY))), modules, ZERO)
    found[FIRST] = own(START) + inputs.attribute("projects", "lead_time", project)
    found[LAST] = own(FIRST) + inputs.attribute("projects", "life", project) - ONE
    found[SIZE] = series("module_capacity")
    found[NAMEPLATE] = own(SIZE) * own(MODULES)
    found[CAPEX] = series("capex")
    found[FIXED] = when(compare(own(MODULES), "=", ZERO), ZERO, series("fixed_capex"))
    found[CURVE] = ZERO
    if curved is not None:
        found[COUNTED], found[CURVE] = curved(own(MODULES))
    found[OWN] = own(CAPEX) * own(MODULES) + own(CURVE)
    values = [
        inputs.at("construction_inputs", "amount", key, own(START)) * inputs.at("construction_inputs", "capitalised_value", key, own(START))
        for _, _, key in facts.building.get(project, [])
        if inputs.is_given("construction_inputs", "capitalised_value", key)
    ]
    found[INPUTS] = added(values) * own(MODULES) if values else ZERO
    found[COST] = own(OWN) + own(FIXED) + own(INPUTS)
    found[SHARE] = _credit_share(facts, inputs, project, own(START))
    found[CREDIT] = own(SHARE) * own(COST)
    return found


def _curved(curve: Curve, row: int, above: list[dict[str, Term]]) -> Callable[[Term], tuple[Term, Term]]:
    """From the modules of a start: modules on the curve after it, and what they add to the cost of those before."""

    def worked_out(modules: Term) -> tuple[Term, Term]:
        before = Term(f"{SHEET}!${COUNTED}{row - 1}", above[-1][COUNTED].values) if above else None
        reached = curve.counted(modules, before)
        after = curve.cost(Term(f"{SHEET}!${COUNTED}{row}", reached.values))
        if curve.built_before is None:
            return reached, after
        return reached, after - curve.cost(curve.built_before if before is None else before)

    return worked_out


def _ended(cells: dict[str, Term], row: int, retired: Row | None) -> dict[str, Term]:
    """What is retired, and the cost less credit of what is left."""

    def own(letter: str) -> Term:
        return Term(f"{SHEET}!${letter}{row}", cells[letter].values)

    cells[RETIRED] = Term(retired.over_all.text, np.array(retired.values.sum())) if retired else ZERO
    kept = ONE - own(SHARE)
    if retired:
        with np.errstate(divide="ignore", invalid="ignore"):
            gone = when(compare(own(MODULES), "=", ZERO), ZERO, own(RETIRED) / own(MODULES))
        cells[LEFT] = (own(COST) - (own(OWN) - own(CURVE) + own(INPUTS)) * gone) * kept
    else:
        cells[LEFT] = own(COST) * kept
    return cells


def _credit_share(facts: Facts, inputs: Inputs, project: str, start: Term) -> Term:
    if not facts.attribute("projects", "credit")[project]:
        return inputs.attribute("projects", "credit", project)
    credit = inputs.attribute("projects", "credit", project)
    if project not in facts.attribute("projects", "credit_last_start"):
        return credit
    last = inputs.attribute("projects", "credit_last_start", project)
    return when(compare(start, "<=", last), credit, ZERO)


def _whole(term: Term) -> str:
    return f"({term.text})" if term.kind else term.text
