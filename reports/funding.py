"""Funding: debt from year to year, what it costs, equity and payments to owners, and the earnings that carry debt, recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from masterplan.reports.facts import Facts
from masterplan.reports.flows import borrows, flows_of

Row = tuple[Any, ...]


def flow(facts: Facts, name: str, year: int) -> float:
    """What the plan draws, repays, raises or pays out in a year [money]."""
    return facts.decisions.financing.get((name, year), 0.0)


def debt_by_year(facts: Facts) -> dict[int, float]:
    """year -> debt at its end; 0 in a case that does not borrow [money]."""
    debt, found = float(facts.case.setting("opening_debt")) if borrows(facts.case) else 0.0, {}
    for year in facts.case.years:
        debt += flow(facts, "drawn", year) - flow(facts, "repaid", year)
        found[year] = debt
    return found


def opening_debt(facts: Facts) -> dict[int, float]:
    """year -> debt at its start [money]."""
    closing = debt_by_year(facts)
    first = float(facts.case.setting("opening_debt")) if borrows(facts.case) else 0.0
    return {year: closing.get(year - 1, first) for year in facts.case.years}


def entries(facts: Facts) -> Iterator[Row]:
    """(entry, item, year, amount) of the cash entries of funding; money in is positive [money]."""
    before, decides = opening_debt(facts), bool(flows_of(facts.case))
    for year in facts.case.years:
        drawn, raised = flow(facts, "drawn", year), flow(facts, "raised", year)
        yield "drawn", "", year, drawn
        yield "repaid", "", year, -flow(facts, "repaid", year)
        yield "interest", "", year, -facts.finance("interest_rate", year) * before[year]
        yield "raised", "", year, raised
        paid = flow(facts, "distributed", year) if decides else facts.finance("distributions", year)
        yield "distributions", "", year, -paid
        yield "issue_cost", "", year, -facts.finance("issue_cost", year) * (drawn + raised)


def spread_by_year(facts: Facts) -> dict[int, float]:
    """year -> what value is charged for debt beyond the discount rate, negative; no cash [money]."""
    spread = float(facts.case.setting("debt_spread"))
    return {year: -spread * debt for year, debt in opening_debt(facts).items()}


def earnings(facts: Facts, cash_rows: list[Row]) -> dict[int, float]:
    """year -> operating entries, baseline cash and production credits [money]."""
    found = dict.fromkeys(facts.case.years, 0.0)
    for entry, kind, _, year, amount in cash_rows:
        if kind in ("operating", "baseline") or entry == "production_credit":
            found[year] += amount
    return found


def debt(facts: Facts, cash_rows: list[Row]) -> list[Row]:
    """(year, opening, drawn, repaid, closing, interest, earnings, limit, carried) of a case that borrows [money].

    `limit` is the given amount, `carried` what earnings carry; NaN where there is no such limit.
    """
    if not borrows(facts.case):
        return []
    limit, multiple = facts.series("finance", "debt_limit"), facts.series("finance", "debt_multiple")
    opening, closing, earned, none = opening_debt(facts), debt_by_year(facts), earnings(facts, cash_rows), float("nan")
    return [
        (
            year,
            opening[year],
            flow(facts, "drawn", year),
            flow(facts, "repaid", year),
            closing[year],
            facts.finance("interest_rate", year) * opening[year],
            earned[year],
            limit.get(year, none),
            multiple.get(year, none) * earned[year],
        )
        for year in facts.case.years
    ]
