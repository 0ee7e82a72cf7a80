"""Templates: constraints stored as one template instead of one expression a row, where Pyomo can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyomo.core.base.constraint as pyomo_constraint
import pyomo.core.base.objective as pyomo_objective
import pyomo.environ as pyo

from masterplan.formulations.ledger import Term

Rule = Callable[..., Term]


@contextmanager
def constraint_templates(wanted: bool) -> Iterator[None]:
    """Pyomo's switch is global: set it here alone, and put it back."""
    before = pyomo_constraint.TEMPLATIZE_CONSTRAINTS
    pyomo_constraint.TEMPLATIZE_CONSTRAINTS = pyomo_objective.TEMPLATIZE_OBJECTIVES = wanted
    try:
        yield
    finally:
        pyomo_constraint.TEMPLATIZE_CONSTRAINTS = pyomo_objective.TEMPLATIZE_OBJECTIVES = before


def holds(m: pyo.ConcreteModel, *index: pyo.Set, doc: str, nested: bool = False) -> Callable[[Rule], Rule]:
    """Decorator: add a constraint named after its rule.

    No template is taken over an empty index, nor of sums within sums over sets that may be empty (`nested`): Pyomo cannot.
    """

    def declare(rule: Rule) -> Rule:
        empty = any(len(allowed) == 0 for allowed in index)
        with constraint_templates(pyomo_constraint.TEMPLATIZE_CONSTRAINTS and not empty and not nested):
            m.add_component(rule.__name__, pyo.Constraint(*index, rule=rule, doc=doc))
        return rule

    return declare
