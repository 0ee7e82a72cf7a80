"""Decision sheets: how the rows of a decision frame lie on their sheet, for writing and for reading back.

A sheet has one line per key (project, or market and tier) and a purple cell per year. Years before the plan (work in progress)
have no column: they stand in a section of their own, with the year in column C and the number in column F.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from masterplan.data.plan import DECISIONS, Plan
from masterplan.reports.timeline import Line

EARLY = "Started before the plan (work in progress)"
ALL = "all"

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Decision:
    """A decision frame of a plan on a sheet: `item` and `part` are the key columns that columns B and C hold ("": none)."""

    sheet: str
    frame: str
    item: str
    part: str = ""
    whole_part: bool = False

    @property
    def value(self) -> str:
        """The frame's number column."""
        return DECISIONS[self.frame][-1]

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns besides the year."""
        return tuple(name for name in (self.item, self.part) if name)

    def rows(self, plan: Plan) -> pd.DataFrame:
        """The decision's rows in a plan."""
        rows: pd.DataFrame = getattr(plan, self.frame)
        return rows


@dataclass(frozen=True)
class Place:
    """Where a key's line stands, and its unit."""

    section: str
    unit: str
    note: str = ""


def lines(plan: Plan, decision: Decision, places: Mapping[Key, Place], total: bool = True) -> Iterable[Line]:
    """A line per place, then one per key that the plan has beyond them, then the early years, where there are any."""
    years = plan.case.years
    values: dict[Key, dict[int, float]] = {key: dict.fromkeys(years, 0.0) for key in places}
    early: list[Line] = []
    for key, year, value in _cells(plan, decision):
        place = places.get(key, Place(decision.sheet, ""))
        if year < plan.case.first_year:
            early.append(Line(EARLY, str(key[0]), {}, place.unit, year, total=value, style="decision"))
        else:
            values.setdefault(key, dict.fromkeys(years, 0.0))[year] = value
    for key, series in values.items():
        place = places.get(key, Place(decision.sheet, ""))
        item, part = (*key, "")[:2] if key else (ALL, "")
        yield Line(place.section, str(item), series, place.unit, part, place.note, total="sum" if total else None, style="decision")
    yield from early


def _cells(plan: Plan, decision: Decision) -> Iterable[tuple[Key, int, float]]:
    rows = decision.rows(plan)
    columns = [rows[name].to_list() for name in (*decision.keys, "year", decision.value)]
    for *parts, year, value in zip(*columns, strict=True):
        whole = decision.part if decision.whole_part else ""
        key = tuple(int(part) if name == whole else str(part) for name, part in zip(decision.keys, parts, strict=True))
        yield key, int(year), float(value)
