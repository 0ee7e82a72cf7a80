"""Depreciation, recomputed: what of a vintage's cost is deducted in each year of the plan, and what is left to deduct after it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from masterplan.reports.facts import Facts, Vintage


def has_class(facts: Facts, project: str) -> bool:
    """Is the project's capex written off by a class, and not deducted when it is spent?"""
    return facts.attribute("projects", "depreciation_class").get(project) is not None


def book(facts: Facts, project: str) -> list[float]:
    """Share of the cost that is not deducted yet, at the beginning of each age and at last after the final one: from 1 to 0."""
    name = facts.attribute("projects", "depreciation_class")[project]
    at_once, years = facts.attribute("depreciation", "immediate")[name], int(facts.attribute("depreciation", "years")[name])
    method, rate = facts.attribute("depreciation", "method")[name], facts.attribute("depreciation", "rate").get(name, 0.0)
    if method == "expensing":
        return [1.0, 0.0]
    kept = [1.0 - at_once]
    for years_to_go in range(years, 0, -1):
        straight = kept[-1] * (years_to_go - 1) / years_to_go
        kept.append(min(straight, kept[-1] * (1.0 - rate)) if method == "declining_balance" else straight)
    return [1.0, *kept[1:]]


def deductions(facts: Facts) -> Iterator[tuple[str, int, float]]:
    """(project, year, amount) of what is deducted in the years of the plan [money]."""
    for vintage in facts.vintages:
        if has_class(facts, vintage.project):
            shares = book(facts, vintage.project)
            for age, (before, after) in enumerate(pairwise(shares)):
                if vintage.first_output + age in facts.case.years:
                    yield vintage.project, vintage.first_output + age, vintage.cost * (before - after)


def share_left(facts: Facts, vintage: Vintage) -> float:
    """Share of a vintage's cost that is still to be deducted when the plan ends; 0 where spending was deducted at once."""
    if not has_class(facts, vintage.project):
        return 0.0
    shares, ages = book(facts, vintage.project), facts.case.last_year - vintage.first_output + 1
    return shares[min(max(ages, 0), len(shares) - 1)]
