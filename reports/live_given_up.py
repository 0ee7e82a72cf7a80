"""The sheet Given up as formulas: capacity out of service, since when, the level it last ran at, and what that earned."""

from __future__ import annotations

import numpy as np

from masterplan.data.plan import Plan
from masterplan.reports import live_begun as columns
from masterplan.reports.formula import ONE, ZERO, Term, added, compare, least, when
from masterplan.reports.given_up import CAPACITY, LEVEL, MARGIN, Loss, last_runs
from masterplan.reports.live_sheet import LiveSheet, Row, first_above, total_of, year_term
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.tested_rule import Built

FIRST, UNIT, PRICES = "First year out of service", "Margin of a unit of level, at average prices", "Average price that the plan trades at"


def given_up(plan: Plan, built: Built, found: Recomputed, sheet: LiveSheet) -> None:
    """The lines of everything that the plan gives up; the static sheet has the same first three sections."""
    for section in (CAPACITY, FIRST, LEVEL, MARGIN, UNIT, PRICES):
        sheet.section(section)
    margins: dict[str, Row] = {}
    year, money = year_term(plan.case.years), money_unit(plan.case)
    for loss, ran_at, earned in last_runs(plan, found):
        unit = str(plan.case.attribute("activities", "unit")[loss.activity])
        out = sheet.line(CAPACITY, loss.activity, _out(built, loss), unit, loss.taker, truth=loss.out)
        first = sheet.figure(FIRST, loss.activity, first_above(out, ZERO), "", part=loss.taker, style="year")
        if loss.activity not in margins:
            margins[loss.activity] = _margin(plan, built, sheet, loss.activity)
        before, stood = loss.first - 1, built.operation.capacity[loss.activity].here
        most = Term(f"MAX({out.range})", np.array(out.values.max()))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = when(compare(stood, ">", ZERO), least(ONE, most / stood), ZERO)
        last = compare(year + ONE, "=", total_of(first))
        ran = when(last, built.operation.levels[loss.activity].here * share, ZERO)
        level = sheet.line(LEVEL, loss.activity, ran, unit, loss.taker, truth={before: ran_at})
        sheet.line(MARGIN, loss.activity, level.here * margins[loss.activity].here, money, loss.taker, truth={before: earned})


def _out(built: Built, loss: Loss) -> Term:
    """Capacity out of service by year."""
    inputs, year = built.inputs, year_term(built.facts.case.years)
    if loss.way == "closed":
        return built.decided["closures"][loss.activity, ""].so_far
    if loss.way == "converted":
        key = (loss.project, loss.activity)
        begun = (columns.START, "<=", year - inputs.attribute("conversions", "out_from", key))
        return inputs.attribute("conversions", "amount", key) * built.begun.blocks[loss.project].sum_where(columns.MODULES, begun)
    row = built.decided["retirements"][loss.project, loss.start]
    start = Term(f"{row.sheet}!$C${row.number}", np.array(float(loss.start)))
    lead, life = (inputs.attribute("projects", name, loss.project) for name in ("lead_time", "life"))
    retired = inputs.at("projects", "module_capacity", loss.project, start) * row.so_far
    return when(compare(year, "<", start + lead + life), retired, ZERO)


def _margin(plan: Plan, built: Built, sheet: LiveSheet, activity: str) -> Row:
    """What a unit of level earns by year: outputs less inputs at average prices, less the variable cost."""
    terms = []
    for key in built.facts.keys("recipes"):
        if key[0] == activity and key[2] == "level":
            price = _price(plan, built, sheet, key[1])
            if price is not None:
                terms.append(built.inputs.series("recipes", "amount", key) * price.here)
    cost = built.inputs.series("activities", "variable_cost", activity)
    unit = f"{money_unit(plan.case)} / {plan.case.attribute('activities', 'unit')[activity]}"
    return sheet.line(UNIT, activity, added(terms) - cost, unit)


def _price(plan: Plan, built: Built, sheet: LiveSheet, resource: str) -> Row | None:
    """The average price of what the plan sells of a resource in a year, else of what it buys; None where it has no market."""
    known = {row.item: row for row in sheet.section(PRICES)}
    if resource in known:
        return known[resource]
    side, of = (built.facts.attribute("markets", name) for name in ("side", "resource"))
    price = ZERO
    for way in ("buy", "sell"):
        keys = [key for key in built.facts.keys("markets") if of[key] == resource and side[key] == way]
        if keys:
            traded = [built.decided["trades"][key].here for key in keys]
            paid = [amount * built.inputs.series("markets", "price", key) for key, amount in zip(keys, traded, strict=True)]
            with np.errstate(divide="ignore", invalid="ignore"):
                price = when(compare(added(traded), ">", ZERO), added(paid) / added(traded), price)
    if price is ZERO:
        return None
    return sheet.line(PRICES, resource, price, f"{money_unit(plan.case)} / {plan.case.attribute('resources', 'unit')[resource]}")
