"""Names for people: units and systems of the things of a case, and its money in words."""

from __future__ import annotations

from masterplan.data.case import Case

OTHER = "Other"


def activity_systems(case: Case) -> dict[str, str]:
    """activity -> the system it belongs to, `OTHER` where none is stated."""
    stated = case.attribute("activities", "system")
    return {name: stated.get(name) or OTHER for name in case.names("activities")}


def project_systems(case: Case) -> dict[str, str]:
    """project -> its own system, else that of its activity, else `OTHER`."""
    own, activity, of_activity = case.attribute("projects", "system"), case.attribute("projects", "activity"), activity_systems(case)
    return {name: own.get(name) or of_activity.get(activity.get(name, ""), OTHER) for name in case.names("projects")}


def in_order(names: dict[str, str]) -> list[tuple[str, str]]:
    """(system, name) pairs, systems in order of appearance and `OTHER` last."""
    systems = sorted(dict.fromkeys(names.values()), key=lambda system: system == OTHER)
    return [(system, name) for system in systems for name in names if names[name] == system]


def money_unit(case: Case) -> str:
    """The case's money unit."""
    return str(case.setting("money_unit"))


def money_in_words(case: Case) -> str:
    """Money unit and price basis, as `billion USD, real (prices of 2026)`."""
    if case.setting("price_basis") == "nominal":
        return f"{money_unit(case)}, nominal"
    return f"{money_unit(case)}, real (prices of {case.setting('price_year') or case.first_year})"


def entry_in_words(entry: str) -> str:
    """A ledger entry's name as a label: `take_or_pay` is `Take or pay`."""
    words = entry.replace("_", " ")
    return words[:1].upper() + words[1:]


def head_in_words(column: str) -> str:
    """A column's name as the head of a table: `change_at_low` is `change at low`; a number of the case keeps its name."""
    return column if "." in column else column.replace("_", " ")
