"""The most that can be started, stand, run, be traded or be kept in a year, worked out from the tables alone; infinite where nothing says.

Starts: what a year and a project may have, and what the capex limit can pay for. Capacity: what stands and the most that can be built.
Levels, trades and stocks: their own limits, and through the balances of the resources what can be made at most, and where it can go.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from masterplan.data.case import Case

Amounts = dict[Any, float]
ROUNDS = 50  # of passing bounds on from balance to balance: each makes them tighter, any number of them is right


@dataclass(frozen=True, eq=False)
class Most:
    """Upper bounds of the decisions, `math.inf` where the tables give none; all are at least 0."""

    started: Amounts  # (project, start year)
    capacity: Amounts  # (activity, year)
    level: Amounts  # (activity, year)
    traded: Amounts  # (market, tier, year)
    stock: Amounts  # (resource, year), of resources that can be stored


def most(case: Case, through_balances: bool = True) -> Most:
    """The bounds of a case; `through_balances` holds only where nothing but the tables supplies and takes resources."""
    started = _started(case)
    capacity = _capacity(case, started)
    limited, limit = case.attribute("activities", "capacity_limited"), case.series("markets", "limit")
    level = {key: amount if limited.get(key[0]) == "yes" else math.inf for key, amount in capacity.items()}
    traded = {(*key, year): limit.get((*key, year), math.inf) for key in case.keys("markets") for year in case.years}
    storage, storable = case.series("resources", "storage_limit"), case.attribute("resources", "storable")
    stock = {(r, y): storage.get((r, y), math.inf) for r in case.names("resources") if storable.get(r) == "yes" for y in case.years}
    found = Most(started, capacity, level, traded, stock)
    if through_balances:
        _pass_on(case, found)
    return found


def alive_most(case: Case, counts: Amounts, project: str, year: int, weight: Amounts) -> float:
    """Most of the sum of weight x modules alive in a year, both by start year; `max_total` counts for the starts together."""
    lead, life = (case.attribute("projects", name).get(project, 1) for name in ("lead_time", "life"))
    terms = [(weight[s], count) for s, count in counts.items() if s + lead <= year < s + lead + life]
    return most_of_sum(terms, case.attribute("projects", "max_total").get(project, math.inf))


def most_of_sum(terms: list[tuple[float, float]], together: float = math.inf) -> float:
    """Most of the sum of weight x amount, each amount from 0 to its own bound, all of them no more than `together`."""
    total = 0.0
    for weight, count in sorted(terms, reverse=True):
        taken = min(count, together)
        if weight > 0 and taken > 0:
            if math.isinf(taken):
                return math.inf
            total += weight * taken
            together -= taken
    return total


def _by_project(started: Amounts) -> dict[str, Amounts]:
    found: dict[str, Amounts] = defaultdict(dict)
    for (project, start), count in started.items():
        found[project][start] = count
    return found


# starts and capacity


def _started(case: Case) -> Amounts:
    first, last, lead = (case.attribute("projects", name) for name in ("first_start", "last_start", "lead_time"))
    per_year, total = case.series("projects", "max_per_year"), case.attribute("projects", "max_total")
    given, kind = (case.attribute("given_starts", name) for name in ("modules", "kind"))
    payable = _payable(case)
    found: Amounts = {}
    for project in case.names("projects"):
        begin = max(first.get(project, case.first_year), case.first_year)
        end = min(last.get(project, case.last_year - lead.get(project, 0)), case.last_year)
        for year in case.start_years:
            modules = given.get((project, year), 0.0)
            if begin <= year <= end and kind.get((project, year)) != "fixed":
                caps = per_year.get((project, year), math.inf), total.get(project, math.inf), payable.get((project, year), math.inf)
                found[project, year] = max(modules, min(caps))
            elif modules:
                found[project, year] = modules
    return found


def _payable(case: Case) -> Amounts:
    """(project, start year) -> modules whose own capex the limits can pay, with all that they carry over."""
    limit, share = case.series("finance", "capex_limit"), case.series("finance", "carry_over_share")
    capex, profiles = case.series("projects", "capex"), _profiles(case)
    available: dict[int, float] = {}
    for year in case.years:
        if year in limit:
            available[year] = max(limit[year], 0.0) + share.get(year, 0.0) * available.get(year - 1, 0.0)
    found: Amounts = {}
    for project in case.names("projects"):
        for start in case.years:
            spent = {
                start + age: part * capex.get((project, start), 0.0) for age, part in _spend_shares(case, profiles, project, start).items()
            }
            found[project, start] = min((available[y] / cost for y, cost in spent.items() if y in available and cost > 0), default=math.inf)
    return found


Profiles = dict[str, dict[int, Amounts]]  # profile -> age -> start year -> value


def _profiles(case: Case) -> Profiles:
    found: Profiles = defaultdict(dict)
    for (name, age, year), value in case.series("profiles", "value").items():
        found[name].setdefault(age, {})[year] = value
    return found


def _spend_shares(case: Case, profiles: Profiles, project: str, start: int) -> dict[int, float]:
    name = case.attribute("projects", "spend_profile").get(project)
    if name is None:
        return {0: 1.0 / max(case.attribute("projects", "lead_time").get(project, 1), 1)}
    return {age: value.get(start, 0.0) for age, value in profiles.get(name, {}).items()}


def _capacity(case: Case, started: Amounts) -> Amounts:
    existing, size = case.series("existing_capacity", "capacity"), case.series("projects", "module_capacity")
    lead, profile = case.attribute("projects", "lead_time"), case.attribute("projects", "availability_profile")
    ages, counts = _profiles(case), _by_project(started)
    activities = frozenset(case.names("activities"))
    found = {(activity, year): existing.get((activity, year), 0.0) for activity in case.names("activities") for year in case.years}
    for project, activity in case.attribute("projects", "activity").items():
        shares = ages.get(profile.get(project, ""), {})
        known, wait = sorted(shares), lead.get(project, 0)
        for year in case.years if activity in activities else ():
            weight: Amounts = {}
            for start in counts[project]:
                age = year - start - wait
                held = bisect_right(known, age) - 1
                weight[start] = size[project, start] * (shares[known[held]].get(start, 1.0) if held >= 0 else 1.0)
            found[activity, year] += alive_most(case, counts[project], project, year, weight)
    return found


# what the balances pass on


def _pass_on(case: Case, found: Most) -> None:
    """Tighten levels, trades and stocks by what the balances of the resources allow, until nothing changes."""
    lines = _lines(case, found)
    fixed = _fixed_supply(case, found), _fixed_use(case, found)
    free = {r for r, answer in case.attribute("resources", "disposal").items() if answer == "yes"}
    needed, least_traded = _bought_for_use(case), case.series("markets", "minimum")
    for _ in range(ROUNDS):
        before = [dict(found.level), dict(found.traded), dict(found.stock)]
        for supply, bounded in ((True, False), (False, True)):
            sums: Amounts = defaultdict(float, fixed[0 if supply else 1])
            for (resource, year), is_supply, table, key, amount, _ in lines:
                if is_supply == supply:
                    sums[resource, year] += amount * table[key]
            for (resource, year), is_supply, table, key, _, least in lines:
                wasteful = bounded and resource in free and not (table is found.traded and key in needed)
                if is_supply == bounded and least > 0 and not wasteful:
                    table[key] = min(table[key], max(sums[resource, year] / least, least_traded.get(key, 0.0)))
        if before == [found.level, found.traded, found.stock]:
            return


def _bought_for_use(case: Case) -> set[Any]:
    """(market, tier, year) where nobody buys more than is used: it costs money, and no limit, gate or synergy counts it."""
    counted = {key[2] for table in ("limit_members", "gate_conditions", "synergy_members") for key in case.keys(table)}
    return {key for key, price in case.series("markets", "price").items() if price > 0 and key[0] not in counted}


Line = tuple[tuple[str, int], bool, Amounts, Any, float, float]


def _lines(case: Case, found: Most) -> list[Line]:
    """((resource, year), supplies?, table, key, most amount per unit, least amount per unit) of every decision in a balance."""
    lines: list[Line] = []
    amounts, lag, worth = case.series("recipes", "amount"), case.attribute("recipes", "lag"), _worth(case)
    for activity, resource, basis in case.keys("recipes"):
        for year in case.years:
            amount, there = amounts.get((activity, resource, basis, year), 0.0), year + lag[activity, resource, basis]
            if basis == "level" and amount and (activity, year) in found.level and there <= case.last_year:
                low, high = worth.get((activity, resource), (1.0, 1.0)) if amount > 0 else (1.0, 1.0)
                size = abs(amount)
                lines.append(((resource, there), amount > 0, found.level, (activity, year), size * high, size * low))
    resources, side = case.attribute("markets", "resource"), case.attribute("markets", "side")
    for key in found.traded:
        lines.append(((resources.get(key[:2], ""), key[2]), side.get(key[:2]) == "buy", found.traded, key, 1.0, 1.0))
    loss = case.series("resources", "storage_loss")
    for resource, year in found.stock:
        lines.append(((resource, year), False, found.stock, (resource, year), 1.0, 1.0))
        if year < case.last_year:
            lines.append(((resource, year + 1), True, found.stock, (resource, year), 1.0 - loss[resource, year + 1], 0.0))
    return [line for line in lines if line[4] > 0]


def _worth(case: Case) -> dict[tuple[str, str], tuple[float, float]]:
    """(activity, resource) -> least and most worth of an output that ages."""
    activity, resource, profile = (case.attribute("projects", name) for name in ("activity", "output_resource", "output_profile"))
    found: dict[tuple[str, str], tuple[float, float]] = {}
    profiles = _profiles(case)
    for project, name in profile.items():
        values = [value for by_start in profiles.get(name, {}).values() for value in by_start.values()]
        if project in activity and project in resource:
            low, high = found.get((activity[project], resource[project]), (1.0, 1.0))
            found[activity[project], resource[project]] = min([low, *values]), max([high, *values])
    return found


def _presence(case: Case, found: Most, sign: float) -> Amounts:
    sums: Amounts = defaultdict(float)
    for (activity, resource, basis, year), amount in case.series("recipes", "amount").items():
        if basis == "capacity" and (activity, year) in found.capacity and sign * amount > 0:
            sums[resource, year] += abs(amount) * found.capacity[activity, year]
    return sums


def _fixed_supply(case: Case, found: Most) -> Amounts:
    """(resource, year) -> most that comes without a level, a trade or a stock of the plan."""
    sums = _presence(case, found, 1.0)
    for (resource, year), amount in case.series("resources", "arrivals").items():
        sums[resource, year] += amount
    for resource, amount in case.attribute("resources", "opening_stock").items():
        sums[resource, case.first_year] += amount
    return sums


def _fixed_use(case: Case, found: Most) -> Amounts:
    """(resource, year) -> most that presence, building and standing modules take."""
    sums, amounts = _presence(case, found, -1.0), case.series("construction_inputs", "amount")
    lead, counts = case.attribute("projects", "lead_time"), _by_project(found.started)
    for key in case.keys("construction_inputs"):
        project, resource, when, after = key
        if when == "standing":
            weight = {year: amounts.get((*key, year), 0.0) for year in case.start_years}
            for year in case.years:
                sums[resource, year] += alive_most(case, counts[project], project, year, weight)
            continue
        wait = max(lead.get(project, 1) - 1, 0) if after is None else after
        for start, count in counts[project].items():
            if amounts.get((*key, start), 0.0) > 0:
                sums[resource, start + wait] += amounts[*key, start] * count
    return sums
