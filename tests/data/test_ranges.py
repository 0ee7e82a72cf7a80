"""What the ends of a source do to the numbers that follow it."""

from __future__ import annotations

import pytest

from masterplan.data.errors import CaseError
from masterplan.data.ranges import ranges
from tests.optimizer.bakery import bakery, sourced_bakery


def test_numbers_move_in_proportion_and_whole_ones_are_rounded() -> None:
    """1/2 and 4/2 of the price; 50/100 and 200/100 of the capex; 1 year x 0.4 is rounded to 0."""
    found = ranges(sourced_bakery())
    assert found["street_price"].to_low == ("markets.street/1.price*=0.5",)
    assert found["street_price"].to_high == ("markets.street/1.price*=2",)
    assert found["oven_cost"].to_high == ("projects.oven.capex*=2",)
    assert found["oven_time"].to_low == ("projects.oven.lead_time=0",)
    assert found["oven_time"].to_high == ("projects.oven.lead_time*=2",)
    assert found["rumour"].reason == "no number of the case follows it"


def test_a_number_stays_within_what_its_column_allows() -> None:
    """A tax rate of 0.6 from 2027 times 2 would be 1.2: 1 is the most; 0.3 before becomes 0.6."""
    case = bakery(
        finance=[{"tax_rate": 0.3}, {"year": 2027, "tax_rate": 0.6}],
        sources=[{"source": "law", "central": 1, "high": 2}],
        provenance=[{"table": "finance", "column": "tax_rate", "basis": "derived", "sources": "law"}],
    )
    law = ranges(case)["law"]
    assert law.to_low == ()
    assert law.to_high == ("finance.tax_rate=0.6@:2026", "finance.tax_rate=1@2027:")
    changed = case.change(*law.to_high).series("finance", "tax_rate")
    assert [changed[year] for year in (2026, 2027, 2028)] == [0.6, 1.0, 1.0]


@pytest.mark.parametrize(
    ("elasticity", "expected"),
    [("-1", "projects.oven.capex*=0.5"), ("0.5", "projects.oven.capex*=1.41421356237"), ("2;7", "projects.oven.capex*=4"), ("0;7", None)],
)
def test_an_elasticity_overrides_the_proportion(elasticity: str, expected: str | None) -> None:
    """The source doubles: to the power of -1, 1/2 and 2 that is 0.5, 1.414 and 4; with 0 the number stays."""
    case = bakery(
        sources=[{"source": name, "low": 1, "central": 1, "high": 2} for name in ("one", "two")],
        provenance=[
            {"table": "projects", "key": "oven", "column": "capex", "basis": "derived", "sources": "one;two", "elasticity": elasticity}
        ],
    )
    found = ranges(case)["one"]
    assert found.to_high == (() if expected is None else (expected,))


def test_the_most_particular_row_speaks_for_a_number() -> None:
    case = bakery(
        sources=[{"source": name, "low": 1, "central": 2, "high": 3} for name in ("wide", "near")],
        provenance=[
            {"table": "projects", "key": "*", "column": "*", "basis": "derived", "sources": "wide"},
            {"table": "projects", "key": "oven", "column": "capex", "basis": "derived", "sources": "near"},
        ],
    )
    found = ranges(case)
    assert found["near"].places == ("projects.oven.capex",)
    assert "projects.oven.capex" not in found["wide"].places
    assert "projects.oven.life" in found["wide"].places


def test_what_cannot_be_varied_says_why() -> None:
    """Without a central value there is no ratio; a number that falls as its source rises has no value where the source is 0."""
    tied = [
        {"table": "projects", "key": "oven", "column": "capex", "basis": "derived", "sources": "open"},
        {"table": "projects", "key": "oven", "column": "max_per_year", "basis": "derived", "sources": "none", "elasticity": "-1"},
        {"table": "settings", "key": "discount_rate", "column": "value", "basis": "sourced", "sources": "ends"},
    ]
    sources = [{"source": "open", "low": 1, "high": 2}, {"source": "none", "low": 0, "central": 1}, {"source": "ends", "central": 1}]
    found = ranges(bakery(sources=sources, provenance=tied))
    assert found["open"].reason == "it has no central value, or 0"
    assert found["none"].reason == "projects.oven.max_per_year cannot be scaled by 0"
    assert found["ends"].reason == "it has neither low nor high"


def test_one_end_may_move_where_the_other_cannot() -> None:
    """Inversely to a source that may be 0: no number there, and half the capex at twice the source."""
    tied = [{"table": "projects", "key": "oven", "column": "capex", "basis": "derived", "sources": "speed", "elasticity": "-1"}]
    speed = ranges(bakery(sources=[{"source": "speed", "low": 0, "central": 1, "high": 2}], provenance=tied))["speed"]
    assert speed.to_high == ("projects.oven.capex*=0.5",)
    assert speed.reasons == ("projects.oven.capex cannot be scaled by 0", "")
    assert speed.reason == ""


@pytest.mark.parametrize("elasticity", ["much", "1;2"])
def test_an_elasticity_that_cannot_be_read_is_told(elasticity: str) -> None:
    row = {"table": "projects", "key": "oven", "column": "capex", "basis": "derived", "sources": "cost", "elasticity": elasticity}
    with pytest.raises(CaseError, match="elasticity"):
        bakery(sources=[{"source": "cost", "central": 1}], provenance=[row])
