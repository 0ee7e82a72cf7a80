"""The plan on one page: what it is worth, how sure that is, what is started when, what it costs, and how cash fares."""

from __future__ import annotations

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.after_the_plan import left, sentences
from masterplan.reports.binding import CAPACITY_FULL, PURCHASES, SALES, binding
from masterplan.reports.gates import first_open
from masterplan.reports.names import money_unit, project_systems
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, Look, by_year, frame

SHEET = "Summary"
TAB = "output"
HEADS = ("", "", "")
RESULT, STARTS, LEFT, GATES, CAPEX, CASH = (
    "Result", "Modules started", "Worth after the last year, of what was started", "Gates", "Capex by system", "Cash",
)  # fmt: skip
IDLE, ADDED, BOUND, GAP, GAP_MONEY = "Do-nothing plan", "Value added", "Bound", "Gap", "Gap in money"
NPV, NPV_WITHOUT, CAPEX_TOTAL, PENALTIES = (
    "NPV with terminal value", "NPV without terminal value", "Capex in total", "Penalties of missed targets",
)  # fmt: skip
PEAK_FUNDING, LOWEST, LOWEST_YEAR, PAYBACK, PEAK_DEBT = (
    "Peak funding need", "Lowest cash", "Year of the lowest cash", "Payback year", "Peak debt",
)  # fmt: skip
ADDED_WITHOUT = "Value added without it"
FULL, CAPACITIES, MARKETS = "In full use", "Capacities", "Limits of markets"
COUNTED = {CAPACITY_FULL: CAPACITIES, PURCHASES: MARKETS, SALES: MARKETS}
CAPEX_LIMIT = "Capex limit"
MEASURE = {"npv": "NPV", "least_cost": "Cost", "final_cash": "Final cash"}
STATUS = {"optimal": "proven optimal within the gap asked for", "feasible": "a plan, not proven best"}
STOPPED = {
    "gap": "the solve stopped at its gap",
    "time_limit": "the solve stopped at its time limit",
    "interrupted": "the solve was interrupted",
    "proof": "the solve ended with a proof",
    "error": "the solve stopped on an error",
}


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Key figures with a sentence each, starts of the projects that start, capex by system, capex limit, cash at year's end."""
    lines = [*_result(plan, numbers), *_starts(plan), *_left(plan, numbers), *_gates(plan), *_capex(plan, numbers), *_cash(plan, numbers)]
    lines += _full(plan, numbers)
    return frame(lines, plan.case.years)


def figures(plan: Plan, numbers: Recomputed) -> list[tuple[str, float | None, str]]:
    """The five figures at the top of the page: label, number, and the line of the page that has it."""
    money, totals = money_unit(plan.case), numbers.totals
    return [
        (f"{_measure(plan.case)} ({money})", totals["objective"], objective_name(plan.case)),
        (f"Value added ({money})", plan.value_added, ADDED),
        ("Gap to the best possible", plan.gap, GAP),
        (f"Capex in total ({money})", totals["capex_total"], CAPEX_TOTAL),
        (f"Peak funding need ({money})", totals["peak_funding_need"], PEAK_FUNDING),
    ]


def objective_name(case: Case) -> str:
    """The line that says what the plan was optimised for."""
    if case.setting("objective") != "npv":
        return MEASURE[case.setting("objective")]
    return f"{MEASURE['npv']} less penalties" if _is_priced(case) else NPV


def _measure(case: Case) -> str:
    """What the plan was optimised for, in few words."""
    name = objective_name(case)
    return MEASURE["npv"] if name == NPV else name


def _is_priced(case: Case) -> bool:
    """Can a missed target cost anything?"""
    return any(case.attribute("limits", "penalty").values())


def _result(plan: Plan, numbers: Recomputed) -> list[Line]:
    money, totals, measure = money_unit(plan.case), numbers.totals, _measure(plan.case)
    spoken = measure if measure.startswith(MEASURE["npv"]) else measure.lower()
    moved = f"the plan's {spoken}: doing nothing breaks a rule" if plan.do_nothing is None else "what the plan moves away from do-nothing"
    status = f"{plan.status}: {STATUS.get(plan.status, plan.message)}; {STOPPED[plan.stopped_because]}"
    rows: list[tuple[str, float | None, str, str, Look]] = [
        (NPV, totals["npv"], money, "discounted to the start of the first year", "label"),
        (NPV_WITHOUT, totals["npv_without_terminal"], money, "the same without what stands after the last year", "label"),
        (IDLE, plan.do_nothing, money, f"{spoken} of the same case without any free start", "label"),
        (ADDED, plan.value_added, money, "what the plan gains over the do-nothing plan", "label"),
        (BOUND, plan.bound, money, f"no plan of this case has a better {spoken} than this", "label"),
        (GAP, plan.gap, "", f"between plan and bound, as a share of {moved}", "share"),
        (GAP_MONEY, plan.gap_money, money, "the most that a better plan could still gain", "label"),
        (CAPEX_TOTAL, totals["capex_total"], money, "inside the years of the plan", "label"),
        (PEAK_FUNDING, totals["peak_funding_need"], money, "deepest point of the plan's own cash flow, summed up", "label"),
        (LOWEST, totals["lowest_cash"], money, "at the end of a year", "label"),
        (LOWEST_YEAR, totals["lowest_cash_year"], "", "", "year"),
        (
            PAYBACK,
            totals["payback_year"] or 0.0,
            "",
            "first year in which the summed cash flow is above zero for good; –: none",
            "year",
        ),
    ]
    if objective_name(plan.case) != NPV:
        rows.insert(0, (objective_name(plan.case), totals["objective"], money, "what the plan was optimised for", "label"))
    if _is_priced(plan.case):
        rows.append((PENALTIES, totals["penalties"], money, "part of what the plan was optimised for, not of NPV", "label"))
    if totals["peak_debt"]:
        rows.append((PEAK_DEBT, totals["peak_debt"], money, "at the end of a year", "label"))
    lines = [Line(RESULT, "Status", remark=status, style="label")]
    for label, value, unit, remark, style in rows:
        told = remark if value is not None else "none"
        lines.append(Line(RESULT, label, {}, unit, total=value, remark=told, style=style))
    return lines


def _starts(plan: Plan) -> list[Line]:
    years = plan.case.years
    begun = plan.starts[plan.starts["modules"].astype(float).abs() > 1e-9]
    found = by_year(begun[begun["year"].isin(years)], ("project",), "modules")
    if not found:
        return [Line(STARTS, "Nothing is started", style="label")]
    spread = {project: {year: values.get(year, 0.0) for year in years} for (project,), values in found.items()}
    return [Line(STARTS, project, values, "modules", total="sum") for project, values in spread.items()]


def _left(plan: Plan, numbers: Recomputed) -> list[Line]:
    """The terminal value of the plan's own starts by project, what it adds without, and a sentence where only that pays."""
    money, found = money_unit(plan.case), left(plan, numbers)
    lines = [Line(LEFT, project, {}, money, total=amount, style="label") for project, amount in found.worth.items()]
    if found.added is not None and found.worth:
        remark = "value added, less all that is left after the last year"
        lines.append(Line(LEFT, ADDED_WITHOUT, {}, money, total=found.added, remark=remark, style="label"))
    return lines + [Line(LEFT, "Note", remark=sentence, style="label") for sentence in sentences(found, money)]


def _gates(plan: Plan) -> list[Line]:
    """The first year in which each gate is open, with what waits for it."""
    first, found = first_open(plan), []
    for gate in plan.case.names("gates"):
        waiting = ", ".join(activity for name, activity in plan.case.keys("gates") if name == gate)
        remark = f"first year in which {waiting} may run" if gate in first else f"stays shut in the plan as solved: {waiting} cannot run"
        found.append(Line(GATES, gate, {}, total=first.get(gate), style="year", remark=remark))
    return found


def _capex(plan: Plan, numbers: Recomputed) -> list[Line]:
    money, systems = money_unit(plan.case), project_systems(plan.case)
    spend = numbers.capex.assign(system=[systems.get(name, "") for name in numbers.capex["project"]])
    of_system = by_year(spend, ("system",), "total")
    total = {year: sum(values.get(year, 0.0) for values in of_system.values()) for year in plan.case.years}
    lines = [Line(CAPEX, system, values, money, total="sum") for (system,), values in of_system.items() if any(values.values())]
    lines.append(Line(CAPEX, "Capex", total, money, total="sum", style="total"))
    if len(numbers.budget):
        lines.append(Line(CAPEX, CAPEX_LIMIT, _column(numbers.budget, "limit"), money))
    return lines


def _cash(plan: Plan, numbers: Recomputed) -> list[Line]:
    money, rows = money_unit(plan.case), numbers.cash_position
    return [
        Line(CASH, "Net cash of the year", _column(rows, "net"), money, total="sum"),
        Line(CASH, "Cash at the end of the year", _column(rows, "closing"), money, style="total"),
    ]


def _full(plan: Plan, numbers: Recomputed) -> list[Line]:
    """How many capacities, and how many limits of markets, the plan uses to the full."""
    counts = {label: dict.fromkeys(plan.case.years, 0.0) for label in (CAPACITIES, MARKETS)}
    for section, _, year in binding(plan, numbers):
        if section in COUNTED:
            counts[COUNTED[section]][year] += 1.0
    return [Line(FULL, label, values, "count") for label, values in counts.items()]


def _column(rows: pd.DataFrame, name: str) -> dict[int, float]:
    return {int(year): float(value) for year, value in zip(rows["year"], rows[name], strict=True)}
