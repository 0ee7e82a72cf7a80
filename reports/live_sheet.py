"""Sheets of formulas, before they are written: lines with a term per year, in sections, that other terms refer to.

A line is referred to before its row is known: its text holds a mark that `resolved` turns into the row's number when all is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from masterplan.reports.facts import NEAR
from masterplan.reports.formula import Numbers, Term, when
from masterplan.reports.timeline import FIRST_ROW, FIRST_YEAR_COLUMN, HEADER_ROW, Look

ROUNDING = 1e-9  # how far a formula may be from the recomputed number, relative to the size of the line
YEAR_ROW, PERIOD_ROW = HEADER_ROW, HEADER_ROW - 1
TOLERANCE = Term("Checks!$D$7", np.array(NEAR))  # relative; what is nearer is the same
OWN_ROW = "\x04"  # the number of the line itself, in its own text
THIS_YEAR, PERIOD = f"@${YEAR_ROW}", f"@${PERIOD_ROW}"
_MARK = re.compile("\x01([0-9]+)\x02")


@dataclass(eq=False)
class Row:
    """A line of a sheet of formulas, or a line of a decision sheet (which has a `number` from the beginning)."""

    sheet: str
    last: str
    values: Numbers
    term: Term | None = None
    item: str = ""
    part: str | int = ""
    note: str | int = ""
    unit: str = ""
    style: Look = "number"
    total: Term | str | None = None
    remark: str = ""
    link: str = ""
    number: int = 0
    mark: int = 0

    @property
    def at(self) -> str:
        """The row's number in a text."""
        return str(self.number) if self.number else f"\x01{self.mark}\x02"

    @property
    def here(self) -> Term:
        """The cell of the same year."""
        return Term(f"{self.sheet}!@{self.at}", self.values)

    @property
    def range(self) -> str:
        """All years of the line."""
        return f"{self.sheet}!$G{self.at}:${self.last}{self.at}"

    @property
    def so_far(self) -> Term:
        """The sum up to the year."""
        return Term(f"SUM({self.sheet}!$G{self.at}:@{self.at})", np.cumsum(self.values))

    @property
    def over_all(self) -> Term:
        """The sum over all years, in every column the same."""
        return Term(f"SUM({self.range})", np.full(len(self.values), self.values.sum()))

    def before(self, opening: Term) -> Term:
        """The cell of the year before; `opening` in the first year."""
        values = np.concatenate([np.broadcast_to(opening.values, self.values.shape)[:1], self.values[:-1]])
        text = f"IF({PERIOD}=1,{opening.text},{self.sheet}!~{self.at})"
        return Term(text, values)

    def in_year(self, year: Term) -> Term:
        """The number of another year, 0 where the plan does not have it; `year` is an expression of this year."""
        first = self.first_year
        places = year.values - first
        inside = (places >= 0) & (places < len(self.values))
        values = np.where(inside, self.values[np.clip(places, 0, len(self.values) - 1).astype(int)], 0.0)
        years = f"{self.sheet}!$G${YEAR_ROW}:${self.last}${YEAR_ROW}"
        return Term(f"SUMIFS({self.range},{years},{year.text})", values)

    first_year: int = 0

    def at_end(self) -> Term:
        """The number of the last year."""
        return Term(f"{self.sheet}!${self.last}{self.at}", np.full(len(self.values), self.values[-1]))


@dataclass(eq=False)
class LiveSheet:
    """A sheet with years whose lines are formulas."""

    title: str
    meaning: str
    tab: str
    heads: tuple[str, str, str]
    years: Sequence[int]
    last: str
    sections: dict[str, list[Row]] = field(default_factory=dict)
    values_only: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The title as formulas name it."""
        return quoted(self.title)

    def section(self, name: str) -> list[Row]:
        """The lines of a section, made where it is new: sections stand in the order in which they are first named."""
        return self.sections.setdefault(name, [])

    def line(
        self,
        section: str,
        item: str,
        term: Term,
        unit: str = "",
        part: str | int = "",
        note: str | int = "",
        *,
        truth: Mapping[int, float] | None = None,
        total: bool = False,
        style: Look = "number",
        link: str = "",
    ) -> Row:
        """Add a line. Where its formula does not give `truth`, the recomputed numbers, these are written in its place, and that is told."""
        values, width = np.array(np.broadcast_to(term.values, (len(self.years),)), dtype=float), len(self.years)
        live: Term | None = term
        if truth is not None:
            true = np.array([truth.get(year, 0.0) for year in self.years])
            if not np.all(np.abs(values - true) <= ROUNDING * max(1.0, float(np.max(np.abs(true), initial=0.0)))):
                self.values_only.append(" / ".join(str(word) for word in (self.title, section, item, part) if word != ""))
                values, live = true, None
        row = Row(self.place, self.last, values, live, item, part, note, unit, style, "sum" if total else None, link=link)
        row.first_year, row.mark = int(self.years[0]), _next_mark()
        assert len(values) == width
        self.section(section).append(row)
        return row

    def figure(
        self,
        section: str,
        item: str,
        term: Term,
        unit: str = "",
        remark: str = "",
        *,
        part: str | int = "",
        note: str | int = "",
        truth: float | None = None,
        style: Look = "label",
    ) -> Row:
        """Add a line with one number, in column F; its term does not depend on the year."""
        value, live = float(np.ravel(term.values)[0]), True
        if truth is not None and not abs(value - truth) <= ROUNDING * max(1.0, abs(truth)):
            self.values_only.append(" / ".join((self.title, section, item)))
            value, live = truth, False
        row = Row(self.place, self.last, np.full(len(self.years), value), None, item, part, note, unit, style, remark=remark)
        row.total = Term(term.text if live else "", np.array(value), term.kind)
        row.mark = _next_mark()
        self.section(section).append(row)
        return row

    def numbered(self, first_row: int = FIRST_ROW) -> dict[str, int]:
        """Gives every line its row; returns the row of each section's bar."""
        bars, row = {}, first_row
        for name, lines in self.sections.items():
            bars[name] = row
            for line in lines:
                row += 1
                line.number = row
            row += 2
        return bars


_marks = iter(range(1, 1 << 60))


def _next_mark() -> int:
    return next(_marks)


def quoted(title: str) -> str:
    """The title of a sheet as formulas name it."""
    return f"'{title}'" if " " in title else title


def total_of(row: Row) -> Term:
    """The one number of a line made by `figure`, or the sum in column F."""
    return Term(f"{row.sheet}!$F{row.at}", row.values)


def discounted(row: Row, factor: Row) -> Term:
    """The present value of a line, its years times their factors."""
    return Term(f"SUMPRODUCT({row.range},{factor.range})", np.array(float(np.dot(row.values, factor.values))))


def block_sum(rows: Sequence[Row]) -> Term:
    """SUM over lines of one sheet that stand below each other."""
    if not rows:
        return Term("0", np.array(0.0))
    values = np.sum([row.values for row in rows], axis=0)
    return Term(f"SUM({rows[0].sheet}!@{rows[0].at}:@{rows[-1].at})", values)


def resolved(text: str, numbers: Mapping[int, int]) -> str:
    """The text with the row of every mark."""
    return _MARK.sub(lambda found: str(numbers[int(found[1])]), text)


def year_term(years: Sequence[int]) -> Term:
    """The year of the column."""
    return Term(THIS_YEAR, np.array(years, dtype=float))


def period_term(years: Sequence[int]) -> Term:
    """The number of the year in the plan, from 1."""
    return Term(PERIOD, np.arange(1.0, len(years) + 1.0))


def last_below(row: Row, bound: Term) -> Term:
    """The last year in which a line is less, 0 where it never is."""
    value = max((row.first_year + int(place) for place in np.flatnonzero(row.values < bound.values)), default=0)
    return Term(f"SUMPRODUCT(MAX(({row.range}<{bound.text})*{_years(row)}))", np.array(float(value)))


def first_above(row: Row, bound: Term) -> Term:
    """The first year in which a line is more, 0 where it never is."""
    value = min((row.first_year + int(place) for place in np.flatnonzero(row.values > bound.values)), default=0)
    after = f"${row.last}${YEAR_ROW}+1"  # years are counted back from it, so that the first is the greatest
    found = f"{after}-SUMPRODUCT(MAX(({row.range}>{bound.text})*({after}-{_years(row)})))"
    return Term(f"IF(MAX({row.range})>{bound.text},{found},0)", np.array(float(value)))


def _years(row: Row) -> str:
    return f"$G${YEAR_ROW}:${row.last}${YEAR_ROW}"


def in_first_year(years: Sequence[int], then: Term, otherwise: Term) -> Term:
    """One term in the first year of the plan, another in all others."""
    return when(Term(f"{PERIOD}=1", (np.arange(len(years)) == 0).astype(float)), then, otherwise)


assert FIRST_YEAR_COLUMN == 7  # years begin in column G, which the texts above name
