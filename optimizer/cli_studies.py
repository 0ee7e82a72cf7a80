"""Commands that explain a plan: why this one, what holds it back, what else could be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from masterplan.outcome import ExitCode, writing

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan


def deliver(command: str, case: Case, found: Findings, plan: Plan | None, target: Path | None, as_json: bool) -> None:
    """Print what a study found, or speak it as JSON; write the plan's workbook with its sheet where there is a plan and a file for it."""
    import masterplan as mp
    from masterplan.jsonout import case_identity, document, emit, findings_content
    from masterplan.summary import print_findings

    written = []
    if target is not None and plan is not None and plan.found:
        with writing(target):
            mp.write_workbook(plan, target, findings=[found])
        written.append(str(target))
    if as_json:
        emit(document(command, **case_identity(case), exit_code=ExitCode.DONE, **findings_content(found), outputs=written))
    else:
        print_findings(found, written[0] if written else None)


COMMANDS: tuple[Callable[..., None], ...] = ()
