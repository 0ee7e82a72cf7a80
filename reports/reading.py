"""Reading: the decision frames of a plan as dictionaries, and every row of them that cannot be read.

A plan may have been edited by hand, so nothing here raises: a row with an unknown name, an impossible year, text for a number, or
that stands twice, is left out and told as an `Unreadable`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from masterplan.data.plan import DECISIONS, RESULTS, Plan
from masterplan.reports.flows import flows_of

COLUMNS_THERE = "Every table of the plan has its columns"
NAMES_KNOWN = "Every name in the plan is a name of the case"
YEARS_KNOWN = "Every year in the plan is a year of the plan"
NUMBERS_READ = "Every number in the plan is a number"
ROWS_ONCE = "Every row of the plan stands once"
YEARS_COMPLETE = "Every decision has a row for every year"

Key = tuple[Any, ...]
Amounts = dict[Key, float]


@dataclass(frozen=True)
class Unreadable:
    """A row of the plan that cannot be used: the check it fails, and where it stands."""

    check: str
    where: str


@dataclass(frozen=True, eq=False)
class Decisions:
    """Readable decisions, keyed by the frame's columns but the last (names as text, years and tiers as whole numbers)."""

    starts: Amounts
    cancellations: Amounts
    levels: Amounts
    vintage_levels: Amounts
    trades: Amounts
    stocks: Amounts
    loss_pool: Amounts
    retirements: Amounts
    closures: Amounts
    gates: Amounts
    synergies: Amounts
    financing: Amounts
    unreadable: tuple[Unreadable, ...]
    rows_read: int


def read_decisions(plan: Plan) -> Decisions:
    """The decisions of a plan; never raises on what a person may have typed."""
    case = plan.case
    begin, years = frozenset(case.start_years), frozenset(case.years)
    allowed: Mapping[str, Mapping[str, frozenset[Any]]] = {
        "starts": {"project": frozenset(case.names("projects")), "year": begin},
        "cancellations": {"project": frozenset(case.names("projects")), "year": begin},
        "levels": {"activity": frozenset(case.names("activities")), "year": years},
        "vintage_levels": {"project": frozenset(case.attribute("projects", "output_profile")), "start_year": begin, "year": years},
        "trades": {"market": frozenset(case.names("markets")), "tier": frozenset(tier for _, tier in case.keys("markets")), "year": years},
        "stocks": {"resource": frozenset(case.names("resources")), "year": years},
        "loss_pool": {"year": years},
        "retirements": {"project": frozenset(case.names("projects")), "start_year": begin, "year": years},
        "closures": {"activity": frozenset(case.names("activities")), "year": years},
        "gates": {"gate": frozenset(case.names("gates")), "year": years},
        "synergies": {"synergy": frozenset(case.names("synergies")), "year": years},
        "financing": {"flow": frozenset(flows_of(case)), "year": years},
    }
    found: list[Unreadable] = []
    frames = {name: read_amounts(getattr(plan, name), name, columns, allowed[name], found) for name, columns in DECISIONS.items()}
    traded = frozenset(case.keys("markets"))
    for market, tier, year in [key for key in frames["trades"] if key[:2] not in traded]:
        found.append(Unreadable(NAMES_KNOWN, f"trades: {market}, tier {tier}"))
        del frames["trades"][market, tier, year]
    found.extend(_missing_years(plan, frames))
    return Decisions(**frames, unreadable=tuple(found), rows_read=sum(len(getattr(plan, name)) for name in DECISIONS))


def read_amounts(
    frame: pd.DataFrame, name: str, columns: tuple[str, ...], allowed: Mapping[str, Iterable[Any]], found: list[Unreadable]
) -> Amounts:
    """key -> amount of a frame's readable rows; what cannot be read is added to `found`.

    The last column is the amount, the others are the key; `allowed` limits some of them.
    """
    missing = [column for column in columns if list(frame.columns).count(column) != 1]
    if missing:
        found.append(Unreadable(COLUMNS_THERE, f"{name}: {', '.join(missing)}"))
        return {}
    amounts: Amounts = {}
    for values in zip(*(frame[column].tolist() for column in columns), strict=True):
        key = tuple(_key_part(column, value) for column, value in zip(columns, values, strict=False))[:-1]
        where = f"{name}: {', '.join(str(part) for part in (*key, values[-1]))}"
        amount = number(values[-1])
        wrong = [column for column, part in zip(columns, key, strict=False) if column in allowed and part not in allowed[column]]
        if wrong:
            found.append(Unreadable(YEARS_KNOWN if wrong[0] in ("year", "start_year") else NAMES_KNOWN, where))
        elif key in amounts:
            found.append(Unreadable(ROWS_ONCE, where))
        elif amount is None:
            found.append(Unreadable(NUMBERS_READ, where))
            amounts[key] = 0.0
        else:
            amounts[key] = amount
    return amounts


def read_claims(plan: Plan) -> tuple[dict[str, Amounts], tuple[Unreadable, ...]]:
    """What the plan says follows from its decisions (capacity, capex, ledger, cash), as dictionaries; empty frames are left out."""
    found: list[Unreadable] = []
    claims = {
        name: read_amounts(getattr(plan, name), name, columns, {}, found)
        for name, columns in RESULTS.items()
        if name != "kpis" and len(getattr(plan, name))
    }
    return claims, tuple(found)


def _missing_years(plan: Plan, frames: Mapping[str, Amounts]) -> list[Unreadable]:
    """Levels, trades, stocks and the loss pool need a row for each year; a start that is not there is no start."""
    case = plan.case
    storable = case.attribute("resources", "storable")
    needed: dict[str, list[Key]] = {
        "levels": [(activity,) for activity in case.names("activities")],
        "trades": [tuple(key) for key in case.keys("markets")],
        "stocks": [(resource,) for resource in case.names("resources") if storable[resource] == "yes"],
        "loss_pool": [()] if any(case.series("finance", "tax_rate").values()) else [],
        "financing": [(flow,) for flow in flows_of(case)],
    }
    found = []
    for name, keys in needed.items():
        for key in keys:
            years = [str(year) for year in case.years if (*key, year) not in frames[name]]
            if years:
                told = ", ".join(years[:3]) + (" …" if len(years) > 3 else "")
                found.append(Unreadable(YEARS_COMPLETE, f"{name}: {' '.join([*map(str, key), told])}"))
    return found


def _key_part(column: str, value: Any) -> Any:
    if column not in ("year", "start_year", "tier"):
        return value if isinstance(value, str) else str(value)
    found = number(value)
    return int(found) if found is not None and found == int(found) else str(value)


def number(value: Any) -> float | None:
    """A finite number, or None; text is not a number, even if it looks like one."""
    if value is None or isinstance(value, str | bytes | bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None
