"""Capacity and balances as formulas: what stands, what runs, and where each resource comes from and goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from masterplan.reports import balances, capacity
from masterplan.reports import live_begun as columns
from masterplan.reports.facts import Facts
from masterplan.reports.formula import ONE, ZERO, Term, added, compare, when
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_begun import Begun, Lines
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_sheet import LiveSheet, Row, block_sum, year_term
from masterplan.reports.names import activity_systems, entry_in_words, in_order
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import by_year

Decided = Mapping[str, Lines]


@dataclass(eq=False)
class Operation:
    """Lines of the sheets Capacity and Balances that others refer to."""

    capacity: dict[str, Row] = field(default_factory=dict)
    levels: dict[str, Row] = field(default_factory=dict)
    taken: dict[str, tuple[Row, list[Row]]] = field(default_factory=dict)
    balance: dict[str, dict[tuple[str, str], Row]] = field(default_factory=dict)
    surplus: dict[str, Row] = field(default_factory=dict)


def operate(
    facts: Facts, inputs: Inputs, begun: Begun, ages: Ages, decided: Decided, found: Recomputed, stands: LiveSheet, flows: LiveSheet
) -> Operation:
    """Both sheets; every line is compared with the recomputed numbers."""
    made = Operation()
    for system, activity in in_order(activity_systems(facts.case)):
        _capacity(facts, inputs, begun, ages, decided, found, stands, made, system, activity)
    _balances(facts, inputs, ages, decided, found, flows, made)
    return made


def _capacity(
    facts: Facts,
    inputs: Inputs,
    begun: Begun,
    ages: Ages,
    decided: Decided,
    found: Recomputed,
    sheet: LiveSheet,
    made: Operation,
    system: str,
    activity: str,
) -> None:
    unit, year = str(facts.attribute("activities", "unit")[activity]), year_term(facts.case.years)
    rows = found.capacity[found.capacity["activity"] == activity]
    true = {name: dict(zip(rows["year"].tolist(), rows[name].tolist(), strict=True)) for name in capacity.LINES}
    parts: dict[str, Row] = {}

    def add(name: str, term: Term) -> Row:
        label, style = capacity.LINES[name]
        made_row = sheet.line(system, activity, term, "" if style == "percent" else unit, label, truth=true[name], style=style)
        parts[name] = made_row
        return made_row

    if inputs.is_given("existing_capacity", "capacity", activity):
        add("existing", inputs.series("existing_capacity", "capacity", activity))
    converting = [key for key in facts.keys("conversions") if key[1] == activity]
    if converting:
        terms = []
        for key in converting:
            out = inputs.attribute("conversions", "out_from", key)
            gone = begun.blocks[key[0]].sum_where(columns.MODULES, (columns.START, "<=", year - out))
            terms.append(inputs.attribute("conversions", "amount", key) * gone)
        add("converted", added(terms))
    if (activity, "") in decided["closures"]:
        add("closed", decided["closures"][activity, ""].so_far)
    building = [row for project in facts.case.names("projects") for row in _built(facts, ages, project, activity)]
    if building:
        add("built", added([block_sum(rows) for rows in _runs(building)]))
    total = added([parts[name].here for name in ("existing", "built") if name in parts])
    taken = [parts[name] for name in ("converted", "closed") if name in parts]
    for row in taken:
        total = total - row.here
    level = decided["levels"][activity, ""]
    made.capacity[activity] = add("capacity", total)
    made.levels[activity] = add("level", level.here)
    if "existing" in parts and taken:
        made.taken[activity] = (parts["existing"], taken)
    stood, ran = made.capacity[activity].here, made.levels[activity].here
    with np.errstate(divide="ignore", invalid="ignore"):
        add("utilisation", when(compare(stood, ">", ZERO), ran / stood, ZERO))


def _built(facts: Facts, ages: Ages, project: str, activity: str) -> list[Row]:
    return ages.built[project] if facts.attribute("projects", "activity").get(project) == activity else []


def _runs(rows: list[Row]) -> list[list[Row]]:
    """Lines that stand below each other, together: those of one project."""
    found: list[list[Row]] = []
    for row in rows:
        if found and row.mark == found[-1][-1].mark + 1:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _balances(facts: Facts, inputs: Inputs, ages: Ages, decided: Decided, found: Recomputed, sheet: LiveSheet, made: Operation) -> None:
    units = facts.attribute("resources", "unit")
    posted = by_year(found.balance, ("resource", "entry", "item"), "amount")
    surplus = by_year(found.surplus, ("resource",), "amount")
    sheet.section(balances.INDEX)
    for resource in facts.case.names("resources"):
        section, made.balance[resource] = f"{resource} ({units[resource]})", {}
        terms = _entries(facts, inputs, ages, decided, made, resource)
        given = [(entry, item) for name, entry, item in posted if name == resource]
        for entry, item in [*terms, *(key for key in given if key not in terms)]:
            truth = posted.get((resource, entry, item), {})
            term = added(terms[entry, item]) if (entry, item) in terms else ZERO
            label = "" if item is None or item != item else str(item)
            row = sheet.line(section, entry_in_words(entry), term, units[resource], label, truth=truth, total=True)
            made.balance[resource][entry, item] = row
        rows = list(made.balance[resource].values())
        row = sheet.line(section, "Surplus", block_sum(rows), units[resource], total=True, style="total")
        close = np.array([surplus[resource,].get(year, 0.0) for year in facts.case.years])
        scale = max((float(np.abs(each.values).max()) for each in rows), default=1.0)
        assert np.all(np.abs(row.values - close) <= 1e-9 * max(1.0, scale)), f"the balance of {resource} is not that of the recomputation"
        made.surplus[resource] = row
    for resource, row in made.surplus.items():
        sheet.line(balances.INDEX, resource, row.here, units[resource], link=f"{resource} ({units[resource]})")


def _entries(
    facts: Facts, inputs: Inputs, ages: Ages, decided: Decided, made: Operation, resource: str
) -> dict[tuple[str, str], list[Term]]:
    """(entry, item) -> the terms that make it."""
    found: dict[tuple[str, str], list[Term]] = {}

    def add(entry: str, item: str, term: Term) -> None:
        found.setdefault((entry, item), []).append(term)

    year = year_term(facts.case.years)
    for key in facts.keys("recipes"):
        activity, made_of, basis = key
        if made_of != resource:
            continue
        amounts = facts.series("recipes", "amount")
        if basis == "capacity":
            add("presence", activity, inputs.series("recipes", "amount", key) * made.capacity[activity].here)
            continue
        sign = any(amounts[*key, each] > 0 for each in facts.case.years)
        level, lag = _ran(facts, ages, made, activity, resource), facts.attribute("recipes", "lag")[key]
        entry = "production" if sign else "use"
        if lag:
            sent = year - inputs.attribute("recipes", "lag", key)
            terms = [inputs.at("recipes", "amount", key, sent) * row.in_year(sent) for row in level]
        else:
            terms = [inputs.series("recipes", "amount", key) * row.here for row in level]
        for term in terms:
            add(entry, activity, term)
    for key, row in ages.taken.items():
        if key[1] == resource:
            add("construction", key[0], -row.here)
    for key, rows in ages.standing.items():
        if key[1] == resource and rows:
            add("standing", key[0], -block_sum(rows))
    side, traded = facts.attribute("markets", "side"), facts.attribute("markets", "resource")
    for market, tier in facts.keys("markets"):
        if traded[market, tier] == resource:
            bought = side[market, tier] == "buy"
            row = decided["trades"][market, tier]
            add(side[market, tier], market, row.here if bought else -row.here)
    if inputs.is_given("resources", "arrivals", resource):
        add("arrivals", "", inputs.series("resources", "arrivals", resource))
    if (resource, "") in decided["stocks"]:
        row, opening = decided["stocks"][resource, ""], inputs.attribute("resources", "opening_stock", resource)
        kept = ONE - inputs.series("resources", "storage_loss", resource)
        add("from_stock", "", kept * row.before(opening))
        add("to_stock", "", -row.here)
    return found


def _ran(facts: Facts, ages: Ages, made: Operation, activity: str, resource: str) -> list[Row]:
    """The level of an activity, and what its vintages make of a fading output beyond it (most of that is negative)."""
    output, runs = facts.attribute("projects", "output_resource"), facts.attribute("projects", "activity")
    fading = [row for (project, _), row in ages.fading.items() if runs.get(project) == activity and output.get(project) == resource]
    return [made.levels[activity], *fading]
