"""The key figures of the Summary as formulas: what the plan is worth, how far it is from its bound, and how cash fares.

The bound and the worth of the do-nothing plan are facts of the solve: they stand as values, and what compares with them names their cells.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from masterplan.data.plan import Plan
from masterplan.reports import cash, summary
from masterplan.reports.as_solved import INPUTS_CHANGED
from masterplan.reports.formula import ONE, ZERO, Term, compare, greatest, size, when
from masterplan.reports.live_book import Live
from masterplan.reports.live_sheet import YEAR_ROW, last_below, total_of
from masterplan.reports.live_worth import DEBT


def result_terms(plan: Plan, live: Live, places: Mapping[str, int]) -> dict[str, Term]:
    """Label of a key figure -> its formula; `places` gives the row of each that the Summary has."""
    figures = live.worth.figures
    found = {
        summary.objective_name(plan.case): _objective(plan, live),
        summary.NPV: total_of(figures["npv"]),
        summary.NPV_WITHOUT: total_of(figures["npv_without_terminal"]),
        summary.PENALTIES: live.targets.cost,
        **_cash(plan, live),
    }
    if live.spent.total is not None:
        found[summary.CAPEX_TOTAL] = live.spent.total.over_all
    return {**found, **_proof(plan, found[summary.objective_name(plan.case)], places)}


def _objective(plan: Plan, live: Live) -> Term:
    """What the plan was optimised for: NPV, cost or final cash, less what missed targets cost."""
    kind, cost, lines = plan.case.setting("objective"), live.targets.cost, live.worth.lines
    reached = total_of(live.worth.figures["npv"])
    if kind == "final_cash":
        reached = lines[f"{cash.ACCOUNT}.closing"].at_end()
        if f"{DEBT}.closing" in lines:
            reached = reached - lines[f"{DEBT}.closing"].at_end()
    if live.targets.penalties:
        reached = reached - cost
    return -reached if kind == "least_cost" else reached


def _cash(plan: Plan, live: Live) -> dict[str, Term]:
    """Funding, payback and the account."""
    lines, found = live.worth.lines, dict[str, Term]()
    closing, so_far = lines[f"{cash.ACCOUNT}.closing"], lines[f"{cash.VALUE}.so_far"]
    lowest = Term(f"MIN({closing.range})", np.array(closing.values.min()))
    found[summary.LOWEST] = lowest
    year = np.array(float(plan.case.years[int(closing.values.argmin())]))
    found[summary.LOWEST_YEAR] = Term(f"INDEX($G${YEAR_ROW}:${closing.last}${YEAR_ROW},MATCH({lowest.text},{closing.range},0))", year)
    found[summary.PEAK_FUNDING] = greatest(ZERO, -Term(f"MIN({so_far.range})", np.array(so_far.values.min())))
    behind = last_below(so_far, ZERO)
    back = greatest(live.inputs.setting("first_year"), behind + ONE)
    found[summary.PAYBACK] = when(compare(behind, "=", live.inputs.setting("last_year")), ZERO, back)
    if f"{DEBT}.closing" in lines:
        debt = lines[f"{DEBT}.closing"]
        found[summary.PEAK_DEBT] = Term(f"MAX({debt.range})", np.array(debt.values.max()))
    return found


def _proof(plan: Plan, objective: Term, places: Mapping[str, int]) -> dict[str, Term]:
    """Value added and gap, of the cells beside them; the gap is blank once inputs are changed: the bound is of those that were solved."""

    def here(label: str, value: float) -> Term:
        return Term(f"$F${places[label]}", np.array(value))

    found: dict[str, Term] = {}
    reached = here(summary.objective_name(plan.case), float(np.ravel(objective.values)[-1]))
    if plan.do_nothing is not None:
        idle = here(summary.IDLE, plan.do_nothing)
        found[summary.ADDED] = idle - reached if plan.case.setting("objective") == "least_cost" else reached - idle
    if plan.bound is not None:
        away = size(here(summary.BOUND, plan.bound) - reached)
        found[summary.GAP_MONEY] = _as_solved(away)
        moved = found.get(summary.ADDED, reached)
        if moved.values:
            found[summary.GAP] = _as_solved(away / size(moved))
    return found


def _as_solved(term: Term) -> Term:
    return Term(f'IF({INPUTS_CHANGED}>0,"",{term.text})', term.values)
