"""Every rule that the workbook tests by itself: one line per rule and thing, with the relative violation of each year (0: holds).

A violation is measured as the audit does: by how much a rule is broken, over the size of what it compares (at least 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from masterplan.reports import live_begun as columns
from masterplan.reports.cash import ACCOUNT
from masterplan.reports.facts import ANY, Facts
from masterplan.reports.formula import ONE, ZERO, Term, added, compare, either, greatest, least, number, rounded, size, when
from masterplan.reports.gates import OPEN
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_begun import LEAST, Begun
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_measures import Measured
from masterplan.reports.live_money import Early, Spent, cancelled
from masterplan.reports.live_operation import Decided, Operation
from masterplan.reports.live_sheet import LiveSheet, Row, year_term
from masterplan.reports.live_worth import DEBT, TAX, Worth
from masterplan.reports.measures import checked_years

TITLE = "Tested"
HEADS = ("Thing", "Part", "")


@dataclass(frozen=True, eq=False)
class Built:
    """All that the rules look at."""

    facts: Facts
    inputs: Inputs
    begun: Begun
    ages: Ages
    decided: Decided
    early: Early
    operation: Operation
    spent: Spent
    worth: Worth
    measured: Measured


Tests = Iterator[tuple[str, Term]]


def tested(built: Built, sheet: LiveSheet) -> dict[str, list[Row]]:
    """check -> its lines; a check without lines is left out."""
    found: dict[str, list[Row]] = {}
    for name, test in RULES.items():
        for item, term in test(built):
            row = sheet.line(name, item, term)
            found.setdefault(name, []).append(row)
    return found


def beyond(left: Term, right: Term, scale: Term | None = None) -> Term:
    """left <= right: by how much it is not, relative to both."""
    return greatest(ZERO, left - right) / greatest(ONE, size(left) + size(right) if scale is None else scale)


def apart(left: Term, right: Term, scale: Term | None = None) -> Term:
    """left = right: by how much it is not, relative to both."""
    return size(left - right) / greatest(ONE, size(left) + size(right) if scale is None else scale)


def _capacity(built: Built) -> Tests:
    limited = built.facts.attribute("activities", "capacity_limited")
    for activity, row in built.operation.levels.items():
        if limited[activity] == "yes":
            yield activity, beyond(row.here, built.operation.capacity[activity].here)


def _vintages(built: Built) -> Tests:
    """Vintages of an activity run no more than the activity, and none outside its life or beyond what was begun."""
    activity = built.facts.attribute("projects", "activity")
    rows: dict[str, list[Row]] = {}
    for (project, _), row in built.decided["vintages"].items():
        rows.setdefault(activity[project], []).append(row)
    for name, own in rows.items():
        yield name, beyond(added([row.here for row in own]), built.operation.levels[name].here)
    year = year_term(built.facts.case.years)
    for (project, start), row in built.decided["vintages"].items():
        block = built.begun.blocks[project]
        begun = Term(f"{row.sheet}!$C{row.number}", np.array(float(start)))
        alive = block.sum_where(columns.NAMEPLATE, (columns.START, "=", begun), (columns.FIRST, "<=", year), (columns.LAST, ">=", year))
        yield f"{project} {start}", beyond(row.here, alive)


def _taken(built: Built) -> Tests:
    for activity, (existing, taken) in built.operation.taken.items():
        yield activity, beyond(added([row.here for row in taken]), existing.here)


def _balance(disposal: str) -> Callable[[Built], Tests]:
    def test(built: Built) -> Tests:
        for resource, answer in built.facts.attribute("resources", "disposal").items():
            rows = list(built.operation.balance[resource].values())
            if answer == disposal and rows:
                scale = np.sum([np.abs(row.values) for row in rows], axis=0)
                block = f"{rows[0].sheet}!@{rows[0].at}:@{rows[-1].at}"
                sizes = Term(f"SUMPRODUCT(ABS({block}))", scale)
                sum_ = Term(f"SUM({block})", np.sum([row.values for row in rows], axis=0))
                yield resource, apart(sum_, ZERO, sizes) if disposal == "no" else beyond(ZERO, sum_, sizes)

    return test


def _whole(built: Built) -> Tests:
    lumpy = built.facts.attribute("projects", "lumpy")
    for (project, _), row in built.decided["starts"].items():
        if lumpy.get(project) == "yes":
            yield project, apart(row.here, rounded(row.here), size(row.here))
    for (project, start), row in built.decided["retirements"].items():
        if lumpy.get(project) == "yes":
            yield f"{project} {start}, retired", apart(row.here, rounded(row.here), size(row.here))


def _window(built: Built) -> Tests:
    facts, inputs, year = built.facts, built.inputs, year_term(built.facts.case.years)
    first, last = facts.attribute("projects", "first_start"), facts.attribute("projects", "last_start")
    for (project, _), row in built.decided["starts"].items():
        begin = inputs.attribute("projects", "first_start", project) if project in first else inputs.setting("first_year")
        lead = inputs.attribute("projects", "lead_time", project)
        end = inputs.attribute("projects", "last_start", project) if project in last else inputs.setting("last_year") - lead
        free = row.here
        for key in facts.keys("given_starts"):
            if key[0] == project and facts.case.first_year <= key[1] <= facts.case.last_year:
                given = inputs.attribute("given_starts", "modules", key)
                there = compare(year, "=", inputs.attribute("given_starts", "year", key))
                free = free - when(there, given, ZERO)
        outside = either(compare(year, "<", begin), compare(year, ">", end))
        yield project, when(outside, greatest(ZERO, free) / greatest(ONE, size(row.here)), ZERO)


def _per_year(built: Built) -> Tests:
    most = built.facts.series("projects", "max_per_year")
    for (project, _), row in built.decided["starts"].items():
        if (project, built.facts.case.first_year) in most:
            yield project, beyond(row.here, built.inputs.series("projects", "max_per_year", project))


def _fewest(built: Built) -> Tests:
    for (project, _), row in built.decided["starts"].items():
        if project in built.facts.attribute("projects", "min_per_year") and not any(
            key[0] == project for key in built.facts.keys("given_starts")
        ):
            fewest = beyond(built.inputs.attribute("projects", "min_per_year", project), row.here)
            yield project, when(compare(row.here, ">", Term(LEAST, np.array(ANY))), fewest, ZERO)


def _total(built: Built) -> Tests:
    most, basis = built.facts.attribute("projects", "max_total"), built.facts.attribute("projects", "total_basis")
    for project in most:
        limit = built.inputs.attribute("projects", "max_total", project)
        if basis[project] == "starts":
            yield project, beyond(built.begun.blocks[project].total(columns.MODULES), limit)
        else:
            there = built.ages.under_construction[project].here + built.ages.alive[project].here
            yield project, beyond(there, limit)


def _given(built: Built) -> Tests:
    facts, kinds = built.facts, built.facts.attribute("given_starts", "kind")
    for key in facts.keys("given_starts"):
        if key[1] > facts.case.last_year:
            continue
        block, year = built.begun.blocks[key[0]], built.inputs.attribute("given_starts", "year", key)
        started, given = (
            block.sum_where(columns.MODULES, (columns.START, "=", year)),
            built.inputs.attribute("given_starts", "modules", key),
        )
        if kinds[key] == "cancellable":
            given = given - cancelled(built.inputs, built.decided, built.early, key)
        yield f"{key[0]} {key[1]}", apart(started, given) if kinds[key] == "fixed" else beyond(given, started)


def _trade_limit(built: Built) -> Tests:
    limits = built.facts.series("markets", "limit")
    for key, row in built.decided["trades"].items():
        if (*key, built.facts.case.first_year) in limits:
            yield f"{key[0]}, tier {key[1]}", beyond(row.here, built.inputs.series("markets", "limit", key))


def _trade_minimum(built: Built) -> Tests:
    for key, row in built.decided["trades"].items():
        if built.inputs.has_any("markets", "minimum", key):
            yield f"{key[0]}, tier {key[1]}", beyond(built.inputs.series("markets", "minimum", key), row.here)


def _stock(built: Built) -> Tests:
    limits = built.facts.series("resources", "storage_limit")
    for (resource, _), row in built.decided["stocks"].items():
        if (resource, built.facts.case.first_year) in limits:
            yield resource, beyond(row.here, built.inputs.series("resources", "storage_limit", resource))


def _negative(built: Built) -> Tests:
    for name, rows in built.decided.items():
        for key, row in rows.items():
            yield " ".join(str(part) for part in (name, *key) if part != ""), beyond(ZERO, row.here)


def _budget(built: Built) -> Tests:
    lines = built.spent.budget
    if lines:
        yield "all projects", beyond(lines["spend"].here + lines["committed_inside"].here, lines["available"].here)


def _cash(built: Built) -> Tests:
    lines = built.worth.lines
    if f"{ACCOUNT}.minimum" in lines:
        closing, floor = lines[f"{ACCOUNT}.closing"].here, lines[f"{ACCOUNT}.minimum"].here
        rows = list(built.worth.entries.values())
        scale = size(lines[f"{ACCOUNT}.opening"].here) + added([size(row.here) for row in rows]) + size(floor)
        yield "company", beyond(floor, closing, scale)


def _debt(built: Built) -> Tests:
    lines = built.worth.lines
    if f"{DEBT}.closing" in lines:
        closing = lines[f"{DEBT}.closing"].here
        scale = size(lines[f"{DEBT}.opening"].here) + lines[f"{DEBT}.drawn"].here + lines[f"{DEBT}.repaid"].here
        yield "not below zero", beyond(ZERO, closing, scale)
        for name in ("limit", "carried"):
            if f"{DEBT}.{name}" in lines:
                yield name, beyond(closing, lines[f"{DEBT}.{name}"].here)


def _raised(built: Built) -> Tests:
    flows = built.decided["financing"]
    if ("raised", "") in flows:
        yield "raised", beyond(flows["raised", ""].here, built.inputs.series("finance", "raise_limit"))
    if ("distributed", "") in flows:
        yield "distributed", beyond(built.inputs.series("finance", "distributions"), flows["distributed", ""].here)


def _taxed(built: Built) -> Tests:
    lines = built.worth.lines
    if f"{TAX}.income" not in lines:
        return
    rows = [
        *built.worth.of_kinds("operating"),
        *(built.worth.entries[name] for name in ("capex", "capitalised_capex") if name in built.worth.entries),
    ]
    pool = built.decided["losses"]["all", ""]
    before = pool.before(built.inputs.setting("opening_losses"))
    scale = added([size(row.here) for row in rows]) + pool.here + before
    base, used = lines[f"{TAX}.base"].here, lines[f"{TAX}.losses_used"].here
    yield "taxable income is not negative", beyond(ZERO, lines[f"{TAX}.income"].here, scale)
    yield "losses grow only by the loss of the year", beyond(pool.here, before + greatest(ZERO, -base), scale)
    if built.inputs.has_any("finance", "loss_cap"):
        cap = built.inputs.series("finance", "loss_cap")
        yield "losses offset no more than their share", when(compare(base, ">=", ZERO), beyond(used, cap * base, scale), ZERO)


def _limits(built: Built) -> Tests:
    facts, inputs, year = built.facts, built.inputs, year_term(built.facts.case.years)
    senses, spans, priced = (facts.attribute("limits", name) for name in ("sense", "span", "penalty"))
    for limit in facts.keys("limits"):
        if limit in priced or not checked_years(facts, limit):
            continue
        summed = built.measured.limit(limit)
        if summed is None:
            continue
        total = summed.here if spans[limit] == "each_year" else summed.so_far
        total = total + inputs.attribute("limits", "already", limit)
        bound = inputs.series("limits", "bound", limit)
        broken = beyond(total, bound) if senses[limit] == "at_most" else beyond(bound, total)
        years = checked_years(facts, limit)
        if years != list(facts.case.years):
            begin = inputs.attribute("limits", "from_year", limit) if limit in facts.attribute("limits", "from_year") else None
            end = (
                inputs.attribute("limits", "to_year", limit)
                if limit in facts.attribute("limits", "to_year")
                else inputs.setting("last_year")
            )
            if spans[limit] == "total":
                begin = end
            outside = [compare(year, ">", end), *([compare(year, "<", begin)] if begin else [])]
            broken = when(either(*outside), ZERO, broken)
        yield limit, broken


def _rules(built: Built) -> Tests:
    facts, inputs, year = built.facts, built.inputs, year_term(built.facts.case.years)
    kinds, lags = facts.attribute("rules", "kind"), facts.attribute("rules", "lag")
    amounts = facts.attribute("rules", "amount")

    def by(project: str, when_: Term) -> Term:
        return built.begun.blocks[project].sum_where(columns.MODULES, (columns.START, "<=", when_))

    for key in facts.keys("rules"):
        rule, project, other = key
        amount = inputs.attribute("rules", "amount", key) if key in amounts else ONE
        last = inputs.setting("last_year")
        if kinds[key] == "requires":
            since = year - inputs.attribute("rules", "lag", key) if lags[key] else year
            own, before = by(project, year), by(other, since)
            allowed = amount * before if key in amounts else when(compare(before, ">", Term(LEAST, np.array(ANY))), own, ZERO)
            yield f"{rule}: {project}", beyond(own, allowed)
        elif kinds[key] == "excludes":
            yield f"{rule}: {project}", beyond(least(by(project, last), by(other, last)), ZERO)
        elif kinds[key] in ("deadline", "must_do"):
            has_end = kinds[key] == "deadline" and key in facts.attribute("rules", "deadline")
            end = inputs.attribute("rules", "deadline", key) if has_end else last
            yield f"{rule}: {project}", beyond(amount, by(project, end))
    for kind in ("at_most", "at_least"):
        groups = dict.fromkeys(key[0] for key in facts.keys("rules") if kinds[key] == kind)
        for rule in groups:
            group = [key for key in facts.keys("rules") if key[0] == rule and kinds[key] == kind]
            begun = [
                when(compare(built.begun.blocks[name].total(columns.MODULES), ">", Term(LEAST, np.array(ANY))), ONE, ZERO)
                for name in dict.fromkeys(key[1] for key in group)
            ]
            stated = [inputs.attribute("rules", "amount", key) for key in group if key in amounts]
            count = stated[0] if stated else ONE
            yield rule, beyond(added(begun), count) if kind == "at_most" else beyond(count, added(begun))


def _gates(built: Built) -> Tests:
    for gate, activity in built.facts.keys("gates"):
        if (gate, "") in built.decided["gates"]:
            opened = built.decided["gates"][gate, ""]
            yield activity, when(compare(opened.here, ">", number(OPEN)), ZERO, built.operation.levels[activity].here)


RULES: dict[str, Callable[[Built], Tests]] = {
    "No decision is negative": _negative,
    "Modules of a project with whole modules are whole": _whole,
    "Free starts fall inside the start window of their project": _window,
    "A year starts no more modules than the project may have in a year": _per_year,
    "A year with a start has at least the fewest modules of the project": _fewest,
    "Starts and modules in place stay within the total of their project": _total,
    "Given starts are made": _given,
    "Rules between projects hold": _rules,
    "The level of an activity is within its capacity": _capacity,
    "Vintages run within what was begun, and no more than their activity": _vintages,
    "Conversions and closures take no more than the existing capacity": _taken,
    "The balance of every resource closes": _balance("no"),
    "A resource that may be disposed of is never short": _balance("yes"),
    "Stock is within its storage limit": _stock,
    "A trade is at least its minimum": _trade_minimum,
    "A trade is within its limit": _trade_limit,
    "Activities behind a gate run only while it is open": _gates,
    "Limits on sums of measures hold": _limits,
    "Capex is within its limit and what the year before left": _budget,
    "Cash is at or above its minimum": _cash,
    "Debt is not negative and within its limits": _debt,
    "Equity is within its limit, owners are paid": _raised,
    "Taxable income and losses are what they can be": _taxed,
}
