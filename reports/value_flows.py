"""Flows of value: who makes and who uses what, in money, so that unlike units can be compared.

What a standing module uses counts for the activity that it is part of. A unit of a resource is worth what the plan sells it for, else
what it buys it for (averages of the year), else its price with builds fixed where a study found it, else the running cost of what went
into making it. What has none of these is worth nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.recompute import Recomputed

COLUMNS = ("year", "side", "who", "kind", "resource", "quantity", "value")
PASSES = 12  # of costs handed down a chain; longer chains than this keep what they have
NOISE = 1e-9
SOLD, BOUGHT, PRICED, COST, NOTHING = "sale", "purchase", "price with builds fixed", "running cost", "nothing"
# entry of a balance -> what the other end is called where it is no activity, project or market
KINDS: Mapping[str, str] = {
    "production": "activity",
    "presence": "activity",
    "use": "activity",
    "construction": "project",
    "standing": "activity",
    "buy": "market",
    "sell": "market",
    "from_stock": "stock",
    "to_stock": "stock",
    "arrivals": "arrivals",
}
Worth = dict[tuple[str, int], tuple[float, str]]  # money per unit, and where that comes from
Prices = Mapping[tuple[str, int], float]


def table(plan: Plan, numbers: Recomputed, worth: Worth) -> pd.DataFrame:
    """A row per year, side (makes, uses), who, kind of who, and resource: quantity and value, both positive; what is left over too."""
    found: dict[tuple[int, str, str, str, str], float] = {}
    for resource, entry, item, year, amount in _entries(plan, numbers):
        kind = KINDS.get(entry, "other")
        key = (year, "makes" if amount > 0 else "uses", item or entry.replace("_", " "), kind, resource)
        found[key] = found.get(key, 0.0) + abs(amount)
    for resource, year, amount, _ in numbers.surplus.itertuples(index=False):
        if amount > NOISE * 1e3:
            found[int(year), "uses", "left over", "other", str(resource)] = float(amount)
    rows = [(*key, amount, amount * worth[key[4], key[0]][0]) for key, amount in found.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": int, "quantity": float, "value": float})


def worth_of_units(plan: Plan, numbers: Recomputed, prices: Prices) -> Worth:
    """(resource, year) -> money per unit and its source; `prices` are those that a study found."""
    found = {**_traded(plan, "buy", BOUGHT), **_traded(plan, "sell", SOLD)}
    keys = [(resource, year) for resource in plan.case.names("resources") for year in plan.case.years]
    for key in keys:
        if key not in found and prices.get(key, 0.0) > 0:
            found[key] = (prices[key], PRICED)
    _hand_down(plan, numbers, found)
    return {key: found.get(key, (0.0, NOTHING)) for key in keys}


def _traded(plan: Plan, side: str, source: str) -> Worth:
    """Average price of what the plan trades, where it is above zero."""
    sides, resource = plan.case.attribute("markets", "side"), plan.case.attribute("markets", "resource")
    price = plan.case.series("markets", "price")
    money: dict[tuple[str, int], float] = {}
    units: dict[tuple[str, int], float] = {}
    for market, tier, year, quantity in plan.trades.itertuples(index=False):
        key = (market, int(tier))
        if sides.get(key) == side and float(quantity) > NOISE:
            at = (str(resource[key]), int(year))
            units[at] = units.get(at, 0.0) + float(quantity)
            money[at] = money.get(at, 0.0) + float(quantity) * price[*key, int(year)]
    return {key: (money[key] / units[key], source) for key in units if money[key] > 0}


def _hand_down(plan: Plan, numbers: Recomputed, found: Worth) -> None:
    """Give what is not priced the running cost of its makers: variable and fixed cost and what they use, by pass along the chains.

    A maker of several outputs shares its cost among those without a price, after the worth of those with one, by quantity.
    """
    costs = _running_cost(numbers)
    makes: dict[tuple[str, int], dict[str, float]] = {}
    uses: dict[tuple[str, int], dict[str, float]] = {}
    for resource, entry, item, year, amount in _entries(plan, numbers):
        if KINDS.get(entry) == "activity":
            side = makes if amount > 0 else uses
            side.setdefault((item, year), {})[resource] = side.get((item, year), {}).get(resource, 0.0) + abs(amount)
    given = set(found)
    for _ in range(PASSES):
        paid: dict[tuple[str, int], list[float]] = {}
        for (activity, year), outputs in makes.items():
            cost = costs.get((activity, year), 0.0)
            cost += sum(amount * found.get((used, year), (0.0, ""))[0] for used, amount in uses.get((activity, year), {}).items())
            cost -= sum(amount * found[name, year][0] for name, amount in outputs.items() if (name, year) in given)
            free = {name: amount for name, amount in outputs.items() if (name, year) not in given}
            for name, amount in free.items():
                cell = paid.setdefault((name, year), [0.0, 0.0])
                cell[0] += max(0.0, cost) * amount / sum(free.values())
                cell[1] += amount
        found.update({key: (money / units, COST) for key, (money, units) in paid.items() if money > NOISE and units > NOISE})


def _entries(plan: Plan, numbers: Recomputed) -> Iterator[tuple[str, str, str, int, float]]:
    """The rows of the balance, standing use under the name of the activity that the project builds."""
    built = plan.case.attribute("projects", "activity")
    for resource, entry, item, year, amount in numbers.balance.itertuples(index=False):
        yield str(resource), str(entry), str(built.get(item) or item) if entry == "standing" else str(item), int(year), float(amount)


def _running_cost(numbers: Recomputed) -> dict[tuple[str, int], float]:
    found: dict[tuple[str, int], float] = {}
    for entry, _, item, year, amount in numbers.cash.itertuples(index=False):
        if entry in ("variable_cost", "fixed_cost"):
            found[item, year] = found.get((item, year), 0.0) - amount
    return found
