"""What must hold between the tables of a case. Types, names, duplicates and bounds of single cells are read.py's.

Every check is a function of the case and stands in `CHECKS`. It passes over cells that are missing: whoever reads them says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from masterplan.data import check_debt, check_ends, check_gates, check_money, check_projects, check_reliefs, check_rules, check_trade
from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import blank
from masterplan.data.schema import TABLE

Check = Callable[[Case], list[Problem]]

OF_THE_MODEL: tuple[Check, ...] = (
    check_money.years,
    check_money.perpetuity,
    check_money.discount_factors,
    check_money.taxable_bounds,
    check_money.depreciation,
    check_projects.start_window,
    check_projects.starts_per_year,
    check_projects.bounded_starts,
    check_projects.output_profiles,
    check_projects.profile_uses,
    check_projects.profile_shapes,
    check_projects.construction,
    check_projects.conversions,
    check_projects.given_starts,
    check_projects.given_in_total,
    check_ends.closures,
    check_ends.cost_curves,
    check_ends.curve_lengths,
    check_ends.curves_and_retirement,
    check_ends.built_before,
    check_rules.prerequisites,
    check_rules.rule_rows,
    check_rules.rules_together,
    check_rules.limit_spans,
    check_rules.limit_members,
    check_debt.opening_debt,
    check_debt.company_measures,
    check_gates.gate_waits,
    check_gates.gate_bounds,
    check_gates.gate_conditions,
    check_gates.synergy_members,
    check_gates.synergy_penalties,
    check_gates.synergy_levels,
    check_trade.storage,
    check_trade.arrivals,
    check_trade.recipes,
    check_trade.market_tiers,
    check_trade.market_quantities,
)
"""What the model of a case rests on."""

CHECKS: tuple[Check, ...] = (*OF_THE_MODEL, check_money.futures, check_money.changes, check_reliefs.reliefs, check_money.provenance)
"""That, and what the case says about variants of itself and about where its numbers come from."""

OF_ABSENCE = {
    "E307": ("recipes",),
    "E315": ("existing_capacity",),
    "E330": ("existing_capacity",),
    "E338": ("projects",),
    "E341": ("learning",),
    "E414": ("limit_members",),
    "E422": ("gate_conditions",),
    "E423": ("projects", "markets", "recipes", "resources", "finance"),
    "E431": ("synergy_members",),
    "E435": ("projects", "markets", "recipes", "resources", "finance"),
    "E702": ("recipes", "markets", "construction_inputs"),
}
"""What is told because no row of these tables says otherwise: not to be believed while one of them is unread."""


def check(case: Case, checks: Sequence[Check] = CHECKS) -> list[Problem]:
    """Everything wrong between the tables, in the order of `checks`; empty for a sound case.

    Where the years of the plan are missing or in disorder, only that is said: nothing else can be judged.
    """
    if case.setting("first_year") is None or case.setting("last_year") is None:
        return []
    return check_money.years(case) or [problem for one in checks for problem in one(case)]


def check_sound_rows(case: Case, faulty: Collection[tuple[str, str]], unsure: Collection[str]) -> list[Problem]:
    """What `check` finds in a case that could not be read whole, without what may only follow from that.

    `faulty` are the tables and row keys with a cell that was refused, `unsure` the tables that were not read or lack columns.
    """
    whole = {name: frame.iloc[_rows_with_key(name, case)].reset_index(drop=True) for name, frame in case.tables.items()}
    return [problem for problem in check(case.with_tables(**whole)) if not _may_follow(problem, faulty, unsure)]


def _rows_with_key(name: str, case: Case) -> list[int]:
    """The rows of a table whose key has its required parts."""
    frame = case.tables[name]
    required = [frame[part] for part in TABLE[name].key if TABLE[name].column(part).is_required]
    return [row for row in range(len(frame)) if not any(blank(column.iloc[row]) for column in required)]


def _may_follow(problem: Problem, faulty: Collection[tuple[str, str]], unsure: Collection[str]) -> bool:
    """May a problem be no more than the consequence of a cell or table that was refused?"""
    if problem.table in unsure or any(table in unsure for table in OF_ABSENCE.get(problem.code, ())):
        return True
    if problem.table == "changes" and any(f" change {table}." in problem.found for table in unsure):
        return True
    keys = (key for table, key in faulty if table == problem.table)
    return any(f"{key}/".startswith(f"{problem.key}/") or f"{problem.key}/".startswith(f"{key}/") for key in keys)
