"""Block after block: what each adds to a model, and what it posts to the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.formulations import COLLECTING, POSTING
from masterplan.formulations.ledger import Account, Ledger
from masterplan.formulations.templates import constraint_templates

BLOCKS: tuple[Any, ...] = (*POSTING, *COLLECTING)


@dataclass(frozen=True)
class Step:
    """What one block added: components by name, and entries by account."""

    components: dict[str, Any]
    entries: dict[Account, tuple[str, ...]]

    def names(self, *kinds: Any) -> set[str]:
        return {name for name, component in self.components.items() if component.ctype in kinds}


def name_of(block: ModuleType) -> str:
    """`masterplan.formulations.build` -> `build`."""
    return block.__name__.rsplit(".", 1)[-1]


def walk(case: Case) -> tuple[pyo.ConcreteModel, dict[str, Step]]:
    """Build a model without templates as `formulate` does, and note after each block what is new."""
    m, ledger, steps = pyo.ConcreteModel(name=case.name), Ledger(), {}
    with constraint_templates(False):
        for block in BLOCKS:
            before, posted = set(m.component_map()), {account: set(ledger.entries(account)) for account in Account}
            block.add(m, case, ledger)
            added = {name: component for name, component in m.component_map().items() if name not in before}
            new = {account: tuple(entry for entry in ledger.entries(account) if entry not in posted[account]) for account in Account}
            steps[name_of(block)] = Step(added, {account: entries for account, entries in new.items() if entries})
    return m, steps
