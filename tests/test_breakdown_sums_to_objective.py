"""The lines that a plan shows are all there is: discounted by hand, with what the end is worth, they sum to the objective."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import masterplan as mp
from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.recompute import recompute
from tests.formulations.rich import TERMINAL_VALUES, TIMINGS, rich_case

PUBLISHED = Path(__file__).parent / "cases" / "published"
LINES_OFF_NPV = ("external_capital", "drawn", "repaid", "interest", "raised", "distributions")
PART_OF_YEAR = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}
SIGN = {"npv": 1.0, "least_cost": -1.0}

CASES: dict[str, Any] = {
    **{f"rich_{terminal}": lambda terminal=terminal: rich_case(terminal) for terminal in TERMINAL_VALUES},
    **{f"rich_{timing}": lambda timing=timing: rich_case(flow_timing=timing) for timing in TIMINGS},
    "rich_least_cost": lambda: rich_case(objective="least_cost"),
    "rich_given_end": lambda: rich_case(terminal_discount_factor=0.5),
    "petersen_1967_5": lambda: mp.load(PUBLISHED / "petersen_1967_5"),
    "williams_mining": lambda: mp.load(PUBLISHED / "williams_mining"),
    "steel": lambda: mp.load("steel"),
}
GAP = {"steel": 0.9}  # any plan will do


def factors(case: Case) -> dict[int, float]:
    """year -> factor of its flows, as the settings say."""
    given = case.series("finance", "discount_factor")
    rate, part = case.setting("discount_rate"), PART_OF_YEAR[case.setting("flow_timing")]
    return {year: given.get(year, (1 + rate) ** -(year - case.first_year + part)) for year in case.years}


def flows(plan: Plan) -> dict[int, float]:
    """year -> sum of the cash lines that count as value."""
    valued = plan.cash[~plan.cash["entry"].isin(LINES_OFF_NPV)]
    totals: dict[int, float] = valued.groupby("year")["amount"].sum().to_dict()
    charged = charges(plan)
    return {year: totals.get(year, 0.0) + charged[year] for year in plan.case.years}


def debts(plan: Plan) -> dict[int, float]:
    """year -> debt at its start, and, under the year after the last, at the end of the plan."""
    debt, found = float(plan.case.setting("opening_debt")), {}
    for year in (*plan.case.years, plan.case.last_year + 1):
        found[year] = debt
        of_year = plan.financing[plan.financing["year"] == year].set_index("flow")["amount"].to_dict()
        debt += of_year.get("drawn", 0.0) - of_year.get("repaid", 0.0)
    return found


def charges(plan: Plan) -> dict[int, float]:
    """year -> what the spread on debt takes from value, without moving cash."""
    return {year: -float(plan.case.setting("debt_spread")) * debt for year, debt in debts(plan).items()}


def penalties(plan: Plan) -> float:
    """What missed targets take from the objective."""
    return float(plan.kpis.set_index("kpi").loc["penalties", "value"])


@pytest.mark.parametrize("name", CASES)
def test_discounted_lines_and_the_end_sum_to_the_objective(name: str) -> None:
    case = CASES[name]()
    plan = mp.solve(case, gap=GAP.get(name, 0.0), time_limit=30)
    assert plan.found
    totals, by_year, factor = recompute(plan).totals, flows(plan), factors(case)
    inside = sum(factor[year] * by_year.get(year, 0.0) for year in case.years)

    assert plan.npv_without_terminal == pytest.approx(inside + totals["after_horizon"], abs=1e-9, rel=1e-9)
    assert plan.npv == pytest.approx(inside + totals["after_horizon"] + totals["terminal_value"], abs=1e-9, rel=1e-9)
    assert plan.objective == pytest.approx(SIGN[case.setting("objective")] * (plan.npv - penalties(plan)), abs=1e-9, rel=1e-9)
    assert mp.audit(plan).passed


def test_lines_sum_to_final_cash() -> None:
    plan = mp.solve(rich_case(objective="final_cash"), gap=0)
    cash, owed = plan.case.setting("opening_cash") + plan.cash["amount"].sum(), debts(plan)[plan.case.last_year + 1]
    assert plan.objective == pytest.approx(cash - owed - penalties(plan), abs=1e-9)
    assert mp.audit(plan).passed


@pytest.mark.parametrize("terminal", TERMINAL_VALUES)
def test_the_rich_case_moves_every_line(terminal: str) -> None:
    """The sum would prove little if most lines were zero."""
    plan = mp.solve(rich_case(terminal), gap=0)
    moved = set(plan.cash.loc[plan.cash["amount"].abs() > 1e-9, "entry"])
    assert set(plan.cash["entry"]) - moved <= {"cancel_cost", "holding_cost", "raised"}
    assert recompute(plan).totals["after_horizon"]
