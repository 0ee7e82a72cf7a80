"""Rough effects: about how much many changes of a case are worth, if modules could be parts: a linear program each instead of a solve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from masterplan.compiling import InfeasibleModelError
from masterplan.data.change import parse, varied
from masterplan.data.errors import CaseError
from masterplan.data.plan import Plan
from masterplan.first_order import divisible_worth
from masterplan.prepared import prepare
from masterplan.study import SolveOptions
from masterplan.tasks import each

Changes = tuple[str, ...]


@dataclass(frozen=True)
class _Share:
    """What one worker estimates: each of these lists of changes, of the case of the plan."""

    plan: Plan
    changes: Mapping[str, Changes]
    threads: int | None


def rough_effects(plan: Plan, changes: Mapping[str, Changes], options: SolveOptions) -> dict[str, float]:
    """name -> estimated change of worth [money]; those that do not fit the case, have no answer, or come after a Ctrl-C, are absent."""
    names = list(changes)
    shares = max(1, options.jobs if options.executor is None else len(names))  # nobody says how many workers a cluster has
    tasks = {str(part): _Share(plan, {name: changes[name] for name in names[part::shares]}, options.threads_each) for part in range(shares)}
    done = dict(each(_effects, tasks, options.jobs, options.executor))
    options.interruption.seen |= len(done) < len(tasks)
    return {name: effect for found in done.values() for name, effect in found.items()}


def _effects(share: _Share) -> dict[str, float]:
    found: dict[str, float] = {}
    base = divisible_worth(prepare(share.plan.case, keep=False).arrays, share.threads)
    for name, changes in share.changes.items():
        try:
            turned = divisible_worth(prepare(varied(share.plan.case, map(parse, changes)), keep=False).arrays, share.threads)
        except (CaseError, InfeasibleModelError):  # its solve would say so; here it ranks last
            continue
        if base is not None and turned is not None:
            found[name] = turned - base
    return found
