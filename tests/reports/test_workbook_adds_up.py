"""Money in the written workbook ties: read back from the file, the cash lines discount to the NPV that every sheet states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import masterplan as mp
from masterplan.data.case import Case
from tests.formulations.rich import TERMINAL_VALUES, rich_case
from tests.reports.example_plan import example_plan

FIRST_ROW, FIRST_YEAR_COLUMN = 6, 6
PART_OF_YEAR = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}
OF_VALUE = (
    "Operating",
    "Investing",
    "Credits, not taxed",
    "Profit tax",
    "Base business, not decided here",
    "Cost of raising money",
)
CHARGE = "Charge for debt above the rate, no cash"

PLANS: dict[str, Any] = {
    **{f"rich, {kind}": lambda kind=kind: mp.solve(rich_case(kind), gap=0) for kind in TERMINAL_VALUES},
    "rich, end of year": lambda: mp.solve(rich_case(flow_timing="end_of_year"), gap=0),
    "by hand": example_plan,
    "steel": lambda: mp.solve(mp.load("steel").change("settings.last_year=2031"), gap=0.9),
}


@pytest.fixture(scope="module", params=PLANS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[mp.Plan, Path]:
    """A plan and its workbook."""
    plan, path = PLANS[request.param](), tmp_path_factory.mktemp("written") / "plan.xlsx"
    mp.write_workbook(plan, path)
    return plan, path


def lines(path: Path, sheet: str) -> dict[tuple[str, str], tuple[Any, list[Any]]]:
    """(section, item) -> the cell of column F and the cells of the years, as the file has them."""
    found, section = {}, ""
    for row in load_workbook(path, data_only=True)[sheet].iter_rows(min_row=FIRST_ROW, values_only=True):
        section = row[0] or section
        if row[1] is not None:
            found[section, str(row[1])] = row[5], list(row[FIRST_YEAR_COLUMN:])
    return found


def factors(case: Case) -> list[float]:
    """Factor of each year's flows, from the settings and the table finance alone."""
    given, rate, part = case.series("finance", "discount_factor"), case.setting("discount_rate"), PART_OF_YEAR[case.setting("flow_timing")]
    return [given.get(year, (1 + rate) ** -(place + part)) for place, year in enumerate(case.years)]


def test_cash_lines_read_back_discount_to_npv(written: tuple[mp.Plan, Path]) -> None:
    plan, path = written
    cash, summary = lines(path, "Cash"), lines(path, "Summary")
    years = range(len(plan.case.years))
    counted = [values for (section, _), (_, values) in cash.items() if section in OF_VALUE]
    charged = cash.get(("Net present value", CHARGE), (None, [0.0] * len(years)))[1]
    by_year = [sum(values[place] for values in counted) + charged[place] for place in years]
    inside = sum(flow * factor for flow, factor in zip(by_year, factors(plan.case), strict=True))
    after, terminal = (cash["Net present value", item][0] for item in ("Spend after the last year", "Terminal value"))

    assert len(counted) >= 4
    assert cash["Net present value", "NPV without terminal value"][0] == pytest.approx(inside + after, abs=1e-9)
    assert cash["Net present value", "NPV"][0] == pytest.approx(inside + after + terminal, abs=1e-9)
    assert plan.npv == pytest.approx(inside + after + terminal, abs=1e-9)
    assert summary["Result", "NPV with terminal value"][0] == pytest.approx(plan.npv, abs=1e-9)
    assert summary["Result", "NPV without terminal value"][0] == pytest.approx(inside + after, abs=1e-9)


def test_every_entry_is_the_sum_of_its_items_and_cash_carries_over(written: tuple[mp.Plan, Path]) -> None:
    plan, path = written
    cash, years = lines(path, "Cash"), range(len(plan.case.years))
    entries = {item.lower(): values for (section, item), (_, values) in cash.items() if section in OF_VALUE}
    parted = {section.removeprefix("By item: ") for section, _ in cash if section.startswith("By item: ")}

    assert parted
    for entry in parted:
        items = [values for (section, _), (_, values) in cash.items() if section == f"By item: {entry}"]
        assert [sum(values[place] for values in items) for place in years] == pytest.approx(entries[entry][: len(years)], abs=1e-9)
    opening, net, closing = (cash["Cash account", name][1] for name in ("Opening cash", "Net cash of the year", "Closing cash"))
    moved = [values for (section, _), (_, values) in cash.items() if section in (*OF_VALUE, "Financing: moves cash, not value")]
    for place in years:
        assert net[place] == pytest.approx(sum(values[place] for values in moved), abs=1e-9)
        assert closing[place] == pytest.approx(opening[place] + net[place], abs=1e-9)
        assert opening[place] == pytest.approx(closing[place - 1] if place else plan.case.setting("opening_cash"), abs=1e-9)
