"""Bottlenecks in words: the sentences and tables that the print, the sheet and the JSON document show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from masterplan.console import MEASURE, number
from masterplan.data.findings import Findings, FoundTable
from masterplan.reports.binding import in_spans, in_words
from masterplan.reports.recompute import recompute

if TYPE_CHECKING:
    from masterplan.bottleneck_study import Bottlenecks

OWN_LIMITS = ("capex limit", "minimum cash", "debt limit", "equity limit", "limit", "starts a year", "starts in total", "gate")
MEANING = "What holds the plan back: prices with builds fixed, what relief is worth when everything may be re-decided, and what binds next"


def findings(found: Bottlenecks) -> Findings:
    """The most important first: the ladder in a sentence each, then what binds as the plan stands."""
    return Findings("Bottlenecks", MEANING, _sentences(found), _tables(found), found.seconds)


def _sentences(found: Bottlenecks) -> tuple[str, ...]:
    plan = found.plan
    if not plan.found:
        return (f"There is no plan to look at: {found.ended}",)
    money, measure = plan.case.setting("money_unit"), MEASURE[plan.case.setting("objective")]
    told = [_rung(row, money) for row in found.ladder.to_dict("records")]
    if not told and not found.interrupted:
        told = ["No limit that can be relieved is worth more than the solves can tell."]
    told.append(f"The ladder ends there: {found.ended}. It began at {measure} {number(plan.objective)} {money}.")
    if not found.declared:
        told.append("The case declares no reliefs: a tenth, a module or a year of whatever binds was tried.")
    if len(found.prices):
        told += [_prices(found, kinds) for kinds in (("market limit",), OWN_LIMITS) if found.prices["kind"].isin(kinds).any()]
    return (*told, f"At its limit as the plan stands: {in_words(plan, recompute(plan)) or 'nothing'}.")


def _rung(row: Mapping[Any, Any], money: str) -> str:
    def amount(name: str) -> str:
        value = row[name]
        return number(float(value)) if isinstance(value, int | float) else "-"

    worth = f"{amount('value')} {money} ({amount('low')} to {amount('high')})"
    cost = "" if row["cost"] is None or row["cost"] != row["cost"] else f" for {amount('cost')}, net {amount('net_value')}{_too_dear(row)}"
    return (
        f"{row['rung']}. {row['limit']}: worth {worth} when everything may be re-decided, {amount('by_price')} by the price with builds "
        f"fixed; {row['way']}{cost}. What promises most then: {row['binds_next']}."
    )


def _too_dear(row: Mapping[Any, Any]) -> str:
    return ", so that it costs more than it brings" if row["net_value"] < 0 else ""


def _prices(found: Bottlenecks, kinds: tuple[str, ...]) -> str:
    """What weighs most of some kinds, with the year in which one more unit is worth most."""
    some = found.prices[found.prices["kind"].isin(kinds)]
    mine = some[(some["kind"] == some["kind"].iloc[0]) & (some["name"] == some["name"].iloc[0])]
    most = mine.loc[mine["price"].abs().idxmax()]
    name = most["name"] if most["name"] == most["kind"] else f"{most['kind']} {most['name']}"
    years = in_spans([int(year) for year in mine["year"]])
    worth = f"{number(most['price'])} {most['unit']}"
    return f"With builds fixed, {name} binds in {years}; one more unit is worth most in {most['year']}: {worth}."


def _tables(found: Bottlenecks) -> tuple[FoundTable, ...]:
    tables = [
        FoundTable(
            "Ladder",
            "Each rung relieves one limit in full, on top of the rungs before. value: worth when everything may be re-decided, proven to "
            "lie from low to high; by price: the price with builds fixed x the relief",
            found.ladder,
        ),
        FoundTable(
            "Tried on each rung",
            "The candidates that were re-optimised; if divisible: what the relief promises if modules could be parts",
            found.tried,
        ),
        FoundTable(
            "Steps",
            "One step more and one less of the limits that promise most, each alone: worth when everything may be re-decided",
            found.steps,
        ),
        FoundTable("Use of what there is", "Use / available; 1 is all of it", found.use, shares=True),
        FoundTable(
            "Prices",
            "Price with builds fixed: what one more unit is worth in money of that year; the weightiest first, resources last",
            found.prices,
        ),
    ]
    return tuple(table for table in tables if len(table.rows) or table.title in ("Ladder", "Prices"))
