"""What looks wrong in the flows: resources without a maker or a taker, activities that cannot run, projects and limits without effect."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import Any

from masterplan.data.case import Case
from masterplan.data.check_trade import takers
from masterplan.data.errors import Problem
from masterplan.data.links import MEASURED
from masterplan.data.rows import Row, key_text, number, rows


def idle_activities(case: Case) -> list[Problem]:
    """Activities that are limited by a capacity that nothing gives them."""
    limited = case.attribute("activities", "capacity_limited")
    able = {activity for (activity, _), capacity in case.series("existing_capacity", "capacity").items() if capacity > 0}
    able |= set(case.attribute("projects", "activity").values())
    return [
        Problem(
            "W801", "activities", str(activity), "", "no capacity", "no project and nothing existing lets it run", "Add one, or delete it"
        )
        for activity in case.keys("activities")
        if limited[activity] == "yes" and activity not in able
    ]


def one_sided_resources(case: Case) -> list[Problem]:
    """Resources that something takes and nothing supplies, or that something supplies and nothing takes."""
    makes, takes = _makers(case), takers(case)
    wanted = {row["resource"] for row in rows(case, "recipes") if (row["amount"] or 0) < 0}
    wanted |= {row["resource"] for row in rows(case, "construction_inputs")}
    wanted |= {row["resource"] for row in rows(case, "markets") if row["side"] == "sell"}
    problems = []
    for resource in case.keys("resources"):
        key = str(resource)
        if resource in wanted and resource not in makes:
            allowed = "it is taken, but nothing makes, sells or brings it"
            problems.append(Problem("W802", "resources", key, "", "no supply", allowed, "Add a recipe or a market to buy"))
        if resource in makes and resource not in takes:
            allowed = "it is made, but nothing takes it, so its makers stand still"
            problems.append(Problem("W803", "resources", key, "", "no use", allowed, "Add a use or a market, or allow disposal"))
    return problems


def _makers(case: Case) -> set[Any]:
    makes = {row["resource"] for row in rows(case, "recipes") if (row["amount"] or 0) > 0}
    makes |= {row["resource"] for row in rows(case, "markets") if row["side"] == "buy"}
    makes |= {resource for (resource, _), amount in case.series("resources", "arrivals").items() if amount > 0}
    return makes | {resource for resource, stock in case.attribute("resources", "opening_stock").items() if stock > 0}


def late_projects(case: Case) -> list[Problem]:
    """Projects of an activity whose first output falls after the plan, whenever they start."""
    first, lead = case.attribute("projects", "first_start"), case.attribute("projects", "lead_time")
    problems = []
    for project in case.attribute("projects", "activity"):
        output = first.get(project, case.first_year) + lead[project]
        if output > case.last_year:
            fix = "Start it earlier, or make the plan longer"
            problems.append(
                Problem(
                    "W804", "projects", str(project), "lead_time", f"a first output in {output}", f"the plan ends in {case.last_year}", fix
                )
            )
    return problems


def useless_projects(case: Case) -> list[Problem]:
    """Projects that can never pay: they make nothing that is taken, relieve nothing, and no rule or limit speaks of them."""
    spoken_of = {row[column] for row in rows(case, "rules") for column in ("project", "other")}
    spoken_of |= {row["item"] for table in MEASURED for row in rows(case, table)} | {row["project"] for row in rows(case, "given_starts")}
    useful = _useful_activities(case)
    activities = case.attribute("projects", "activity")
    problems = []
    for project in case.keys("projects"):
        activity = activities.get(project)
        if project in spoken_of or activity in spoken_of or activity in useful:
            continue
        found = (
            "no activity, and no rule that asks for it"
            if activity is None
            else f"the activity {activity}, which makes nothing that is taken"
        )
        problems.append(
            Problem("W805", "projects", str(project), "activity", found, "it can never pay", "Say what it is good for, or delete it")
        )
    return problems


def _useful_activities(case: Case) -> set[Any]:
    """Activities that make something taken, take something that others must get rid of, or earn a credit."""
    wanted = {row["resource"] for row in rows(case, "recipes") if (row["amount"] or 0) < 0}
    wanted |= {row["resource"] for row in rows(case, "construction_inputs")}
    wanted |= {row["item"] for table in MEASURED for row in rows(case, table)}
    wanted |= {row["resource"] for row in rows(case, "markets") if row["side"] == "sell"}
    wanted |= {resource for resource, value in case.attribute("resources", "stock_value").items() if value > 0}
    recipe_rows = rows(case, "recipes")
    made_by: dict[Any, set[Any]] = defaultdict(set)
    for row in recipe_rows:
        if (row["amount"] or 0) > 0:
            made_by[row["resource"]].add(row["activity"])
    useful = {row["activity"] for row in recipe_rows if (row["amount"] or 0) > 0 and row["resource"] in wanted}
    useful |= {row["activity"] for row in recipe_rows if (row["amount"] or 0) < 0 and made_by[row["resource"]] - {row["activity"]}}
    useful |= {row["activity"] for row in rows(case, "activities") if row["production_credit"] or (row["variable_cost"] or 0) < 0}
    useful |= set(case.attribute("synergies", "per_activity").values())
    paid_to_take = {row["resource"] for row in rows(case, "markets") if row["side"] == "buy" and (row["price"] or 0) < 0}
    return useful | {row["activity"] for row in recipe_rows if row["resource"] in paid_to_take}


def idle_limits(case: Case) -> list[Problem]:
    """Limits of each year that can never bind: what they sum cannot reach the bound."""
    sense, span = case.attribute("limits", "sense"), case.attribute("limits", "span")
    first, last = case.attribute("limits", "from_year"), case.attribute("limits", "to_year")
    bound, weight = case.series("limits", "bound"), case.series("limit_members", "coefficient")
    members: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(case, "limit_members"):
        members[row["limit"]].append(row)
    problems = []
    for limit in case.keys("limits"):
        spanned = range(first.get(limit, case.first_year), last.get(limit, case.last_year) + 1)
        reach = {
            year: _reach(
                case,
                {(row["measure"], row["item"]): weight[limit, row["measure"], row["item"], year] for row in members[limit]},
                year,
                sense[limit],
            )
            for year in spanned
        }
        if span[limit] == "each_year" and reach and all(_is_idle(sense[limit], reach[year], bound.get((limit, year))) for year in reach):
            year = max(reach, key=lambda one: reach[one] - bound[limit, one]) if sense[limit] == "at_most" else spanned[0]
            allowed = f"what it sums is {sense[limit].replace('_', ' ')} {number(reach[year])} anyway"
            found = f"{number(bound[limit, year])} in {year}"
            problems.append(Problem("W806", "limits", str(limit), "bound", found, allowed, "It never binds: check the bound or delete it"))
    return problems


def _is_idle(sense: str, reach: float, bound: float | None) -> bool:
    if bound is None:
        return False
    return reach < bound - 1e-9 if sense == "at_most" else reach > bound + 1e-9 or reach == bound == 0


def _reach(case: Case, weights: dict[tuple[str, Any], float], year: int, sense: str) -> float:
    """The most (at_most) or least (at_least) that the weighted measures can sum to in a year, as far as the tables tell."""
    sign = 1.0 if sense == "at_most" else -1.0
    return sign * math.fsum(sign * weight * _most(case, *member, year) for member, weight in weights.items() if sign * weight > 0)


def _most(case: Case, measure: str, item: Any, year: int) -> float:
    """The most that a measure can be in a year; infinite where the tables do not say."""
    if measure in ("buy", "sell"):
        limits = case.series("markets", "limit")
        return math.fsum(limits.get((*key, year), math.inf) for key in case.keys("markets") if key[0] == item)
    if measure == "starts":
        per_year: float = case.series("projects", "max_per_year").get((item, year), math.inf)
        total: float = case.attribute("projects", "max_total").get(item, math.inf)
        return min(per_year, total)
    return math.inf


def tiers(case: Case) -> list[Problem]:
    """Price tiers that run the wrong way: the best price stands in the first tier."""
    price, side = case.series("markets", "price"), case.attribute("markets", "side")
    problems = []
    by_market: dict[Any, list[int]] = defaultdict(list)
    for market, tier in case.keys("markets"):
        by_market[market].append(tier)
    for market, given in by_market.items():
        ordered = sorted(given)
        for tier, later in pairwise(ordered):
            sign = 1 if side[market, tier] == "buy" else -1
            wrong = [year for year in case.years if sign * price[market, later, year] < sign * price[market, tier, year]]
            if wrong:
                found = f"{number(price[market, later, wrong[0]])} after {number(price[market, tier, wrong[0]])} in {wrong[0]}"
                allowed = "the best price stands in the first tier"
                problems.append(Problem("W807", "markets", key_text("markets", (market, later)), "price", found, allowed, "Swap the tiers"))
    return problems


def stocks_for_ever(case: Case) -> list[Problem]:
    """A perpetuity repeats what the last year sells, also what it sells from stock."""
    storable = [resource for resource, answer in case.attribute("resources", "storable").items() if answer == "yes"]
    if case.setting("terminal_value") != "perpetuity" or not storable:
        return []
    allowed = f"a perpetuity repeats the last year for ever, and the last year may sell a stock of {', '.join(storable)} that it has once"
    fix = "Use book_value, or set storage_limit to 0 in the last years"
    return [Problem("W818", "settings", "terminal_value", "value", "perpetuity", allowed, fix)]
