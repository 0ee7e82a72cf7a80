"""Relief arrays: the case of each relief as arrays, built once and carried along as other limits are relieved."""

from __future__ import annotations

from dataclasses import dataclass

from masterplan.arrays import Arrays
from masterplan.compiling import InfeasibleModelError
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.data.relief import Relief
from masterplan.first_order import apart, divisible_worth, first_order_worth, like, with_difference
from masterplan.fixed_prices import Priced
from masterplan.prepared import prepare


@dataclass(frozen=True, eq=False)
class Candidate:
    """A relief that a plan could have, in full: what its prices say, and what it would be worth if modules were divisible [money].

    `after` is the relieved case; `cost` is what the way costs, discounted like the objective; 0 where it is not known.
    """

    relief: Relief
    first_order: float
    divisible: float
    cost: float
    after: Arrays


class ReliefArrays:
    """What each relief makes of the case that the study began with, so that a later case costs no new model where numbers suffice."""

    def __init__(self) -> None:
        self._first: Arrays | None = None
        self._after: dict[str, Arrays | None] = {}

    def candidate(self, priced: Priced, relief: Relief, divisible_now: float | None) -> Candidate | None:
        """The guesses for a relief of the priced plan; None where the relieved case is no case."""
        after = self._relieved(priced, relief)
        if after is None:
            return None
        divisible, first_order = divisible_worth(after), first_order_worth(priced, after)
        gain = first_order if divisible is None or divisible_now is None else divisible - divisible_now
        return Candidate(relief, first_order, gain, cost_now(priced, relief), after)

    def _relieved(self, priced: Priced, relief: Relief) -> Arrays | None:
        now = priced.arrays
        if self._first is None or not like(now, self._first):  # what was relieved moved years or options: begin anew
            self._first, self._after = _named(now), {}
        if relief.name not in self._after:
            self._after[relief.name] = _compiled(priced.ready.case, relief)
            return self._after[relief.name]
        after = self._after[relief.name]
        if now is self._first or after is None:
            return after
        if like(after, self._first) and apart(now, after, self._first):
            return with_difference(now, after, self._first)
        return _compiled(priced.ready.case, relief)


def cost_now(priced: Priced, relief: Relief) -> float:
    """The cost of a relief as money of the objective; 0 where it is not known."""
    case, m = priced.ready.case, priced.ready.model
    year = min(max(relief.from_year or case.first_year, case.first_year), case.last_year)
    return (relief.cost or 0.0) * (1.0 if case.setting("objective") == "final_cash" else float(m.discount[year]))


def _compiled(case: Case, relief: Relief) -> Arrays | None:
    try:
        ready = prepare(case.change(str(relief.change(relief.most))))
    except (CaseError, InfeasibleModelError):
        return None
    return _named(ready.arrays)


def _named(arrays: Arrays) -> Arrays:
    """The arrays, with their columns named while the model is there that knows the names."""
    _ = arrays.names
    return arrays
