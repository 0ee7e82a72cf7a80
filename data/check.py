"""What must hold between the tables of a case. Types, names, duplicates and bounds of single cells are read.py's.

Every check is a function of the case and stands in `CHECKS`. It passes over cells that are missing: whoever reads them says so.
"""

from __future__ import annotations

from collections.abc import Callable

from masterplan.data import check_money, check_projects, check_rules, check_trade
from masterplan.data.case import Case
from masterplan.data.errors import Problem

Check = Callable[[Case], list[Problem]]

CHECKS: tuple[Check, ...] = (
    check_money.years,
    check_money.perpetuity,
    check_money.discount_factors,
    check_money.tax_rate,
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
    check_rules.prerequisites,
    check_rules.rule_rows,
    check_rules.rules_together,
    check_rules.limit_spans,
    check_rules.limit_members,
    check_trade.storage,
    check_trade.arrivals,
    check_trade.recipes,
    check_trade.market_tiers,
    check_trade.market_quantities,
    check_money.futures,
    check_money.changes,
    check_money.provenance,
)


def check(case: Case) -> list[Problem]:
    """Everything wrong between the tables, in the order of `CHECKS`; empty for a sound case.

    Where the years of the plan are missing or in disorder, only that is said: nothing else can be judged.
    """
    if case.setting("first_year") is None or case.setting("last_year") is None:
        return []
    return check_money.years(case) or [problem for one in CHECKS for problem in one(case)]
