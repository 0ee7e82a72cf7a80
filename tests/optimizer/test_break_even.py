"""Break-even on the bakery: an oven of 2026 makes two breads for 3, so it pays above a price of 1.5."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.wanted import wanted
from tests.optimizer.bakery import bakery


def test_the_switch_is_bracketed_and_its_ends_are_certain() -> None:
    """From 1 to 2.2: 1.6 has ovens, 1.3 has not, 1.45 has not. At 1.6 two ovens bring 0.4, at 1.45 a forced one loses 0.1."""
    found = mp.break_even(bakery(), "markets.street.price", "started/oven@2028>0", 1, 2.2, tolerance=0.15, gap=0)
    assert found.bracket == pytest.approx((1.45, 1.6))
    assert found.proven == found.bracket
    rows = found.solves.set_index("value")
    assert rows.index.to_list() == pytest.approx([1, 1.3, 1.45, 1.6, 2.2])
    assert rows["has_it"].to_list() == [False, False, False, True, True]
    assert rows["lost_otherwise"].to_list()[2:4] == pytest.approx([0.1, 0.4])
    assert "has started/oven@2028>0 from a value" in found.findings().sentences[0]
    assert found.findings().sentences[1].startswith("Both ends are certain")


def test_a_thing_that_ends_as_the_number_rises() -> None:
    """Two ovens stay until their capex is 4; by two jobs' worth of points a round the bracket is cut in three."""
    found = mp.break_even(bakery(), "projects.oven.capex", "started/oven@2028>=2", 3, 6, tolerance=1, gap=0)
    assert found.bracket == pytest.approx((3.75, 4.5))
    assert "has started/oven@2028>=2 up to a value" in found.findings().sentences[0]


def test_ends_that_the_gap_does_not_tell_apart_are_not_certain() -> None:
    """A loose gap leaves every plan's bound far above it: nothing is certain, and the sentence says so."""
    found = mp.break_even(bakery(), "markets.street.price", "started/oven@2028>0", 1, 2, tolerance=0.5, prove=False)
    assert found.bracket is not None
    assert found.proven is None
    assert found.findings().sentences[1].startswith("No side is certain")


def test_of_two_ends_one_may_be_certain() -> None:
    solves = pd.DataFrame({"value": [1.0, 2.0], "has_it": [False, True], "lost_least": [-0.1, 0.4]})
    found = mp.BreakEven("markets.street.price", "started/oven@2028>0", (1.0, 2.0), None, solves, {}, "billion USD")
    assert (
        found.findings().sentences[1].startswith("Certain is one side alone: at 2 every plan that has not loses at least 0.4 billion USD.")
    )


def test_no_switch_is_an_answer() -> None:
    found = mp.break_even(bakery(), "markets.street.price", "started/oven@2028>0", 2, 3, gap=0)
    assert found.bracket is None
    assert found.findings().sentences == ("No switch: from 2 to 3 the best plan has started/oven@2028>0.",)


@pytest.mark.parametrize(
    ("text", "forced", "forbidden"),
    [
        ("started/oven@2028>0", ("at_least", 1), ("at_most", 0)),
        ("started/oven@2028>=1.5", ("at_least", 2), ("at_most", 1)),
        ("started/oven@2028<2", ("at_most", 1), ("at_least", 2)),
        ("level/shop@2028>=2", ("at_least", 2), ("at_most", 2 - 2e-6)),
        ("level/shop@2028<=2", ("at_most", 2), ("at_least", 2 + 2e-6)),
    ],
)
def test_what_is_wanted_can_be_forced_and_forbidden(text: str, forced: tuple[str, float], forbidden: tuple[str, float]) -> None:
    """Modules are whole: more than 0 is at least 1, and not that is at most 0. Elsewhere a millionth parts the sides."""
    goal = wanted(text, bakery())
    for asked, (sense, bound) in ((True, forced), (False, forbidden)):
        cells = goal.rows(asked)[0].cells
        assert cells["sense"] == sense
        assert cells["bound"] == pytest.approx(bound, rel=1e-12)


@pytest.mark.parametrize("text", ["started/oven@2028", "started/oven@2028>many", "started/ovn@2028>0"])
def test_what_cannot_be_wanted_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"measure|Did you mean"):
        mp.break_even(bakery(), "markets.street.price", text, 1, 2)


def test_the_command_speaks_json(tmp_path) -> None:
    mp.write_folder(bakery(), tmp_path / "bakery")
    case, runner = str(tmp_path / "bakery"), CliRunner()
    asked = ["break-even", case, "--change", "markets.street.price", "--wanted", "started/oven@2028>0"]
    spoken = runner.invoke(app, [*asked, "--low", "1", "--high", "2.4", "--tolerance", "0.8", "--gap", "0", "--json"])
    assert spoken.exit_code == 0, spoken.output
    document = json.loads(spoken.stdout)
    assert document["schema"] == "masterplan.break-even/1"
    assert [row["has_it"] for row in document["solves"]] == [False, True, True]  # at 1, 1.7 and 2.4; an oven of 3 sells two breads
    assert runner.invoke(app, [*asked, "--low", "2", "--high", "1"]).exit_code == 2
    assert runner.invoke(app, [*asked[:2], "--change", "markets.street.price=2", *asked[4:], "--low", "1", "--high", "2"]).exit_code == 2
