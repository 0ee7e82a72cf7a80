"""Relief arrays: the case of each relief as arrays. Sums of differences rank reliefs of a later case; what is searched is built anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.change import Change, varied
from masterplan.data.errors import CaseError
from masterplan.data.relief import Relief
from masterplan.first_order import apart, divisible_worth, first_order_worth, like, with_difference
from masterplan.fixed_prices import Priced
from masterplan.prepared import Prepared, prepare


@dataclass(frozen=True, eq=False)
class Candidate:
    """A relief that a plan could have, in full: what its prices say, and what it would be worth if modules were divisible [money].

    `after` is the relieved case, `own` its model where more than numbers moved; `summed` says that `after` is only a sum of differences,
    good for ranking: where a number of the model is the least of two, or their product, it is not the relieved case. `cost` is what the
    way costs, discounted like the objective, 0 where it is not known.
    """

    relief: Relief
    first_order: float
    divisible: float
    cost: float
    after: Arrays
    own: Prepared | None = None
    summed: bool = False

    def ready(self, now: Prepared) -> Prepared | None:
        """The relieved case to be searched, `now` being the case as it stands: where only numbers move its model names the columns.

        None where it is no case.
        """
        if self.summed:
            return compiled(now.case, self.relief.change(self.relief.most))
        return self.own or alike(now, self.after)


def alike(now: Prepared, after: Arrays) -> Prepared:
    """A case that has the columns and rows of `now` with other numbers, to be searched; the values of its model stay those of `now`."""
    return replace(now, arrays=replace(after, variables=now.arrays.variables, constraints=now.arrays.constraints))


@dataclass(frozen=True, eq=False)
class Relieved:
    """A relieved case as arrays, with its model where its columns or rows are others; `summed` as for `Candidate`."""

    after: Arrays
    own: Prepared | None = None
    summed: bool = False


class ReliefArrays:
    """What each relief makes of the case that the study began with, so that ranking in a later case takes no new model."""

    def __init__(self) -> None:
        self._first: Arrays | None = None
        self._after: dict[str, Arrays] = {}
        self._now: tuple[Arrays, Arrays] | None = None  # the arrays as they stand, and the same by name

    def candidate(
        self, priced: Priced, relief: Relief, divisible_now: float | None, relieved: Collection[Relief] | None
    ) -> Candidate | None:
        """The guesses for a relief of the priced plan; None where the relieved case is no case.

        `relieved` are the reliefs that the case already has: one that touches a row of theirs is built anew, all are where it is None.
        """
        found = self._relieved(priced, relief, relieved)
        if found is None:
            return None
        divisible, first_order = divisible_worth(found.after), first_order_worth(priced, found.after)
        gain = first_order if divisible is None or divisible_now is None else divisible - divisible_now
        return Candidate(relief, first_order, gain, cost_now(priced, relief), found.after, found.own, found.summed)

    def _relieved(self, priced: Priced, relief: Relief, relieved: Collection[Relief] | None) -> Relieved | None:
        """The arrays of a relieved case; None where it is no case."""
        if self._now is None or self._now[0] is not priced.arrays:
            self._now = (priced.arrays, priced.arrays.named())
        now = self._now[1]
        if self._first is None or not like(now, self._first):  # what was relieved moved years or options: begin anew
            self._first, self._after = now, {}
        known = self._after.get(relief.name)
        if known is not None and now is self._first:
            return Relieved(known)
        alone = relieved is not None and not any(_same_row(relief, other) for other in relieved)
        if known is not None and alone and apart(now, known, self._first):
            return Relieved(with_difference(now, known, self._first), summed=True)
        own = compiled(priced.ready.case, relief.change(relief.most))
        if own is None:
            return None
        after = own.arrays.named()
        if not like(after, now):
            return Relieved(after, own)
        if now is self._first:
            self._after[relief.name] = after
        return Relieved(after)


def _same_row(one: Relief, other: Relief) -> bool:
    """Do both touch the same row of a table? The numbers of a row meet in the rules of the model more often than not."""
    mine, its = one.key.split("/"), other.key.split("/")
    return one.table == other.table and all(a == b or "*" in (a, b) for a, b in zip(mine, its, strict=False))


def cost_now(priced: Priced, relief: Relief) -> float:
    """The cost of a relief as money of the objective; 0 where it is not known."""
    case, m = priced.ready.case, priced.ready.model
    year = min(max(relief.from_year or case.first_year, case.first_year), case.last_year)
    return (relief.cost or 0.0) * (1.0 if case.setting("objective") == "final_cash" else float(m.discount[year]))


def compiled(case: Case, change: Change) -> Prepared | None:
    """A case after a change, ready to be solved; None where that is no case."""
    try:
        return prepare(varied(case, [change]), keep=False)
    except (CaseError, InfeasibleModelError):
        return None
