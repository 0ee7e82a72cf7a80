"""How the commands of studies hand over what they found: in print, as JSON, as a sheet of the workbook and as a part of the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from masterplan.outcome import ExitCode, writing

if TYPE_CHECKING:
    from masterplan.data.case import Case
    from masterplan.data.findings import Findings
    from masterplan.data.plan import Plan


def deliver(
    command: str,
    case: Case,
    found: Findings,
    plan: Plan | None,
    targets: Sequence[Path],
    as_json: bool,
    code: ExitCode = ExitCode.DONE,
    **content: str,
) -> None:
    """Print what a study found, or speak it as JSON; write the plan with it, as a workbook and as a page, where there is a plan.

    `content` goes into the JSON as it is.
    """
    from masterplan.jsonout import case_identity, document, emit, findings_content
    from masterplan.summary import print_findings

    written = written_files(found, plan, targets)
    if as_json:
        emit(document(command, **case_identity(case), exit_code=code, **content, **findings_content(found), outputs=written))
    else:
        print_findings(found, ", ".join(written) or None)


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
