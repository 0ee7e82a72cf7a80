"""The most that a waiting or rewarded activity can run in a year: from its capacity and projects, else from the balances."""

from __future__ import annotations

import math
from functools import lru_cache

from masterplan.data.case import Case
from masterplan.data.most import Amounts, most


def most_level(case: Case, activity: str, stated: float | None = None) -> dict[int, float]:
    """year -> upper bound of the level [activity unit]: the least of what is stated and what the tables say; without any, a year is absent.

    Markets and other takers count only where capacity and projects say nothing: a caller's own block may take more of a resource.
    """
    found = {}
    for year in case.years:
        bound = _levels(case, False)[activity, year]
        if math.isinf(bound) and stated is None:
            bound = _levels(case, True)[activity, year]
        least = min(bound, math.inf if stated is None else stated)
        if not math.isinf(least):
            found[year] = least
    return found


@lru_cache(maxsize=8)
def _levels(case: Case, through_balances: bool) -> Amounts:
    return most(case, through_balances).level
