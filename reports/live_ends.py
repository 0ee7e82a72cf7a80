"""What starts are worth when the plan ends, row by row of the sheet Begun, and what is spent on them after it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from masterplan.reports import live_begun as columns
from masterplan.reports.depreciation import has_class, share_left
from masterplan.reports.facts import Facts, Vintage
from masterplan.reports.formula import ONE, ZERO, Term, added, both, compare, greatest, number, when
from masterplan.reports.live_ages import SHEET as AGES
from masterplan.reports.live_ages import Ages, own_age
from masterplan.reports.live_begun import Begun
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import Row, total_of
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import FIRST_ROW
from masterplan.reports.worth import YEAR_PART, remaining_share

AFTER = "Spend after the last year, by project"


def early_part(facts: Facts) -> Term:
    """Share of a year that its flows fall before its end."""
    return number(1.0 - YEAR_PART[facts.case.setting("flow_timing")])


def growth(inputs: Inputs, years: Term) -> Term:
    """(1 + rate) ^ years."""
    return (ONE + inputs.setting("discount_rate")) ** years


def last_tax_rate(facts: Facts, inputs: Inputs) -> Term:
    """The tax rate of the last year, 0 where nothing is taxed."""
    if not inputs.has_any("finance", "tax_rate"):
        return ZERO
    return inputs.at("finance", "tax_rate", (), inputs.setting("last_year"))


def ends(facts: Facts, inputs: Inputs, begun: Begun, ages: Ages) -> None:
    """Adds the columns about the end of the plan to every row."""
    known = {(vintage.project, vintage.start): vintage for vintage in facts.vintages}
    kind = facts.case.setting("terminal_value")
    for place, (project, start, cells) in enumerate(begun.rows):
        row = FIRST_ROW + place
        cells.update(_columns(facts, inputs, ages, project, row, cells, known.get((project, start)), kind))
    for project, block in begun.blocks.items():
        rows = [cells for name, _, cells in begun.rows if name == project]
        for letter in (columns.LATER, columns.WORTH, columns.DEDUCT, columns.ENDS, columns.REPLACE):
            block.columns[letter] = np.array([float(np.ravel(cells[letter].values)[0]) for cells in rows])


def _columns(
    facts: Facts, inputs: Inputs, ages: Ages, project: str, row: int, cells: dict[str, Term], vintage: Vintage | None, kind: str
) -> dict[str, Term]:
    def own(letter: str) -> Term:
        return Term(f"{columns.SHEET}!${letter}{row}", found.get(letter, cells.get(letter, ZERO)).values)

    found: dict[str, Term] = {}
    last, kept = inputs.setting("last_year"), ONE - last_tax_rate(facts, inputs)
    years_after = own(columns.FIRST) - last - early_part(facts)
    later = own(columns.CREDIT) / growth(inputs, years_after)
    credited = bool(facts.attribute("projects", "credit")[project])
    found[columns.LATER] = when(compare(own(columns.FIRST), ">", last), later, ZERO) if credited else ZERO
    for letter in (columns.WORTH, columns.DEDUCT, columns.ENDS, columns.REPLACE):
        found[letter] = ZERO
    if kind == "book_value":
        found[columns.WORTH] = _checked(
            _share(facts, inputs, ages, project, own, last), remaining_share(facts, vintage) if vintage else None
        )
        worth = own(columns.LEFT) * own(columns.WORTH) * kept
        if has_class(facts, project):
            used = greatest(ZERO, last - own(columns.FIRST) + ONE)
            name = facts.attribute("projects", "depreciation_class")[project]
            found[columns.DEDUCT] = _checked(_listed(ages.book[name], used), share_left(facts, vintage) if vintage else None)
            worth = worth + own(columns.COST) * own(columns.DEDUCT) * last_tax_rate(facts, inputs)
        found[columns.ENDS] = worth
    if kind == "perpetuity":
        rate, life = inputs.setting("discount_rate"), inputs.attribute("projects", "life", project)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = when(compare(rate, "=", ZERO), ONE / life, rate / (ONE - ONE / growth(inputs, life)))
        alive = both(compare(own(columns.FIRST), "<=", last), compare(own(columns.LAST), ">=", last))
        found[columns.REPLACE] = when(alive, own(columns.LEFT) * share, ZERO)
    return found


def _checked(term: Term, truth: float | None) -> Term:
    """The term, or the recomputed number where that is another."""
    value = float(np.ravel(term.values)[0])
    return term if truth is None or abs(value - truth) <= 1e-9 else Term("", np.array(truth))


def _share(facts: Facts, inputs: Inputs, ages: Ages, project: str, own: Callable[[str], Term], last: Term) -> Term:
    first = own(columns.FIRST)
    used = last - first + ONE
    if project in ages.worth:
        rows = ages.worth[project]
        worth = np.array([float(row.values[0]) for row in rows])
        past = float(np.ravel(used.values)[0])
        left = float(worth[np.arange(len(worth)) >= past].sum())
        spans = [f"{AGES}!${letter}${rows[0].at}:${letter}${rows[-1].at}" for letter in "DF"]
        text = f'SUMIFS({spans[1]},{spans[0]},">="&({used.text}))/MAX(SUM({spans[1]}),{columns.LEAST})'
        return when(compare(used, "<=", ZERO), ONE, Term(text, np.array(left / worth.sum() if worth.any() else 0.0)))
    spent = used / inputs.attribute("projects", "life", project)
    return when(compare(used, "<=", ZERO), ONE, greatest(ZERO, ONE - spent))


def _listed(shares: list[Term], used: Term) -> Term:
    """The share of a list of cells below each other that stands `used` places after the first."""
    values = [float(np.ravel(share.values)[0]) for share in shares]
    place = int(min(max(float(np.ravel(used.values)[0]), 0.0), len(shares) - 1))
    span = f"{shares[0].text}:{shares[-1].text.split('!')[1]}"
    return Term(f"INDEX({span},MIN({used.text}+1,ROWS({span})))", np.array(values[place]))


def spend_after(facts: Facts, inputs: Inputs, begun: Begun, ages: Ages, found: Recomputed) -> dict[str, Row]:
    """A figure per project: what is spent on its starts after the last year, at cost [money]."""
    last, made = inputs.setting("last_year"), {}
    true = found.capex_after.groupby("project")["total"].sum().to_dict()
    for project in facts.case.names("projects"):
        block, terms = begun.blocks[project], []
        name = facts.attribute("projects", "spend_profile").get(project)
        section = f"{project}: spent after the last year"
        for age in sorted(facts.spend_shares(project, facts.case.first_year)):
            if age:
                since = last - own_age(age)
                share = ONE / greatest(ages.lead_times[project], ONE)
                if name is not None:
                    share = inputs.at("profiles", "value", (name, age), last)
                tests = (columns.START, ">", since)
                term = share * (block.sum_where(columns.OWN, tests) + block.sum_where(columns.FIXED, tests))
                terms.append(total_of(ages.sheet.figure(section, project, term, ages.money, note=age)))
        for _, years_after, key in facts.building.get(project, []):
            if years_after and inputs.is_given("construction_inputs", "capitalised_value", key):
                each = [inputs.at("construction_inputs", column, key, last) for column in ("amount", "capitalised_value")]
                modules = block.sum_where(columns.MODULES, (columns.START, ">", last - own_age(years_after)))
                terms.append(total_of(ages.sheet.figure(section, key[1], each[0] * each[1] * modules, ages.money, note=years_after)))
        if terms or project in true:
            made[project] = ages.sheet.figure(AFTER, project, added(terms), ages.money, truth=float(true.get(project, 0.0)))
    return made
