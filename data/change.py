"""Changes: the one way to vary a case. Scenarios, what-ifs and `--set` are lists of changes, applied in order.

In text: `projects.terafab.lead_time+=2`, `recipes.terafab/chips.amount*=0.8@2030:2033`, `settings.discount_rate=0.08`,
`finance.capex_limit*=0.9@2030` (that year; `@2030:` onward, `@:2030` until then). Parts of a key are joined by `/`, `*` is every name,
and trailing parts may be left out: then a default that has rows counts (`recipes.terafab/chips` is per level), else every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from masterplan.data.case import Case
from masterplan.data.change_rows import Editor
from masterplan.data.change_target import Change, change_of_row
from masterplan.data.check import CHECKS, OF_THE_MODEL, Check, check
from masterplan.data.errors import CaseError, ChangeError, Problem
from masterplan.data.rows import advice, rows

__all__ = ["Change", "apply", "changed", "parse", "varied", "with_scenarios"]

_FORM = re.compile(r"^\s*(?P<place>[^=@]*?)\s*(?P<sign>\+=|-=|\*=|=)\s*(?P<value>.*?)\s*$", re.DOTALL)
_YEARS = re.compile(r"@\s*(?P<first>\d{4})?\s*(?P<span>:)?\s*(?P<last>\d{4})?\s*$")
_OPERATION = {"=": "set", "*=": "times", "+=": "plus", "-=": "plus"}
_HELP = "Write table.key.column=value, with =, +=, -= or *=, and years as @2030, @2030:2033, @2030: or @:2033"


def parse(text: str) -> Change:
    """The change that a text says. Raises ChangeError where the text has another form."""
    found = _FORM.match(text)
    place = found["place"].split(".") if found else []
    if found is None or len(place) < 2 or not all(place):
        raise ChangeError([Problem("E501", found=f"the change {text!r}", allowed="which cannot be read", fix=_HELP)])
    value, first, last = _years(text, found["value"])
    if found["sign"] == "-=":
        value = value[1:].strip() if value.startswith("-") else f"-{value}"
    return Change(
        place[0].strip(), ".".join(place[1:-1]).strip(), place[-1].strip(), _OPERATION[found["sign"]], value, first, last, text.strip()
    )


def changed(case: Case, texts: Sequence[str]) -> Case:
    """The case after changes in text form, in order; the texts are kept in `changes_applied`.

    Raises ChangeError with the problems of all texts, CaseError where the changed case breaks a check.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            changes.append(parse(text))
        except ChangeError as error:
            problems.extend(error.problems)
    edited, more = _edited(case, changes)
    _refuse(case, [*problems, *more])
    return _checked(replace(edited, changes_applied=(*case.changes_applied, *(text.strip() for text in texts))))


def apply(case: Case, changes: Iterable[Change]) -> Case:
    """The case after changes, in order; raises like `changed`."""
    return _checked(_applied(case, changes))


def varied(case: Case, changes: Iterable[Change]) -> Case:
    """The same, for its model alone: what a checked case says about scenarios, reliefs and sources is not checked anew."""
    return _checked(_applied(case, changes), OF_THE_MODEL)


def _applied(case: Case, changes: Iterable[Change]) -> Case:
    given = list(changes)
    edited, problems = _edited(case, given)
    _refuse(case, problems)
    return replace(edited, changes_applied=(*case.changes_applied, *(str(change) for change in given)))


def with_scenarios(case: Case, names: Sequence[str]) -> Case:
    """The case after the changes of scenarios: perimeters first, then in the order given; kept in `scenarios_applied`.

    Raises ChangeError for unknown scenarios, two perimeters, or changes that cannot be applied; CaseError where a check breaks.
    """
    kinds = case.attribute("scenarios", "kind")
    ordered = sorted(dict.fromkeys(names), key=lambda name: kinds.get(name) != "perimeter")
    problems = [
        Problem("E502", "scenarios", name, "scenario", f"the scenario {name!r}", "which is not known", advice(name, kinds, "scenario"))
        for name in ordered
        if name not in kinds
    ]
    perimeters = [name for name in (*case.scenarios_applied, *ordered) if kinds.get(name) == "perimeter"]
    if len(perimeters) > 1:
        both = " and ".join(perimeters)
        problems.append(Problem("E503", "scenarios", perimeters[-1], "kind", f"the perimeters {both}", "one company at a time", "Name one"))
    changes = [change_of_row(row) for name in ordered for row in _steps(case, name)]
    edited, more = _edited(case, changes)
    _refuse(case, [*problems, *more])
    return _checked(replace(edited, scenarios_applied=(*case.scenarios_applied, *ordered)))


def _steps(case: Case, scenario: str) -> list[dict[str, object]]:
    return sorted((row for row in rows(case, "changes") if row["scenario"] == scenario), key=lambda row: row["step"] or 0)


def _years(text: str, value: str) -> tuple[str, int | None, int | None]:
    """The value without its years, and the first and last year; None where open."""
    if "@" not in value:
        return value, None, None
    found = _YEARS.search(value)
    if found is None or not (found["first"] or found["last"]) or (found["last"] and not found["span"]):
        raise ChangeError([Problem("E501", found=f"the change {text!r}", allowed="whose years cannot be read", fix=_HELP)])
    first = int(found["first"]) if found["first"] else None
    last = int(found["last"]) if found["last"] else None if found["span"] else first
    return value[: found.start()].strip(), first, last


def _edited(case: Case, changes: Iterable[Change]) -> tuple[Case, list[Problem]]:
    editor = Editor(case)
    problems = [problem for change in changes for problem in editor.apply(change)]
    return editor.case(), problems


def _refuse(case: Case, problems: list[Problem]) -> None:
    if problems:
        raise ChangeError(problems, f"A change of the case {case.name}" if len(problems) == 1 else f"Changes of the case {case.name}")


def _checked(case: Case, checks: Sequence[Check] = CHECKS) -> Case:
    errors = [problem for problem in check(case, checks) if problem.is_error]
    if errors:
        raise CaseError(errors, f"The changed case {case.name}")
    return case
