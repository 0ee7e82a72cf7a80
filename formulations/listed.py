"""Listed: Sets, Params and Vars that take their members and numbers as they are.

Pyomo checks every member of a Set and every number of a Param when it makes them, and makes an object for each list of an indexed
Set: most of the time that a large model takes. What blocks list comes from checked tables, so these take it in one go; the object of a list
is made when somebody asks for it. They are Pyomo's own kinds and are used like them.
"""

from __future__ import annotations

import weakref
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import pyomo.environ as pyo
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.set import IndexedSet, InsertionOrderSetData, OrderedScalarSet
from pyomo.core.base.var import IndexedVar, VarData


class Members(OrderedScalarSet):
    """A Set of members of `dimen` parts, each once, in order."""

    _constructed: bool

    def __init__(self, dimen: int = 1, *, initialize: Iterable[Any], doc: str = "") -> None:
        self._listed = initialize
        super().__init__(dimen=dimen, doc=doc)

    def construct(self, data: Any = None) -> None:
        if not self._constructed:
            self._constructed = True
            self._data[None] = self
            self._index, self._domain = None, pyo.Any
            self._values = dict.fromkeys(self._listed)


class Lists(IndexedSet):
    """A Set for every index: its list in `initialize`, or none."""

    _ComponentDataClass = InsertionOrderSetData
    _constructed: bool

    def __init__(self, *index: pyo.Set, dimen: int, initialize: Mapping[Any, Sequence[Any]], doc: str = "") -> None:
        self.lists, self.dimen_of_lists = initialize, dimen
        super().__init__(*index, dimen=dimen, doc=doc)

    def construct(self, data: Any = None) -> None:
        if not self._constructed:
            self._constructed = True
            for product in self._anonymous_sets or ():
                product.construct()

    def _getitem_when_not_present(self, index: Any) -> InsertionOrderSetData:
        found = self._data[index] = InsertionOrderSetData(component=self)
        found._index, found._domain, found._dimen = index, pyo.Any, self.dimen_of_lists
        found._values = dict.fromkeys(self.lists.get(index, ()))
        return found


class Decisions(IndexedVar):
    """A Var of one domain, or whole where `whole` has the first part of its index; bounds by index, or none beyond those of the domain."""

    _constructed: bool

    def __init__(
        self,
        *index: pyo.Set,
        domain: Any = pyo.NonNegativeReals,
        whole: Container[str] = (),
        bounds: Mapping[Any, tuple[float | None, float | None]] | None = None,
        doc: str = "",
    ) -> None:
        self._listed = domain, whole, bounds or {}
        super().__init__(*index, domain=domain, doc=doc)

    def construct(self, data: Any = None) -> None:
        if self._constructed:
            return
        self._constructed = True
        for product in self._anonymous_sets or ():
            product.construct()
        domain, whole, bounds = self._listed
        owner = weakref.ref(self)
        for index in self.index_set():
            made = self._data[index] = VarData()
            made._component, made._index = owner, index
            made._domain = pyo.NonNegativeIntegers if whole and index[0] in whole else domain
            made._lb, made._ub = bounds.get(index, (None, None))


class Numbers(IndexedParam):
    """A Param that cannot be changed: numbers by index, and perhaps a default for any other index."""

    _constructed: bool

    def __init__(self, *index: pyo.Set, initialize: Mapping[Any, float], default: Any = pyo.Param.NoValue, doc: str = "") -> None:
        self._listed = initialize
        super().__init__(*index, default=default, doc=doc)

    def construct(self, data: Any = None) -> None:
        if not self._constructed:
            self._constructed = True
            for product in self._anonymous_sets or ():
                product.construct()
            self._data = dict(self._listed)

    @property
    def numbers(self) -> dict[Any, float]:
        """All numbers by index, without the default."""
        found: dict[Any, float] = self._data
        return found
