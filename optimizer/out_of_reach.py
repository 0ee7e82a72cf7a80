"""Out of reach: the proof that a relieved case cannot be worth more than the best one found, without making a plan of it."""

from __future__ import annotations

from masterplan import highs
from masterplan.arrays import Arrays
from masterplan.data.plan import Plan
from masterplan.first_order import like
from masterplan.fixed_prices import Priced
from masterplan.highs import SolverOptions
from masterplan.interval import Interval


def out_of_reach(priced: Priced, plan: Plan, after: Arrays, best: float, gap: float, options: SolverOptions) -> Interval | None:
    """What the case of `after` is worth over the plan, where its bound says no more than `best` [money]; None where that is not certain.

    The search begins from the plan and ends at `gap`: a wide one where the relieved case is expected to fall short by much.
    """
    if plan.objective is None or plan.bound is None or not like(after, priced.arrays):
        return None
    wide = SolverOptions(gap, options.time_limit, options.threads, reference=plan.do_nothing)
    answer = highs.run(after, wide, priced.ready.start_from(plan))
    if answer.objective is None or answer.bound is None:
        return None
    sign = -after.sign  # more is better
    low, value, high = (
        sign * (mine - its)
        for mine, its in ((answer.objective, plan.bound), (answer.objective, plan.objective), (answer.bound, plan.objective))
    )
    return Interval(value, low, high) if high <= best else None
