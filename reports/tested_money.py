"""The rules of money: the capex limit, cash, debt, equity, and what is taxed."""

from __future__ import annotations

from masterplan.reports.cash import ACCOUNT
from masterplan.reports.formula import ZERO, added, compare, greatest, size, when
from masterplan.reports.live_worth import DEBT, TAX
from masterplan.reports.tested_rule import Built, Tests, beyond


def budget(built: Built) -> Tests:
    """Capex and commitments are within what may be spent, what the year before left included."""
    lines = built.spent.budget
    if lines:
        yield "all projects", beyond(lines["spend"].here + lines["committed_inside"].here, lines["available"].here)


def cash(built: Built) -> Tests:
    """The account never closes below the least cash allowed."""
    lines = built.worth.lines
    if f"{ACCOUNT}.minimum" in lines:
        closing, floor = lines[f"{ACCOUNT}.closing"].here, lines[f"{ACCOUNT}.minimum"].here
        rows = list(built.worth.entries.values())
        scale = size(lines[f"{ACCOUNT}.opening"].here) + added([size(row.here) for row in rows]) + size(floor)
        yield "company", beyond(floor, closing, scale)


def debt(built: Built) -> Tests:
    """Debt is not below zero, nor above its limit or what earnings carry."""
    lines = built.worth.lines
    if f"{DEBT}.closing" in lines:
        closing = lines[f"{DEBT}.closing"].here
        scale = size(lines[f"{DEBT}.opening"].here) + lines[f"{DEBT}.drawn"].here + lines[f"{DEBT}.repaid"].here
        yield "not below zero", beyond(ZERO, closing, scale)
        for name in ("limit", "carried"):
            if f"{DEBT}.{name}" in lines:
                yield name, beyond(closing, lines[f"{DEBT}.{name}"].here)


def raised(built: Built) -> Tests:
    """No more equity is raised than allowed, no less paid out than promised."""
    flows = built.decided["financing"]
    if ("raised", "") in flows:
        yield "raised", beyond(flows["raised", ""].here, built.inputs.series("finance", "raise_limit"))
    if ("distributed", "") in flows:
        yield "distributed", beyond(built.inputs.series("finance", "distributions"), flows["distributed", ""].here)


def taxed(built: Built) -> Tests:
    """Taxable income is not negative, and losses grow and are used as the law has it."""
    lines = built.worth.lines
    if f"{TAX}.income" not in lines:
        return
    rows = [
        *built.worth.of_kinds("operating"),
        *(built.worth.entries[name] for name in ("capex", "capitalised_capex") if name in built.worth.entries),
    ]
    pool = built.decided["losses"]["all", ""]
    before = pool.before(built.inputs.setting("opening_losses"))
    scale = added([size(row.here) for row in rows]) + pool.here + before
    base, used = lines[f"{TAX}.base"].here, lines[f"{TAX}.losses_used"].here
    yield "taxable income is not negative", beyond(ZERO, lines[f"{TAX}.income"].here, scale)
    yield "losses grow only by the loss of the year", beyond(pool.here, before + greatest(ZERO, -base), scale)
    if built.inputs.has_any("finance", "loss_cap"):
        cap = built.inputs.series("finance", "loss_cap")
        yield "losses offset no more than their share", when(compare(base, ">=", ZERO), beyond(used, cap * base, scale), ZERO)
