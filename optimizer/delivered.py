"""How the commands of studies hand over what they found: in print, as JSON, as a sheet of the workbook and as a part of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from masterplan.data.pause import holding_interrupts
from masterplan.outcome import ExitCode, ended, study_code, write_all

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan


File = tuple[Path, Callable[[Path], None]]
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
    also: Sequence[File] = (),
    printed: Callable[[str | None], None] | None = None,
    **content: Any,
) -> NoReturn:
    """Print what a study found, or speak it as JSON; write the plan with it, as a workbook and as a page, where there is a plan; and end.

    The exit code is that of the plan, unless the study was `interrupted` or `code` is given. `also` are files more
    with what writes them, `printed` prints in place of the findings; `content` goes into the JSON as it is. Ctrl-C waits: what
    was found is written and told first.
    """
    with holding_interrupts() as held:
        from masterplan.console import say
        from masterplan.jsonout import case_identity, document, emit, findings_content
        from masterplan.summary import print_findings

        found = replace(found, sentences=(INCOMPLETE, *found.sentences)) if interrupted else found
        code = study_code(plan, interrupted) if code is None else code
        written, is_as_asked = write_all([*plan_files(plan, targets, findings=[found]), *also])
        code = code if is_as_asked else ExitCode.CANNOT_WRITE
        if targets and (plan is None or not plan.found):
            say(f"There is no plan to write: {' and '.join(map(str, targets))} {'was' if len(targets) == 1 else 'were'} not written.")
        names = ", ".join(written) or None
        if as_json:
            emit(document(command, **case_identity(case), exit_code=code, **content, **findings_content(found), outputs=written))
        elif printed is not None:
            printed(names)
        else:
            print_findings(found, names)
    raise typer.Exit(ended(code, held.pressed))


def plan_files(plan: Plan | None, targets: Sequence[Path], **more: Any) -> Iterator[File]:
    """The files that are to hold the plan, with what writes each; none where there is no plan."""
    import masterplan as mp

    if plan is None or not plan.found:
        return
    for target in targets:
        write: Callable[..., None] = mp.write_workbook if target.suffix.lower() == ".xlsx" else mp.write_report
        yield target, partial(write, plan, **more)
