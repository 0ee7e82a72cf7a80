"""The activity map: what makes, uses, builds and needs what, and what fits with what. Amounts are those of the first year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from masterplan.data.case import Case

SHEET = "Map"
TAB = "output"
COLUMNS = ("From", "From kind", "Link", "To", "To kind", "Amount", "Unit", "Why")
NODE_COLUMNS = ("Name", "Kind", "System", "Unit")
# measure -> kind of the thing that it measures
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("level", "capacity"), "activity"),
    **dict.fromkeys(("starts", "modules", "spend"), "project"),
    **dict.fromkeys(("buy", "sell"), "market"),
    **dict.fromkeys(("production", "use", "stock"), "resource"),
}

Link = tuple[str, str, str, str, str, float | None, str, str]


def table(case: Case) -> pd.DataFrame:
    """A row per link, to be read as a sentence: `mine makes ore`, `pit builds mine`, `pit needs road`, `mine fits mill`."""
    parts = (_recipes(case), _projects(case), _inputs(case), _conversions(case), _rules(case), _gates(case), _fits(case))
    return pd.DataFrame([link for part in parts for link in part], columns=list(COLUMNS), dtype=object)


def nodes(case: Case) -> pd.DataFrame:
    """A row per activity, resource and project, and per market that a gate or synergy measures, with its system and unit."""
    activities, resources = case.attribute("activities", "unit"), case.attribute("resources", "unit")
    system_of = case.attribute("activities", "system")
    own, built = case.attribute("projects", "system"), case.attribute("projects", "activity")
    rows = [(name, "activity", system_of.get(name, ""), unit) for name, unit in activities.items()]
    rows += [(name, "resource", "", unit) for name, unit in resources.items()]
    rows += [(name, "project", own.get(name) or system_of.get(built.get(name), ""), "modules") for name in case.names("projects")]
    units = {market: resources.get(resource, "") for (market, _), resource in case.attribute("markets", "resource").items()}
    keys = (*case.keys("gate_conditions"), *case.keys("synergy_members"))
    rows += [(name, "market", "", units.get(name, "")) for name in dict.fromkeys(key[2] for key in keys if KINDS[key[1]] == "market")]
    return pd.DataFrame(rows, columns=list(NODE_COLUMNS), dtype=object)


def _recipes(case: Case) -> Iterator[Link]:
    amounts, units = case.series("recipes", "amount"), case.attribute("resources", "unit")
    per = case.attribute("activities", "unit")
    for key in case.keys("recipes"):
        activity, resource, basis = key
        series = [amounts[*key, year] for year in case.years]
        turn = next((amount for amount in series if amount), 0.0)  # one that is 0 at first is what it later becomes
        why = "by its capacity, used or not" if basis == "capacity" else ""
        link = "makes" if turn > 0 else "uses"
        yield activity, "activity", link, resource, "resource", abs(series[0]), f"{units[resource]} per {per[activity]}", why


def _projects(case: Case) -> Iterator[Link]:
    size, units = case.series("projects", "module_capacity"), case.attribute("activities", "unit")
    for project, activity in case.attribute("projects", "activity").items():
        unit = f"{units[activity]} per module"
        yield project, "project", "builds", activity, "activity", size[project, case.first_year], unit, ""


def _inputs(case: Case) -> Iterator[Link]:
    amounts, units = case.series("construction_inputs", "amount"), case.attribute("resources", "unit")
    for key in case.keys("construction_inputs"):
        project, resource, when, _ = key
        why = "to be built" if when == "building" else "every year"
        yield project, "project", "uses", resource, "resource", amounts[*key, case.first_year], f"{units[resource]} per module", why


def _conversions(case: Case) -> Iterator[Link]:
    amount, units = case.attribute("conversions", "amount"), case.attribute("activities", "unit")
    for project, activity in case.keys("conversions"):
        unit = f"{units[activity]} per module"
        yield project, "project", "uses", activity, "activity", amount[project, activity], unit, "converts its existing capacity"


def _rules(case: Case) -> Iterator[Link]:
    amount = case.attribute("rules", "amount")
    for key, kind in case.attribute("rules", "kind").items():
        if kind == "requires":
            rule, project, other = key
            unit = f"modules per module of {other}" if key in amount else ""
            yield project, "project", "needs", other, "project", amount.get(key), unit, f"rule {rule}"


def _gates(case: Case) -> Iterator[Link]:
    threshold = case.attribute("gate_conditions", "threshold")
    for gate, activity in case.keys("gates"):
        for key in case.keys("gate_conditions"):
            if key[0] == gate:
                _, measure, item = key
                yield activity, "activity", "needs", item, KINDS[measure], threshold[key], f"{measure}, summed up", f"gate {gate}"


def _fits(case: Case) -> Iterator[Link]:
    """Every pair of a synergy's members, and each member with the activity whose level it rewards."""
    meaning, rewarded = case.attribute("synergies", "meaning"), case.attribute("synergies", "per_activity")
    for synergy in case.names("synergies"):
        members: list[tuple[Any, str]] = [(item, KINDS[measure]) for name, measure, item in case.keys("synergy_members") if name == synergy]
        if synergy in rewarded:
            members.append((rewarded[synergy], "activity"))
        why = f"synergy {synergy}" + (f": {meaning[synergy]}" if meaning.get(synergy) else "")
        for (one, kind), (other, other_kind) in combinations(dict.fromkeys(members), 2):
            yield one, kind, "fits", other, other_kind, None, "", why
