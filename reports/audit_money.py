"""Audit of the money: capex within its limit, cash above its minimum, losses that only losses make."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check
from masterplan.reports.facts import Facts
from masterplan.reports.recompute import Recomputed


def checks(facts: Facts, found: Recomputed) -> list[Check]:
    """Every rule on capex, cash and tax."""
    return [
        check("Capex is within its limit and what the year before left", _budget(found)),
        check("Cash is at or above its minimum", _cash(found)),
        check("Taxable income is not negative", _income(facts, found)),
        check("Losses carried forward grow only by the loss of the year", _losses(facts, found)),
        check("Losses offset no more than their share of the year's income", _loss_cap(facts, found)),
    ]


def taxable_size(facts: Facts, found: Recomputed) -> dict[int, float]:
    """year -> sum of the absolute amounts that make taxable income [money]."""
    sizes = {year: abs(facts.finance("baseline_taxable", year)) for year in facts.case.years}
    for row in found.cash.to_dict("records"):
        if row["kind"] == "operating" or row["entry"] in ("capex", "capitalised_capex"):
            sizes[row["year"]] += abs(row["amount"])
    for row in found.tax.to_dict("records"):
        written_off = row["depreciation"] if row["depreciation"] == row["depreciation"] else 0.0
        sizes[row["year"]] += row["losses_used"] + abs(row["loss_pool"]) + abs(written_off)
    return sizes


def _budget(found: Recomputed) -> Iterator[Tested]:
    for row in found.budget.to_dict("records"):
        used = row["spend"] + row["committed_inside"]
        yield at_most(
            (row["year"],),
            used,
            row["available"],
            abs(row["limit"]) + abs(row["carried_over"]) + abs(row["spend"]) + abs(row["committed_inside"]),
        )


def _cash(found: Recomputed) -> Iterator[Tested]:
    sizes = found.cash["amount"].abs().groupby(found.cash["year"]).sum().to_dict()
    for row in found.cash_position.to_dict("records"):
        if row["minimum"] == row["minimum"]:
            yield at_least(
                (row["year"],), row["closing"], row["minimum"], abs(row["opening"]) + sizes.get(row["year"], 0.0) + abs(row["minimum"])
            )


def _income(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    sizes = taxable_size(facts, found)
    for row in found.tax.to_dict("records"):
        yield at_least((row["year"],), row["income"], 0.0, sizes[row["year"]])


def _losses(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    sizes, before = taxable_size(facts, found), float(facts.case.setting("opening_losses"))
    for row in found.tax.to_dict("records"):
        yield at_most((row["year"],), row["loss_pool"], before + max(0.0, -row["base"]), sizes[row["year"]] + abs(before))
        before = row["loss_pool"]


def _loss_cap(facts: Facts, found: Recomputed) -> Iterator[Tested]:
    """A year of loss uses no losses: that is told by taxable income, which would be negative."""
    sizes, cap = taxable_size(facts, found), facts.series("finance", "loss_cap")
    for row in found.tax.to_dict("records"):
        share = cap.get(row["year"], 1.0)
        if share < 1.0 and row["base"] >= 0.0:
            yield at_most((row["year"],), row["losses_used"], share * row["base"], sizes[row["year"]])
