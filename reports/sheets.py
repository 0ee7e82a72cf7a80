"""The reports of the plan workbook, in the order of their sheets.

A report is a module with `table(plan, numbers) -> DataFrame`; its docstring is the subtitle of its sheet. To add one: write the
module, name it here, give it a test.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports import (
    balances,
    binding,
    cancellations,
    capacity,
    capex,
    cash,
    closures,
    financing,
    gates,
    given_up,
    levels,
    losses,
    retirements,
    starts,
    stocks,
    summary,
    synergies,
    targets,
    trades,
    vintages,
)
from masterplan.reports.decisions import Decision
from masterplan.reports.recompute import Recomputed


class Report(Protocol):
    """A module that makes one sheet: its name, the kind of its tab, the names of columns B to D, and the table."""

    __name__: str
    __doc__: str | None
    SHEET: str
    TAB: str
    HEADS: tuple[str, str, str]

    def table(self, plan: Plan, numbers: Recomputed) -> pd.DataFrame:
        """A frame of lines with years (see `timeline`)."""


class ListReport(Protocol):
    """A module that makes a sheet without years."""

    __doc__: str | None
    SHEET: str
    TAB: str


class DecisionReport(Report, Protocol):
    """A report whose sheet is read back."""

    DECISION: Decision


SUMMARY: tuple[Report, ...] = (summary,)
DECIDED: tuple[DecisionReport, ...] = (
    starts,
    cancellations,
    levels,
    vintages,
    retirements,
    closures,
    trades,
    stocks,
    losses,
    financing,
    gates,
    synergies,
)
WORKED_OUT: tuple[Report, ...] = (capex, capacity, given_up, balances, binding, cash, targets)
REPORTS: tuple[Report, ...] = (*SUMMARY, *DECIDED, *WORKED_OUT)

# these have a sheet only where their table has lines
RARE: tuple[Report, ...] = (
    cancellations,
    vintages,
    retirements,
    closures,
    stocks,
    losses,
    financing,
    gates,
    synergies,
    given_up,
    binding,
    targets,
)


def subtitle(report: object) -> str:
    """The first paragraph of a module's docstring on one line."""
    return " ".join((report.__doc__ or "").strip().split("\n\n")[0].split())
