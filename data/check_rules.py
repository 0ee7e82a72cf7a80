"""Checks of the rules between projects and of the general limits."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from masterplan.data.case import Case
from masterplan.data.check_projects import is_bounded
from masterplan.data.errors import Problem
from masterplan.data.rows import Row, key_text, number, rows


def prerequisites(case: Case) -> list[Problem]:
    """No project is, through others, its own prerequisite: one problem per cycle, which it names."""
    needs: dict[Any, list[Any]] = defaultdict(list)
    for row in rows(case, "rules"):
        if row["kind"] == "requires" and None not in (row["project"], row["other"]):
            needs[row["project"]].append(row["other"])
    problems, done = [], set[Any]()
    for project in list(needs):
        cycle = _cycle_from(project, needs, done)
        if cycle:
            done.update(cycle)
            found = f"the circle {' requires '.join([*cycle, cycle[0]])}"
            problems.append(
                Problem("E401", "rules", cycle[0], "other", found, "none of them could ever be first", "Take one requirement out")
            )
        done.add(project)
    return problems


def _cycle_from(first: Any, needs: dict[Any, list[Any]], done: set[Any]) -> list[Any]:
    """A cycle that can be reached from a project, by depth-first search without what was searched before; empty if none."""
    path: list[Any] = [first]
    open_edges = [iter(needs.get(first, []))]
    seen = set(done) | {first}
    while open_edges:
        step = next(open_edges[-1], None)
        if step is None:
            path.pop()
            open_edges.pop()
        elif step in path:
            return path[path.index(step) :]
        elif step not in seen:
            seen.add(step)
            path.append(step)
            open_edges.append(iter(needs.get(step, [])))
    return []


def rule_rows(case: Case) -> list[Problem]:
    """Every row of a rule has what its kind needs, and nothing that its kind does not read."""
    problems = []
    for row in rows(case, "rules"):
        kind, key = row["kind"], key_text("rules", (row["rule"], row["project"], row["other"]))
        pair = kind in ("requires", "excludes")
        if pair and row["other"] is None:
            problems.append(Problem("E402", "rules", key, "other", "blank", f"{kind} needs the other project", "Fill other"))
        if kind is not None and not pair and row["other"] is not None:
            problems.append(Problem("E403", "rules", key, "other", repr(row["other"]), f"{kind} has no other project", "Clear it"))
        if kind == "excludes" and row["other"] is not None and row["other"] == row["project"]:
            problems.append(Problem("E404", "rules", key, "other", repr(row["other"]), "a project cannot exclude itself", "Name another"))
        if kind == "deadline" and row["deadline"] is None:
            problems.append(Problem("E405", "rules", key, "deadline", "blank", "a deadline needs its year", "Fill deadline"))
        if kind == "deadline" and row["deadline"] is not None and not case.first_year <= row["deadline"] <= case.last_year:
            allowed = f"the plan runs from {case.first_year} to {case.last_year}"
            problems.append(Problem("E406", "rules", key, "deadline", str(row["deadline"]), allowed, "Use a year of the plan"))
        if (
            kind == "requires"
            and row["amount"] is None
            and None not in (row["project"], row["other"])
            and not is_bounded(case, row["project"])
        ):
            found, fix = f"no amount, and no most number of {row['project']}", "Give the amount, or fill max_per_year or max_total"
            problems.append(Problem("E407", "rules", key, "amount", found, "any number of modules needs a bound", fix))
        chosen = {"excludes": ("project", "other"), "at_most": ("project",)}.get(str(kind), ())
        for column in chosen:
            if row[column] is not None and row[column] in case.names("projects") and not is_bounded(case, row[column]):
                found, allowed = f"no most number of {row[column]}", "a choice between projects needs a bound of each"
                problems.append(Problem("E416", "rules", key, column, found, allowed, "Fill max_per_year or max_total of the project"))
    return problems


def rules_together(case: Case) -> list[Problem]:
    """The rows of one rule agree in kind, and for at_most and at_least in their amount."""
    by_name: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(case, "rules"):
        by_name[row["rule"]].append(row)
    problems = []
    for rule, given in by_name.items():
        kinds = sorted({row["kind"] for row in given if row["kind"] is not None})
        if len(kinds) > 1:
            problems.append(
                Problem("E408", "rules", str(rule), "kind", " and ".join(kinds), "the rows of a rule have one kind", "Use two names")
            )
        elif kinds and kinds[0] in ("at_most", "at_least"):
            problems.extend(_count_amount(rule, kinds[0], given))
    return problems


def _count_amount(rule: Any, kind: str, given: list[Row]) -> list[Problem]:
    amounts = sorted({row["amount"] for row in given if row["amount"] is not None})
    if not amounts:
        return [
            Problem(
                "E409", "rules", str(rule), "amount", "blank", f"{kind} says how many of its projects", "Fill amount in one of its rows"
            )
        ]
    if len(amounts) > 1:
        found = " and ".join(number(amount) for amount in amounts)
        return [Problem("E410", "rules", str(rule), "amount", found, f"{kind} has one amount in all its rows", "Make them agree")]
    if kind == "at_least" and amounts[0] > len({row["project"] for row in given}):
        allowed = f"the rule has {len({row['project'] for row in given})} projects"
        return [Problem("E411", "rules", str(rule), "amount", number(amounts[0]), allowed, "Lower it, or add rows")]
    return []


def limit_spans(case: Case) -> list[Problem]:
    """A limit counts years of the plan, in order."""
    first, last = case.attribute("limits", "from_year"), case.attribute("limits", "to_year")
    problems = []
    for limit in case.keys("limits"):
        begin, end, key = first.get(limit, case.first_year), last.get(limit, case.last_year), str(limit)
        allowed = f"the plan runs from {case.first_year} to {case.last_year}"
        for column, year in (("from_year", begin), ("to_year", end)):
            if not case.first_year <= year <= case.last_year:
                problems.append(Problem("E412", "limits", key, column, str(year), allowed, "Use a year of the plan"))
        if begin > end:
            problems.append(Problem("E413", "limits", key, "from_year", str(begin), f"to_year is {end}", "Put the first before the last"))
    return problems


def limit_members(case: Case) -> list[Problem]:
    """Every limit sums something, and trades are measured on the side of their market."""
    members = rows(case, "limit_members")
    summed = {row["limit"] for row in members}
    side_of = {key[0]: side for key, side in case.attribute("markets", "side").items()}
    empty = [limit for limit in case.keys("limits") if limit not in summed]
    misnamed = summed - set(case.keys("limits"))  # told by reading; one of them may be what is missing
    problems = [
        Problem("E414", "limits", str(limit), "", "no members", "a limit sums at least one", "Add a row to limit_members")
        for limit in ([] if misnamed else empty)
    ]
    for row in members:
        measure, item = row["measure"], row["item"]
        if measure in ("buy", "sell") and side_of.get(item, measure) != measure:
            key, fix = key_text("limit_members", (row["limit"], measure, item)), f"Use the measure {side_of[item]}"
            problems.append(Problem("E415", "limit_members", key, "measure", measure, f"{item} is a market to {side_of[item]}", fix))
    return problems
