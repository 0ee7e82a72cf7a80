"""What looks wrong in a sound case, before it is solved: warnings with numbers. None of them stops a solve."""

from __future__ import annotations

from masterplan.data import sanity_capex, sanity_debt, sanity_money, sanity_supply
from masterplan.data.case import Case
from masterplan.data.check import Check
from masterplan.data.errors import Problem

SANITY: tuple[Check, ...] = (
    sanity_money.scale,
    sanity_money.rates,
    sanity_money.printing_pairs,
    sanity_money.endless_sales,
    sanity_money.circles,
    sanity_capex.salvage_above_cost,
    sanity_capex.committed_above_limit,
    sanity_debt.idle_funding,
    sanity_debt.needless_funding,
    sanity_supply.idle_activities,
    sanity_supply.one_sided_resources,
    sanity_supply.late_projects,
    sanity_supply.useless_projects,
    sanity_supply.idle_limits,
    sanity_supply.tiers,
    sanity_supply.stocks_for_ever,
)


def sanity(case: Case) -> list[Problem]:
    """Everything that looks wrong in a case without errors, in the order of `SANITY`; the codes begin with W."""
    return [problem for one in SANITY for problem in one(case)]
