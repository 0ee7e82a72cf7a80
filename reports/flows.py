"""Flows of financing: which of them a case decides on."""

from __future__ import annotations

from masterplan.data.case import Case

BORROWED, RAISED, PAID_OUT = ("drawn", "repaid"), ("raised",), ("distributed",)


def borrows(case: Case) -> bool:
    """May the company borrow: is debt limited by an amount or by earnings?"""
    return bool(case.series("finance", "debt_limit") or case.series("finance", "debt_multiple"))


def raises(case: Case) -> bool:
    """May the company raise equity by choice?"""
    limit = case.series("finance", "raise_limit")
    return any(limit.get(year, 0.0) for year in case.years)


def flows_of(case: Case) -> tuple[str, ...]:
    """The flows that a plan of the case has numbers for; none where money is not decided on."""
    found = (BORROWED if borrows(case) else ()) + (RAISED if raises(case) else ())
    return found + PAID_OUT if found else ()
