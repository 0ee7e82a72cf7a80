"""Slack of money, gates and synergies: budgets, cash, debt, equity and payments to owners; what opens, and what was stated as the most."""

from __future__ import annotations

import math

from masterplan.elastic import Draft
from masterplan.give_way import WAYS, YEAR_SHARE


def add(draft: Draft) -> None:
    """Let the numbers of finance, of gates and of synergies give way."""
    _budget(draft)
    _cash(draft)
    _bounds(draft)
    _multiple(draft)
    _gates(draft)
    _most(draft)


def _money(draft: Draft, name: str, year: int, most: float = math.inf) -> int:
    """A column that weighs 1 a money unit."""
    slack = draft.slack(1.0, most)
    draft.give(WAYS[f"finance.{name}"], (), year, {year: slack}, draft.case.setting("money_unit"))
    return slack


def _budget(draft: Draft) -> None:
    limit, loose = (case.series("finance", "capex_limit") for case in (draft.case, draft.loose))
    unspent = draft.columns("unspent")
    for year in draft.model.LIMITED_YEARS:
        row = draft.row("spend_within_limit", year)
        if row is not None:
            sign = math.copysign(1.0, draft.coefficient(row, unspent[year]))
            draft.tighten(row, sign * (loose[year] - limit[year]))
            draft.put(row, _money(draft, "capex_limit", year), -sign)


def _cash(draft: Draft) -> None:
    cash, funded = draft.columns("cash"), set(draft.model.FUNDED_YEARS)
    paid = draft.model.given_distributions
    for year in draft.model.CASH_YEARS:
        row = draft.row("cash_carries_over", year)
        if row is not None:
            sign = math.copysign(1.0, draft.coefficient(row, cash[year]))
            draft.put(row, _money(draft, "external_capital", year), -sign)
            if year not in funded and paid[year] > 0:
                draft.put(row, _money(draft, "distributions", year, paid[year]), -sign)


def _bounds(draft: Draft) -> None:
    """Bounds of variables that are numbers of the finance table."""
    for variable, name in (("cash", "minimum_cash"), ("distributed", "distributions")):
        for year, column in draft.columns(variable).items():
            least = draft.low[column]
            if least > -math.inf and (variable == "cash" or least > 0):
                draft.low[column] = -math.inf if variable == "cash" else 0.0
                draft.limit({column: 1.0, _money(draft, name, int(year), math.inf if variable == "cash" else least): 1.0}, low=least)
    for variable, name in (("debt", "debt_limit"), ("raised", "raise_limit")):
        for year, column in draft.columns(variable).items():
            most = draft.high[column]
            if most < math.inf:
                draft.high[column] = math.inf
                draft.limit({column: 1.0, _money(draft, name, int(year)): -1.0}, high=most)


def _multiple(draft: Draft) -> None:
    for year in draft.model.MULTIPLE_YEARS:
        row = draft.row("debt_within_multiple_of_earnings", year)
        if row is not None:
            draft.relax(row, _money(draft, "debt_multiple", year))


def _gates(draft: Draft) -> None:
    case, m = draft.case, draft.model
    threshold = case.attribute("gate_conditions", "threshold")
    for gate, measure, item in case.keys("gate_conditions"):
        slack = draft.slack(draft.weights.measure(measure, item, case.first_year), threshold[gate, measure, item])
        for year in case.years:
            if (row := draft.row("condition_met", gate, measure, item, year)) is not None:
                draft.relax(row, slack)
        draft.give(WAYS["gate_conditions.threshold"], (gate, measure, item), None, {case.first_year: slack}, "")
    opened = draft.columns("opened")
    waiting: dict[str, list[str]] = {}
    earliest: dict[str, int] = {}
    for (gate, _), year in case.attribute("gates", "earliest_year").items():
        earliest[gate] = max(earliest.get(gate, year), year)
    for gate, activity in case.keys("gates"):
        waiting.setdefault(gate, []).append(activity)
    for gate, year in earliest.items():
        before = [y for y in case.years if y < year and (gate, y) in opened]
        slacks = {}
        for y in before:
            worth = sum(draft.weights.activity(a, y) * min(m.most_opened[gate, a, y], 1e6) for a in waiting[gate])
            slacks[y] = draft.slack(YEAR_SHARE * worth, 1.0)
            draft.limit({opened[gate, y]: 1.0, slacks[y]: -1.0}, high=0.0)
        draft.give(WAYS["gates.earliest_year"], (gate,), None, slacks, "years")


def _most(draft: Draft) -> None:
    case, unit = draft.case, draft.case.attribute("activities", "unit")
    level = draft.columns("level")
    for (gate, activity), most in case.attribute("gates", "most").items():
        slack = draft.slack(draft.weights.activity(activity, case.first_year))
        for year in case.years:
            if (activity, year) in level:
                draft.limit({level[activity, year]: 1.0, slack: -1.0}, high=most)
        draft.give(WAYS["gates.most"], (gate, activity), None, {case.first_year: slack}, unit[activity])
    for synergy, measure, item in case.attribute("synergy_members", "most"):
        slack = draft.slack(draft.weights.measure(measure, item, case.first_year))
        for year in case.years:
            if (row := draft.row("within_threshold_unless_above", synergy, measure, item, year)) is not None:
                draft.relax(row, slack)
        draft.give(WAYS["synergy_members.most"], (synergy, measure, item), None, {case.first_year: slack}, "")
    activity_of = case.attribute("synergies", "per_activity")
    for synergy in case.attribute("synergies", "most"):
        if synergy not in activity_of:
            continue
        activity = activity_of[synergy]
        slack = draft.slack(draft.weights.activity(activity, case.first_year))
        for year in case.years:
            for family in ("whole_bonus_where_active", "no_bonus_unless_active"):
                if (row := draft.row(family, synergy, activity, year)) is not None:
                    draft.relax(row, slack, draft.model.benefit_per_level[synergy, activity, year])
        draft.give(WAYS["synergies.most"], (synergy,), None, {case.first_year: slack}, unit[activity])
