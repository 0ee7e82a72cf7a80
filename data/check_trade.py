"""Checks of resources, recipes and markets."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from masterplan.data.case import Case
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, key_text, number, rows

STORAGE_COLUMNS = ("storage_limit", "storage_loss", "holding_cost", "opening_stock", "stock_value")


def storage(case: Case) -> list[Problem]:
    """Only a storable resource has settings of storage."""
    storable = case.attribute("resources", "storable")
    said: set[tuple[Any, str]] = set()
    problems = []
    for row in rows(case, "resources"):
        resource = row["resource"]
        if storable.get(resource) != "no":
            continue
        for column in STORAGE_COLUMNS:
            if row[column] and (resource, column) not in said:
                said.add((resource, column))
                found, fix = number(row[column]), "Set storable to yes, or clear it"
                problems.append(Problem("E701", "resources", str(resource), column, found, f"{resource} is not storable", fix))
    return problems


def arrivals(case: Case) -> list[Problem]:
    """What arrives from before the plan can be used, sold, kept or thrown away."""
    takes = takers(case)
    if takes - set(case.keys("resources")):  # told by reading; one of them may be what is missing
        return []
    problems: list[Problem] = []
    for (resource, year), amount in case.series("resources", "arrivals").items():
        if amount > 0 and resource not in takes and not any(problem.key == str(resource) for problem in problems):
            found, allowed = f"{number(amount)} in {year}", "nothing takes it, and it can be neither kept nor thrown away"
            problems.append(
                Problem("E702", "resources", str(resource), "arrivals", found, allowed, "Allow disposal or storage, or add a use")
            )
    return problems


def takers(case: Case) -> set[Any]:
    """The resources that something can take: a recipe, a building project, a sale, a stock or disposal."""
    takes = {row["resource"] for row in rows(case, "recipes") if row["amount"] is None or row["amount"] < 0}
    takes |= {row["resource"] for row in rows(case, "construction_inputs")}
    takes |= {row["resource"] for row in rows(case, "markets") if row["side"] != "buy"}
    free = [case.attribute("resources", column) for column in ("storable", "disposal")]
    return takes | {resource for column in free for resource, answer in column.items() if answer == "yes"}


def recipes(case: Case) -> list[Problem]:
    """A lag is of a level; an output by capacity needs a place to go when nobody takes it."""
    lags = case.attribute("recipes", "lag")
    free = {
        resource
        for column in ("storable", "disposal")
        for resource, answer in case.attribute("resources", column).items()
        if answer == "yes"
    }
    problems = []
    for row in rows(case, "recipes"):
        if row["basis"] != "capacity":
            continue
        key, resource = key_text("recipes", (row["activity"], row["resource"], row["basis"])), row["resource"]
        if lags.get((row["activity"], resource, "capacity"), 0) > 0 and row["lag"]:
            allowed, fix = "only a recipe per level has a lag", "Clear the lag, or use the basis level"
            problems.append(Problem("E703", "recipes", key, "lag", str(row["lag"]), allowed, fix))
        if (row["amount"] or 0) > 0 and resource is not None and resource not in free and resource in case.names("resources"):
            found, allowed = number(row["amount"]), f"capacity makes {resource} whether used or not, and a surplus has no place"
            problems.append(Problem("E704", "recipes", key, "amount", found, allowed, "Set disposal or storable of the resource to yes"))
    return problems


def market_tiers(case: Case) -> list[Problem]:
    """The tiers of a market trade one resource on one side."""
    by_market: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(case, "markets"):
        by_market[row["market"]].append(row)
    problems = []
    for market, tiers in by_market.items():
        for column, code in (("resource", "E705"), ("side", "E706")):
            values = sorted({str(row[column]) for row in tiers if row[column] is not None})
            if len(values) > 1:
                fix = "Use one, or give the market two names"
                problems.append(Problem(code, "markets", str(market), column, " and ".join(values), f"a market has one {column}", fix))
    return problems


def market_quantities(case: Case) -> list[Problem]:
    """What must be traded or paid for fits into what can be; take-or-pay is for buying."""
    sides = case.attribute("markets", "side")
    limit = case.series("markets", "limit")
    problems = []
    for column, code in (("minimum", "E707"), ("take_or_pay", "E708")):
        said = set[Any]()
        for (market, tier, year), amount in case.series("markets", column).items():
            place = (market, tier)
            if amount <= limit.get((market, tier, year), math.inf) or place in said or year < case.first_year:
                continue
            said.add(place)
            allowed, fix = f"the limit is {number(limit[market, tier, year])}", "Lower one or raise the other"
            problems.append(Problem(code, "markets", key_text("markets", place), column, f"{number(amount)} in {year}", allowed, fix))
    paid = {(market, tier) for (market, tier, _), amount in case.series("markets", "take_or_pay").items() if amount > 0}
    for place in case.keys("markets"):
        if place in paid and sides.get(place) == "sell":
            fix = "Use minimum, or the side buy"
            problems.append(
                Problem("E709", "markets", key_text("markets", place), "take_or_pay", "an amount", "only a market to buy has it", fix)
            )
    prices = case.series("markets", "price")
    for place in paid:
        worst = min((price for (market, tier, _), price in prices.items() if (market, tier) == place), default=0.0)
        if worst < 0:
            found, allowed = number(worst), "with take-or-pay a negative price would pay for what is not taken"
            problems.append(
                Problem("E710", "markets", key_text("markets", place), "price", found, allowed, "Clear take_or_pay, or use minimum")
            )
    return problems
