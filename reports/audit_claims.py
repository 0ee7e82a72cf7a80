"""Audit of what the plan says of itself: its rows can be read, and its results and its worth follow from its decisions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from masterplan.data.plan import RESULTS
from masterplan.reports.audit_money import taxable_size
from masterplan.reports.audit_rows import NOT_FINITE, Check, Tested, check, equal
from masterplan.reports.facts import Facts
from masterplan.reports.reading import COLUMNS_THERE, NAMES_KNOWN, NUMBERS_READ, ROWS_ONCE, YEARS_COMPLETE, YEARS_KNOWN, Amounts, number
from masterplan.reports.recompute import Recomputed

CLAIMS: Mapping[str, str] = {
    "capacity": "The capacity that the plan states is what its starts make it, in their time",
    "capex": "The capex that the plan states is what its starts cost",
    "ledger": "The ledger that the plan states is what its decisions move",
    "cash": "The cash entries that the plan states are what its decisions earn and pay",
}
OBJECTIVE = "The objective that the plan states is what its decisions are worth"


def readable(facts: Facts) -> list[Check]:
    """Can every row of the plan be used at all?"""
    rows = facts.decisions.rows_read + sum(len(getattr(facts.plan, name)) for name in RESULTS if name != "kpis")
    names = (COLUMNS_THERE, NAMES_KNOWN, YEARS_KNOWN, NUMBERS_READ, ROWS_ONCE, YEARS_COMPLETE)
    broken = {name: tuple(Tested(row.where, 1.0, 1.0) for row in facts.unreadable if row.check == name) for name in names}
    return [Check(name, broken[name], max(rows, len(broken[name]))) for name in names]


def claims(facts: Facts, found: Recomputed) -> list[Check]:
    """Does what the plan states follow from its decisions? A table it leaves empty is not tested."""
    computed: dict[str, Amounts] = {
        "capacity": _summed(found.capacity, ["activity", "year"], "capacity"),
        "capex": _summed(found.capex, ["project", "year"], "total"),
        "ledger": _summed(found.balance, ["resource", "entry", "year"], "amount"),
        "cash": _summed(found.cash, ["entry", "year"], "amount"),
    }
    taxable = taxable_size(facts, found)
    rows: dict[str, list[Tested]] = {name: [] for name in CLAIMS}
    for name, stated in facts.claims.items():
        for key in dict.fromkeys((*stated, *computed[name])):
            if not set(key) & set(facts.plan.extra_entries):
                said, is_so = stated.get(key, 0.0), computed[name].get(key, 0.0)
                terms = taxable.get(key[-1], 0.0) if name == "cash" and key[0] == "tax" else 0.0
                rows[name].append(equal(key, said, is_so, max(terms, abs(said) + abs(is_so))))
    return [check(CLAIMS[name], tested) for name, tested in rows.items()]


def worth(facts: Facts, found: Recomputed) -> list[Check]:
    """Are objective and NPV what the plan states?"""
    plan, totals = facts.plan, found.totals
    stated = (
        (OBJECTIVE, plan.objective, totals["objective"]),
        ("The NPV that the plan states is what its decisions are worth", plan.npv, totals["npv"]),
        ("The NPV without terminal value that the plan states is right", plan.npv_without_terminal, totals["npv_without_terminal"]),
    )
    return [check(name, [] if said is None else [_compared(facts, number(said), is_so)]) for name, said, is_so in stated]


def _compared(facts: Facts, said: float | None, is_so: float | None) -> Tested:
    """What the plan states against what is so; text for a number is no statement that could be true."""
    if said is None or is_so is None:
        return Tested("the plan", NOT_FINITE, 1.0)
    return equal(("the plan",), said, is_so, _size(facts, said))


def _size(facts: Facts, said: float) -> float:
    """What a difference in worth is measured against: the figure, or what the plan adds over doing nothing."""
    objective, nothing = number(facts.plan.objective), number(facts.plan.do_nothing)
    added = abs(objective - nothing) if objective is not None and nothing is not None else 0.0
    return max(1.0, abs(said), added)


def _summed(frame: pd.DataFrame, key: list[str], amount: str) -> Amounts:
    totals: Amounts = {}
    for *parts, value in zip(*(frame[column] for column in (*key, amount)), strict=True):
        totals[tuple(parts)] = totals.get(tuple(parts), 0.0) + value
    return totals
