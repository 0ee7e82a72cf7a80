"""Reliefs: ways to relieve what may hold a plan back, as changes of so many steps."""

from __future__ import annotations

from dataclasses import dataclass

from masterplan.data.case import Case
from masterplan.data.change_target import Change
from masterplan.data.rows import Row, number, rows


@dataclass(frozen=True)
class Relief:
    """One way to relieve a named limit: a row of the table `reliefs`, see there.

    Amounts have the unit of the column, or are shares where `operation` is times; `step` and `most` have the same sign.
    `cost` is money of the first year of the relief, None where it is not known.
    """

    name: str
    limit: str
    table: str
    key: str
    column: str
    operation: str
    step: float
    most: float
    from_year: int | None = None
    to_year: int | None = None
    cost: float | None = None
    way: str = ""

    def change(self, amount: float) -> Change:
        """The change that relieves by this amount. The other way, a share is taken back: half as much undoes twice as much."""
        value = amount
        if self.operation == "times":
            value = 1.0 + amount if amount / self.step >= 0 else 1.0 / (1.0 - amount)
        return Change(self.table, self.key, self.column, self.operation, f"{value:.12g}", self.from_year, self.to_year)

    def in_words(self, amount: float) -> str:
        """`markets.ore.limit +10 %, 2028 to 2035`."""
        place = ".".join(part for part in (self.table, self.key, self.column) if part)
        by = self.amount_in_words(amount)
        first, last = self.from_year, self.to_year
        years = {
            (False, False): "",
            (True, False): f", from {first}",
            (False, True): f", to {last}",
            (True, True): f", {first}" if first == last else f", {first} to {last}",
        }[first is not None, last is not None]
        return f"{place} {by}{years}"

    def amount_in_words(self, amount: float) -> str:
        """`+10 %`, or `+5` in the unit of the column."""
        return f"{100 * amount:+.4g} %" if self.operation == "times" else f"{'+' if amount > 0 else ''}{number(amount)}"


def relief_of_row(row: Row) -> Relief:
    """The relief that a sound row of the table says."""
    most = row["step"] if row["max_relief"] is None else row["max_relief"]
    words = {name: str(row[name] or "") for name in ("limit", "table", "key", "column", "way")}
    return Relief(
        str(row["relief"]),
        operation=str(row["operation"] or "plus"),
        step=row["step"],
        most=most,
        from_year=row["from_year"],
        to_year=row["to_year"],
        cost=row["cost"],
        **words,
    )


def declared(case: Case) -> tuple[Relief, ...]:
    """The reliefs of a case, in order."""
    return tuple(relief_of_row(row) for row in rows(case, "reliefs"))
