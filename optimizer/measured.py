"""Measured: a measure of a plan that a study bounds: `sell/robots`, `level/hall@2035`, `spend/*@:2030`; its value, and its rows as a limit.

A measure is one of the table `limit_members`, summed over the plan, over the years behind @ (`@2030:2035`, `@:2030`), or of one year
(`@2035`); `*` are all items. The words `capex` and `started` mean spend and starts up to the year behind @.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from masterplan.data.added_rows import Added
from masterplan.data.case import Case
from masterplan.data.links import ITEM_OF
from masterplan.data.names import closest
from masterplan.data.plan import Plan
from masterplan.data.rows import advice
from masterplan.reports.facts import Facts
from masterplan.reports.measures import COMPANY, measures
from masterplan.reports.recompute import recompute_facts

UP_TO = {"capex": "spend", "started": "starts"}
_FORM = re.compile(r"^(?P<measure>[a-z_]+)(/(?P<item>[^@]+?))?(@(?P<first>\d{4})?(?P<span>:)?(?P<last>\d{4})?)?$")
_OF_COMPANY = ("debt", "earnings")


@dataclass(frozen=True)
class Measured:
    """A measure of some items, summed from the first to the last year."""

    text: str
    measure: str
    items: tuple[str, ...]
    first: int
    last: int

    def __str__(self) -> str:
        return self.text

    def value(self, plan: Plan) -> float:
        """What a plan has of it, recomputed from its decisions, in the unit of its items."""
        facts = Facts(plan)
        found = measures(facts, recompute_facts(facts))
        return sum(found.get((self.measure, item, year), 0.0) for item in self.items for year in range(self.first, self.last + 1))

    def limit(self, name: str, sense: str, bound: float) -> list[Added]:
        """The rows of a limit that bounds it; `sense` is at_most or at_least."""
        years = {"from_year": self.first, "to_year": self.last}
        return [
            Added("limits", {"limit": name, "sense": sense, "span": "total", "bound": bound, **years}),
            *(Added("limit_members", {"limit": name, "measure": self.measure, "item": item}) for item in self.items),
        ]

    def counts_modules(self, case: Case) -> bool:
        """Does it count whole modules?"""
        lumpy = case.attribute("projects", "lumpy")
        return self.measure in ("starts", "modules") and all(lumpy[item] == "yes" for item in self.items)


def measured(text: str, case: Case) -> Measured:
    """The measure that a text says. Raises ValueError that says what is allowed."""
    found = _FORM.match(text.strip())
    word = found["measure"] if found else ""
    name = UP_TO.get(word, word)
    nothing_behind = text.strip().rstrip(":").endswith("@")
    if found is None or nothing_behind or name not in (*ITEM_OF, *_OF_COMPANY):
        words = ", ".join((*ITEM_OF, *_OF_COMPANY, *UP_TO))
        raise ValueError(
            f"{text!r} is not measure/item@year; measures are {words}; * is every item, and years may be @2035, @:2035 or none"
        )
    first, last = (int(found[part]) if found[part] else None for part in ("first", "last"))
    if first is not None and not found["span"]:
        first, last = (case.first_year if word in UP_TO else first), first
    first, last = first or case.first_year, last or case.last_year
    if not case.first_year <= first <= last <= case.last_year:
        raise ValueError(f"{text!r}: the plan has the years {case.first_year} to {case.last_year}, the first before the last")
    return Measured(text.strip(), name, _items(text, name, found["item"], case), first, last)


def _items(text: str, measure: str, item: str | None, case: Case) -> tuple[str, ...]:
    if measure in _OF_COMPANY:
        return (COMPANY,)
    known: tuple[Any, ...] = case.names(ITEM_OF[measure])
    if measure in ("buy", "sell"):
        side = case.attribute("markets", "side")
        known = tuple(dict.fromkeys(market for market, tier in side if side[market, tier] == measure))
    if item in (None, "*"):
        return known
    if item not in known:
        near = closest(item, known)
        told = f"Did you mean {near!r}?" if near else advice(item, known)
        raise ValueError(f"{text!r}: {item!r} has no {measure}. {told}")
    return (item,)
