"""Slack of starts: how many modules, when, given starts, and the rules between projects."""

from __future__ import annotations

from collections import defaultdict

from masterplan.elastic import Draft
from masterplan.formulations.vintages import Start, vintages
from masterplan.give_way import WAYS, YEAR_SHARE

Rule = tuple[str, str, str | None]  # rule, project, other


def add(draft: Draft) -> None:
    """Let limits on starts, given starts and rules give way."""
    _starts(draft)
    _totals(draft)
    _smallest(draft)
    _prerequisites(draft)
    _choices(draft)
    _deadlines(draft)


def _starts(draft: Draft) -> None:
    """Starts a year, windows, and given starts."""
    case, v = draft.case, vintages(draft.case)
    per_year = case.series("projects", "max_per_year")
    outside: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for (project, year), column in draft.columns("start").items():
        kind, modules, _ = v.given.get((project, year), ("free", 0.0, 0.0))
        price = draft.weights.module(project, year)
        if year >= case.first_year and kind in ("fixed", "minimum") and modules > 0:
            draft.low[column] = 0.0
            slack = draft.slack(price, modules)
            draft.limit({column: 1.0, slack: 1.0}, low=modules)
            draft.give(WAYS["given_starts.modules"], (project, year), None, {year: slack}, "modules")
        if year < case.first_year or kind == "fixed":
            continue
        if (project, year) in per_year:
            slack = draft.slack(price)
            draft.limit({column: 1.0, slack: -1.0}, high=max(per_year[project, year], modules))
            draft.give(WAYS["projects.max_per_year"], (project,), year, {year: slack}, "modules")
        window = v.windows[project]
        if year not in window:
            early = year < window.start
            years = window.start - year if early else year - window.stop + 1
            slack = draft.slack(YEAR_SHARE * years * price)
            draft.limit({column: 1.0, slack: -1.0}, high=modules)
            outside[project, "first_start" if early else "last_start"][year] = slack
    for (project, name), slacks in outside.items():
        draft.give(WAYS[f"projects.{name}"], (project,), None, slacks, "modules")


def _totals(draft: Draft) -> None:
    case = draft.case
    most, loose = case.attribute("projects", "max_total"), draft.loose.attribute("projects", "max_total")
    for project in most:
        rows = [draft.row("total_starts_within_limit", project)]
        rows += [
            draft.row(family, project, year)
            for family in ("modules_in_place_within_limit", "modules_left_in_place_within_limit")
            for year in case.years
        ]
        found = [row for row in rows if row is not None]
        slack = draft.slack(draft.weights.module(project, case.first_year))
        for row in found:
            draft.tighten(row, loose[project] - most[project])
            draft.relax(row, slack)
        if found:
            draft.give(WAYS["projects.max_total"], (project,), None, {case.first_year: slack}, "modules")


def _smallest(draft: Draft) -> None:
    case = draft.case
    for project, fewest in case.attribute("projects", "min_per_year").items():
        slack = draft.slack(draft.weights.module(project, case.first_year), fewest)
        rows = [draft.row("start_of_minimum_size", project, year) for year in case.years]
        for row in rows:
            if row is not None:
                draft.relax(row, slack)
        if any(row is not None for row in rows):
            draft.give(WAYS["projects.min_per_year"], (project,), None, {case.first_year: slack}, "modules")


def _prerequisites(draft: Draft) -> None:
    case = draft.case
    amount = case.attribute("rules", "amount")
    for rule in _rules(draft, "requires"):
        rows = [draft.row("prerequisite_started_first", *rule, year) for year in case.years]
        slack = draft.slack(draft.weights.module(str(rule[2]), case.first_year) / (amount.get(rule) or 1.0))
        for row in rows:
            if row is not None:
                draft.relax(row, slack)
        if any(row is not None for row in rows):
            draft.give(WAYS["rules.requires"], tuple(str(part) for part in rule), None, {case.first_year: slack}, "modules")


def _choices(draft: Draft) -> None:
    def least(projects: list[str]) -> float:
        return min(draft.weights.module(project, draft.case.first_year) for project in projects)

    for rule, project, other in _rules(draft, "excludes"):
        row = draft.row("at_most_so_many_chosen", f"{rule}/{project}/{other}")
        if row is not None:
            slack = draft.slack(least([project, str(other)]), 1.0)
            draft.relax(row, slack)
            draft.give(WAYS["rules.excludes"], (rule, project, str(other)), None, {draft.case.first_year: slack}, "")
    for kind in ("at_most", "at_least"):
        members: dict[str, list[str]] = defaultdict(list)
        for rule, project, _ in _rules(draft, kind):
            members[rule].append(project)
        for rule, projects in members.items():
            row = draft.row(f"{kind}_so_many_chosen", rule)
            if row is not None:
                slack = draft.slack(least(projects), float(len(projects)))
                draft.relax(row, slack)
                draft.give(WAYS[f"rules.{kind}"], (rule,), None, {draft.case.first_year: slack}, "projects")


def _deadlines(draft: Draft) -> None:
    """Fewer modules, or the deadline some years later: a binary for each year, of which a later one needs the earlier."""
    case, v = draft.case, vintages(draft.loose)
    start, kind = draft.columns("start"), case.attribute("rules", "kind")
    amount, deadline = case.attribute("rules", "amount"), case.attribute("rules", "deadline")
    for rule in (*_rules(draft, "deadline"), *_rules(draft, "must_do")):
        name, project, _ = rule
        row, due = draft.row("started_by_deadline", name, project), deadline.get(rule, case.last_year)
        modules = amount.get(rule, 1.0)
        if row is None or modules <= 0:
            continue
        price = draft.weights.module(project, due)
        fewer = draft.slack(price, modules)
        draft.relax(row, fewer)
        draft.give(WAYS["rules.amount"], (name, project), None, {due: fewer}, "modules")
        later = {y: draft.slack(YEAR_SHARE * price * modules, 1.0, whole=True) for y in range(due + 1, case.last_year + 1)}
        if kind[rule] == "must_do" or not later:
            continue
        draft.relax(row, later[due + 1], modules)
        for year in later:
            terms: dict[int, float] = {start[p, s]: 1.0 for p, s in _until(v.starts, project, year) if (p, s) in start}
            terms[fewer] = 1.0
            if year < case.last_year:
                terms[later[year + 1]] = modules
                draft.limit({later[year]: 1.0, later[year + 1]: -1.0}, low=0.0)
            draft.limit(terms, low=modules)
        draft.give(WAYS["rules.deadline"], (name, project), None, later, "years")


def _until(starts: tuple[Start, ...], project: str, year: int) -> list[Start]:
    return [(p, s) for p, s in starts if p == project and s <= year]


def _rules(draft: Draft, kind: str) -> list[Rule]:
    return [rule for rule, meant in draft.case.attribute("rules", "kind").items() if meant == kind]
