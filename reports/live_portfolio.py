"""What the plan gains over doing nothing, year by year: value added, payback, rate of return, and worth per unit of capex.

Below, each project alone: the present value of its own costs. What it earns is not told, because activities have no prices between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from masterplan.data.plan import Plan
from masterplan.reports import cash, run_log
from masterplan.reports.formula import ONE, ZERO, Numbers, Term, added, compare, when
from masterplan.reports.live_book import Live
from masterplan.reports.live_sheet import LiveSheet, Row, discounted, in_first_year, period_term, total_of, year_term
from masterplan.reports.names import money_unit
from masterplan.reports.timeline import FIRST_ROW

TITLE = "Portfolio"
HEADS = ("What", "", "")
ADDED = "Value added"
YEARLY, RESULT, ALONE = (
    "Year by year",
    "Result",
    "Each project alone: its own costs, discounted (no income: there are no prices between activities)",
)
OWN_ENTRIES = ("capex", "capitalised_capex", "investment_credit", "fixed_cost")


def portfolio(plan: Plan, live: Live, log_rows: Sequence[str]) -> LiveSheet:
    """The sheet, numbered; against nothing at all where the do-nothing plan's years are not known."""
    last = live.worth.sheet.last
    sheet = LiveSheet(TITLE, " ".join((__doc__ or "").split("\n\n")[0].split()), "output", HEADS, plan.case.years, last)
    money, lines = money_unit(plan.case), live.worth.lines
    idle = _idle(plan, log_rows)
    flow = lines[f"{cash.VALUE}.cash_flow"].here
    if f"{cash.VALUE}.debt_spread" in lines:
        flow = flow + lines[f"{cash.VALUE}.debt_spread"].here
    own = sheet.line(YEARLY, "Plan: cash flow that counts", flow, money, total=True)
    gained = own.here
    if idle is not None:
        gained = gained - sheet.line(YEARLY, "Do-nothing plan: the same", idle[0], money, total=True).here
    gain = sheet.line(
        YEARLY, "Gain of the year" if idle else "Gain of the year, over nothing at all", gained, money, total=True, style="total"
    )
    summed = sheet.line(YEARLY, "Gain so far", gain.here + ZERO, money)
    summed.term, summed.values = gain.so_far, gain.so_far.values
    factor = lines[f"{cash.VALUE}.factor"]
    worth = sheet.line(YEARLY, "Present value of the gain so far", gain.here * factor.here, money)
    before = np.concatenate([[0.0], np.cumsum(worth.values)[:-1]])
    worth.term = in_first_year(plan.case.years, ZERO, Term(f"{sheet.title}!~{worth.at}", before)) + gain.here * factor.here
    worth.values = worth.term.values
    _result(plan, live, sheet, idle, gain, summed, worth, factor)
    _alone(live, sheet, money, factor)
    sheet.numbered()
    return sheet


def _idle(plan: Plan, log_rows: Sequence[str]) -> tuple[Term, Term] | None:
    """The do-nothing plan's cash flow by year and its worth after the plan, from the run log."""
    known = plan.run.get("do_nothing")
    names = [f"run.do_nothing.cash_flow.{year}" for year in plan.case.years]
    if not known or plan.do_nothing is None or any(name not in log_rows for name in (*names, "run.do_nothing.after")):
        return None
    rows = [FIRST_ROW + list(log_rows).index(name) for name in names]
    if rows != list(range(rows[0], rows[0] + len(rows))):
        return None
    flow = np.array([float(known["cash_flow"][str(year)]) for year in plan.case.years])
    period = period_term(plan.case.years)
    block = f"{run_log.SHEET}!$B${rows[0]}:$B${rows[-1]}"
    after = f"{run_log.SHEET}!$B${FIRST_ROW + list(log_rows).index('run.do_nothing.after')}"
    return Term(f"INDEX({block},{period.text})", flow), Term(after, np.array(float(known["after"])))


def _result(
    plan: Plan, live: Live, sheet: LiveSheet, idle: tuple[Term, Term] | None, gain: Row, summed: Row, worth: Row, factor: Row
) -> None:
    money, figures, year = money_unit(plan.case), live.worth.figures, year_term(plan.case.years)
    ends = total_of(figures["after_horizon"]) + total_of(figures["terminal_value"])
    if idle is not None:
        ends = ends - idle[1]
    without = sheet.figure(RESULT, "Gain inside the years of the plan, discounted", discounted(gain, factor), money, "no terminal value")
    after = sheet.figure(RESULT, "Gain after them, discounted", ends, money, "terminal value, spend after the last year")
    added_ = sheet.figure(RESULT, ADDED, total_of(without) + total_of(after), money, "NPV of the plan less that of the do-nothing plan")
    spent = live.worth.entries.get("capex")
    if spent is not None:
        bought = [row for name, row in live.worth.entries.items() if name in ("capex", "capitalised_capex")]
        paid = added([discounted(row, factor) for row in bought])
        capex = sheet.figure(RESULT, "Capex of projects, discounted", -paid, money, "inside the plan")
        if paid.values:
            index = when(compare(total_of(capex), ">", ZERO), total_of(added_) / total_of(capex) + ONE, ZERO)
            sheet.figure(RESULT, "Profitability index", index, "", "1 and value added per unit of discounted capex")
    for label, row, remark in (
        ("Payback year", summed, "first year from which the gain so far stays above zero; the year after the last: not in the plan"),
        ("Payback year, discounted", worth, "the same with discounted gains"),
    ):
        behind = sheet.line(YEARLY, f"{label}: a year still behind", when(compare(row.here, "<", ZERO), year, ZERO), "", style="year")
        first = live.inputs.setting("first_year")
        latest = Term(f"MAX({behind.range})", np.array(behind.values.max()))
        sheet.figure(RESULT, label, when(compare(latest, "=", ZERO), first, latest + ONE), "", remark, style="year")
    rate = rate_of_return(gain.values)
    if rate is not None:
        remark = "rate at which the gains inside the plan are worth nothing; without what comes after it"
        sheet.figure(RESULT, "Internal rate of return", Term(f"IRR({gain.range})", np.array(rate)), "", remark, style="share")


def _alone(live: Live, sheet: LiveSheet, money: str, factor: Row) -> None:
    rows: dict[str, list[Row]] = {}
    for (entry, item), row in live.worth.by_item.items():
        if entry in OWN_ENTRIES and item in live.ages.alive:
            rows.setdefault(item, []).append(row)
    for project, own in rows.items():
        parts = [discounted(row, factor) for row in own]
        sheet.figure(ALONE, project, added(parts), money, "capex, investment credit and fixed cost of its modules")


def rate_of_return(flows: Numbers) -> float | None:
    """The rate at which yearly flows are worth nothing, from 10 % on by Newton's method; None where there is none to find."""
    if not (flows.min() < 0.0 < flows.max()):
        return None
    rate, ages = 0.1, np.arange(len(flows))
    for _ in range(60):
        factors = (1.0 + rate) ** -ages
        slope = float(np.sum(-ages * flows * factors) / (1.0 + rate))
        step = float(np.sum(flows * factors)) / slope if slope else float("nan")
        rate -= step
        if not np.isfinite(rate) or rate <= -0.99:
            return None
        if abs(step) <= 1e-15 * max(1.0, abs(rate)):
            break
    residual = abs(float(np.sum(flows * (1.0 + rate) ** -ages)))
    return rate if residual <= 1e-9 * float(np.abs(flows).sum()) and rate < 10.0 else None
