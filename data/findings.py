"""Findings: what a study found out about a plan, as sentences and tables that every output shows alike."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

FINDINGS_SHEETS = (
    "Bottlenecks",
    "Options",
    "Alternatives",
    "Explanation",
    "Sensitivity",
    "Frontier",
    "Break-even",
    "Comparison",
    "Trace",
    "Side by side",  # scenarios: a sheet of that name holds the scenarios of the case
)
"""The sheets that studies add to a plan workbook; reading passes over them."""


@dataclass(frozen=True, eq=False)
class FoundTable:
    """A table of a study: its title, what it says in a sentence, and its rows. Columns are names for people, units beside them.

    `shares`: its numbers are shares of something, shown as percent and coloured by how near they are to all of it. `axes`: what a chart
    of it shows along and up, with units.
    """

    title: str
    meaning: str
    rows: pd.DataFrame
    shares: bool = False
    axes: tuple[str, str] = ("", "")


@dataclass(frozen=True, eq=False)
class Findings:
    """What a study found: the sheet it is shown on (one of FINDINGS_SHEETS), its sentences, most important first, and its tables.

    `seconds` is how long it took.
    """

    sheet: str
    meaning: str
    sentences: tuple[str, ...]
    tables: tuple[FoundTable, ...]
    seconds: float = field(default=0.0, compare=False)

    def __post_init__(self) -> None:
        if self.sheet not in FINDINGS_SHEETS:
            raise ValueError(f"{self.sheet!r} is no sheet of a study; they are {', '.join(FINDINGS_SHEETS)}")

    def table(self, title: str) -> pd.DataFrame:
        """The rows of a table by its title. Raises KeyError for another title."""
        found = {table.title: table.rows for table in self.tables}
        return found[title]
