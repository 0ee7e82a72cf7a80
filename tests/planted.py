"""Small cases without a plan: one fault is planted in each, and the cheapest repair is worked out by hand.

Weights: money counts 1; a resource its market price, twice that from elsewhere; a module its capex; a year 0.1 of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from masterplan.data.case import Case
from tests.small_cases import small_case

OVEN = {"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2}
BREAD = {"activity": "shop", "resource": "bread", "amount": 1}
STREET = {"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 3}
FED = {"limit": "fed", "sense": "at_least", "bound": 1}
FED_BY = {"limit": "fed", "measure": "sell", "item": "street"}


@dataclass(frozen=True)
class Planted:
    """A case, what its cheapest repair costs, what undoing the fault costs, and the ways (`table.column`) that repair for so little."""

    make: Callable[[], Case]
    cost: float
    undo: float
    ways: frozenset[str]


def _bakery(**tables: Any) -> Case:
    return small_case(**{"recipes": [BREAD], "projects": [OVEN], "markets": [STREET], **tables})


def _must_do(project: str, **more: Any) -> dict[str, Any]:
    return {"rule": f"do_{project}", "kind": "must_do", "project": project, "amount": 1, **more}


def budget() -> Case:
    """Of an oven for 3 a limit of 2 pays 2: 1 more in one year. The limit was 3 in each of three years: 3 to undo."""
    return _bakery(rules=[_must_do("oven")], finance=[{"capex_limit": 2}])


def window() -> Case:
    """An oven is due in 2026 and may be started from 2027 on: a year for 0.1 x 3, by either date."""
    rule = _must_do("oven") | {"kind": "deadline", "deadline": 2026}
    return _bakery(projects=[OVEN | {"first_start": 2027}], rules=[rule])


def lead_time() -> Case:
    """One bread is owed from 2027 on, and an oven takes two years: a year sooner is 0.1 x 3 for one oven; a bread less would be 2."""
    return _bakery(projects=[OVEN | {"lead_time": 2}], limits=[FED | {"from_year": 2027}], limit_members=[FED_BY])


def horizon() -> Case:
    """The oven that must be built takes four years in a plan of three: no start at all. Two years sooner are 0.2 x 3, none at all is 3."""
    return _bakery(projects=[OVEN | {"lead_time": 4}], rules=[_must_do("oven")])


def import_ban() -> Case:
    """One bread a year takes one flour at 0.5, of which none may be bought: 3 x 0.5; owing no bread would be 3 x 2."""
    return small_case(
        recipes=[BREAD, {"activity": "shop", "resource": "flour", "amount": -1}],
        existing_capacity=[{"activity": "shop", "capacity": 1}],
        markets=[STREET, {"market": "mill", "resource": "flour", "side": "buy", "price": 0.5, "limit": 0}],
        limits=[FED],
        limit_members=[FED_BY],
    )


def prerequisite() -> Case:
    """The oven that must be built requires a licence for 1 of which there may be none: 1 for a licence, or for the rule."""
    return _bakery(
        projects=[OVEN, {"project": "licence", "capex": 1, "max_total": 0}],
        rules=[_must_do("oven"), {"rule": "law", "kind": "requires", "project": "oven", "other": "licence", "amount": 1}],
    )


def whole_modules() -> Case:
    """Half an oven, no more and no less: half an oven at 3 more or less is 1.5."""
    limits = [
        {"limit": "least", "sense": "at_least", "span": "total", "bound": 0.5},
        {"limit": "most", "sense": "at_most", "span": "total", "bound": 0.5},
    ]
    return _bakery(limits=limits, limit_members=[{"limit": limit["limit"], "measure": "starts", "item": "oven"} for limit in limits])


def take_or_pay() -> Case:
    """4 flour a year at 0.5 are paid for and not needed: 2 a year from a cash of 1 leaves 5 to find, or to pay less."""
    return small_case(
        {"opening_cash": 1},
        recipes=[BREAD],
        markets=[{"market": "mill", "resource": "flour", "side": "buy", "price": 0.5, "take_or_pay": 4}],
        finance=[{"minimum_cash": 0}],
    )


def minimum_cash() -> Case:
    """3 of cash and 1 a year are 4 in 2026, and 5 is the minimum: 1 in that year alone."""
    return _bakery(finance=[{"baseline_cash": 1, "minimum_cash": 5}]).change("settings.opening_cash=3")


def debt() -> Case:
    """5 is owed, 3 is allowed, and there is no cash to repay: 2 of capital once, while 2 more debt would be needed in three years."""
    return _bakery(finance=[{"debt_limit": 3, "minimum_cash": 0}]).change("settings.opening_debt=5")


def sales_minimum() -> Case:
    """3 bread must be sold a year and 2 can be made: 1 less at 2 in each of three years; from elsewhere it is 4."""
    return small_case(recipes=[BREAD], existing_capacity=[{"activity": "shop", "capacity": 2}], markets=[STREET | {"minimum": 3}])


def exclusion() -> Case:
    """Oven and stall, for 3 and 1, must both be built and exclude each other: 1, by the rule or by the stall."""
    return _bakery(
        projects=[OVEN, {"project": "stall", "capex": 1, "max_total": 1}],
        rules=[_must_do("oven"), _must_do("stall"), {"rule": "either", "kind": "excludes", "project": "oven", "other": "stall"}],
    )


def one_of_two() -> Case:
    """The same by a rule that allows one of the two."""
    choice = [{"rule": "one", "kind": "at_most", "project": project, "amount": 1} for project in ("oven", "stall")]
    projects = [OVEN, {"project": "stall", "capex": 1, "max_total": 1}]
    return _bakery(projects=projects, rules=[_must_do("oven"), _must_do("stall"), *choice])


def two_of_two() -> Case:
    """Oven and stall, for 3 and 1, are both asked for, and 0.5 may be spent a year: the stall for 0.5 more, one project fewer for 1."""
    choice = [{"rule": "both", "kind": "at_least", "project": project, "amount": 2} for project in ("oven", "stall")]
    return _bakery(projects=[OVEN, {"project": "stall", "capex": 1, "max_total": 1}], rules=choice, finance=[{"capex_limit": 0.5}])


def build_rate() -> Case:
    """Three ovens are due in 2026, of which two may be started a year: a year later for three ovens is 0.9, a third in the year is 3."""
    return _bakery(rules=[_must_do("oven") | {"kind": "deadline", "deadline": 2026, "amount": 3}])


def gate() -> Case:
    """A gate waits for 5 ore at 1, of which 3 are dug by 2028, when one bread at 10 is owed: 2 less of the gate is 2."""
    return small_case(
        recipes=[BREAD, {"activity": "dig", "resource": "ore", "amount": 1}],
        existing_capacity=[{"activity": "shop", "capacity": 1}, {"activity": "dig", "capacity": 1}],
        markets=[STREET | {"price": 10}, {"market": "world", "resource": "ore", "side": "sell", "price": 1}],
        gates=[{"gate": "road", "activity": "shop"}],
        gate_conditions=[{"gate": "road", "measure": "production", "item": "ore", "threshold": 5}],
        limits=[FED | {"from_year": 2028}],
        limit_members=[FED_BY],
    )


def given() -> Case:
    """Two given ovens cost 6, and 3 may be spent: 3 more capex, or one oven less."""
    return _bakery(given_starts=[{"project": "oven", "year": 2026, "modules": 2}], finance=[{"capex_limit": 3}])


def two_limits() -> Case:
    """3 bread at least and 2 at most in each of three years: 1 at a price of 2, three times."""
    limits = [FED | {"bound": 3}, {"limit": "quota", "sense": "at_most", "bound": 2}]
    members = [FED_BY, FED_BY | {"limit": "quota"}]
    capacity = [{"activity": "shop", "capacity": 9}]
    return small_case(recipes=[BREAD], existing_capacity=capacity, markets=[STREET], limits=limits, limit_members=members)


def surplus() -> Case:
    """5 ash arrive in 2026 and 2 can be kept; it has no price, so 1: room for 3 in three years is 9, being rid of 3 at twice that 6."""
    ash = {"resource": "ash", "storable": "yes", "storage_limit": 2, "arrivals": 5}
    return small_case(resources=[ash, {"resource": "ash", "year": 2027, "arrivals": 0}])


def gate_year() -> Case:
    """A shop that may open in 2028 owes a bread in 2027: a year of one bread at 2 is 0.1 x 2."""
    return small_case(
        recipes=[BREAD],
        existing_capacity=[{"activity": "shop", "capacity": 1}],
        markets=[STREET],
        gates=[{"gate": "permit", "activity": "shop", "earliest_year": 2028}],
        limits=[FED | {"from_year": 2027}],
        limit_members=[FED_BY],
    )


PLANTED: dict[str, Planted] = {
    make.__name__: Planted(make, cost, undo, frozenset(ways))
    for make, cost, undo, ways in (
        (budget, 1, 3, {"finance.capex_limit"}),
        (window, 0.3, 0.3, {"projects.first_start", "rules.deadline"}),
        (lead_time, 0.3, 0.3, {"projects.lead_time"}),
        (horizon, 0.6, 0.9, {"projects.lead_time"}),
        (import_ban, 1.5, 1.5, {"markets.limit"}),
        (prerequisite, 1, 1, {"projects.max_total", "rules.kind"}),
        (whole_modules, 1.5, 1.5, {"limits.bound"}),
        (take_or_pay, 5, 6, {"markets.take_or_pay", "finance.external_capital", "finance.minimum_cash"}),
        (minimum_cash, 1, 3, {"finance.minimum_cash", "finance.external_capital"}),
        (debt, 2, 6, {"finance.external_capital"}),
        (sales_minimum, 6, 6, {"markets.minimum"}),
        (exclusion, 1, 1, {"rules.kind", "rules.amount"}),
        (one_of_two, 1, 1, {"rules.amount"}),
        (two_of_two, 1.5, 3, {"rules.amount", "finance.capex_limit"}),
        (build_rate, 0.9, 3, {"rules.deadline"}),
        (gate, 2, 2, {"gate_conditions.threshold"}),
        (given, 3, 3, {"finance.capex_limit", "given_starts.modules"}),
        (two_limits, 6, 6, {"limits.bound"}),
        (surplus, 6, 9, {"resources.disposal"}),
        (gate_year, 0.2, 0.2, {"gates.earliest_year"}),
    )
}
