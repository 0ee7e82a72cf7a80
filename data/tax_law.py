"""Tax law: in which years the law on losses has to be told to the model, and in which of them by a choice between income and loss.

Tax is a rate on income less losses used. Left alone, a model may make income and a loss of the same year at once: it pays tax early and
keeps the loss for later. Where no later year taxes more, that never pays, and the law needs no choice.
"""

from __future__ import annotations

from masterplan.data.case import Case

OFFSET = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}
CASH_COLUMNS = ("minimum_cash", "debt_limit", "debt_multiple")
SLACK = 1e-12


def has_cap(case: Case) -> bool:
    """Is there a year whose income losses may not offset in full?"""
    cap = case.series("finance", "loss_cap")
    return is_taxed(case) and any(cap.get(year, 1.0) < 1.0 for year in case.years)


def is_taxed(case: Case) -> bool:
    """Is there a tax rate in any year?"""
    rate = case.series("finance", "tax_rate")
    return any(rate.get(year, 0.0) for year in case.years)


def choice_years(case: Case) -> tuple[int, ...]:
    """Years in which tax paid early could pay, because a later year weighs tax more: there income and loss are told apart by a choice."""
    rate = {year: case.series("finance", "tax_rate").get(year, 0.0) for year in case.years}
    weights = [_worth(case, rate)] if case.setting("objective") != "final_cash" else [rate]
    if any(case.series("finance", column) for column in CASH_COLUMNS):
        weights.append(rate)
    return tuple(
        year
        for year in case.years
        if any(weight[later] > weight[year] + SLACK for weight in weights for later in case.years if later > year)
    )


def _worth(case: Case, rate: dict[int, float]) -> dict[int, float]:
    """year -> what a unit of taxed income costs in net present value; without a stated rate, undiscounted (the reader says so)."""
    given, interest = case.series("finance", "discount_factor"), case.setting("discount_rate") or 0.0
    begin = OFFSET.get(case.setting("flow_timing"), 0.5) - case.first_year
    factor = {year: given.get(year, (1.0 + interest) ** -(year + begin)) for year in case.years}
    return {year: rate[year] * factor[year] for year in case.years}
