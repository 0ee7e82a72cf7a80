"""Rough effects: about how much many changes of a case are worth to its plan, by the prices of the plan and without solving again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from masterplan.compiling import InfeasibleModelError
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.first_order import first_order_worth
from masterplan.fixed_prices import priced
from masterplan.prepared import prepare
from masterplan.study import SolveOptions, each

Changes = tuple[str, ...]


@dataclass(frozen=True)
class _Share:
    """What one worker estimates: each of these lists of changes, of the case of the plan."""

    plan: Plan
    changes: Mapping[str, Changes]
    threads: int | None


def rough_effects(plan: Plan, changes: Mapping[str, Changes], options: SolveOptions) -> dict[str, float]:
    """name -> estimated change of worth [money]; those that do not fit the case, or whose plan has no prices, are absent."""
    shares = max(1, options.jobs)
    names = list(changes)
    tasks = {str(part): _Share(plan, {name: changes[name] for name in names[part::shares]}, options.threads_each) for part in range(shares)}
    return {name: effect for _, found in each(_effects, tasks, options.jobs, options.executor) for name, effect in found.items()}


def _effects(share: _Share) -> dict[str, float]:
    base = priced(prepare(share.plan.case), share.plan, share.threads)
    found: dict[str, float] = {}
    if base is None:
        return found
    for name, changes in share.changes.items():
        try:
            found[name] = first_order_worth(base, prepare(share.plan.case.change(*changes)).arrays)
        except (CaseError, InfeasibleModelError):  # its solve would say so; here it ranks last
            continue
    return found
