"""Worth: discounting, what falls after the last year, the terminal value, and the totals of a plan, recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masterplan.reports.depreciation import has_class, share_left
from masterplan.reports.facts import Facts, Vintage
from masterplan.reports.funding import debt_by_year, spread_by_year

Row = tuple[Any, ...]
Totals = dict[str, float | None]

PAID_ONCE = ("retirement_cost", "closing_cost")
YEAR_PART: Mapping[str, float] = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}


def discount_factor(facts: Facts, year: int) -> float:
    """Factor of a plan year's flows: given, or from the rate and the flow timing."""
    given = facts.series("finance", "discount_factor")
    passed = year - facts.case.first_year + YEAR_PART[facts.case.setting("flow_timing")]
    return given[year] if year in given else float((1.0 + facts.rate) ** -passed)


def terminal_factor(facts: Facts) -> float:
    """Factor of the end of the last year: the setting, else the last given factor, else from the rate."""
    stated = facts.case.setting("terminal_discount_factor")
    if stated is not None:
        return float(stated)
    given = facts.series("finance", "discount_factor")
    return given[facts.case.last_year] if given else float((1.0 + facts.rate) ** -len(facts.case.years))


def present_value(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """(year, cash flow without financing, factor, present value, charge for debt) [money]."""
    flow = dict.fromkeys(facts.case.years, 0.0)
    for _, kind, _, year, amount in cash_rows:
        if kind != "financing":
            flow[year] += amount
    factors = {year: discount_factor(facts, year) for year in facts.case.years}
    charge = spread_by_year(facts)
    return [(year, flow[year], factors[year], (flow[year] + charge[year]) * factors[year], charge[year]) for year in facts.case.years]


def after_horizon(facts: Facts, capex_after: list[Row]) -> float:
    """Present value of what falls after the last year [money]: spend (negative; less the tax it saves, where it is deducted when spent),
    charged at face value at the end of the plan, and investment credits, discounted.
    """
    last = facts.case.last_year
    kept = 1.0 - facts.finance("tax_rate", last)
    spend = sum(-row[5] * (1.0 if has_class(facts, row[0]) else kept) for row in capex_after)
    early = 1.0 - YEAR_PART[facts.case.setting("flow_timing")]
    # a credit k years after the last year falls k - early years after its end
    credits_due = [(vintage.first_output, vintage.credit_paid) for vintage in facts.vintages if vintage.first_output > last]
    credit = sum(amount * (1.0 + facts.rate) ** -(year - last - early) for year, amount in credits_due)
    return float(spend + credit) * terminal_factor(facts)


def terminal(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """(item, basis, share, amount) of the terminal value, in money at the end of the last year."""
    kind = facts.case.setting("terminal_value")
    if kind == "book_value":
        return _book_value(facts)
    return _perpetuity(facts, cash_rows) if kind == "perpetuity" else []


def remaining_share(facts: Facts, vintage: Vintage) -> float:
    """Share of a vintage's worth that is left at the end of the last year."""
    used = facts.case.last_year - vintage.first_output + 1
    if used <= 0:
        return 1.0
    if facts.output_profile(vintage.project) is None:
        return max(0.0, 1.0 - used / vintage.life)
    worth = [facts.output_worth(vintage.project, vintage.start, vintage.first_output + age) for age in range(vintage.life)]
    return sum(worth[used:]) / sum(worth) if any(worth) else 0.0


def _book_value(facts: Facts) -> list[Row]:
    kept = 1.0 - facts.finance("tax_rate", facts.case.last_year)
    rows: list[Row] = []
    for vintage in facts.vintages:
        basis, share = vintage.net_cost_left(facts.case.last_year), remaining_share(facts, vintage)
        rows.append((f"{vintage.project} {vintage.start}", basis, share, basis * share * kept))
        if left := share_left(facts, vintage):
            rows.append((f"{vintage.project} {vintage.start}, tax still saved", vintage.cost, left, vintage.cost * left * (1.0 - kept)))
    value = facts.attribute("resources", "stock_value")
    for (resource, year), stock in facts.decisions.stocks.items():
        if year == facts.case.last_year and stock * value[resource]:
            rows.append((resource, stock * value[resource], 1.0, stock * value[resource]))
    return rows


def _perpetuity(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """Last year's operating cash, less committed capex and the annuity that replaces what stands, taxed as a steady year, for ever.

    What retiring and closing cost in the last year comes once: it is taken out.
    """
    last, rate, growth = facts.case.last_year, facts.rate, float(facts.case.setting("perpetuity_growth"))
    early = 1.0 - YEAR_PART[facts.case.setting("flow_timing")]  # of a year, that its flows fall before its end
    years_worth = (1.0 + growth) / (rate - growth) * (1.0 + rate) ** early if rate > growth else float("nan")
    earned = sum(
        amount
        for entry, kind, _, year, amount in cash_rows
        if year == last and (kind in ("operating", "baseline") or entry == "production_credit")
    )
    once = sum(amount for entry, _, _, year, amount in cash_rows if year == last and entry in PAID_ONCE)
    earned -= once
    income = facts.finance("baseline_taxable", last) + sum(row[4] for row in cash_rows if row[1] == "operating" and row[3] == last) - once
    yearly: list[tuple[str, float]] = [("operating cash", earned), ("committed capex", -facts.finance("committed_capex", last))]
    for vintage in facts.vintages:
        if vintage.is_alive(last):
            share = rate / (1.0 - (1.0 + rate) ** -vintage.life) if rate else 1.0 / vintage.life
            yearly.append((f"{vintage.project} {vintage.start}", -vintage.net_cost_left(last) * share))
            income -= vintage.net_cost_left(last) * share
    yearly.append(("tax of a steady year", -facts.finance("tax_rate", last) * income))
    return [(item, amount, years_worth, amount * years_worth) for item, amount in yearly if amount]


def _penalties(facts: Facts, missed: list[Row]) -> float:
    """Penalties of all targets: each at its year's factor, but as it is where final cash is the objective [money]."""
    discounts = facts.case.setting("objective") != "final_cash"
    return float(sum(row[5] * (discount_factor(facts, row[1]) if discounts else 1.0) for row in missed))


def totals(
    facts: Facts, capex_rows: list[Row], terminal_rows: list[Row], after: float, flows: list[Row], cash: list[Row], missed: list[Row]
) -> Totals:
    """The plan in one number each (see `Recomputed`); `flows` are the present value rows, `cash` the cash account, `missed` the targets."""
    without = sum(row[3] for row in flows) + after
    ends = sum(row[3] for row in terminal_rows) * terminal_factor(facts)
    running, summed = 0.0, []
    for _, flow, *_ in flows:
        running += flow
        summed.append(running)
    behind = [year for (year, *_), total in zip(flows, summed, strict=True) if total < 0.0]
    payback = max(behind) + 1 if behind else facts.case.first_year
    lowest = min(cash, key=lambda row: row[3])
    debt, penalties = debt_by_year(facts), _penalties(facts, missed)
    value, final = without + ends - penalties, cash[-1][3] - debt[facts.case.last_year] - penalties
    measure = {"npv": value, "least_cost": -value, "final_cash": final}
    return {
        "npv": without + ends,
        "npv_without_terminal": without,
        "terminal_value": ends,
        "after_horizon": after,
        "final_cash": cash[-1][3],
        "objective": measure[facts.case.setting("objective")],
        "capex_total": sum(row[5] for row in capex_rows),
        "penalties": penalties,
        "peak_debt": max(debt.values()),
        "peak_funding_need": max(0.0, -min(summed)),
        "lowest_cash": lowest[3],
        "lowest_cash_year": lowest[0],
        "payback_year": payback if payback <= facts.case.last_year else None,
    }
