"""The cash account and what it is worth: money in (+) and out (−) by year, then the discounted value, then every entry by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from masterplan.data.plan import Plan
from masterplan.reports.money import EXTRA, KINDS
from masterplan.reports.names import entry_in_words, money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Line, Look, by_year, frame

SHEET = "Cash"
TAB = "output"
HEADS = ("Entry", "", "")
# kind of an entry -> its section
SECTIONS = {
    "operating": "Operating",
    "investing": "Investing",
    "credit": "Credits, not taxed",
    "tax": "Profit tax",
    "baseline": "Base business, not decided here",
    "issue": "Cost of raising money",
    "financing": "Financing: moves cash, not value",
    EXTRA: "Entries of the caller's own blocks, not audited",
}
ACCOUNT, VALUE = "Cash account", "Net present value"
SO_FAR = "Cash flow so far"
CHARGE = "Charge for debt above the rate, no cash"


def table(plan: Plan, numbers: Recomputed) -> pd.DataFrame:
    """Entries by kind, the cash account, tax, the present value down to NPV, and the entries by item."""
    lines = [
        *_entries(plan, numbers),
        *_account(plan, numbers),
        *_debt(plan, numbers),
        *_tax(plan, numbers),
        *_value(plan, numbers),
        *_items(plan, numbers),
    ]
    return frame(lines, plan.case.years)


def _entries(plan: Plan, numbers: Recomputed) -> list[Line]:
    money, years = money_unit(plan.case), plan.case.years
    found = by_year(numbers.cash, ("kind", "entry"), "amount")
    return [
        Line(SECTIONS.get(kind, entry_in_words(kind)), entry_in_words(entry), _every(found[kind, entry], years), money, total="sum")
        for kind, entry in sorted(found, key=lambda key: _place(key[1]))
    ]


def _account(plan: Plan, numbers: Recomputed) -> list[Line]:
    labels: dict[str, tuple[str, Look]] = {
        "opening": ("Opening cash", "number"),
        "net": ("Net cash of the year", "number"),
        "closing": ("Closing cash", "total"),
        "minimum": ("Least cash allowed", "number"),
    }
    return _lines(plan, numbers.cash_position, ACCOUNT, labels, ("net",))


def _debt(plan: Plan, numbers: Recomputed) -> list[Line]:
    labels: dict[str, tuple[str, Look]] = {
        "opening": ("Opening debt", "number"),
        "drawn": ("Drawn", "number"),
        "repaid": ("Repaid", "number"),
        "closing": ("Closing debt", "total"),
        "limit": ("Most debt allowed", "number"),
        "earnings": ("Earnings", "number"),
        "carried": ("Most debt that earnings carry", "number"),
    }
    return _lines(plan, numbers.debt, "Debt", labels, ("drawn", "repaid"))


def _tax(plan: Plan, numbers: Recomputed) -> list[Line]:
    labels: dict[str, tuple[str, Look]] = {
        "depreciation": ("Depreciation, deducted", "number"),
        "base": ("Taxable before losses", "number"),
        "losses_used": ("Losses used", "number"),
        "loss_pool": ("Losses carried forward", "number"),
        "income": ("Taxable income", "number"),
        "tax": ("Tax", "total"),
    }
    return _lines(plan, numbers.tax, "Tax base", labels, ("tax",))


def _value(plan: Plan, numbers: Recomputed) -> list[Line]:
    labels: dict[str, tuple[str, Look]] = {
        "cash_flow": ("Cash flow that counts", "number"),
        "debt_spread": (CHARGE, "number"),
        "factor": ("Discount factor", "factor"),
        "present_value": ("Present value", "total"),
    }
    money, totals = money_unit(plan.case), numbers.totals
    if not numbers.present_value["debt_spread"].any():
        del labels["debt_spread"]
    lines = _lines(plan, numbers.present_value, VALUE, labels, ("cash_flow", "debt_spread", "present_value"))
    so_far = numbers.present_value["cash_flow"].cumsum().tolist()
    lines.append(Line(VALUE, SO_FAR, dict(zip(plan.case.years, so_far, strict=True)), money))
    for name, label, remark in (
        ("after_horizon", "Spend after the last year", "of modules started inside the plan, discounted, less credits"),
        ("npv_without_terminal", "NPV without terminal value", "the present values above and the spend after the last year"),
        ("terminal_value", "Terminal value", f"{plan.case.setting('terminal_value').replace('_', ' ')}, discounted"),
        ("npv", "NPV", "with terminal value"),
    ):
        lines.append(Line(VALUE, label, {}, money, total=totals[name], style="label", remark=remark))
    return lines


def _items(plan: Plan, numbers: Recomputed) -> list[Line]:
    money, years = money_unit(plan.case), plan.case.years
    found = by_year(numbers.cash, ("entry", "item"), "amount")
    return [
        Line(f"By item: {entry_in_words(entry).lower()}", str(item), _every(found[entry, item], years), money, total="sum")
        for entry, item in sorted(found, key=lambda key: _place(key[0]))
        if item
    ]


def _lines(plan: Plan, rows: pd.DataFrame, section: str, labels: dict[str, tuple[str, Look]], summed: tuple[str, ...]) -> list[Line]:
    money, found = money_unit(plan.case), []
    for column, (label, style) in labels.items():
        if len(rows) and rows[column].notna().any():
            values = {int(year): float(value) for year, value in zip(rows["year"], rows[column], strict=True)}
            unit = "" if style == "factor" else money
            found.append(Line(section, label, values, unit, total="sum" if column in summed else None, style=style))
    return found


def _every(values: Mapping[int, float], years: Sequence[int]) -> dict[int, float]:
    return {year: values.get(year, 0.0) for year in years}


def _place(entry: str) -> int:
    """Where an entry stands: in the order of the recomputation, those of the caller's own blocks last."""
    order = list(KINDS)
    return order.index(entry) if entry in order else len(order)
