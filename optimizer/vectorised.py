"""Vectorised: one template of a constraint worked out over its whole index at once, as arrays, instead of row by row.

A template holds its rule once, with placeholders for indices. Here the placeholders stand for arrays of codes, sums over Sets for
longer arrays that know which row each entry belongs to, and products with Params for products of arrays. What an expression
may hold beyond that raises `UnknownShapeError`, and Pyomo's own compiler takes over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pyomo.core.expr.numeric_expr as nodes
import pyomo.environ as pyo
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression
from pyomo.repn.util import TemplateVarRecorder

from masterplan.codes import Codes, Lookup
from masterplan.formulations.listed import Lists, Numbers

Terms = tuple[np.ndarray, np.ndarray, np.ndarray]  # places in the frame, columns, coefficients


class UnknownShapeError(Exception):
    """An expression that is not worked out here; its message names the kind."""


@dataclass(eq=False)
class Frame:
    """So many instances of a template: the codes of every placeholder, its own or those of the frame around it."""

    size: int
    own: dict[int, np.ndarray]
    outer: Frame | None = None
    places: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # of each instance, in the frame around

    def codes(self, template: IndexTemplate) -> np.ndarray:
        found = self.own.get(id(template))
        if found is None:
            if self.outer is None:
                raise UnknownShapeError(f"placeholder {template} from elsewhere")
            found = self.own[id(template)] = self.outer.codes(template)[self.places]
        return found


@dataclass
class Linear:
    """constant + sum of coefficient x column, for every instance of a frame."""

    constant: np.ndarray | float = 0.0
    terms: list[Terms] = field(default_factory=list)

    def add(self, other: Linear) -> None:
        self.constant = self.constant + other.constant
        self.terms.extend(other.terms)

    def scaled(self, factor: np.ndarray | float) -> Linear:
        by_place = isinstance(factor, np.ndarray)
        terms = [(places, columns, values * (factor[places] if by_place else factor)) for places, columns, values in self.terms]  # type: ignore[index]
        return Linear(self.constant * factor, terms)


class Templates:
    """Works templates out; what it learns about the Sets, Params and Vars of a model it keeps for the next template."""

    def __init__(self, recorder: TemplateVarRecorder) -> None:
        self.codes = Codes()
        self._recorder = recorder
        self._params: dict[int, tuple[Lookup, np.ndarray]] = {}
        self._vars: dict[int, tuple[Lookup, np.ndarray]] = {}
        self._members: dict[int, np.ndarray] = {}
        self._listed: dict[int, tuple[Lookup, np.ndarray, np.ndarray, np.ndarray]] = {}

    def over(self, expression: Any, indices: tuple[IndexTemplate, ...], keys: Any) -> Linear:
        """An expression for every key of a container. Raises UnknownShapeError."""
        coded = self.codes.of(keys, max(len(indices), 1))
        frame = Frame(len(keys), {id(template): coded[:, place] for place, template in enumerate(indices)})
        return self._visit(expression, frame)

    def _visit(self, node: Any, frame: Frame) -> Linear:
        kind = node.__class__
        if kind in native_numeric_types:
            return Linear(float(node))
        if kind is IndexTemplate:
            return Linear(self._index_as_number(node, frame))
        if not node.is_expression_type():
            return self._leaf(node, frame)
        if kind is TemplateSumExpression:
            return self._sum_over_set(node, frame)
        if isinstance(node, GetItemExpression):
            return self._item(node, frame)
        if isinstance(node, nodes.SumExpression):
            return self._sum(node, frame)
        if isinstance(node, nodes.ProductExpression):
            return _product(*(self._visit(arg, frame) for arg in node.args))
        if isinstance(node, nodes.NegationExpression):
            return self._visit(node.arg(0), frame).scaled(-1.0)
        if isinstance(node, nodes.DivisionExpression):
            over, under = (self._visit(arg, frame) for arg in node.args)
            if under.terms:
                raise UnknownShapeError("division by a decision")
            return over.scaled(1.0 / under.constant)
        raise UnknownShapeError(kind.__name__)

    def _leaf(self, node: Any, frame: Frame) -> Linear:
        if node.is_variable_type():
            self._recorder.add(node)
            column = self._recorder.var_order[id(node)]
            places = np.arange(frame.size)
            return Linear(0.0, [(places, np.full(frame.size, column), np.ones(frame.size))])
        if node.is_parameter_type():
            return Linear(float(pyo.value(node)))
        raise UnknownShapeError(node.__class__.__name__)

    def _sum(self, node: Any, frame: Frame) -> Linear:
        found = Linear()
        for arg in node.args:
            found.add(self._visit(arg, frame))
        return found

    def _sum_over_set(self, node: TemplateSumExpression, frame: Frame) -> Linear:
        inner, places = frame, np.arange(frame.size)
        for group in node.template_iters():
            inner = self._expanded(group, inner)
            places = places[inner.places]
        found = self._visit(node._local_args_[0], inner)
        constant = np.asarray(found.constant)
        total: Any = 0.0
        if constant.any():
            total = np.bincount(places, np.broadcast_to(constant, inner.size), frame.size)
        return Linear(total, [(places[at], columns, values) for at, columns, values in found.terms])

    def _expanded(self, group: tuple[IndexTemplate, ...], frame: Frame) -> Frame:
        """A frame with an instance for every member of the Set that a sum runs over."""
        source = group[0]._set
        if source.is_expression_type():
            if not isinstance(source, GetItemExpression):
                raise UnknownShapeError(source.__class__.__name__)
            lookup, starts, counts, members = self._indexed_set(source.arg(0), source.nargs() - 1)
            at = lookup.find(self._columns(source.args[1:], frame))
            number = np.where(at < 0, 0, counts[at]) if len(counts) else np.zeros(frame.size, dtype=np.int64)
            places = np.repeat(np.arange(frame.size), number)
            first = np.where(at < 0, 0, starts[at]) if len(starts) else number
            picked = np.arange(len(places)) + np.repeat(first - (np.cumsum(number) - number), number)
        else:
            members = self._scalar_set(source)
            places = np.repeat(np.arange(frame.size), len(members))
            picked = np.tile(np.arange(len(members)), frame.size)
        if any(template._index is None for template in group):
            raise UnknownShapeError("a Set of members of different length")
        own = {id(template): members[picked, template._index] if len(places) else places for template in group}
        return Frame(len(places), own, frame, places)

    def _columns(self, indices: Any, frame: Frame) -> list[np.ndarray]:
        """The codes of an item's index, part by part."""
        found: list[np.ndarray] = []
        for index in indices:
            if index.__class__ is IndexTemplate:
                found.append(frame.codes(index))
            elif isinstance(index, str | int | float):
                found.append(np.full(frame.size, self.codes.of([index], 1)[0, 0]))
            else:
                worked_out = self._visit(index, frame)
                if worked_out.terms:
                    raise UnknownShapeError("an index that is decided")
                numbers = np.broadcast_to(worked_out.constant, frame.size)
                used, places = np.unique(numbers, return_inverse=True)
                found.append(self.codes.of([int(one) if one == int(one) else one for one in used.tolist()], 1)[places, 0])
        return found

    def _index_as_number(self, template: IndexTemplate, frame: Frame) -> np.ndarray:
        try:
            return self.codes.numbers(frame.codes(template))
        except (TypeError, ValueError):
            raise UnknownShapeError("a name in a sum") from None

    def _item(self, node: Any, frame: Frame) -> Linear:
        component = node.arg(0)
        if getattr(component, "ctype", None) is pyo.Var:
            lookup, columns = self._var(component, node.nargs() - 1)
            at = lookup.find(self._columns(node.args[1:], frame))
            if (at < 0).any():
                raise UnknownShapeError("a decision that does not exist")
            return Linear(0.0, [(np.arange(frame.size), columns[at], np.ones(frame.size))])
        if getattr(component, "ctype", None) is pyo.Param and not component.mutable:
            lookup, values = self._param(component, node.nargs() - 1)
            at = lookup.find(self._columns(node.args[1:], frame))
            if not (at < 0).any():
                return Linear(values[at])
            default = component.default()
            if default.__class__ not in native_numeric_types:
                raise UnknownShapeError("a number that is not given")
            return Linear(np.where(at < 0, default, values[at]) if len(values) else np.full(frame.size, float(default)))
        raise UnknownShapeError(f"item of {component.__class__.__name__}")

    # what is known of components

    def _var(self, component: Any, width: int) -> tuple[Lookup, np.ndarray]:
        if id(component) not in self._vars:
            self._recorder.add(component)
            columns = self._recorder.env[self._recorder.symbolmap.getSymbol(component)]
            keys = self.codes.of(columns, width)
            self._vars[id(component)] = Lookup(keys), np.fromiter(columns.values(), np.int64, len(columns))
        return self._vars[id(component)]

    def _param(self, component: Any, width: int) -> tuple[Lookup, np.ndarray]:
        if id(component) not in self._params:
            values = component.numbers if isinstance(component, Numbers) else dict(component.sparse_items())
            try:
                numbers = np.fromiter(values.values(), float, len(values))
            except (TypeError, ValueError):
                raise UnknownShapeError("a Param that holds no numbers") from None
            self._params[id(component)] = Lookup(self.codes.of(values, width)), numbers
        return self._params[id(component)]

    def _scalar_set(self, source: Any) -> np.ndarray:
        if id(source) not in self._members:
            if not isinstance(source.dimen, int):
                raise UnknownShapeError("a Set of members of different length")
            self._members[id(source)] = self.codes.of(source.ordered_data(), source.dimen)
        return self._members[id(source)]

    def _indexed_set(self, source: Any, width: int) -> tuple[Lookup, np.ndarray, np.ndarray, np.ndarray]:
        """Where each index stands, where its members begin, how many they are, and all members."""
        if id(source) not in self._listed:
            lists, dimen = _lists_of(source)
            counts = np.fromiter(map(len, lists.values()), np.int64, len(lists))
            flat = list(chain.from_iterable(lists.values()))
            lookup = Lookup(self.codes.of(lists, width))
            self._listed[id(source)] = lookup, np.cumsum(counts) - counts, counts, self.codes.of(flat, dimen)
        return self._listed[id(source)]


def _lists_of(source: Any) -> tuple[Mapping[Any, Sequence[Any]], int]:
    """The members of an indexed Set by index, and of how many parts each is."""
    if isinstance(source, Lists):
        return source.lists, source.dimen_of_lists
    dimens = {members.dimen for members in source.values()}
    dimen = dimens.pop() if dimens else 1  # of no members any length is right
    if dimens or not isinstance(dimen, int):
        raise UnknownShapeError("an indexed Set of members of different length")
    return {index: members.ordered_data() for index, members in source.items()}, dimen


def _product(left: Linear, right: Linear) -> Linear:
    if left.terms and right.terms:
        raise UnknownShapeError("a product of decisions")
    return right.scaled(left.constant) if right.terms or not left.terms else left.scaled(right.constant)
