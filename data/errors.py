"""What can be wrong with a case, told to a planner.

CaseError                 everything wrong with the input, all at once
└── ChangeError           a change (`--set`, a scenario) that cannot be read or applied
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One cause of trouble: where it is, what was found, what is allowed, what to do.

    `code` begins with E (error), F (error of a file) or W (warning). `cell` is an Excel cell, or the line of a CSV file, where the case
    came from a file.
    `key` names the row in words (`terafab` or `terafab/chips`); `also` lists other places with the same cause.
    """

    code: str
    table: str = ""
    key: str = ""
    column: str = ""
    found: str = ""
    allowed: str = ""
    fix: str = ""
    sheet: str = ""
    cell: str = ""
    also: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return not self.code.startswith("W")

    def __str__(self) -> str:
        words = " / ".join(part for part in (self.table, self.key, self.column) if part)
        place = f"{self.sheet} {self.cell} ({words})" if self.sheet and " " in self.cell else f"{self.sheet}!{self.cell} ({words})"
        place = place.replace(" ()", "") if self.sheet and self.cell else words
        rest = f" (and {len(self.also)} more: {', '.join(self.also[:5])}{', …' if len(self.also) > 5 else ''})" if self.also else ""
        allowed = f", {self.allowed}" if self.allowed else ""
        fix = f". {self.fix}" if self.fix else "."
        label = f"{place}: " if place else ""
        return (
            f"{self.code} {label}found {self.found}{allowed}{fix}{rest}" if self.found else f"{self.code} {label}{self.allowed}{fix}{rest}"
        )

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "also": list(self.also)}


def unreadable(path: Path, why: str) -> Problem:
    """A file or folder that may not, or cannot, be read."""
    fix = "Close it in other programs, or ask for the right to read it"
    return Problem("F006", found=repr(str(path)), allowed=f"which cannot be read ({why})", fix=fix)


class CaseError(ValueError):
    """The input cannot be used; `problems` says why, every cause once."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...], name: str = "") -> None:
        self.problems = tuple(problems)
        self.name = name
        count = len(self.problems)
        head = f"{name or 'The case'} has {count} problem{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type[CaseError], tuple[tuple[Problem, ...], str]]:
        """Whole when it comes from a worker."""
        return type(self), (self.problems, self.name)


class ChangeError(CaseError):
    """A change that cannot be read or applied."""
