"""The way to NPV, step by step: what each entry of the cash sheet is worth today, and the columns of its chart on Summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from masterplan.reports import cash
from masterplan.reports.formula import ONE, ZERO, Term, compare, greatest, least, when
from masterplan.reports.grid import Page
from masterplan.reports.live_book import Live
from masterplan.reports.live_sheet import discounted, resolved, total_of
from masterplan.reports.names import entry_in_words
from masterplan.reports.style import number_format
from masterplan.reports.timeline import FIRST_ROW, HEADER_ROW
from masterplan.reports.timeline_page import digits

SHEET = "Bridge"
TAB = "output"
UP, DOWN, WHOLE = "Up", "Down", "NPV"
STEP, AMOUNT, BEFORE, AFTER, UNSEEN, UP_ABOVE, DOWN_ABOVE, UP_BELOW, DOWN_BELOW, RESULT = range(1, 11)
HEADS = ("Step", "Present value", "Sum before", "Sum after", "Unseen", UP, DOWN, f"{UP}, below zero", f"{DOWN}, below zero", WHOLE)
SHOWN: Mapping[int, str] = {UNSEEN: "", UP_ABOVE: UP, DOWN_ABOVE: DOWN, UP_BELOW: UP, DOWN_BELOW: DOWN, RESULT: WHOLE}
"""The columns that the chart stacks -> the look of each: those that carry the others are not seen."""


@dataclass(frozen=True)
class Bridge:
    """The rows of the steps, of which the last is the NPV, and the greatest number in them."""

    first: int
    last: int
    greatest: float


def write(page: Page, live: Live) -> Bridge:
    """A row per step; sums and the parts of its column follow in formulas."""
    for column, head in enumerate(HEADS, start=1):
        page.put(HEADER_ROW, column, head, "header" if column == STEP else "header_wrapped")
    page.sheet.row_dimensions[HEADER_ROW].height = 28
    steps = list(_steps(live))
    greatest = max(abs(float(amount.values)) for _, amount in steps)
    shape = number_format(digits(greatest) + 1)  # of steps of very unlike size the small ones show too
    before = ZERO
    for row, (name, amount) in enumerate(steps, start=FIRST_ROW):
        page.put(row, STEP, name, "label")
        _put(page, row, AMOUNT, amount, live, shape)
        here = _cell(row, AMOUNT, amount.values)
        _put(page, row, BEFORE, before, live, shape)
        opening = _cell(row, BEFORE, before.values)
        _put(page, row, AFTER, opening + here, live, shape)
        closing = _cell(row, AFTER, opening.values + here.values)
        for column, part in _parts(opening, closing).items():
            _put(page, row, column, part, live, shape)
        before = closing
    last = FIRST_ROW + len(steps)
    page.put(last, STEP, WHOLE, "strong")
    npv = total_of(live.worth.figures["npv"])
    for column, term in {AMOUNT: npv, RESULT: _cell(last, AMOUNT, npv.values)}.items():
        _put(page, last, column, term, live, shape, "total")
    page.widths([34.0, *([12.0] * (len(HEADS) - 1))])
    return Bridge(FIRST_ROW, last, greatest)


def _steps(live: Live) -> Iterator[tuple[str, Term]]:
    """(name, present value) of everything that NPV sums up, in the order of the sheet Cash."""
    worth = live.worth
    factor = worth.lines[f"{cash.VALUE}.factor"]
    for entry, row in worth.entries.items():
        if worth.kinds[entry] != "financing":
            yield entry_in_words(entry), discounted(row, factor)
    charge = worth.lines.get(f"{cash.VALUE}.debt_spread")
    if charge is not None:
        yield cash.CHARGE, discounted(charge, factor)
    for figure in ("after_horizon", "terminal_value"):
        row = worth.figures[figure]
        yield row.item, Term(total_of(row).text, np.array(float(np.ravel(row.values)[0])))


def _parts(opening: Term, closing: Term) -> dict[int, Term]:
    """What is stacked to draw a step from one sum to the next, on both sides of zero."""
    high, low = greatest(opening, closing), least(opening, closing)
    above, below = greatest(ZERO, high) - greatest(ZERO, low), least(ZERO, low) - least(ZERO, high)
    rises = when(compare(closing, ">=", opening), ONE, ZERO)
    falls = ONE - rises
    return {
        UNSEEN: greatest(ZERO, low) + least(ZERO, high),
        UP_ABOVE: above * rises,
        DOWN_ABOVE: above * falls,
        UP_BELOW: below * rises,
        DOWN_BELOW: below * falls,
    }


def _cell(row: int, column: int, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Term:
    return Term(f"${chr(ord('A') + column - 1)}${row}", np.array(float(np.ravel(values)[0])))


def _put(page: Page, row: int, column: int, term: Term, live: Live, shape: str, look: str = "number") -> None:
    value = float(np.ravel(term.values)[0])
    page.put(row, column, value, look, shape)
    page.formula(row, column, resolved(term.text, live.marks).replace(f"{SHEET}!", ""), value)
