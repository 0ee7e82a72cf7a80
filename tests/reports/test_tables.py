"""Report tables on the example plan: one test a report, named after its module; the last test sees that none is forgotten."""

import sys
from pathlib import Path

import pytest

from masterplan.reports import (
    balances,
    cancellations,
    capacity,
    capex,
    cash,
    closures,
    gates,
    given_up,
    levels,
    losses,
    retirements,
    starts,
    stocks,
    summary,
    synergies,
    tidy,
    trades,
    vintages,
)
from masterplan.reports.recompute import recompute
from masterplan.reports.sheets import RARE, REPORTS, subtitle
from masterplan.reports.timeline import Line, frame, is_timeline
from tests.reports.ending_plan import ending_plan
from tests.reports.example_plan import example_plan
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case


@pytest.fixture(scope="module")
def plan():
    return example_plan()


def line(report, plan, item, part="", section=None):
    """(numbers of the years, total) of the one line of a report."""
    table = report.table(plan, recompute(plan))
    rows = table[(table["item"] == item) & (table["part"] == part)]
    rows = rows if section is None else rows[rows["section"] == section]
    assert len(rows) == 1, f"{len(rows)} lines {item}/{part}"
    row = rows.iloc[0]
    return [row[year] for year in plan.case.years], row["total"]


def test_starts(plan):
    assert line(starts, plan, "chips") == ([2.0, 0.0, 0.0], 2.0)
    assert line(starts, plan, "pit") == ([1.0, 0.0, 0.0], 1.0)
    assert line(starts, plan, "pit", 2025) == ([None] * 3, 1.0)  # work in progress stands apart, with its year


def test_cancellations(plan):
    assert line(cancellations, plan, "pit") == ([0.0, 1.0, 0.0], 1.0)


def test_levels(plan):
    assert line(levels, plan, "mine") == ([5.0, 5.5, 4.0], None)  # a level has no sum over years
    table = levels.table(plan, recompute(plan))
    assert table["section"].tolist() == ["Mining", "Compute"]
    assert table["unit"].tolist() == ["Mt", "GWy"]


def test_vintages(plan):
    assert line(vintages, plan, "chips", 2026) == ([0.0, 2.0, 2.0], None)


def test_retirements():
    assert line(retirements, ending_plan(), "pit", 2025) == ([1.0, 0.0, 0.0], 1.0)


def test_closures():
    assert line(closures, ending_plan(), "old") == ([0.0, 0.0, 2.0], 2.0)


def test_given_up():
    plan = ending_plan()
    assert line(given_up, plan, "mine", "refit", given_up.CAPACITY)[0] == [0.0, 1.0, 1.0]
    assert line(given_up, plan, "old", "closed", given_up.CAPACITY)[0] == [0.0, 0.0, 2.0]
    assert line(given_up, plan, "dig", "pit 2025 retired", given_up.CAPACITY)[0] == [1.0, 1.0, 0.0]  # its life ends with 2027
    assert line(given_up, plan, "mine", "refit", given_up.LEVEL)[0] == [1.0, None, None]  # a quarter of what ran
    assert line(given_up, plan, "mine", "refit", given_up.MARGIN)[0] == [3.5, None, None]  # (3 x 5 + 1 x 3) / 4, less 1
    assert line(given_up, plan, "old", "closed", given_up.LEVEL)[0] == [None, 0.0, None]
    assert line(given_up, plan, "dig", "pit 2025 retired", given_up.LEVEL)[0] == [None] * 3


def test_only_plans_that_give_something_up_show_it(plan):
    assert given_up in RARE
    assert len(given_up.table(ending_plan(), recompute(ending_plan())))
    assert given_up.table(plan, recompute(plan)).empty


def test_trades(plan):
    assert line(trades, plan, "world", 2) == ([0.0, 1 / 3, 0.0], 1 / 3)
    assert line(trades, plan, "grid", 1, "Bought") == ([2.5, 2.75, 2.0], 7.25)


def test_stocks(plan):
    assert line(stocks, plan, "ore")[0] == pytest.approx([2.0, 19 / 6, 19 / 6])


def test_losses(plan):
    assert line(losses, plan, "all")[0] == [0.0, 0.0, 0.0]


def test_capex(plan):
    assert line(capex, plan, "chips") == ([10.0, 0.0, 0.0], 10.0)
    assert line(capex, plan, "Capex") == ([20.0, 0.0, 0.0], 20.0)
    assert line(capex, plan, "Available")[0] == [20.0, 20.0, 40.0]  # 2026 is spent in full, 2027 carries over
    assert line(capex, plan, "Unspent")[0] == [0.0, 20.0, 40.0]


def test_capacity(plan):
    assert line(capacity, plan, "mine", "built")[0] == [2.0, 4.0, 4.0]
    assert line(capacity, plan, "mine", "capacity")[0] == [6.0, 8.0, 8.0]
    assert line(capacity, plan, "mine", "in use")[0] == pytest.approx([5 / 6, 5.5 / 8, 0.5])


def test_balances(plan):
    assert line(balances, plan, "Production", "mine")[0] == [5.0, 5.5, 4.0]
    assert line(balances, plan, "Sell", "cloud", "compute (GWy)")[0] == [0.0, -2.0, -1.0]
    surplus = line(balances, plan, "ore", section=balances.INDEX)[0]
    assert surplus == [0.0, 0.0, 0.0]  # exactly: computer noise beside the flows is zero


def test_cash(plan):
    assert line(cash, plan, "Sales", section="Operating")[0][0] == pytest.approx(36.0)  # 4 at 9
    opening, closing = (line(cash, plan, item)[0] for item in ("Opening cash", "Closing cash"))
    assert opening == pytest.approx([100.0, *closing[:-1]])
    assert line(cash, plan, "NPV")[1] == pytest.approx(plan.npv)
    assert line(cash, plan, "world", section="By item: sales")[0][1] == pytest.approx(36 + 7 / 3)


def test_summary(plan):
    assert line(summary, plan, "Value added")[1] == pytest.approx(10.0)
    assert line(summary, plan, "Compute", section="Capex by system")[0] == [10.0, 0.0, 0.0]
    assert summary.figures(plan, recompute(plan))[0][0] == "NPV (M USD)"


def test_tidy(plan):
    table = tidy.table(plan, recompute(plan))
    assert tuple(table.columns) == tidy.COLUMNS
    compute = table[(table["entity_type"] == "balance") & (table["entity"] == "compute") & (table["metric"] == "production")]
    assert dict(zip(compute["year"], compute["value"], strict=True)) == {2027: 2.0, 2028: 1.0}  # half its worth in its second year
    assert not table.drop(columns="year").isna().any().any()


def test_a_year_outside_the_plan_is_refused():
    with pytest.raises(ValueError, match="year 2031 is outside the plan"):
        frame([Line("Section", "item", {2031: 1.0})], (2026, 2027))


def test_gates():
    case = small_case(activities=[{"activity": "mine"}], gates=[{"gate": "licence", "activity": "mine", "earliest_year": 2027}])
    shut = hand_plan(case, gates={("licence", year): float(year >= 2027) for year in case.years})
    table = gates.table(shut, recompute(shut))
    assert table[["item", "note", 2026, 2027, 2028]].to_numpy().tolist() == [["licence", "in 2027", 0.0, 1.0, 1.0]]


def test_synergies():
    members = [{"synergy": "fit", "measure": "level", "item": "mine", "threshold": 0}]
    rows = [{"synergy": "fit", "meaning": "short ways", "benefit": 1}]
    case = small_case(synergies=rows, synergy_members=members, activities=[{"activity": "mine"}])
    found = hand_plan(case, synergies={("fit", year): 1.0 for year in case.years})
    table = synergies.table(found, recompute(found))
    assert table[["item", "note", 2026, 2027, 2028]].to_numpy().tolist() == [["fit", "short ways", 1.0, 1.0, 1.0]]


def test_every_report_is_tested_and_told(plan):
    elsewhere = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    for report in REPORTS:
        name = report.__name__.rsplit(".", 1)[-1]
        assert hasattr(sys.modules[__name__], f"test_{name}") or f" {name}.table(" in elsewhere, f"{name} has no test"
        assert is_timeline(report.table(plan, recompute(plan)))
        assert subtitle(report).endswith("."), f"{name} needs a docstring that is the subtitle of its sheet"
