"""Ledger: who posts what to which account.

Blocks post named functions of the model and an index; only the collecting blocks sum them. Collecting an account seals it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

Term = Any  # a Pyomo expression, or a number
Post = Callable[..., Term]


class Account(Enum):
    """The accounts, their unit and what indexes a post."""

    RESOURCE = "resource unit, supply positive; (model, resource, year)"
    OPERATING = "money, income positive, taxable; (model, year)"
    CAPEX = "money, spending positive, deducted from taxable income; (model, year)"
    CREDIT = "money, income positive, untaxed; (model, year)"
    TAXABLE = "money, adds to taxable income without moving cash; (model, year)"
    TAX = "money, tax paid positive; (model, year)"
    GIVEN = "money, income positive, decided outside the plan, after tax; (model, year)"
    FINANCING = "money, income positive: moves cash, not value; (model, year)"
    RAISING = "money, income positive: what drawing debt and raising equity costs, untaxed, cash and value; (model, year)"
    CHARGE = "money, income positive: counts as value, not as cash; (model, year)"
    PENALTY = "money, penalty positive: counts in the objective alone, neither cash nor value; (model, year)"
    AFTER = "money at the end of the plan, income positive: what falls due later on starts of the plan; (model)"
    TERMINAL = "money at the end of the plan: what then stands is worth; (model)"


def total(terms: Iterable[Term]) -> Term:
    """The sum as a Pyomo expression even when there is no term or no variable (a bare number would turn a constraint into a Boolean)."""
    result = LinearExpression([])
    for term in terms:
        result = result + term
    return result


class Ledger:
    """Accounts of one model. A post is a function and a name; its name is its line in every report."""

    def __init__(self) -> None:
        self._posts: dict[Account, dict[str, Post]] = {account: {} for account in Account}
        self._sealed_by: dict[Account, str] = {}

    def post(self, account: Account, entry: str, function: Post) -> None:
        """Add a line to an account. Raises RuntimeError once the account is collected, ValueError for a second line of one name."""
        if account in self._sealed_by:
            raise RuntimeError(
                f"{entry} posts to {account.name} after {self._sealed_by[account]} collected it: move its block up in the list"
            )
        if entry in self._posts[account]:
            raise ValueError(f"two posts named {entry} to {account.name}")
        self._posts[account][entry] = function

    def collect(self, account: Account, collector: str) -> Post:
        """The sum of all posts of an account as a function of the model and the account's index; seals the account."""
        self._sealed_by.setdefault(account, collector)
        posts = tuple(self._posts[account].values())

        def collected(m: pyo.ConcreteModel, *index: Any) -> Term:
            return total(post(m, *index) for post in posts)

        return collected

    def entries(self, account: Account) -> dict[str, Post]:
        """The lines of an account by name, in the order they were posted."""
        return dict(self._posts[account])
