"""Growth: why the value of a case has no limit, from a direction in which a plan can grow for ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from masterplan import highs
from masterplan.answer import SolverOptions
from masterplan.arrays import Arrays
from masterplan.data.case import Case
from masterplan.prepared import prepare

LEAST = 1e-7


def growing(case: Case, options: SolverOptions) -> str | None:
    """A sentence that says what grows; None where value has a limit. The case has a plan."""
    arrays = prepare(case).arrays
    direction = _direction(arrays, options)
    if direction is None:
        return None
    found: dict[str, list[tuple[tuple[str | int, ...], float]]] = {}
    for variable, amount in zip(arrays.variables, direction, strict=True):
        if amount > LEAST:
            index = variable.index()
            found.setdefault(variable.parent_component().name, []).append((index if isinstance(index, tuple) else (index,), float(amount)))
    return _sentence(case, found)


def _direction(arrays: Arrays, options: SolverOptions) -> np.ndarray | None:
    """The smallest direction that earns 1 for each step and that no row or bound ends."""
    if not arrays.variables:
        return None
    matrix = csr_matrix(vstack([arrays.matrix, csr_matrix(arrays.cost)]))
    ray = replace(
        arrays,
        matrix=matrix,
        cost=(arrays.low > -np.inf).astype(float),
        row_low=np.append(np.where(arrays.row_low > -np.inf, 0.0, -np.inf), -1.0),
        row_high=np.append(np.where(arrays.row_high < np.inf, 0.0, np.inf), -1.0),
        low=np.where(arrays.low > -np.inf, 0.0, -np.inf),
        high=np.where(arrays.high < np.inf, 0.0, np.inf),
        whole=np.zeros_like(arrays.whole),
        constant=0.0,
        sign=1.0,
        constraints=(*arrays.constraints, ""),
    )
    return highs.run(ray, options).solution


def _sentence(case: Case, found: dict[str, list[tuple[tuple[str | int, ...], float]]]) -> str:
    side, resource, unit = case.attribute("markets", "side"), case.attribute("markets", "resource"), case.attribute("resources", "unit")
    trades = [(index, amount) for index, amount in found.get("traded", [])]
    sales = [(market, tier, year, amount) for (market, tier, year), amount in trades if side[market, tier] == "sell"]
    starts = sorted({str(index[0]) for index, _ in found.get("start", [])})
    levels = sorted({str(index[0]) for index, _ in found.get("level", [])})
    bought = sorted({str(index[0]) for index, _ in trades if side[index[0], index[1]] == "buy"})
    through = [f"bought from {', '.join(bought)}"] if bought else []
    through += [f"made by {', '.join(levels)}"] if levels and sales else []
    through += [f"with ever more starts of {', '.join(starts)}"] if starts else []
    way = f" ({'; '.join(through)})" if through else ""
    if sales:
        market, tier, year, amount = max(sales, key=lambda sale: sale[3])
        what, money = resource[market, tier], case.setting("money_unit")
        each = f"every {unit[what]} of {what} adds {1.0 / amount:,.4g} {money}"
        return f"Value grows without limit: {each} in the market {market} in {year}{way}. Give the market, or what it needs, a limit."
    named = f"ever more of {', '.join(levels)}" if levels else ", ".join(sorted(name.replace("_", " ") for name in found))
    return f"Value grows without limit: {named}{way}. Give it a cost, or a limit."
