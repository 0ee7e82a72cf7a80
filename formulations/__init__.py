"""From a case to a Pyomo model: `POSTING` and `COLLECTING` are the table of contents, one block a file.

A block is a module with `add(m, case, ledger)`. Blocks of `POSTING` decide and post; blocks of `COLLECTING` sum what was posted.
A caller's own blocks stand between the two. Order matters: a block may use what stands above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.pause import no_garbage, undisturbed
from masterplan.formulations import (
    balance,
    budget,
    build,
    capacity,
    cash,
    construct,
    convert,
    credit,
    debt,
    depreciation,
    earnings,
    gates,
    horizon,
    learn,
    limits,
    objective,
    operate,
    retire,
    rules,
    spend,
    store,
    synergy,
    tax,
    terminal,
    trade,
)
from masterplan.formulations.ledger import Account, Ledger
from masterplan.formulations.templates import constraint_templates


class Block(Protocol):
    """What a block module has to offer."""

    def add(self, m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
        """Add Sets, Params, Vars and Constraints to the model, and post to the ledger."""


POSTING: tuple[Block, ...] = (
    horizon,
    build,
    retire,
    convert,
    capacity,
    operate,
    construct,
    trade,
    store,
    learn,
    spend,
    depreciation,
    credit,
    rules,
    debt,
    limits,
    gates,
    synergy,
)
COLLECTING: tuple[Block, ...] = (balance, budget, tax, earnings, cash, terminal, objective)

__all__ = ["COLLECTING", "POSTING", "Account", "Block", "Ledger", "formulate"]


def formulate(
    case: Case, extra: Sequence[Block] = (), templates: bool = True, last: Sequence[Block] = ()
) -> tuple[pyo.ConcreteModel, Ledger]:
    """Build the model of one future of a case.

    `extra` blocks stand after those that post and before those that collect, `last` ones after the objective. With `templates`, each
    constraint is stored as one template instead of one expression a row: faster, but Pyomo's LP and MPS writers refuse it, and rules
    must be written for it (sums over Sets, no name of a case in an index). `extra` blocks need not be: with them there are no templates.
    """
    m, ledger = pyo.ConcreteModel(name=case.name), Ledger()
    # Pyomo takes a Ctrl-C in the middle of a rule for an error of the rule, tells that, and goes on
    with undisturbed(), constraint_templates(templates and not extra), no_garbage():
        for block in (*POSTING, *extra, *COLLECTING, *last):
            block.add(m, case, ledger)
    return m, ledger
