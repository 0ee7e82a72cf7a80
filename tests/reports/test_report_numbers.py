"""What the report works out on its own: use against what is available, flows of value, and how numbers are written."""

import math
from itertools import pairwise

import pytest

from masterplan.reports import resource_use, value_flows
from masterplan.reports.markup import Markup, amount, escape, nearly, place, tag
from masterplan.reports.recompute import recompute
from masterplan.reports.svg import ticks
from masterplan.reports.svg_map import links_of
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case


def chain(**more):
    """A mine of 4 t makes ore for 1 a unit of its own; a mill makes 1 steel of 2 ore and 0.5 power, sold for 10."""
    return small_case(
        {"last_year": 2026},
        resources=[{"resource": "ore", "unit": "t"}, {"resource": "steel", "unit": "t"}, {"resource": "power", "unit": "GWh"}],
        activities=[{"activity": "mine", "variable_cost": 1.0}, {"activity": "mill"}],
        existing_capacity=[{"activity": "mine", "capacity": 4.0}, {"activity": "mill", "capacity": 3.0}],
        recipes=[
            {"activity": "mine", "resource": "ore", "amount": 1.0},
            {"activity": "mill", "resource": "ore", "amount": -2.0},
            {"activity": "mill", "resource": "power", "amount": -0.5},
            {"activity": "mill", "resource": "steel", "amount": 1.0},
        ],
        markets=[
            {"market": "grid", "resource": "power", "side": "buy", "price": 2.0, "limit": 1.25},
            {"market": "world", "resource": "steel", "side": "sell", "price": 10.0},
            {"market": "ore_abroad", "resource": "ore", "side": "buy", "price": 5.0, "limit": 1.0},
        ],
        **more,
    )


@pytest.fixture
def plan():
    levels = {("mine", 2026): 4.0, ("mill", 2026): 2.0}
    return hand_plan(chain(), levels=levels, trades={("grid", 1, 2026): 1.0, ("world", 1, 2026): 2.0})


def test_use_is_measured_against_all_that_could_be_had(plan):
    """Ore: 4 of 4 made + 1 abroad; steel: 2 of 3; power: 1 of 1.25. Against supply alone all three would be 100%."""
    used = resource_use.table(plan, recompute(plan)).set_index("resource")
    assert used["use"].to_dict() == {"ore": 4.0, "steel": 2.0, "power": 1.0}
    assert used["share"].to_dict() == pytest.approx({"ore": 4 / 5, "steel": 2 / 3, "power": 0.8})


def test_what_nothing_limits_has_no_share():
    case = chain().change("activities.mill.capacity_limited=no")
    made = hand_plan(case, levels={("mine", 2026): 2.0, ("mill", 2026): 1.0}, trades={("world", 1, 2026): 1.0, ("grid", 1, 2026): 0.5})
    used = resource_use.table(made, recompute(made)).set_index("resource")
    assert math.isinf(used.loc["steel", "available"])
    assert math.isnan(used.loc["steel", "share"])


def test_a_unit_is_worth_its_trade_its_price_or_what_it_cost(plan):
    """Ore is not traded by the plan: 4 units cost 4 to run. A price that a study found comes before that cost."""
    numbers = recompute(plan)
    worth = value_flows.worth_of_units(plan, numbers, {})
    assert worth == {
        ("ore", 2026): (1.0, value_flows.COST),
        ("steel", 2026): (10.0, value_flows.SOLD),
        ("power", 2026): (2.0, value_flows.BOUGHT),
    }
    assert value_flows.worth_of_units(plan, numbers, {("ore", 2026): 3.0})["ore", 2026] == (3.0, value_flows.PRICED)


def test_what_comes_in_goes_out_at_the_same_value(plan):
    numbers = recompute(plan)
    flows = value_flows.table(plan, numbers, value_flows.worth_of_units(plan, numbers, {}))
    sums = flows.groupby(["resource", "side"])["value"].sum().unstack()
    assert sums["makes"].to_dict() == pytest.approx({"ore": 4.0, "steel": 20.0, "power": 2.0})
    assert sums["uses"].to_dict() == pytest.approx(sums["makes"].to_dict())


def test_links_of_the_map_run_from_what_is_used_to_what_uses_it():
    drawn = {(link.begin, link.end, link.look) for link in links_of(chain())}
    assert drawn == {
        ("activity mine", "resource ore", "makes"),
        ("resource ore", "activity mill", "uses"),
        ("resource power", "activity mill", "uses"),
        ("activity mill", "resource steel", "makes"),
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0"), (1234.5678, "1,235"), (-0.5, "−0.5"), (0.000123456, "0.0001235"), (2.0, "2"), (1e9, "1,000,000,000"), (math.nan, "–")],
)  # fmt: skip
def test_numbers_are_written_for_people(value, told):
    assert amount(value) == told


def test_only_all_of_it_is_all_of_it():
    assert [nearly(share) for share in (1.0, 1 - 1e-9, 0.999, 0.994, 0.0)] == ["100%", "100%", ">99%", "99%", "0%"]


def test_text_is_escaped_once_and_markup_never():
    assert tag("p", "<b>", Markup("<i></i>"), title='"&') == '<p title="&quot;&amp;">&lt;b&gt;<i></i></p>'
    assert escape("a\x00<") == "a&lt;"
    with pytest.raises(ValueError, match="no place"):
        place(math.nan)


@pytest.mark.parametrize(("low", "high"), [(0.0, 93.6), (-125.0, 565.0), (0.0, 0.0), (0.001, 0.0011), (-3.0, -3.0)])
def test_ticks_are_round_and_hold_everything(low, high):
    found = ticks(low, high)
    steps = {round(after - before, 12) for before, after in pairwise(found)}
    assert found[0] <= low
    assert found[-1] >= high
    assert len(found) <= 9
    assert len(steps) == 1
