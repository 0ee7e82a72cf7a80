"""Money: capex by its profile, the budget with what it carries over, every cash entry, tax and the cash account, recomputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from masterplan.reports import depreciation, funding
from masterplan.reports.facts import Facts

Row = tuple[Any, ...]

KINDS: Mapping[str, str] = {
    "sales": "operating",
    "purchases": "operating",
    "take_or_pay": "operating",
    "variable_cost": "operating",
    "fixed_cost": "operating",
    "holding_cost": "operating",
    "cancel_cost": "operating",
    "synergy_benefit": "operating",
    "retirement_cost": "operating",
    "closing_cost": "operating",
    "capitalised_inputs": "operating",
    "capex": "investing",
    "capitalised_capex": "investing",
    "committed_capex": "investing",
    "production_credit": "credit",
    "investment_credit": "credit",
    "tax": "tax",
    "baseline_cash": "baseline",
    "external_capital": "financing",
    "drawn": "financing",
    "repaid": "financing",
    "interest": "financing",
    "raised": "financing",
    "distributions": "financing",
    "issue_cost": "issue",
}
EXTRA = "extra"  # the kind of an entry that the caller's own block added


def spend(facts: Facts) -> tuple[list[Row], list[Row]]:
    """(project, year, own, fixed, capitalised, total) for every project and plan year, and the same for what falls later [money]."""
    parts: dict[tuple[str, int], list[float]] = {}
    for vintage in facts.vintages:
        for age, share in facts.spend_shares(vintage.project, vintage.start).items():
            cell = parts.setdefault((vintage.project, vintage.start + age), [0.0, 0.0, 0.0])
            cell[0] += (vintage.capex * vintage.modules + vintage.curve_capex) * share
            cell[1] += vintage.fixed_capex * share
        for _, years_after, key in facts.building.get(vintage.project, []):
            cell = parts.setdefault((vintage.project, vintage.start + years_after), [0.0, 0.0, 0.0])
            cell[2] += facts.input_value(key, vintage.start) * vintage.modules
    inside = [(project, year) for project in facts.case.names("projects") for year in facts.case.years]
    after = sorted((key for key in parts if key[1] > facts.case.last_year and any(parts[key])), key=lambda key: (key[0], key[1]))
    tables = [[(*key, *parts.get(key, [0.0, 0.0, 0.0]), sum(parts.get(key, []))) for key in keys] for keys in (inside, after)]
    return tables[0], tables[1]


def spend_by_year(capex_rows: list[Row]) -> dict[int, float]:
    """year -> capex of all projects, capitalised inputs included [money]."""
    totals: dict[int, float] = {}
    for row in capex_rows:
        totals[row[1]] = totals.get(row[1], 0.0) + row[5]
    return totals


def budget(facts: Facts, capex_rows: list[Row]) -> list[Row]:
    """(year, limit, carried over, available, spend, committed inside, unspent) where capex is limited [money]."""
    limit, share = facts.series("finance", "capex_limit"), facts.series("finance", "carry_over_share")
    inside = facts.case.setting("committed_inside_limit") == "yes"
    spent, unspent, rows = spend_by_year(capex_rows), 0.0, []
    for year in facts.case.years:
        if year in limit:
            carried = share.get(year, 0.0) * unspent
            available, committed = limit[year] + carried, facts.finance("committed_capex", year) if inside else 0.0
            unspent = available - spent.get(year, 0.0) - committed
            rows.append((year, limit[year], carried, available, spent.get(year, 0.0), committed, unspent))
    return rows


def cash_before_tax(facts: Facts, capacity_rows: list[Row], modules_rows: list[Row], capex_rows: list[Row]) -> list[Row]:
    """(entry, kind, item, year, amount) of every entry but tax; money in is positive, no rows of 0 [money]."""
    totals: dict[Row, float] = {}
    parts = (
        _trades(facts),
        _running(facts, capacity_rows, modules_rows),
        _stocks(facts),
        _cancelled(facts),
        _synergies(facts),
        _ended(facts),
        _invested(facts, capex_rows),
        _company(facts),
        funding.entries(facts),
    )
    for part in parts:
        for entry, item, year, amount in part:
            if amount and year in facts.case.years:
                totals[entry, item, year] = totals.get((entry, item, year), 0.0) + amount
    rows = [(entry, KINDS[entry], item, year, amount) for (entry, item, year), amount in totals.items()]
    extra = [
        (entry, EXTRA, "", year, amount)
        for (entry, year), amount in facts.claims.get("cash", {}).items()
        if entry in facts.plan.extra_entries and year in facts.case.years
    ]
    return rows + extra


def _trades(facts: Facts) -> Iterator[Row]:
    side, price, least = facts.attribute("markets", "side"), facts.series("markets", "price"), facts.series("markets", "take_or_pay")
    for market, tier in facts.keys("markets"):
        for year in facts.case.years:
            quantity, money = facts.decisions.trades.get((market, tier, year), 0.0), price[market, tier, year]
            if side[market, tier] == "sell":
                yield "sales", market, year, money * quantity
            else:
                yield "purchases", market, year, -money * quantity
                yield "take_or_pay", market, year, -money * max(0.0, least[market, tier, year] - quantity)


def _running(facts: Facts, capacity_rows: list[Row], modules_rows: list[Row]) -> Iterator[Row]:
    variable, fixed, credit = (facts.series("activities", name) for name in ("variable_cost", "fixed_cost", "production_credit"))
    for activity, year, _, _, _, _, capacity, level, _ in capacity_rows:
        yield "variable_cost", activity, year, -variable[activity, year] * level
        yield "fixed_cost", activity, year, -fixed[activity, year] * capacity
        yield "production_credit", activity, year, credit[activity, year] * level
    yearly = facts.series("projects", "fixed_cost")
    for project, year, _, _, alive in modules_rows:
        yield "fixed_cost", project, year, -yearly[project, year] * alive


def _stocks(facts: Facts) -> Iterator[Row]:
    cost = facts.series("resources", "holding_cost")
    for (resource, year), stock in facts.decisions.stocks.items():
        yield "holding_cost", resource, year, -cost[resource, year] * stock


def _cancelled(facts: Facts) -> Iterator[Row]:
    cost = facts.attribute("given_starts", "cancel_cost")
    for (project, start), modules in facts.decisions.cancellations.items():
        yield "cancel_cost", project, max(start, facts.case.first_year), -cost.get((project, start), 0.0) * modules


def _ended(facts: Facts) -> Iterator[Row]:
    """Modules retired, at the cost of their start year, and existing capacity closed, at that of the year."""
    retiring, closing = facts.series("projects", "retirement_cost"), facts.series("activities", "closing_cost")
    for (project, start, year), modules in facts.decisions.retirements.items():
        yield "retirement_cost", project, year, -retiring[project, start] * modules
    for (activity, year), amount in facts.decisions.closures.items():
        yield "closing_cost", activity, year, -closing[activity, year] * amount


def _synergies(facts: Facts) -> Iterator[Row]:
    benefit, per_level = facts.series("synergies", "benefit"), facts.series("synergies", "benefit_per_level")
    rewarded = facts.attribute("synergies", "per_activity")
    for (synergy, year), active in facts.decisions.synergies.items():
        level = facts.decisions.levels.get((rewarded.get(synergy), year), 0.0)
        yield "synergy_benefit", synergy, year, (benefit[synergy, year] + per_level[synergy, year] * level) * active


def _invested(facts: Facts, capex_rows: list[Row]) -> Iterator[Row]:
    for project, year, own, fixed, capitalised, _ in capex_rows:
        yield "capex", project, year, -(own + fixed)
        yield "capitalised_capex", project, year, -capitalised
        yield "capitalised_inputs", project, year, capitalised
    for vintage in facts.vintages:
        yield "investment_credit", vintage.project, vintage.first_output, vintage.credit_paid


def _company(facts: Facts) -> Iterator[Row]:
    for year in facts.case.years:
        yield "committed_capex", "", year, -facts.finance("committed_capex", year)
        yield "baseline_cash", "", year, facts.finance("baseline_cash", year)
        yield "external_capital", "", year, facts.finance("external_capital", year)


def tax(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """(year, depreciation, base, losses used, loss pool, income, tax) by the plan's own loss pool; empty where nothing is taxed [money].

    Capex is deducted when spent, or by its depreciation class (NaN where no project has one); income = base + growth of the pool of losses.
    """
    if not facts.is_taxed:
        return []
    base = {year: facts.finance("baseline_taxable", year) for year in facts.case.years}
    for entry, kind, item, year, amount in cash_rows:
        if kind == "operating" or (entry in ("capex", "capitalised_capex") and not depreciation.has_class(facts, item)):
            base[year] += amount
    classed = any(depreciation.has_class(facts, project) for project in facts.case.names("projects"))
    written_off = dict.fromkeys(facts.case.years, 0.0 if classed else float("nan"))
    for _, year, amount in depreciation.deductions(facts):
        written_off[year] += amount
        base[year] -= amount
    pool, rows = float(facts.case.setting("opening_losses")), []
    for year in facts.case.years:
        before, pool = pool, facts.decisions.loss_pool.get((year,), 0.0)
        income = base[year] + pool - before
        used, paid = max(0.0, before - pool), facts.finance("tax_rate", year) * income
        rows.append((year, written_off[year], base[year], used, pool, income, paid))
    return rows


def cash_position(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """(year, opening, net, closing, minimum) of the cash account; minimum is NaN where cash is not limited [money]."""
    minimum = facts.series("finance", "minimum_cash")
    net = dict.fromkeys(facts.case.years, 0.0)
    for _, _, _, year, amount in cash_rows:
        net[year] += amount
    closing, rows = float(facts.case.setting("opening_cash")), []
    for year in facts.case.years:
        opening, closing = closing, closing + net[year]
        rows.append((year, opening, net[year], closing, minimum.get(year, float("nan"))))
    return rows
