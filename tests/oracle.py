"""Brute force: the best plan of a tiny case by trying every combination of starts. Knows `masterplan.data` only.

For fixed starts everything that building does is arithmetic; what is left, operation and tax, is a small linear program that
is put together here on its own, row by row, and solved by SciPy, with a binary a year where income and loss must not mix.
Cases of whole modules, without vintages of ageing output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp

from masterplan.data.case import Case

Row = dict[Any, float]
MOST_MONEY = 200.0  # more than a year of these cases can earn or lose
OFFSET = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}


@dataclass
class Program:
    """max value·x, rows <= limit, rows == limit; a variable is any hashable name."""

    value: Row = field(default_factory=lambda: defaultdict(float))
    below: list[tuple[Row, float]] = field(default_factory=list)
    equal: list[tuple[Row, float]] = field(default_factory=list)
    bounds: dict[Any, tuple[float | None, float | None]] = field(default_factory=dict)
    whole: set[Any] = field(default_factory=set)

    def solve(self) -> float | None:
        """The best value, None where nothing is feasible."""
        names = list(self.bounds)
        column = {name: number for number, name in enumerate(names)}

        def matrix(rows: list[tuple[Row, float]]) -> tuple[np.ndarray | None, np.ndarray | None]:
            if not rows:
                return None, None
            found = np.zeros((len(rows), len(names)))
            for number, (row, _) in enumerate(rows):
                for name, coefficient in row.items():
                    found[number, column[name]] += coefficient
            return found, np.array([limit for _, limit in rows])

        a_below, b_below = matrix(self.below)
        a_equal, b_equal = matrix(self.equal)
        cost = [-self.value.get(name, 0.0) for name in names]
        if self.whole:
            rows = [LinearConstraint(a_below, ub=b_below)] if a_below is not None else []
            rows += [LinearConstraint(a_equal, b_equal, b_equal)] if a_equal is not None else []
            low, high = (
                np.array([default if b[end] is None else b[end] for b in self.bounds.values()], dtype=float)
                for end, default in ((0, -np.inf), (1, np.inf))
            )
            tried = milp(cost, integrality=[name in self.whole for name in names], bounds=(low, high), constraints=rows)
            if tried.status == 2:
                return None
            for name in self.whole:  # the whole numbers made whole, the rest is then exact
                self.bounds[name] = (round(tried.x[column[name]]),) * 2
        answer = linprog(cost, a_below, b_below, a_equal, b_equal, [self.bounds[name] for name in names])
        assert answer.status in (0, 2), answer.message
        return None if answer.status == 2 else -float(answer.fun)


def best_by_trying(case: Case) -> float | None:
    """The best NPV over every combination of starts; None if no combination is feasible."""
    values = [value for starts in combinations(case) if (value := value_of(case, starts)) is not None]
    return max(values, default=None)


def combinations(case: Case) -> Iterator[dict[tuple[str, int], int]]:
    """Every combination of starts inside windows, yearly limits and totals."""
    total = case.attribute("projects", "max_total")
    cells = []
    for project in case.names("projects"):
        lead = case.attribute("projects", "lead_time")[project]
        for year in case.years:
            if year + lead <= case.last_year:
                cells.append(((project, year), int(case.series("projects", "max_per_year")[project, year])))
    for numbers in product(*(range(most + 1) for _, most in cells)):
        starts = {cell: number for (cell, _), number in zip(cells, numbers, strict=True) if number}
        built: dict[str, int] = defaultdict(int)
        for (project, _), number in starts.items():
            built[project] += number
        if all(built[project] <= total.get(project, 1e9) for project in built):
            yield starts


def value_of(case: Case, starts: dict[tuple[str, int], int]) -> float | None:
    """NPV of the best operation with these starts; None if there is none."""
    building = _building(case, starts)
    if building is None:
        return None
    capacity, taken, spent, deducted, fixed, credited, book, to_deduct = building
    program, operating = Program(), {year: defaultdict(float) for year in case.years}
    _operation(case, program, operating, capacity, taken)
    rate, offset = case.setting("discount_rate"), OFFSET[case.setting("flow_timing")]
    constant = 0.0
    tax_rate, baseline = case.series("finance", "tax_rate"), case.series("finance", "baseline_cash")
    minimum = case.series("finance", "minimum_cash")
    running: Row = defaultdict(float)
    given = case.setting("opening_cash")
    law = any(tax_rate[year] > tax_rate[year - 1] for year in case.years[1:]) or any(
        cap < 1 for cap in case.series("finance", "loss_cap").values()
    )
    for year in case.years:
        factor = (1 + rate) ** -(year - case.first_year + offset)
        program.bounds["income", year] = (0, None)
        program.bounds["pool", year] = (0, None)
        base: Row = {("income", year): 1.0, ("pool", year): -1.0, **{name: -c for name, c in operating[year].items()}}
        if year > case.first_year:
            base["pool", year - 1] = 1.0
        program.equal.append((base, -deducted[year] - fixed[year]))
        if law:
            _law(case, program, year)
        flow: Row = defaultdict(float, operating[year])
        flow["income", year] -= tax_rate[year]
        fixed_flow = credited[year] + baseline[year] - spent[year] - fixed[year]
        for name, coefficient in flow.items():
            program.value[name] += factor * coefficient
            running[name] += coefficient
        constant += factor * fixed_flow
        given += fixed_flow
        if year in minimum:
            program.below.append(({name: -c for name, c in running.items()}, given - minimum[year]))
    end = (1 + rate) ** -len(case.years)
    if case.setting("terminal_value") == "book_value":
        constant += end * (book - tax_rate[case.last_year] * (book - to_deduct))
    best = program.solve()
    return None if best is None else best + constant


def _law(case: Case, program: Program, year: int) -> None:
    """A year has income or a loss; it uses losses of years before, up to a share of its income."""
    income, pool, used, profit = ("income", year), ("pool", year), ("used", year), ("profit", year)
    before = [("pool", year - 1)] if year > case.first_year else []
    cap = case.series("finance", "loss_cap")[year]
    program.bounds[used], program.bounds[profit] = (0, None), (0, 1)
    program.whole.add(profit)
    left = dict.fromkeys(before, -1.0)
    lost = {pool: 1.0, used: 1.0, **left}
    program.below.append(({used: 1.0, **left}, 0.0))
    program.below.append(({name: -c for name, c in lost.items()}, 0.0))
    program.below.append(({used: 1.0 - cap, income: -cap}, 0.0))
    program.below.append(({income: 1.0, used: 1.0, profit: -MOST_MONEY}, 0.0))
    program.below.append(({**lost, profit: MOST_MONEY}, MOST_MONEY))


def _write_off(case: Case, project: str) -> list[float] | None:
    """Share of the cost deducted at each age; None where it is deducted when spent."""
    name = case.attribute("projects", "depreciation_class").get(project)
    if name is None:
        return None
    years, bonus = case.attribute("depreciation", "years")[name], case.attribute("depreciation", "immediate")[name]
    return [(1 - bonus) / years + (bonus if age == 0 else 0.0) for age in range(years)]


def _building(case: Case, starts: dict[tuple[str, int], int]) -> Any:
    """What follows from the starts: capacity, inputs, spending, deductions, module costs, credits, book value and what is left to deduct.

    None if a limit breaks.
    """
    at = {name: case.attribute("projects", name) for name in ("activity", "lead_time", "life", "credit")}
    series = {name: case.series("projects", name) for name in ("capex", "fixed_capex", "module_capacity", "fixed_cost")}
    capacity: dict[tuple[str, int], float] = defaultdict(float, case.series("existing_capacity", "capacity"))
    taken: dict[tuple[str, int], float] = defaultdict(float)
    spent, deducted, fixed, credited = (dict.fromkeys(case.years, 0.0) for _ in range(4))
    book = to_deduct = 0.0
    for (project, begun), number in starts.items():
        lead, life = at["lead_time"][project], at["life"][project]
        cost = number * series["capex"][project, begun] + series["fixed_capex"][project, begun]
        for year in range(begun, begun + max(lead, 1)):
            spent[year] += cost / max(lead, 1)
            deducted[year] += cost / max(lead, 1) if _write_off(case, project) is None else 0.0
        for age, share in enumerate(_write_off(case, project) or []):
            if begun + lead + age in case.years:
                deducted[begun + lead + age] += share * cost
            else:
                to_deduct += share * cost
        for year in range(begun + lead, min(begun + lead + life, case.last_year + 1)):
            capacity[at["activity"][project], year] += number * series["module_capacity"][project, begun]
            fixed[year] += number * series["fixed_cost"][project, year]
        for key in case.keys("construction_inputs"):
            if key[0] == project:
                taken[key[1], begun + max(lead - 1, 0)] += number * case.series("construction_inputs", "amount")[*key, begun]
        credited[begun + lead] += at["credit"][project] * cost
        used = case.last_year - (begun + lead) + 1
        book += cost * (1 - at["credit"][project]) * max(0.0, 1 - used / life)
        for gone_by, from_activity in case.keys("conversions"):
            if gone_by == project:
                for year in range(begun + case.attribute("conversions", "out_from")[project, from_activity], case.last_year + 1):
                    capacity[from_activity, year] -= number * case.attribute("conversions", "amount")[project, from_activity]
    limit, share, unspent = case.series("finance", "capex_limit"), case.series("finance", "carry_over_share"), 0.0
    for year in case.years:
        if year in limit:
            unspent = limit[year] + share[year] * unspent - spent[year]
            if unspent < -1e-9:
                return None
    broken = min(capacity.values(), default=0.0) < -1e-9
    return None if broken else (capacity, taken, spent, deducted, fixed, credited, book, to_deduct)


def _operation(
    case: Case, program: Program, operating: dict[int, Row], capacity: dict[tuple[str, int], float], taken: dict[tuple[str, int], float]
) -> None:
    """Rows and bounds of levels, trades and stocks; their money goes to `operating`."""
    balance: dict[tuple[str, int], Row] = {(r, y): defaultdict(float) for r in case.names("resources") for y in case.years}
    variable = case.series("activities", "variable_cost")
    amounts, lag = case.series("recipes", "amount"), case.attribute("recipes", "lag")
    for activity, year in product(case.names("activities"), case.years):
        program.bounds["level", activity, year] = (0, capacity[activity, year])
        operating[year]["level", activity, year] -= variable[activity, year]
    for activity, resource, basis in case.keys("recipes"):
        for year in case.years:
            if year + lag[activity, resource, basis] <= case.last_year:
                row = balance[resource, year + lag[activity, resource, basis]]
                row["level", activity, year] += amounts[activity, resource, basis, year]
    price, most = case.series("markets", "price"), case.series("markets", "limit")
    for key in case.keys("markets"):
        sign = 1.0 if case.attribute("markets", "side")[key] == "buy" else -1.0
        for year in case.years:
            program.bounds["trade", key, year] = (0, most.get((*key, year)))
            balance[case.attribute("markets", "resource")[key], year]["trade", key, year] += sign
            operating[year]["trade", key, year] -= sign * price[*key, year]
    for resource in case.names("resources"):
        if case.attribute("resources", "storable")[resource] == "yes":
            loss = case.series("resources", "storage_loss")
            for year in case.years:
                program.bounds["stock", resource, year] = (0, None)
                balance[resource, year]["stock", resource, year] -= 1.0
                if year > case.first_year:
                    balance[resource, year]["stock", resource, year - 1] += 1.0 - loss[resource, year]
    for (resource, year), row in balance.items():
        if case.attribute("resources", "disposal")[resource] == "yes":
            program.below.append(({name: -c for name, c in row.items()}, -taken[resource, year]))
        else:
            program.equal.append((row, taken[resource, year]))
