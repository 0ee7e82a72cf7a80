"""The sheet Cash as formulas: entries by kind and item, the account, debt, tax, and the way from cash flow to NPV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from masterplan.reports import cash as report
from masterplan.reports import live_begun as columns
from masterplan.reports.depreciation import has_class
from masterplan.reports.facts import Facts
from masterplan.reports.flows import borrows
from masterplan.reports.formula import ONE, ZERO, Term, added, greatest, number
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_begun import Begun
from masterplan.reports.live_ends import early_part, growth, last_tax_rate
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_money import Item, closing_debt, opening_debt
from masterplan.reports.live_operation import Decided
from masterplan.reports.live_sheet import LiveSheet, Row, block_sum, period_term, total_of
from masterplan.reports.money import EXTRA, KINDS
from masterplan.reports.names import entry_in_words, money_unit
from masterplan.reports.recompute import Recomputed
from masterplan.reports.timeline import Look, by_year
from masterplan.reports.worth import PAID_ONCE, YEAR_PART

DEBT, TAX = "Debt", "Tax base"


@dataclass(eq=False)
class Worth:
    """Lines of the sheet Cash that others refer to: entries, then the lines and figures of its other sections by name."""

    facts: Facts
    inputs: Inputs
    found: Recomputed
    sheet: LiveSheet
    entries: dict[str, Row] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    by_item: dict[tuple[str, str], Row] = field(default_factory=dict)
    lines: dict[str, Row] = field(default_factory=dict)
    figures: dict[str, Row] = field(default_factory=dict)

    @property
    def money(self) -> str:
        return money_unit(self.facts.case)

    def add(self, section: str, name: str, label: str, term: Term, style: Look = "number", total: bool = False, frame: str = "") -> Row:
        """A line of a section; `frame` is the recomputed frame that has a column of that name."""
        truth = None
        if frame:
            rows = getattr(self.found, frame)
            truth = dict(zip(rows["year"].tolist(), rows[name].tolist(), strict=True))
        unit = "" if style == "factor" else self.money
        self.lines[f"{section}.{name}"] = self.sheet.line(section, label, term, unit, truth=truth, style=style, total=total)
        return self.lines[f"{section}.{name}"]

    def of_kinds(self, *kinds: str) -> list[Row]:
        """The entries of some kinds."""
        return [row for entry, row in self.entries.items() if self.kinds[entry] in kinds]


def worth(
    facts: Facts, inputs: Inputs, begun: Begun, ages: Ages, decided: Decided, items: list[Item], after: Mapping[str, Row],
    found: Recomputed, sheet: LiveSheet,
) -> Worth:  # fmt: skip
    """The whole sheet."""
    made = Worth(facts, inputs, found, sheet)
    _entries(made, items)
    if facts.is_taxed:
        _tax(made, ages, decided)
    _account(made)
    if borrows(facts.case):
        _debt(made, decided)
    _value(made, decided)
    _npv(made, begun, decided, after)
    return made


def _entries(made: Worth, items: list[Item]) -> None:
    """A line per entry; where it has items, these stand in a section of their own, and the entry is their sum."""
    true, known = by_year(made.found.cash, ("entry", "item"), "amount"), {(entry, item): term for entry, item, term in items}
    extra = {str(entry) for entry, kind in zip(made.found.cash["entry"], made.found.cash["kind"], strict=True) if kind == EXTRA}
    keys = sorted({*known, *((entry, item or "") for entry, item in true)}, key=lambda key: report._place(key[0]))
    entries = list(dict.fromkeys(entry for entry, _ in keys))
    if made.facts.is_taxed and "tax" not in entries:
        entries.append("tax")
    order = {key: place for place, key in enumerate([*known, *true])}
    for entry in sorted(entries, key=report._place):
        kind = EXTRA if entry in extra else KINDS[entry]
        made.kinds[entry] = kind
        made.sheet.section(report.SECTIONS.get(kind, entry_in_words(kind)))
    debt, tax = [DEBT] if borrows(made.facts.case) else [], [TAX] if made.facts.is_taxed else []
    for section in (report.ACCOUNT, *debt, *tax, report.VALUE):
        made.sheet.section(section)
    for entry in sorted(entries, key=report._place):
        if entry == "tax":
            continue
        own = sorted((key for key in keys if key[0] == entry), key=lambda key: order.get(key, 0))
        section = report.SECTIONS[made.kinds[entry]]
        for key in own:
            if key[1]:
                place = f"By item: {entry_in_words(entry).lower()}"
                term, truth = known.get(key, ZERO), true.get(key, {})
                made.by_item[key] = made.sheet.line(place, key[1], term, made.money, truth=truth, total=True)
        rows = [made.by_item[key] for key in own if key[1]]
        term = block_sum(rows) if rows else known.get((entry, ""), ZERO)
        truth = {year: sum(true.get(key, {}).get(year, 0.0) for key in own) for year in made.facts.case.years}
        made.entries[entry] = made.sheet.line(section, entry_in_words(entry), term, made.money, truth=truth, total=True)


def _tax(made: Worth, ages: Ages, decided: Decided) -> None:
    facts, inputs = made.facts, made.inputs
    classed = [project for project in facts.case.names("projects") if has_class(facts, project)]
    base = inputs.series("finance", "baseline_taxable") if inputs.has_any("finance", "baseline_taxable") else ZERO
    base = base + added([row.here for row in made.of_kinds("operating")])
    for entry in ("capex", "capitalised_capex"):
        if not classed and entry in made.entries:
            base = base + made.entries[entry].here
        elif classed:
            base = added([base, *(row.here for key, row in made.by_item.items() if key[0] == entry and key[1] not in classed)])
    if classed:
        rows = [block_sum(ages.written_off[project]) for project in classed if ages.written_off[project]]
        base = base - made.add(TAX, "depreciation", "Depreciation, deducted", added(rows), frame="tax").here
    taxable = made.add(TAX, "base", "Taxable before losses", base, frame="tax")
    pool = decided["losses"]["all", ""]
    before = pool.before(inputs.setting("opening_losses"))
    made.add(TAX, "losses_used", "Losses used", greatest(ZERO, before - pool.here), frame="tax")
    made.add(TAX, "loss_pool", "Losses carried forward", pool.here, frame="tax")
    income = made.add(TAX, "income", "Taxable income", taxable.here + pool.here - before, frame="tax")
    paid = made.add(TAX, "tax", "Tax", inputs.series("finance", "tax_rate") * income.here, "total", True, frame="tax")
    section = report.SECTIONS["tax"]
    made.entries["tax"] = made.sheet.line(section, entry_in_words("tax"), -paid.here, made.money, total=True)


def _account(made: Worth) -> None:
    opening = made.add(report.ACCOUNT, "opening", "Opening cash", ZERO)
    net = made.add(
        report.ACCOUNT, "net", "Net cash of the year", added([row.here for row in made.entries.values()]), total=True, frame="cash_position"
    )
    closing = made.add(report.ACCOUNT, "closing", "Closing cash", opening.here + net.here, "total")
    first = made.inputs.setting("opening_cash")
    closing.values = first.values + np.cumsum(net.values)
    opening.term = closing.before(first)
    opening.values = opening.term.values
    if made.found.cash_position["minimum"].notna().any():
        made.add(report.ACCOUNT, "minimum", "Least cash allowed", made.inputs.series("finance", "minimum_cash"), frame="cash_position")


def _debt(made: Worth, decided: Decided) -> None:
    flows, inputs = decided["financing"], made.inputs
    made.add(DEBT, "opening", "Opening debt", opening_debt(made.facts, inputs, decided), frame="debt")
    made.add(DEBT, "drawn", "Drawn", flows["drawn", ""].here, total=True, frame="debt")
    made.add(DEBT, "repaid", "Repaid", flows["repaid", ""].here, total=True, frame="debt")
    made.add(DEBT, "closing", "Closing debt", closing_debt(made.facts, inputs, decided), "total", frame="debt")
    if inputs.has_any("finance", "debt_limit"):
        made.add(DEBT, "limit", "Most debt allowed", inputs.series("finance", "debt_limit"), frame="debt")
    counted = made.of_kinds("operating", "baseline") + [row for entry, row in made.entries.items() if entry == "production_credit"]
    earned = made.add(DEBT, "earnings", "Earnings", added([row.here for row in counted]), frame="debt")
    if inputs.has_any("finance", "debt_multiple"):
        carried = inputs.series("finance", "debt_multiple") * earned.here
        made.add(DEBT, "carried", "Most debt that earnings carry", carried, frame="debt")


def _value(made: Worth, decided: Decided) -> None:
    facts, inputs = made.facts, made.inputs
    counted = [row.here for entry, row in made.entries.items() if made.kinds.get(entry) != "financing"]
    flow = made.add(report.VALUE, "cash_flow", "Cash flow that counts", added(counted), total=True, frame="present_value").here
    if borrows(facts.case) and facts.case.setting("debt_spread"):
        charge = -(inputs.setting("debt_spread") * opening_debt(facts, inputs, decided))
        flow = flow + made.add(report.VALUE, "debt_spread", report.CHARGE, charge, total=True, frame="present_value").here
    if inputs.has_any("finance", "discount_factor"):
        factor = inputs.series("finance", "discount_factor")
    else:
        passed = period_term(facts.case.years) - ONE + number(YEAR_PART[facts.case.setting("flow_timing")])
        factor = ONE / growth(inputs, passed)
    discount = made.add(report.VALUE, "factor", "Discount factor", factor, "factor", frame="present_value")
    made.add(report.VALUE, "present_value", "Present value", flow * discount.here, "total", True, frame="present_value")
    made.add(report.VALUE, "so_far", report.SO_FAR, made.lines[f"{report.VALUE}.cash_flow"].so_far)


def terminal_factor(made: Worth) -> Term:
    """Factor of the end of the last year."""
    inputs, case = made.inputs, made.facts.case
    if case.setting("terminal_discount_factor") is not None:
        return inputs.setting("terminal_discount_factor")
    if inputs.has_any("finance", "discount_factor"):
        return inputs.at("finance", "discount_factor", (), inputs.setting("last_year"))
    return ONE / growth(inputs, inputs.setting("last_year") - inputs.setting("first_year") + ONE)


def _npv(made: Worth, begun: Begun, decided: Decided, after: Mapping[str, Row]) -> None:
    facts, inputs, totals = made.facts, made.inputs, made.found.totals
    kept = ONE - last_tax_rate(facts, inputs)

    def figure(name: str, label: str, term: Term, remark: str, truth: bool = True) -> Term:
        value = totals[name] if truth else None
        made.figures[name] = made.sheet.figure(report.VALUE, label, term, made.money, remark, truth=value)
        return total_of(made.figures[name])

    factor = figure(
        "terminal_factor", "Factor of the end of the last year", terminal_factor(made), "discounts what falls at the end of the plan", False
    )
    spent = [total_of(row) if has_class(facts, project) else total_of(row) * kept for project, row in after.items()]
    credits_due = [begun.blocks[name].total(columns.LATER) for name, share in facts.attribute("projects", "credit").items() if share]
    later = (added(credits_due) - added(spent)) * factor
    after_all = figure("after_horizon", "Spend after the last year", later, "of modules started inside the plan, discounted, less credits")
    present = made.lines[f"{report.VALUE}.present_value"]
    without = present.over_all + after_all
    without_all = figure(
        "npv_without_terminal", "NPV without terminal value", without, "the present values above and the spend after the last year"
    )
    kind = facts.case.setting("terminal_value")
    ending = _terminal(made, begun, decided, kind) * factor
    terminal = figure("terminal_value", "Terminal value", ending, f"{kind.replace('_', ' ')}, discounted")
    figure("npv", "NPV", without_all + terminal, "with terminal value")


def _terminal(made: Worth, begun: Begun, decided: Decided, kind: str) -> Term:
    facts, inputs = made.facts, made.inputs
    if kind == "book_value":
        stocks = [
            inputs.attribute("resources", "stock_value", resource) * row.at_end()
            for (resource, _), row in decided["stocks"].items()
            if facts.attribute("resources", "stock_value")[resource]
        ]
        return added([block.total(columns.ENDS) for block in begun.blocks.values()] + stocks)
    return _perpetuity(made, begun) if kind == "perpetuity" else ZERO


def _perpetuity(made: Worth, begun: Begun) -> Term:
    facts, inputs = made.facts, made.inputs
    last, rate, more = inputs.setting("last_year"), inputs.setting("discount_rate"), inputs.setting("perpetuity_growth")
    years_worth = (ONE + more) / (rate - more) * growth(inputs, early_part(facts))
    once = added([made.entries[entry].at_end() for entry in PAID_ONCE if entry in made.entries])
    credit = [row for entry, row in made.entries.items() if entry == "production_credit"]
    operating = [row.at_end() for row in made.of_kinds("operating")]
    earned = added([row.at_end() for row in [*made.of_kinds("operating", "baseline"), *credit]]) - once
    replaced = added([block.total(columns.REPLACE) for block in begun.blocks.values()])
    yearly = earned - replaced
    if inputs.has_any("finance", "committed_capex"):
        yearly = yearly - inputs.at("finance", "committed_capex", (), last)
    income = added(operating) - once - replaced
    if inputs.has_any("finance", "baseline_taxable"):
        income = income + inputs.at("finance", "baseline_taxable", (), last)
    return (yearly - last_tax_rate(facts, inputs) * income) * years_worth
