"""How a command ends: exit codes, and what is said about bad input, files that cannot be written, and Ctrl-C."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from masterplan.data.plan import Plan

Read = TypeVar("Read")


class ExitCode(IntEnum):
    """What the exit code of a command means; a wrong use of the command line is 2."""

    DONE = 0
    BAD_INPUT = 3
    INFEASIBLE = 4
    LIMIT = 5
    CANNOT_WRITE = 6
    SOLVER_FAILED = 7
    AUDIT_FAILED = 8
    INTERRUPTED = 130


def exit_code(plan: Plan, audit: Any = None) -> ExitCode:
    """The exit code that a plan deserves; a plan that fails its audit is worse than one that stopped early."""
    if plan.status in ("infeasible", "unbounded"):
        return ExitCode.INFEASIBLE
    if plan.status == "failed":
        return ExitCode.SOLVER_FAILED
    if audit is not None and not audit.passed:
        return ExitCode.AUDIT_FAILED
    if plan.stopped_because == "interrupted":
        return ExitCode.INTERRUPTED
    return ExitCode.DONE if plan.status == "optimal" else ExitCode.LIMIT


def study_code(plan: Plan | None, interrupted: bool) -> ExitCode:
    """The exit code of a study: that of the plan it is about, or that one Ctrl-C ended it early."""
    if interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.DONE if plan is None else exit_code(plan)


def ended(code: ExitCode, pressed: bool) -> ExitCode:
    """The exit code where Ctrl-C was pressed while what was found was written and told: unless something worse is to be said."""
    return ExitCode.INTERRUPTED if pressed and code in (ExitCode.DONE, ExitCode.LIMIT) else code


class CannotWriteError(Exception):
    """A file that cannot be written, said in a sentence."""


@contextmanager
def problems_told(command: str, as_json: bool) -> Iterator[None]:
    """Turn bad input, unwritable files and Ctrl-C into messages and exit codes; anything else is a fault of ours and propagates."""
    from masterplan.data.errors import CaseError
    from masterplan.data.files import CannotKeepError

    try:
        yield
    except CaseError as error:
        raise typer.Exit(_tell_failure(command, as_json, ExitCode.BAD_INPUT, str(error), error.problems)) from None
    except (CannotWriteError, CannotKeepError) as error:
        raise typer.Exit(_tell_failure(command, as_json, ExitCode.CANNOT_WRITE, str(error))) from None
    except KeyboardInterrupt:
        raise typer.Exit(_tell_failure(command, as_json, ExitCode.INTERRUPTED, "interrupted")) from None


def _tell_failure(command: str, as_json: bool, code: ExitCode, message: str, problems: Any = ()) -> ExitCode:
    from masterplan.console import say
    from masterplan.jsonout import document, emit, problem_rows

    head = message.splitlines()[0]
    if as_json:
        emit(document(command, exit_code=code, message=head, problems=problem_rows(problems)))
    say(head if as_json else message, style="red")
    return code


def read_file(read: Callable[[Path], Read], path: Path) -> Read:
    """What `read` makes of a file; raises CaseError if the file cannot be opened."""
    from masterplan.data.errors import CaseError, unreadable

    try:
        return read(path)
    except OSError as error:
        raise CaseError([unreadable(path, error.strerror or str(error))], name=str(path)) from None


def not_there_yet(path: Path) -> Path:
    """The path, after making sure that nothing is there that would be lost, and that a file can be put there."""
    with writing(path):
        if path.exists():
            raise CannotWriteError(f"{path} exists already: delete it, or give another name")
    return writable(path)


def writable(path: Path) -> Path:
    """The path, after making sure before a long solve that a workbook can be put there (its folder is made)."""
    from masterplan.data.files import ensure_writable

    with writing(path):
        ensure_writable(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()
    return path


def free_name(path: Path) -> Path:
    """The first of `plan-2.xlsx`, `plan-3.xlsx`, ... beside `plan.xlsx` that is not taken."""
    beside = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(name for name in beside if not name.exists())


def write_all(files: Iterable[tuple[Path, Callable[[Path], None]]]) -> tuple[list[str], bool]:
    """Write each file; the names of those that are written, and whether all are as they were asked for.

    What took long to find is not lost because an old file was opened meanwhile: where a file cannot be written, that is told, and it gets
    a free name beside.
    """
    from masterplan.console import say
    from masterplan.data.files import FileInUseError

    written, is_as_asked = [], True
    for target, write in files:
        for path in (target, free_name(target)):
            try:
                write(path)
                written.append(str(path))
                break
            except OSError as error:
                say(f"cannot write {path}: {error.strerror or error}", style="red")
                is_as_asked = False
                if not isinstance(error, FileInUseError):  # another name is no remedy for a full disk
                    break
    return written, is_as_asked


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in a sentence why the file cannot be written (CannotWriteError)."""
    try:
        yield
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {error.strerror or error}") from None
