"""Progress of a solve on stderr: a live line on a terminal, a plain line now and then elsewhere.

Nothing is drawn by a thread of its own: while a model is built, Pyomo replaces `sum` in the whole process, and what draws uses it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from rich.live import Live
from rich.text import Text

from masterplan.console import MEASURE, console, known, number, percent, say

if TYPE_CHECKING:
    from masterplan.data.case import Case

FIRST_SECONDS = 2.0  # until the first line, so that a quick solve says nothing
PIPE_SECONDS = 10.0  # between two lines of progress that no terminal rewrites


class Step(Protocol):
    """What a solve tells while it runs: seconds since it began, best value and bound so far (None while unknown)."""

    @property
    def seconds(self) -> float:
        """Since the solve began."""

    @property
    def incumbent(self) -> float | None:
        """The best value so far."""

    @property
    def bound(self) -> float | None:
        """The best value that is still possible."""

    @property
    def gap(self) -> float | None:
        """The distance of both, as a share of the value added."""


def progress_text(case: Case, step: Step, seconds: float) -> str:
    """`solving 12 s  NPV 7,121.2  bound 7,127.3  gap 0.09 %`."""
    measure = MEASURE[case.setting("objective")]
    parts = [f"solving {seconds:.0f} s", f"{measure} {number(step.incumbent)}" if known(step.incumbent) else "no plan yet"]
    parts += [f"bound {number(step.bound)}"] if known(step.bound) else []
    parts += [f"gap {percent(step.gap)}"] if known(step.gap) else []
    return "  ".join(parts)


@contextmanager
def progress(case: Case, quiet: bool) -> Iterator[Callable[[Any], None] | None]:
    """A listener for the solver: a live line on a terminal, a plain line now and then elsewhere, None if quiet."""
    screen = console(stderr=True)
    if quiet:
        yield None
    elif screen.is_terminal and not screen.is_dumb_terminal and "CI" not in os.environ:
        begun = time.monotonic()
        with Live(_line("building the model"), console=screen, auto_refresh=False, transient=True) as line:
            yield lambda step: line.update(_line(progress_text(case, step, time.monotonic() - begun)), refresh=True)
    else:
        yield _plain_listener(case)


def _line(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")


def _plain_listener(case: Case) -> Callable[[Step], None]:
    said = FIRST_SECONDS - PIPE_SECONDS

    def listen(step: Step) -> None:
        nonlocal said
        if step.seconds - said >= PIPE_SECONDS:
            said = step.seconds
            say(progress_text(case, step, step.seconds))

    return listen
