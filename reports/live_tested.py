"""Every rule that the workbook tests by itself: one line per rule and thing, with the relative violation of each year (0: holds)."""

from __future__ import annotations

from collections.abc import Callable

from masterplan.reports import tested_money, tested_operation, tested_starts
from masterplan.reports.live_sheet import LiveSheet, Row
from masterplan.reports.tested_rule import Built, Tests

TITLE = "Tested"
HEADS = ("Thing", "Part", "")


def tested(built: Built, sheet: LiveSheet) -> dict[str, list[Row]]:
    """check -> its lines; a check without lines is left out."""
    found: dict[str, list[Row]] = {}
    for name, test in RULES.items():
        for item, term in test(built):
            row = sheet.line(name, item, term)
            found.setdefault(name, []).append(row)
    return found


RULES: dict[str, Callable[[Built], Tests]] = {
    "No decision is negative": tested_operation.negative,
    "Modules of a project with whole modules are whole": tested_starts.whole,
    "Free starts fall inside the start window of their project": tested_starts.window,
    "A year starts no more modules than the project may have in a year": tested_starts.per_year,
    "A year with a start has at least the fewest modules of the project": tested_starts.fewest,
    "Starts and modules in place stay within the total of their project": tested_starts.total,
    "Given starts are made": tested_starts.given,
    "Rules between projects hold": tested_starts.rules,
    "The level of an activity is within its capacity": tested_operation.capacity,
    "Vintages run within what was begun, and no more than their activity": tested_operation.vintages,
    "Conversions and closures take no more than the existing capacity": tested_operation.taken,
    "The balance of every resource closes": tested_operation.balance("no"),
    "A resource that may be disposed of is never short": tested_operation.balance("yes"),
    "Stock is within its storage limit": tested_operation.stock,
    "A trade is at least its minimum": tested_operation.trade_minimum,
    "A trade is within its limit": tested_operation.trade_limit,
    "Activities behind a gate run only while it is open": tested_operation.gates,
    "Limits on sums of measures hold": tested_operation.limits,
    "Capex is within its limit and what the year before left": tested_money.budget,
    "Cash is at or above its minimum": tested_money.cash,
    "Debt is not negative and within its limits": tested_money.debt,
    "Equity is within its limit, owners are paid": tested_money.raised,
    "Taxable income and losses are what they can be": tested_money.taxed,
}
