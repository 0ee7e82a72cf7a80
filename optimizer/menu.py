"""Rows and sentences of the near-best menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from masterplan.best_plan import worth
from masterplan.console import MEASURE
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.forcing import new_starts
from masterplan.formulations.contrast import Pattern
from masterplan.near_best import Unlike
from masterplan.pattern import pattern_of
from masterplan.reports.names import project_systems

Row = dict[str, Any]
MENU: tuple[str, ...] = (
    "plan",
    "value",
    "given_up",
    "given_up_share",
    "given_up_at_most",
    "apart",
    "furthest_possible",
    "also_starts",
    "leaves_out",
)
MENU += ("moves", "audit")
PROJECTS = ("project", "system", "started_in", "of_plans", "verdict", "first_year", "last_year", "fewest_modules", "most_modules")
ALWAYS, NEVER, FLIPS = "always", "never", "flips"
PROVEN = 0.02  # of the distance; a bound this near is as good as proof
COMPLETE = "There are no more: every other plan within the share starts the same projects, first in the same years, as one of these."
STOPPED = "The search for a further one was stopped by its time limit: there may be more."
STARTED, LEFT_OUT = "in every plan within the share", "in no plan within the share"


def menu_rows(every: Sequence[Plan], found: Sequence[Unlike], passed: Sequence[bool]) -> list[Row]:
    """The plan, then each alternative: what it gives up against the plan, and what it does otherwise."""
    best, rows = every[0], []
    for place, (plan, is_right) in enumerate(zip(every, passed, strict=True)):
        given_up = worth(best, best.objective or 0.0) - worth(best, plan.objective or 0.0)
        most = None if best.bound is None else worth(best, best.bound) - worth(best, plan.objective or 0.0)
        scale = abs(best.objective or 0.0) if best.value_added is None else abs(best.value_added)
        row: Row = {"plan": "the plan" if place == 0 else f"alternative {place}", "value": plan.objective, "given_up": given_up}
        row |= {"given_up_share": given_up / scale if scale else 0.0, "given_up_at_most": most}
        row |= {"audit": "passed" if is_right else "FAILED"}
        if place:
            unlike = found[place - 1]
            row |= {"apart": unlike.apart, "furthest_possible": unlike.most_apart} | _otherwise(pattern_of(best), pattern_of(plan))
        rows.append(row)
    return rows


def project_rows(every: Sequence[Plan], certain: frozenset[str], proven: bool) -> list[Row]:
    """Each project: in how many of the plans it is started, its first years, and how many modules."""
    patterns, starts = [pattern_of(plan) for plan in every], [new_starts(plan) for plan in every]
    rows: list[Row] = []
    for project, system in project_systems(every[0].case).items():
        years = [pattern[project] for pattern in patterns if project in pattern]
        modules = [sum(one.get(project, {}).values()) for one in starts]
        verdict = ALWAYS if len(years) == len(every) else FLIPS if years else NEVER
        if project in certain:
            verdict = f"{ALWAYS}: {STARTED}" if years else f"{NEVER}: {LEFT_OUT}"
        elif proven and verdict != FLIPS:
            verdict += ": in this menu only"
        row = {"project": project, "system": system, "started_in": len(years), "of_plans": len(every), "verdict": verdict}
        row |= {"first_year": min(years, default=None), "last_year": max(years, default=None)}
        rows.append(row | {"fewest_modules": min(modules), "most_modules": max(modules)})
    order = {ALWAYS: 0, FLIPS: 1, NEVER: 2}
    return sorted(rows, key=lambda row: order[row["verdict"].split(":")[0]])


def menu_findings(
    plan: Plan,
    menu: pd.DataFrame,
    projects: pd.DataFrame,
    within: float,
    least: float | None,
    uncounted: Sequence[str],
    seconds: float,
) -> Findings:
    """Sentences, most important first, and the menu and its projects as tables."""
    unit, measure = plan.case.setting("money_unit"), MEASURE[plan.case.setting("objective")]
    share = "the value added" if plan.value_added is not None else f"the {measure} (doing nothing is impossible here)"
    meaning = (
        f"The near-best menu: plans within {within:.2g} of {share} that differ most in which projects they start, and when. "
        "Apart: 1 for each project that only one of two plans starts, and 1 over the plan's years for each year that a first start moves."
    )
    if least is None:
        return Findings("Alternatives", meaning, (f"There is no plan: {plan.message or plan.status.replace('_', ' ')}",), (), seconds)
    floor = f"{'at most' if plan.case.setting('objective') == 'least_cost' else 'at least'} {least:,.6g} {unit}"
    number = len(menu) - 1
    first = f"{number} alternative{'' if number == 1 else 's'} of {measure} {floor} (up to {within:.2%} of {share} given up)"
    sentences = [f"{first}." if number else f"No alternative of {measure} {floor} was found."]
    verdicts = projects["verdict"].str.split(":").str[0]
    if number:
        for verdict, said in (
            (ALWAYS, "No-regret, started in every plan of the menu"),
            (FLIPS, "Open, started in some"),
            (NEVER, "In none"),
        ):
            names = list(projects.loc[verdicts == verdict, "project"])
            sentences += [f"{said}: {', '.join(names)}."] if names else []
        fixed = projects[(verdicts == ALWAYS) & (projects["first_year"] == projects["last_year"])]
        years = [f"{row['project']} ({int(row['first_year'])})" for row in fixed.to_dict("records")]
        sentences += [f"Begun in the same year in all: {', '.join(years)}."] if years else []
        for said, text in (("Proven: every plan within the share starts", STARTED), ("Proven: no plan within the share starts", LEFT_OUT)):
            names = list(projects.loc[projects["verdict"].str.endswith(text), "project"])
            sentences += [f"{said} {', '.join(names)}."] if names else []
    sentences += _unproven(menu)
    if number and float(menu["given_up"].min()) < -1e-9 * max(1.0, abs(plan.objective or 0.0)):
        sentences.append(
            f"An alternative is better than the plan, by {-float(menu['given_up'].min()):,.4g} {unit}: a smaller gap finds it."
        )
    if uncounted:
        sentences.append(f"Not counted, as no table says how many modules they may have, or no year allows them: {', '.join(uncounted)}.")
    tables = (
        FoundTable("Menu", f"The plan and its alternatives, and what each does otherwise than the plan [{unit}].", menu),
        FoundTable("Projects", "In how many of these plans each project is started, and when first.", projects),
    )
    return Findings("Alternatives", meaning, tuple(sentences), tables, seconds)


def _unproven(menu: pd.DataFrame) -> list[str]:
    """Which alternatives may not be the most unlike there is."""
    open_ones = menu[menu["furthest_possible"] > menu["apart"] * (1.0 + PROVEN)].to_dict("records")
    told = [f"{row['plan']} ({row['apart']:.3g} apart, perhaps {row['furthest_possible']:.3g})" for row in open_ones]
    if not told:
        return []
    return [f"A plan that is more unlike may exist, as the time limit of the search came first: {', '.join(told)}."]


def _otherwise(mine: Pattern, theirs: Pattern) -> Row:
    moved = [
        f"{project} {mine[project]} to {theirs[project]}" for project in mine if project in theirs and mine[project] != theirs[project]
    ]
    return {
        "also_starts": ", ".join(f"{project} ({year})" for project, year in theirs.items() if project not in mine),
        "leaves_out": ", ".join(project for project in mine if project not in theirs),
        "moves": ", ".join(moved),
    }
