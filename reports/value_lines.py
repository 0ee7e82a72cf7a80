"""Value lines: the NPV of a plan as discounted cash lines by entry and item; they sum to it."""

from __future__ import annotations

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.facts import Facts
from masterplan.reports.recompute import Recomputed
from masterplan.reports.worth import terminal_factor

AFTER, TERMINAL, CHARGE = "spend_after_the_last_year", "terminal_value", "charge_for_debt"


def value_lines(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Columns entry, item, value [money, discounted]; cash entries but financing, the charge for debt, what falls after the end."""
    factor = dict(zip(numbers.present_value["year"], numbers.present_value["factor"], strict=True))
    found: dict[tuple[str, str], float] = {}
    for row in numbers.cash[numbers.cash["kind"] != "financing"].to_dict("records"):
        key = str(row["entry"]), str(row["item"] or "")
        found[key] = found.get(key, 0.0) + row["amount"] * factor[row["year"]]
    found[CHARGE, ""] = float((numbers.present_value["debt_spread"] * numbers.present_value["factor"]).sum())
    found[AFTER, ""] = float(numbers.totals["after_horizon"] or 0.0)
    end = terminal_factor(Facts(plan))
    for row in numbers.terminal.to_dict("records"):
        key = TERMINAL, str(row["item"])
        found[key] = found.get(key, 0.0) + row["amount"] * end
    rows = [(entry, item, value) for (entry, item), value in found.items() if value]
    return pd.DataFrame(rows, columns=["entry", "item", "value"]).astype({"value": float})
