"""Relief arrays: the case of each relief as arrays, built once and carried along as other limits are relieved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.change_target import Change
from masterplan.data.errors import CaseError
from masterplan.data.relief import Relief
from masterplan.first_order import apart, divisible_worth, first_order_worth, like, with_difference
from masterplan.fixed_prices import Priced
from masterplan.prepared import Prepared, prepare


@dataclass(frozen=True, eq=False)
class Candidate:
    """A relief that a plan could have, in full: what its prices say, and what it would be worth if modules were divisible [money].

    `after` is the relieved case, `own` its model where more than numbers moved; `cost` is what the way costs, discounted like the
    objective, 0 where it is not known.
    """

    relief: Relief
    first_order: float
    divisible: float
    cost: float
    after: Arrays
    own: Prepared | None = None

    def ready(self, now: Prepared) -> Prepared:
        """The relieved case to be searched, `now` being the case as it stands: where only numbers move its model names the columns."""
        return self.own or alike(now, self.after)


def alike(now: Prepared, after: Arrays) -> Prepared:
    """A case that has the columns and rows of `now` with other numbers, to be searched; the values of its model stay those of `now`."""
    return replace(now, arrays=replace(after, variables=now.arrays.variables, constraints=now.arrays.constraints))


class ReliefArrays:
    """What each relief makes of the case that the study began with, so that a later case costs no new model where numbers suffice."""

    def __init__(self) -> None:
        self._first: Arrays | None = None
        self._after: dict[str, Arrays] = {}
        self._now: tuple[Arrays, Arrays] | None = None  # the arrays as they stand, and the same by name

    def candidate(self, priced: Priced, relief: Relief, divisible_now: float | None) -> Candidate | None:
        """The guesses for a relief of the priced plan; None where the relieved case is no case."""
        after, own = self._relieved(priced, relief)
        if after is None:
            return None
        divisible, first_order = divisible_worth(after), first_order_worth(priced, after)
        gain = first_order if divisible is None or divisible_now is None else divisible - divisible_now
        return Candidate(relief, first_order, gain, cost_now(priced, relief), after, own)

    def _relieved(self, priced: Priced, relief: Relief) -> tuple[Arrays | None, Prepared | None]:
        """The arrays of a relieved case, and its model where its columns or rows are others."""
        if self._now is None or self._now[0] is not priced.arrays:
            self._now = (priced.arrays, priced.arrays.named())
        now = self._now[1]
        if self._first is None or not like(now, self._first):  # what was relieved moved years or options: begin anew
            self._first, self._after = now, {}
        known = self._after.get(relief.name)
        if known is not None and apart(now, known, self._first):
            return with_difference(now, known, self._first), None
        own = compiled(priced.ready.case, relief.change(relief.most))
        after = None if own is None else own.arrays.named()
        if after is None or not like(after, now):
            return after, own
        if now is self._first:
            self._after[relief.name] = after
        return after, None


def cost_now(priced: Priced, relief: Relief) -> float:
    """The cost of a relief as money of the objective; 0 where it is not known."""
    case, m = priced.ready.case, priced.ready.model
    year = min(max(relief.from_year or case.first_year, case.first_year), case.last_year)
    return (relief.cost or 0.0) * (1.0 if case.setting("objective") == "final_cash" else float(m.discount[year]))


def compiled(case: Case, change: Change) -> Prepared | None:
    """A case after a change, ready to be solved; None where that is no case."""
    try:
        return prepare(case.change(str(change)))
    except (CaseError, InfeasibleModelError):
        return None
