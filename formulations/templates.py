"""Templates: constraints stored as one template instead of one expression a row, where Pyomo can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyomo.core.base.constraint as pyomo_constraint
import pyomo.core.base.objective as pyomo_objective
import pyomo.core.expr.template_expr as template_expr
import pyomo.environ as pyo

from masterplan.formulations.ledger import Term
from masterplan.formulations.listed import Lists

Rule = Callable[..., Term]


@contextmanager
def constraint_templates(wanted: bool) -> Iterator[None]:
    """Pyomo's switch is global: set it here alone, and put it back."""
    before, context = pyomo_constraint.TEMPLATIZE_CONSTRAINTS, template_expr._template_iter_context
    pyomo_constraint.TEMPLATIZE_CONSTRAINTS = pyomo_objective.TEMPLATIZE_OBJECTIVES = wanted
    template_expr._template_iter_context = _Context
    try:
        yield
    finally:
        pyomo_constraint.TEMPLATIZE_CONSTRAINTS = pyomo_objective.TEMPLATIZE_OBJECTIVES = before
        template_expr._template_iter_context = context


class _Context(template_expr._template_iter_context):
    """Pyomo's own, but for sums over a list of an indexed Set: it would look for a list with members to see how long they are."""

    def get_iter(self, source: Any) -> Iterator[Any]:
        if isinstance(source, template_expr.GetItemExpression) and isinstance(source.arg(0), Lists):
            return self._placeholders(source)
        return iter(super().get_iter(source))

    def _placeholders(self, source: Any) -> Iterator[Any]:
        group, parts = self.next_group(), range(source.arg(0).dimen_of_lists)
        index = tuple(template_expr.IndexTemplate(source, part, self.next_id(), group) for part in parts)
        self.cache.append(index)
        yield index if len(index) > 1 else index[0]


def holds(m: pyo.ConcreteModel, *index: pyo.Set, doc: str) -> Callable[[Rule], Rule]:
    """Decorator: add a constraint named after its rule.

    No template is taken over an empty index: Pyomo cannot.
    """

    def declare(rule: Rule) -> Rule:
        empty = any(len(allowed) == 0 for allowed in index)
        with constraint_templates(pyomo_constraint.TEMPLATIZE_CONSTRAINTS and not empty):
            m.add_component(rule.__name__, pyo.Constraint(*index, rule=rule, doc=doc))
        return rule

    return declare
