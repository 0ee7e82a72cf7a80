"""Sites: k copies of a case's activities, projects and markets beside each other, with one budget and some shared resources.

Tables only: what comes out is read and checked like any case. Names of copies end in `_1` … `_k`. Company-wide money, and what belongs to
a shared resource (its markets, stocks, arrivals, limits), stand once and are k times as large. Copies differ a little in what their
projects cost, so that they are not interchangeable.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

import masterplan as mp
from masterplan.data.case import Case
from masterplan.data.links import ITEM_OF, MEASURED
from masterplan.data.schema import TABLE

SHARED = ("launch_mass", "logic", "dram")
COPIED = ("resources", "activities", "projects", "markets", "rules", "limits", "gates", "synergies")  # named things of a site
LEFT_OUT = ("scenarios", "changes", "reliefs", "sources", "provenance")  # about the one case, not about its copies
OF_COMPANY = (
    "capex_limit", "baseline_cash", "baseline_taxable", "committed_capex", "external_capital", "minimum_cash", "debt_limit", "raise_limit",
    "distributions",
)  # fmt: skip
OF_RESOURCE = ("storage_limit", "opening_stock", "arrivals")
OF_MARKET = ("limit", "minimum", "take_or_pay")


def sites(case: Case, k: int, shared: Collection[str] = SHARED, spread: float = 0.1) -> Case:
    """k sites of the case. `shared` resources (those that the case has) balance once over all sites; `spread` is the difference in capex
    between the cheapest site and the dearest, as a share.
    """
    return mp.load(site_frames(case, k, shared, spread), f"{case.name}_x{k}")


def site_frames(case: Case, k: int, shared: Collection[str] = SHARED, spread: float = 0.1) -> dict[str, pd.DataFrame]:
    """The tables of `sites`, not yet read."""
    once = _standing_once(case, set(shared))
    frames: dict[str, pd.DataFrame] = {}
    for table, frame in case.tables.items():
        if len(frame) == 0 or table in LEFT_OUT:
            continue
        copies = [_copy(table, frame, site, k, once, spread) for site in range(1, k + 1)]
        whole = pd.concat(copies, ignore_index=True).drop_duplicates(ignore_index=True)
        frames[table] = _enlarged(table, whole, k, once)
    return frames


def _standing_once(case: Case, shared: set[str]) -> dict[str, set[str]]:
    """table -> names that are not copied: shared resources, their markets, limits on anything shared, everything outside `COPIED`."""
    markets = case.tables["markets"]
    once = {"resources": shared & set(case.names("resources"))}
    once["markets"] = set(markets["market"][markets["resource"].isin(once["resources"])])
    members = case.tables["limit_members"]
    company = [
        measure not in ITEM_OF or item in once.get(ITEM_OF[measure], set())
        for measure, item in zip(members["measure"], members["item"], strict=True)
    ]
    once["limits"] = set(members["limit"][company])
    for table in COPIED:
        once.setdefault(table, set())
    return once


def _copy(table: str, frame: pd.DataFrame, site: int, k: int, once: dict[str, set[str]], spread: float) -> pd.DataFrame:
    """One site's rows of a table, with its names."""
    found, declared = frame.copy(), TABLE[table]

    def named(refers: str, name: str | None) -> str | None:
        return name if name is None or refers not in once or name in once[refers] else f"{name}_{site}"

    for column in declared.columns:
        if table in MEASURED and column.name == "item":
            pairs = zip(frame["measure"], frame["item"], strict=True)
            found["item"] = [named(ITEM_OF.get(measure, ""), item) for measure, item in pairs]
        else:
            refers = column.refers or (table if column.name == next(iter(declared.key), "") else "")
            if refers:
                found[column.name] = [named(refers, name) for name in frame[column.name]]
    if table == "projects" and k > 1:
        found["capex"] = frame["capex"] * (1.0 + spread * ((site - 1) / (k - 1) - 0.5))
    return found


def _enlarged(table: str, frame: pd.DataFrame, k: int, once: dict[str, set[str]]) -> pd.DataFrame:
    """What stands once for all sites, k times as large."""
    found = frame.copy()
    if table == "finance":
        for column in OF_COMPANY:
            found[column] = frame[column] * k
    if table == "settings":
        opening = frame["setting"].isin(["opening_cash", "opening_losses", "opening_debt"])
        found["value"] = [str(float(value) * k) if is_money else value for value, is_money in zip(frame["value"], opening, strict=True)]
    for name, columns in (("resources", OF_RESOURCE), ("markets", OF_MARKET), ("limits", ("bound", "already"))):
        if table == name:
            rows = frame[TABLE[name].key[0]].isin(once[name])
            for column in columns:
                found.loc[rows, column] = frame.loc[rows, column] * k
    return found
