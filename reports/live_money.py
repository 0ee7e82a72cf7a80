"""Capex and every entry of the cash account as formulas, item by item; tax, value and the account itself stand in `live_worth`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from masterplan.reports import capex
from masterplan.reports import live_begun as columns
from masterplan.reports.facts import Facts
from masterplan.reports.flows import borrows, flows_of
from masterplan.reports.formula import ZERO, Term, added, compare, greatest, when
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_begun import Begun
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_operation import Decided, Operation
from masterplan.reports.live_sheet import LiveSheet, Row, block_sum, year_term
from masterplan.reports.names import in_order, money_unit, project_systems
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Look, by_year

Item = tuple[str, str, Term]  # entry, item, term
Early = Mapping[tuple[str, int], Term]  # project and start year before the plan


@dataclass(eq=False)
class Spent:
    """Lines of the sheet Capex."""

    projects: dict[str, Row] = field(default_factory=dict)
    total: Row | None = None
    budget: dict[str, Row] = field(default_factory=dict)


def spend(facts: Facts, inputs: Inputs, ages: Ages, found: Recomputed, sheet: LiveSheet) -> Spent:
    """Capex by project, what it is made of, and the limit with what is left of it."""
    made, money = Spent(), money_unit(facts.case)
    true = by_year(found.capex, ("project",), "total")
    for system, project in in_order(project_systems(facts.case)):
        parts = [*ages.own[project], *ages.fixed[project]]
        terms = [block_sum(rows) for rows in (ages.own[project], ages.fixed[project]) if rows] if parts else []
        terms += [row.here for key, row in ages.value_taken.items() if key[0] == project]
        made.projects[project] = sheet.line(system, project, added(terms), money, truth=true.get((project,), {}), total=True)
    sums = found.capex.groupby("year")[["own", "fixed", "capitalised", "total"]].sum()
    groups = {
        "own": [block_sum(rows) for rows in ages.own.values() if rows],
        "fixed": [block_sum(rows) for rows in ages.fixed.values() if rows],
        "capitalised": [row.here for row in ages.value_taken.values()],
    }
    lines: dict[str, Row] = {}
    for name, label in capex.PARTS.items():
        truth = dict(zip(sums.index.tolist(), sums[name].tolist(), strict=True))
        term = added(groups[name]) if name in groups else added([lines[part].here for part in groups])
        style: Look = "total" if name == "total" else "number"
        lines[name] = sheet.line("All projects", label, term, money, truth=truth, total=True, style=style)
    made.total = lines["total"]
    if len(found.budget):
        _budget(facts, inputs, found, sheet, made)
    return made


def _budget(facts: Facts, inputs: Inputs, found: Recomputed, sheet: LiveSheet, made: Spent) -> None:
    money, rows = money_unit(facts.case), found.budget
    assert made.total is not None

    def add(name: str, term: Term) -> Term:
        label, style = capex.BUDGET_LINES[name]
        truth = {int(year): float(value) for year, value in zip(rows["year"], rows[name], strict=True)}
        made.budget[name] = sheet.line(capex.BUDGET, label, term, money, truth=truth, style=style)
        return made.budget[name].here

    limit = add("limit", inputs.series("finance", "capex_limit"))
    share = inputs.series("finance", "carry_over_share") if inputs.is_given("finance", "carry_over_share") else ZERO
    left = dict(zip(rows["year"].tolist(), rows["unspent"].tolist(), strict=True))
    unspent = Row(sheet.title, sheet.last, np.array([left.get(year, 0.0) for year in facts.case.years]), mark=-1)
    carried = add("carried_over", share * unspent.before(ZERO))
    available = add("available", limit + carried)
    inside = facts.case.setting("committed_inside_limit") == "yes"
    committed = add("committed_inside", inputs.series("finance", "committed_capex") if inside else ZERO)
    spent = add("spend", made.total.here)
    add("unspent", available - spent - committed)
    if (row := made.budget["carried_over"]).term is not None:
        row.term = Term(row.term.text.replace(unspent.at, made.budget["unspent"].at), row.term.values, row.term.kind)


def items(facts: Facts, inputs: Inputs, begun: Begun, ages: Ages, decided: Decided, early: Early, made: Operation) -> list[Item]:
    """Every entry but tax, item by item, as the recomputation has them; `early` are cancelled starts from before the plan."""
    parts = (
        _trades(facts, inputs, decided),
        _running(facts, inputs, ages, made),
        _cancelled(facts, inputs, decided, early),
        _decisions(facts, inputs, decided, made),
        _invested(facts, begun, ages),
        _company(facts, inputs, decided),
    )
    found: dict[tuple[str, str], list[Term]] = {}
    for part in parts:
        for entry, item, term in part:
            found.setdefault((entry, item), []).append(term)
    return [(entry, item, added(terms)) for (entry, item), terms in found.items()]


def _trades(facts: Facts, inputs: Inputs, decided: Decided) -> Iterator[Item]:
    side = facts.attribute("markets", "side")
    for key in facts.keys("markets"):
        price, quantity = inputs.series("markets", "price", key), decided["trades"][key].here
        if side[key] == "sell":
            yield "sales", key[0], price * quantity
            continue
        yield "purchases", key[0], -(price * quantity)
        if inputs.has_any("markets", "take_or_pay", key):
            yield "take_or_pay", key[0], -(price * greatest(ZERO, inputs.series("markets", "take_or_pay", key) - quantity))


def _running(facts: Facts, inputs: Inputs, ages: Ages, made: Operation) -> Iterator[Item]:
    for activity in facts.case.names("activities"):
        for entry, column, row, sign in (
            ("variable_cost", "variable_cost", made.levels[activity], -1),
            ("fixed_cost", "fixed_cost", made.capacity[activity], -1),
            ("production_credit", "production_credit", made.levels[activity], 1),
        ):
            if inputs.has_any("activities", column, activity):
                amount = inputs.series("activities", column, activity) * row.here
                yield entry, activity, -amount if sign < 0 else amount
    for project in facts.case.names("projects"):
        if inputs.has_any("projects", "fixed_cost", project):
            yield "fixed_cost", project, -(inputs.series("projects", "fixed_cost", project) * ages.alive[project].here)


def cancelled(inputs: Inputs, decided: Decided, early: Early, key: tuple[str, int]) -> Term:
    """Modules of a given start that are cancelled."""
    if key in early:
        return early[key]
    if (key[0], "") not in decided["cancellations"]:
        return ZERO
    return decided["cancellations"][key[0], ""].in_year(inputs.attribute("given_starts", "year", key))


def _cancelled(facts: Facts, inputs: Inputs, decided: Decided, early: Early) -> Iterator[Item]:
    """Paid in the start year, or in the first year of the plan."""
    year = year_term(facts.case.years)
    for key in facts.attribute("given_starts", "cancel_cost"):
        if facts.attribute("given_starts", "kind")[key] == "cancellable" and inputs.has_row("given_starts", "cancel_cost", key):
            paid = greatest(inputs.attribute("given_starts", "year", key), inputs.setting("first_year"))
            modules = cancelled(inputs, decided, early, key)
            cost = inputs.attribute("given_starts", "cancel_cost", key) * modules
            yield "cancel_cost", key[0], when(compare(year, "=", paid), -cost, ZERO)


def _decisions(facts: Facts, inputs: Inputs, decided: Decided, made: Operation) -> Iterator[Item]:
    """Stocks held, synergies, retirements and closures."""
    for (resource, _), row in decided["stocks"].items():
        if inputs.has_any("resources", "holding_cost", resource):
            yield "holding_cost", resource, -(inputs.series("resources", "holding_cost", resource) * row.here)
    for (synergy, _), row in decided["synergies"].items():
        earned = inputs.series("synergies", "benefit", synergy)
        rewarded = facts.attribute("synergies", "per_activity").get(synergy)
        if rewarded is not None:
            earned = earned + inputs.series("synergies", "benefit_per_level", synergy) * made.levels[rewarded].here
        yield "synergy_benefit", synergy, earned * row.here
    for (project, start), row in decided["retirements"].items():
        if inputs.has_any("projects", "retirement_cost", project):
            begin = Term(f"{row.sheet}!$C${row.number}", np.array(float(start)))
            yield "retirement_cost", project, -(inputs.at("projects", "retirement_cost", project, begin) * row.here)
    for (activity, _), row in decided["closures"].items():
        if inputs.has_any("activities", "closing_cost", activity):
            yield "closing_cost", activity, -(inputs.series("activities", "closing_cost", activity) * row.here)


def _invested(facts: Facts, begun: Begun, ages: Ages) -> Iterator[Item]:
    year = year_term(facts.case.years)
    for project in facts.case.names("projects"):
        parts = [block_sum(rows) for rows in (ages.own[project], ages.fixed[project]) if rows]
        yield "capex", project, -added(parts)
    for key, row in ages.value_taken.items():
        yield "capitalised_capex", key[0], -row.here
    for key, row in ages.value_taken.items():
        yield "capitalised_inputs", key[0], row.here
    for project, share in facts.attribute("projects", "credit").items():
        if share:
            yield "investment_credit", project, begun.blocks[project].sum_where(columns.CREDIT, (columns.FIRST, "=", year))


def _company(facts: Facts, inputs: Inputs, decided: Decided) -> Iterator[Item]:
    if inputs.has_any("finance", "committed_capex"):
        yield "committed_capex", "", -inputs.series("finance", "committed_capex")
    for column in ("baseline_cash", "external_capital"):
        if inputs.has_any("finance", column):
            yield column, "", inputs.series("finance", column)
    flows: Mapping[str, Term] = {flow: row.here for (flow, _), row in decided["financing"].items()}
    for flow in ("drawn", "raised"):
        if flow in flows:
            yield flow, "", flows[flow]
    if "repaid" in flows:
        yield "repaid", "", -flows["repaid"]
    if borrows(facts.case) and inputs.has_any("finance", "interest_rate"):
        yield "interest", "", -(inputs.series("finance", "interest_rate") * opening_debt(facts, inputs, decided))
    if "distributed" in flows:
        yield "distributions", "", -flows["distributed"]
    elif not flows_of(facts.case) and inputs.has_any("finance", "distributions"):
        yield "distributions", "", -inputs.series("finance", "distributions")
    new = [flows[flow] for flow in ("drawn", "raised") if flow in flows]
    if new and inputs.has_any("finance", "issue_cost"):
        yield "issue_cost", "", -(inputs.series("finance", "issue_cost") * added(new))


def closing_debt(facts: Facts, inputs: Inputs, decided: Decided) -> Term:
    """Debt at the end of the year, from the flows up to it."""
    drawn, repaid = decided["financing"]["drawn", ""], decided["financing"]["repaid", ""]
    return inputs.setting("opening_debt") + drawn.so_far - repaid.so_far


def opening_debt(facts: Facts, inputs: Inputs, decided: Decided) -> Term:
    """Debt at the start of the year."""
    drawn, repaid = decided["financing"]["drawn", ""], decided["financing"]["repaid", ""]
    return closing_debt(facts, inputs, decided) - drawn.here + repaid.here
