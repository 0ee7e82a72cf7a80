"""The law on losses where it has to be told: rates that rise, a cap on what losses may offset, and what would pay if it were not told."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from masterplan.answer import SolverOptions
from masterplan.data.case import Case
from masterplan.data.tax_law import choice_years
from masterplan.highs import run
from masterplan.prepared import prepare
from tests.formulations.golden import lp_of
from tests.formulations.solved import STANDS, cash, mine_case, solved
from tests.small_cases import small_case


def rates(*by_year: float, **more: Any) -> list[dict[str, Any]]:
    """Finance rows of a tax rate for 2026, 2027, ..."""
    return [{"year": 2026 + place, "tax_rate": rate, **(more if not place else {})} for place, rate in enumerate(by_year)]


def prices(*by_year: float) -> list[dict[str, Any]]:
    market = {"market": "world", "resource": "ore", "side": "sell", "limit": 1}
    return [{**(market if not place else {"market": "world"}), "year": 2026 + place, "price": price} for place, price in enumerate(by_year)]


def selling(finance: list[dict[str, Any]], *by_year: float, **settings: Any) -> Case:
    """Ore of a mine that stands, sold at a price of each year."""
    recipes = [{"activity": "dig", "resource": "ore", "amount": 1}]
    return small_case(settings, recipes=recipes, existing_capacity=[STANDS], markets=prices(*by_year), finance=finance)


def test_tax_is_not_paid_early_against_a_rising_rate() -> None:
    """4, 4 and 12 are taxed at 25, 25 and 50 %: 20 - 1 - 1 - 6.

    Proves: a year has an income or a loss, not both.
    Would otherwise be: 15, with an income and a loss of 12 made up in 2026, taxed at 25 % and kept against the 12 of 2028.
    """
    case = selling(rates(0.25, 0.25, 0.5), 4, 4, 12)
    assert choice_years(case) == (2026, 2027)
    assert solved(case).objective == pytest.approx(12.0, abs=1e-9)


def test_losses_may_wait_for_the_dearer_year() -> None:
    """Losses of 4 from before save 1 now or 2 in 2028: 12 - 1 - 1 - 0.

    Proves: the company chooses when losses are used, and the plan keeps that choice.
    Would otherwise be: 9 if losses had to be used first.
    """
    plan = solved(selling(rates(0.25, 0.25, 0.5), 4, 4, 4, opening_losses=4))
    assert plan.objective == pytest.approx(10.0, abs=1e-9)
    assert plan.loss_pool["losses"].to_list() == pytest.approx([4, 4, 0], abs=1e-9)


def test_a_rate_that_rises_slower_than_money_needs_no_choice() -> None:
    """At 25 % a year a tax of 25 % now weighs more than one of 28 % next year: losses are used first.

    Proves: the weight of a tax is its present value.
    Would otherwise be: two binaries for nothing.
    """
    case = selling(rates(0.25, 0.28, 0.28), 4, 4, 4, opening_losses=4, discount_rate=0.25)
    assert choice_years(case) == ()
    assert solved(case).loss_pool["losses"].to_list() == pytest.approx([0, 0, 0], abs=1e-9)


def test_final_cash_knows_no_discount() -> None:
    """The same company looks at its cash in the end: 4 x 0.28 is more than 4 x 0.25."""
    case = selling(rates(0.25, 0.28, 0.28), 4, 4, 4, opening_losses=4, discount_rate=0.25, objective="final_cash")
    assert choice_years(case) == (2026,)
    assert solved_objective(case) == pytest.approx(12 - 1 - 1.12, abs=1e-9)


def solved_objective(case: Case) -> float:
    """The proven best objective."""
    return float(solved(case).objective or 0.0)


def test_losses_offset_no_more_than_their_share() -> None:
    """10 a year against losses of 30, of which 8 may be used each year: 2 a year is taxed 0.5. 30 - 1.5.

    Proves: the cap is on each year's income; what it holds back stays in the pool.
    Would otherwise be: 30 without a cap.
    """
    plan = solved(selling(rates(0.25, 0.25, 0.25, loss_cap=0.8), 10, 10, 10, opening_losses=30))
    assert plan.objective == pytest.approx(28.5, abs=1e-9)
    assert plan.loss_pool["losses"].to_list() == pytest.approx([22, 14, 6], abs=1e-9)
    assert cash(plan, "tax") == {2026: -0.5, 2027: -0.5, 2028: -0.5}


def test_a_loss_of_the_year_is_kept_beside_a_cap() -> None:
    """Capex of 8 in 2026, 6 a year from 2027, half of which losses may offset: 3 is taxed 0.75 twice. 12 - 8 - 1.5.

    Proves: capex fills the pool, and the cap holds later.
    Would otherwise be: 3 without a cap.
    """
    plan = solved(mine_case(mine={"capex": 8}, world={"price": 6}, finance=[{"tax_rate": 0.25, "loss_cap": 0.5}]))
    assert plan.objective == pytest.approx(2.5, abs=1e-9)
    assert plan.loss_pool["losses"].to_list() == pytest.approx([8, 5, 2], abs=1e-9)


def test_a_project_that_makes_losses_is_seen_through() -> None:
    """A start in 2026 loses 8: 6 of it wait for 2028 at 50 %, 2 are used in 2027 at 25 %. 12 - 8 - 4 x 0.25.

    Proves: income and losses that follow from starts are told apart, with bounds from the tables.
    Would otherwise be: 2 if losses came first, 2.5 if they all waited.
    """
    plan = solved(mine_case(mine={"capex": 8}, world={"price": 6}, finance=rates(0.25, 0.25, 0.5)))
    assert plan.objective == pytest.approx(3.0, abs=1e-9)
    assert plan.loss_pool["losses"].to_list() == pytest.approx([8, 6, 0], abs=1e-9)


LAW_OF_2026 = """
c_u_income_only_if_profitable(2026)_:
+1 losses_used(2026)
-4 profitable(2026)
+1 taxed_income(2026)
<= 0
c_u_loss_only_if_not_profitable(2026)_:
+1 loss_pool(2026)
+1 losses_used(2026)
+8 profitable(2026)
<= 13
c_l_losses_made_not_negative(2026)_:
+1 loss_pool(2026)
+1 losses_used(2026)
>= 5
c_u_losses_used_were_left(2026)_:
+1 losses_used(2026)
<= 5
c_u_losses_used_within_share(2026)_:
+0.2 losses_used(2026)
-0.8 taxed_income(2026)
<= 0
"""


def test_the_rows_of_the_law() -> None:
    """Losses of 5 from before, a cap of 0.8; 4 at most are earned in 2026, 8 at most are lost: one module of capex 8."""
    finance = rates(0.25, 0.5, loss_cap=0.8)
    settings = {"last_year": 2027, "opening_losses": 5}
    case = mine_case(settings, mine={"capex": 8}, world={"price": 4, "limit": 1}, existing_capacity=[STANDS], finance=finance)
    rows = re.findall(r"^(c_\S+\(2026\)_:\n(?:[^c].*\n)+?[<>=]+ .*\n)", lp_of(case, "tax"), re.MULTILINE)
    assert "\n" + "".join(rows[1:]) == LAW_OF_2026  # the first is the tax base


def by_law(case: Case, base: list[float], weight: list[float]) -> float:
    """The least weighted tax of a company whose income is given: a linear program over the losses used in each year."""
    cap, count = case.series("finance", "loss_cap"), len(base)
    opening = case.setting("opening_losses")
    rows = np.tril(np.ones((count, count)))  # used so far <= losses of the years before
    made = [opening + sum(max(0.0, -b) for b in base[:place]) for place in range(count)]
    most = [(0.0, cap[year] * max(0.0, b)) for year, b in zip(case.years, base, strict=True)]
    answer = linprog([-w for w in weight], rows, made, bounds=most)
    return float(sum(w * max(0.0, b) for w, b in zip(weight, base, strict=True)) + answer.fun)


@pytest.mark.parametrize("seed", range(20))
def test_given_incomes_are_taxed_by_the_law(seed: int) -> None:
    """Incomes, rates and caps at random, with the best use of losses worked out beside the model."""
    rng = np.random.default_rng(seed)
    base, rate = rng.integers(-9, 10, 5).astype(float).tolist(), rng.choice([0.0, 0.2, 0.25, 0.5], 5).tolist()
    cap, interest = float(rng.choice([0.5, 0.8, 1.0])), float(rng.choice([0.0, 0.1]))
    finance = [{"year": 2026 + n, "tax_rate": rate[n], "baseline_taxable": base[n]} for n in range(5)]
    kind = {"last_year": 2030, "discount_rate": interest, "flow_timing": "end_of_year"}
    case = small_case({**kind, "opening_losses": float(rng.choice([0, 3, 20]))}, finance=[{"loss_cap": cap}, *finance])
    weight = [rate[n] / (1 + interest) ** (n + 1) for n in range(5)]
    assert solved_objective(case) == pytest.approx(-by_law(case, base, weight), abs=1e-7)


def test_a_choice_does_not_cut_what_the_law_allows() -> None:
    """A case with starts, stocks, purchases and sales: with the law told to it, but a rate that does not rise, nothing changes.

    Proves: the bounds from the tables are wide enough. A cap that is hardly one tells the law; rates that rise by nothing to speak of
    tell the choice.
    """
    finance = {"baseline_taxable": 2.0}
    tables: dict[str, Any] = {
        "mine": {"capex": 8, "fixed_cost": 1, "max_total": 3, "fixed_capex": 1},
        "world": {"price": 9, "limit": 2},
        "resources": [{"resource": "ore", "storable": "yes", "holding_cost": 0.5, "storage_limit": 2}],
        "existing_capacity": [{**STANDS, "capacity": 0.5}],
        "activities": [{"activity": "dig", "variable_cost": 1, "fixed_cost": 0.1}],
    }
    level = mine_case({"last_year": 2031}, **tables, finance=rates(0.25, **finance))
    told = mine_case({"last_year": 2031}, **tables, finance=rates(0.25, 0.25 + 1e-9, **finance))
    assert choice_years(told)
    assert solved_objective(told) == pytest.approx(solved_objective(level), abs=1e-6)


def test_a_plan_to_begin_from_brings_its_choice() -> None:
    case = selling(rates(0.25, 0.25, 0.5), 4, 4, 12)
    plan, ready = solved(case), prepare(case)
    start = ready.start_from(plan)
    columns = ready.columns(ready.model.profitable)
    assert [start[column] for column in columns.values()] == [1.0, 1.0]
    assert run(ready.arrays, SolverOptions(), start).objective == pytest.approx(12.0, abs=1e-7)


def test_discount_factors_that_rise_weigh_a_later_tax_more() -> None:
    """Income 4 in both years at half tax leaves 2 and 2; factors 0.5 and 1: 3.

    Proves: where factors rise, income and loss of a year are told apart, though the rate does not rise.
    Would otherwise be: in 2026 any income with a loss beside it, paid at 0.5 and saved at 1 a year later: no end.
    """
    case = small_case(
        {"last_year": 2027},
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 1, "limit": 4}],
        activities=[{"activity": "dig"}],
        recipes=[{"activity": "dig", "resource": "ore", "amount": 1}],
        existing_capacity=[{"activity": "dig", "capacity": 4}],
        finance=[
            {"year": 2026, "tax_rate": 0.5, "discount_factor": 0.5},
            {"year": 2027, "discount_factor": 1.0},
        ],
    )
    plan = solved(case)
    assert plan.npv == pytest.approx(2 * 0.5 + 2)
    assert choice_years(case) == (2026,)
