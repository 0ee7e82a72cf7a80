"""What a case is about, in names and counts: the answer of `masterplan describe`."""

from __future__ import annotations

from typing import Any

from masterplan.data.case import Case
from masterplan.data.rows import rows
from masterplan.data.schema import SETTING, TABLES


def describe(case: Case) -> dict[str, Any]:
    """Names and counts of a case, ready for JSON: `years` holds first, last and count; the rest is lists of names and settings."""
    return {
        "case": case.name,
        "title": case.setting("title") or "",
        "description": case.setting("description") or "",
        "years": {"first": case.first_year, "last": case.last_year, "count": len(case.years)},
        "money": {name: case.setting(name) for name in ("money_unit", "price_basis", "price_year", "discount_rate", "flow_timing")},
        "systems": _systems(case),
        "resources": _names(case, "resources"),
        "activities": _names(case, "activities"),
        "projects": _names(case, "projects"),
        "scenarios": {"count": len(case.keys("scenarios")), "names": _kinds(case)},
        "rows": {table.name: len(case.tables[table.name]) for table in TABLES},
        "settings": {name: case.setting(name) for name in SETTING},
        "scenarios_applied": list(case.scenarios_applied),
        "changes_applied": list(case.changes_applied),
        "input_hash": case.input_hash,
    }


def _names(case: Case, table: str) -> dict[str, Any]:
    names = [str(name) for name in case.names(table)]
    return {"count": len(names), "names": names}


def _systems(case: Case) -> dict[str, Any]:
    """The systems that activities and projects belong to, in order of appearance."""
    stated = [str(row["system"]) for table in ("activities", "projects") for row in rows(case, table) if row["system"] is not None]
    names = list(dict.fromkeys(stated))
    return {"count": len(names), "names": names}


def _kinds(case: Case) -> dict[str, list[str]]:
    """kind -> the scenarios of that kind."""
    kinds: dict[str, list[str]] = {}
    for scenario, kind in case.attribute("scenarios", "kind").items():
        kinds.setdefault(str(kind), []).append(str(scenario))
    return kinds
