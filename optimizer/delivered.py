"""How the commands of studies hand over what they found: in print, as JSON, as a sheet of the workbook and as a part of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from masterplan.outcome import ExitCode, study_code, writing

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan


INCOMPLETE = "The study was interrupted: what was not solved by then is missing."


def deliver(
    command: str,
    case: Case,
    found: Findings,
    plan: Plan | None,
    targets: Sequence[Path],
    as_json: bool,
    code: ExitCode | None = None,
    interrupted: bool = False,
    also: Sequence[Path] = (),
    printed: Callable[[str | None], None] | None = None,
    **content: Any,
) -> NoReturn:
    """Print what a study found, or speak it as JSON; write the plan with it, as a workbook and as a page, where there is a plan; and end.

    The exit code is that of the plan, unless the study was `interrupted` or `code` is given. `also` names files that are written already,
    `printed` prints in place of the findings; `content` goes into the JSON as it is.
    """
    from masterplan.console import say
    from masterplan.jsonout import case_identity, document, emit, findings_content
    from masterplan.summary import print_findings

    found = replace(found, sentences=(INCOMPLETE, *found.sentences)) if interrupted else found
    code = study_code(plan, interrupted) if code is None else code
    written = [*written_files(found, plan, targets), *map(str, also)]
    if targets and (plan is None or not plan.found):
        say(f"There is no plan to write: {' and '.join(map(str, targets))} {'was' if len(targets) == 1 else 'were'} not written.")
    names = ", ".join(written) or None
    if as_json:
        emit(document(command, **case_identity(case), exit_code=code, **content, **findings_content(found), outputs=written))
    elif printed is not None:
        printed(names)
    else:
        print_findings(found, names)
    raise typer.Exit(code)


def written_files(found: Findings, plan: Plan | None, targets: Sequence[Path]) -> list[str]:
    """The files that hold the plan and what was found; none where there is no plan."""
    import masterplan as mp

    if plan is None or not plan.found:
        return []
    for target in targets:
        write = mp.write_workbook if target.suffix.lower() == ".xlsx" else mp.write_report
        with writing(target):
            write(plan, target, findings=[found])
    return [str(target) for target in targets]
