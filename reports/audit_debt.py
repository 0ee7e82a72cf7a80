"""Audit of funding: debt within its limits and never negative, equity within its limit, owners paid what is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check
from masterplan.reports.facts import Facts
from masterplan.reports.flows import flows_of
from masterplan.reports.funding import flow
from masterplan.reports.recompute import Recomputed


def checks(facts: Facts, found: Recomputed) -> list[Check]:
    """Every rule on borrowed and raised money."""
    return [
        check("No more debt is repaid than there is", _repaid(found)),
        check("Debt is within its limit", _within_limit(found)),
        check("Debt is within its multiple of earnings", _within_multiple(facts, found)),
        check("Equity raised is within its limit", _raised(facts)),
        check("Owners are paid what is asked for", _distributed(facts)),
    ]


def _repaid(found: Recomputed) -> Iterator[Tested]:
    for row in found.debt.to_dict("records"):
        yield at_least((row["year"],), row["closing"], 0.0, abs(row["opening"]) + abs(row["drawn"]) + abs(row["repaid"]))


def _within_limit(found: Recomputed) -> Iterator[Tested]:
    for row in found.debt.to_dict("records"):
        if row["limit"] == row["limit"]:
            scale = abs(row["opening"]) + abs(row["drawn"]) + abs(row["repaid"]) + abs(row["limit"])
            yield at_most((row["year"],), row["closing"], row["limit"], scale)


def _within_multiple(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    """Earnings are a small difference of large entries: these are the scale."""
    multiple, sizes = facts.series("finance", "debt_multiple"), dict.fromkeys(facts.case.years, 0.0)
    for row in found.cash.to_dict("records"):
        if row["kind"] in ("operating", "baseline") or row["entry"] == "production_credit":
            sizes[row["year"]] += abs(row["amount"])
    for row in found.debt.to_dict("records"):
        if row["year"] in multiple:
            scale = abs(row["opening"]) + abs(row["drawn"]) + abs(row["repaid"]) + multiple[row["year"]] * sizes[row["year"]]
            yield at_most((row["year"],), row["closing"], row["carried"], scale)


def _raised(facts: Facts) -> Iterator[Tested]:
    if "raised" in flows_of(facts.case):
        for year in facts.case.years:
            yield at_most((year,), flow(facts, "raised", year), facts.finance("raise_limit", year))


def _distributed(facts: Facts) -> Iterator[Tested]:
    if "distributed" in flows_of(facts.case):
        for year in facts.case.years:
            yield at_least((year,), flow(facts, "distributed", year), facts.finance("distributions", year))
