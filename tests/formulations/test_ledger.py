"""Ledger: who posts too late, who posts twice, and what a caller's own block posts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyomo.environ as pyo
import pytest
from pyomo.core.expr.numvalue import NumericValue

import masterplan as mp
from masterplan.data.case import Case
from masterplan.formulations import COLLECTING, POSTING, Account, Ledger, formulate
from masterplan.formulations.ledger import total
from tests.formulations.solved import STANDS, cash, mine_case
from tests.small_cases import small_case


def test_a_late_post_is_refused() -> None:
    ledger = Ledger()
    ledger.collect(Account.CAPEX, "budget")
    with pytest.raises(RuntimeError, match="late posts to CAPEX after budget collected it: move its block up in the list"):
        ledger.post(Account.CAPEX, "late", lambda m, year: 0.0)
    ledger.post(Account.TAX, "tax", lambda m, year: 0.0)


def test_two_lines_of_one_name_are_refused() -> None:
    ledger = Ledger()
    ledger.post(Account.CAPEX, "capex", lambda m, year: 0.0)
    ledger.post(Account.OPERATING, "capex", lambda m, year: 0.0)
    with pytest.raises(ValueError, match="two posts named capex to CAPEX"):
        ledger.post(Account.CAPEX, "capex", lambda m, year: 1.0)


@pytest.mark.parametrize("terms", [[], [0.0], [2.0, 3.0]])
def test_a_total_without_variables_is_an_expression(terms: list[float]) -> None:
    """A bare number would make `total == 0` a Boolean, which is no row."""
    found = total(terms)
    assert isinstance(found, NumericValue)
    assert pyo.value(found) == sum(terms)
    m = pyo.ConcreteModel()
    m.holds = pyo.Constraint(expr=total([]) == 0)


def test_an_empty_account_collects_to_nothing() -> None:
    collected = Ledger().collect(Account.RESOURCE, "balance")
    assert pyo.value(collected(pyo.ConcreteModel(), "ore", 2026)) == 0


def test_lines_keep_their_order_and_their_sign() -> None:
    ledger = Ledger()
    ledger.post(Account.GIVEN, "second", lambda m, year: 5.0)
    ledger.post(Account.GIVEN, "first", lambda m, year: -2.0)
    assert list(ledger.entries(Account.GIVEN)) == ["second", "first"]
    assert pyo.value(ledger.collect(Account.GIVEN, "cash")(None, 2026)) == 3


def test_every_account_is_collected() -> None:
    """After all blocks nothing more can be posted anywhere: no entry is left out of every sum."""
    _, ledger = formulate(small_case())
    for account in Account:
        with pytest.raises(RuntimeError, match="collected it"):
            ledger.post(account, "afterwards", lambda *index: 0.0)


def rationed(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """A caller's own block: sales of at most 3 a year, a levy of 1 per unit sold, and a subsidy of 2 a year."""
    m.ration = pyo.Constraint(m.YEARS, rule=lambda m, year: m.traded["world", 1, year] <= 3)
    ledger.post(Account.OPERATING, "levy", lambda m, year: -m.traded["world", 1, year])
    ledger.post(Account.GIVEN, "subsidy", lambda m, year: 2.0)


def test_an_extra_block_holds_and_posts() -> None:
    """Capacity 5 at 10: rationed to 3, of which the levy takes 1 each; 2 a year on top: 3 x (30 - 3 + 2).

    Proves: rows and lines of a caller's own block join the model, are harvested, and are named as not audited.
    Would otherwise be: 150 without it.
    """
    block: Any = SimpleNamespace(add=rationed)
    plan = mp.solve(mine_case(existing_capacity=[{**STANDS, "capacity": 5}]), gap=0, extra=[block])
    assert plan.objective == pytest.approx(87.0, abs=1e-9)
    assert plan.do_nothing == pytest.approx(87.0, abs=1e-9)
    assert plan.extra_entries == ("levy", "subsidy")
    assert cash(plan, "levy") == {2026: -3, 2027: -3, 2028: -3}
    audited = mp.audit(plan)
    assert audited.passed
    assert audited.extra == ("levy", "subsidy")


def test_an_extra_block_stands_between_those_that_post_and_those_that_collect() -> None:
    seen: dict[str, bool] = {}

    def look(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
        seen.update(traded=hasattr(m, "traded"), sum_within_limit=hasattr(m, "sum_within_limit"), supply=hasattr(m, "supply_equals_use"))

    formulate(small_case(), extra=[SimpleNamespace(add=look)])
    assert seen == {"traded": True, "sum_within_limit": True, "supply": False}
    assert POSTING
    assert COLLECTING
