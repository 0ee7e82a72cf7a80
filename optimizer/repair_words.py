"""Words for repairs and conflicts: sentences that a planner uses, and the rows of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from masterplan.conflict import Conflict
from masterplan.data.case import Case
from masterplan.elastic import Give
from masterplan.repair import Repair, Step, is_floor
from masterplan.reports.binding import in_spans

MOST_PARTS = 3  # of a repair that a sentence names
CASH = ("finance.external_capital", "finance.minimum_cash", "finance.debt_limit", "finance.raise_limit")
FEW_YEARS = 5  # that a sentence tells one by one
REPAIR_COLUMNS = ("repair", "year", "what", "table", "key", "column", "amount", "unit", "cost")
CONFLICT_COLUMNS = ("rule", "table", "key", "column", "first_year", "last_year")


def money(case: Case, amount: float) -> str:
    """`0.9 billion USD`."""
    return f"{amount:,.4g} {case.setting('money_unit')}"


def repair_text(case: Case, repair: Repair) -> str:
    """What gives way in a repair: `0.9 billion USD more capex in 2029 and 1.2 GW of power from elsewhere in 2031`."""
    groups: dict[object, list[Step]] = {}
    for step in sorted(repair.steps, key=lambda step: -step.cost):
        groups.setdefault(step.give.group, []).append(step)
    parts = [_part(case, steps) for steps in groups.values()]
    more = len(parts) - MOST_PARTS
    if more > 0:
        parts = [*parts[:MOST_PARTS], f"{more} more change{'s' if more > 1 else ''}"]
    return " and ".join(parts)


def _part(case: Case, steps: Sequence[Step]) -> str:
    way, each = steps[0].give.way, {step.give.year: step.amount for step in steps if step.give.year is not None}
    when = _when(sorted(each))
    if 1 < len(each) <= FEW_YEARS:
        when = "in " + ", ".join(f"{year} ({each[year]:,.4g})" for year in sorted(each))
    elif len(each) > FEW_YEARS:
        when += " taken together"
    return way.says.format(amount=_amount(sum(step.amount for step in steps), steps[0].give.unit), when=when, **_names(case, steps))


def _amount(amount: float, unit: str) -> str:
    if unit in ("modules", "years", "projects"):
        return f"{amount:,.4g} {unit[:-1] if abs(amount - 1) < 1e-6 else unit}"
    return f"{amount:,.4g} {unit}".strip()


def _names(case: Case, steps: Sequence[Step]) -> dict[str, str]:
    give, value = steps[0].give, steps[0].value
    parts = [str(part) for part in give.key]
    other = {"rules.excludes": " and ".join(parts[1:]), "rules.requires": " requires ".join(parts[1:])}.get(give.way.name, "")
    if give.way.table == "limits":
        other = "lower" if is_floor(case, give) else "higher"
    told = "" if value is None else value if isinstance(value, str) else f"{value:.6g}"
    item = parts[0] if parts else ""
    if give.way.table == "markets" and _tiers(case, item) > 1:
        item = f"{item}, tier {parts[1]},"
    return {"key": " ".join(parts), "item": item, "other": other, "value": told}


def _tiers(case: Case, market: str) -> int:
    return sum(1 for name, _ in case.keys("markets") if name == market)


def _when(years: Sequence[int]) -> str:
    if not years:
        return "in all years"
    return "in " + in_spans(years, " to ")


# shortages


def shortages(repair: Repair) -> pd.DataFrame:
    """What is missing where nothing but the resources themselves gives way: resource, year, amount, unit."""
    rows = [(step.give.key[0], step.give.year, step.amount, step.give.unit) for step in repair.steps]
    return pd.DataFrame(rows, columns=["resource", "year", "amount", "unit"]).sort_values(["year", "resource"], ignore_index=True)


def shortage_text(short: pd.DataFrame) -> str:
    """`2031: power short by 1.2 GW`, three of them at most."""
    rows = [f"{year}: {resource} short by {_amount(amount, unit)}" for resource, year, amount, unit in short.itertuples(index=False)]
    return "; ".join(rows[:MOST_PARTS]) + (f"; and {len(rows) - MOST_PARTS} more" if len(rows) > MOST_PARTS else "")


def cash_text(case: Case, repair: Repair) -> str:
    """`2027: cash short by 5 billion USD`, where a repair finds cash; else nothing."""
    missing: dict[int, float] = {}
    for step in repair.steps:
        if step.give.way.name in CASH and step.give.year is not None:
            missing[step.give.year] = missing.get(step.give.year, 0.0) + step.amount
    return "; ".join(f"{year}: cash short by {money(case, amount)}" for year, amount in sorted(missing.items())[:MOST_PARTS])


# tables


def repair_rows(case: Case, repairs: Iterable[Repair]) -> pd.DataFrame:
    """A row per number that gives way: the rank of its repair, year, what, where it stands, by how much, and what that weighs."""
    rows = []
    for rank, repair in enumerate(repairs, start=1):
        for step in sorted(repair.steps, key=lambda step: (step.give.year or 0, step.give.way.name)):
            give = step.give
            key, sign = "/".join(str(part) for part in give.key), -step.sign if is_floor(case, give) else step.sign
            what = _part(case, [step])
            rows.append((rank, give.year, what, give.way.table, key, give.way.cell, sign * step.amount, give.unit, step.cost))
    return _blank_years(pd.DataFrame(rows, columns=list(REPAIR_COLUMNS)), "year")


def _blank_years(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame with whole years, and None where a number has no year."""
    for column in columns:
        frame[column] = pd.Series([None if pd.isna(year) else int(year) for year in frame[column]], dtype=object)
    return frame


def conflict_rows(case: Case, found: Conflict | None) -> pd.DataFrame:
    """A row per number that takes part in the conflict, its years together."""
    rows = []
    for gives in _by_group(found):
        years = sorted(give.year for give in gives if give.year is not None)
        key = "/".join(str(part) for part in gives[0].key)
        first, last = (years[0], years[-1]) if years else (None, None)
        rows.append((_rule(case, gives), gives[0].way.table, key, gives[0].way.cell, first, last))
    return _blank_years(pd.DataFrame(rows, columns=list(CONFLICT_COLUMNS)), "first_year", "last_year")


def conflict_text(case: Case, found: Conflict) -> str:
    """Which rules cannot hold together, those on resources in short."""
    groups = _by_group(found)
    balances = [gives for gives in groups if gives[0].way.name == "resources.arrivals"]
    names = [_rule(case, gives) for gives in groups if gives not in balances]
    few = len(balances) <= MOST_PARTS
    names += [_rule(case, gives) for gives in balances] if few else [f"the balances of {len(balances)} resources"]
    names = list(dict.fromkeys(names))
    tail = "" if found.is_minimal else " (perhaps not all of them are needed: the time was up)"
    if len(names) == 1:
        return f"It cannot hold, whatever is decided: {names[0]}{tail}."
    return f"These cannot hold together: {'; '.join(names)}{tail}."


def _by_group(found: Conflict | None) -> list[list[Give]]:
    groups: dict[object, list[Give]] = {}
    for give in found.gives if found is not None else ():
        groups.setdefault(give.group, []).append(give)
    return list(groups.values())


def _rule(case: Case, gives: Sequence[Give]) -> str:
    years = sorted(give.year for give in gives if give.year is not None)
    names = _names(case, [Step(gives[0], 0.0, 0.0)])
    return gives[0].way.rule.format(when=_when(years), **names).strip()
