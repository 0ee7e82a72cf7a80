"""The price of no on a street of ovens, every number worked out by hand."""

import json

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.added_rows import Added, with_rows
from masterplan.data.case import Case
from masterplan.data.errors import CaseError
from masterplan.forcing import Forced, parse
from masterplan.option_rows import Prices
from masterplan.plan_changes import plan_changes
from tests.small_cases import small_case


def street(objective: str = "npv", **more: object) -> Case:
    """2026 to 2029 at rate 0; bread sells at 2, two a year; what is started in a year bakes one bread from the year after.

    An oven costs 3 and earns 3 x 2 - 3 = 3 from 2026, 2 x 2 - 3 = 1 from 2027, 2 - 3 = -1 from 2028. The plan: two ovens in 2026, worth 6.
    A gold oven costs 5 and needs a cellar for 1: 3 x 2 - 5 - 1 = 0 from 2026.
    """
    rules = [{"rule": "below", "kind": "requires", "project": "gold_oven", "other": "cellar"}]
    return small_case(
        {"last_year": 2029, "objective": objective},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[
            {"project": "oven", "activity": "shop", "system": "bakery", "capex": 3, "max_per_year": 2, "max_total": 3},
            {"project": "gold_oven", "activity": "shop", "system": "palace", "capex": 5, "max_per_year": 1, "max_total": 1},
            {"project": "cellar", "system": "palace", "capex": 1, "max_per_year": 1, "max_total": 1},
        ],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 2}],
        rules=[*rules, *more.pop("rules", [])],  # type: ignore[misc]
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("objective", ["npv", "least_cost", "final_cash"])
def test_prices_are_what_the_hand_says(objective: str) -> None:
    """A gold oven takes the place of an oven: 3 + 0 in place of 6 is a price of 3. A cellar alone costs 1. A third oven bakes nothing: 3.

    Without ovens a gold oven and its cellar earn 0, as nothing does: a loss of 6. From 2027 on two ovens earn 2: a year costs 4.
    """
    found = mp.options(street(objective), force=["oven=3"], gap=0)
    price = found.not_taken.set_index("project")
    assert price["price"].to_dict() == pytest.approx({"oven": 3, "gold_oven": 3, "cellar": 1})
    assert price["price_low"].to_dict() == pytest.approx({"oven": 3, "gold_oven": 3, "cellar": 1})
    assert price["price_high"].to_dict() == pytest.approx({"oven": 3, "gold_oven": 3, "cellar": 1})
    assert price["price_proven"].to_dict() == {"oven": True, "gold_oven": True, "cellar": True}
    assert price.loc["gold_oven", "needs"] == "cellar (2026)"
    assert price.loc["gold_oven", "crowded_out"] == "oven 1 instead of 2 modules"
    assert "needs cellar (2026) first; takes the place of oven 1 instead of 2 modules" in price.loc["gold_oven", "why"]
    idle = "nothing more would run: shop has 6 capacity-years without it; no demand left: street takes no more in 3 years"
    assert price.loc["oven", "why"].startswith(idle)
    assert price.loc["cellar", "why"] == "costs more than it earns: Capex cellar -1"
    taken = found.taken.set_index("project").loc["oven"]
    assert (taken["loss"], taken["loss_low"], taken["loss_high"]) == pytest.approx((6, 6, 6))
    assert (taken["from_year"], taken["delay_loss"], taken["delay_loss_low"]) == pytest.approx((2027, 4, 4))
    systems = found.systems.set_index("system")
    assert systems.loc["bakery", "loss"] == pytest.approx(6)
    assert (systems.loc["palace", "cheapest_entry"], systems.loc["palace", "entry_price"]) == ("cellar", pytest.approx(1))
    assert len(found.plans) == 5  # three forced, without ovens, ovens later; the bakery is its oven
    assert all(mp.audit(plan).passed for plan in found.plans.values())


def test_sizes_by_a_year_and_what_cannot_be_done() -> None:
    """Two ovens by 2026 are in the plan. Three cannot be: two a year. A gold oven by 2028 may wait no cheaper than it starts in 2026."""
    found = mp.options(street(), force=["oven=2@2026", "oven=3@2026", "gold_oven@2028"], delays=False, gap=0)
    rows = found.not_taken
    assert rows["answer"].to_list()[:2] == ["the plan does so already", "cannot be done: no plan keeps every limit and rule"]
    assert rows["price"].to_list()[0] == 0
    assert rows["forced"].to_list()[2:] == ["1 module by 2028", "1 module", "1 module"]
    assert rows["price"].to_list()[2:] == pytest.approx([3, 3, 1])
    assert found.taken["delay"].isna().all()
    assert "Cannot be done: oven." in found.findings().sentences


def test_what_the_plan_cannot_do_without_is_said() -> None:
    """An oven must be built in 2026, by rule; so no plan does without it, and none a year later."""
    ruled = street(rules=[{"rule": "promise", "kind": "deadline", "project": "oven", "amount": 1, "deadline": 2026}])
    taken = mp.options(ruled, gap=0).taken.iloc[0]
    assert taken["without"] == "the plan cannot do without: no plan keeps every limit and rule"
    assert taken["delay"] == "the plan cannot wait: no plan keeps every limit and rule"


def test_given_starts_are_no_options() -> None:
    """One oven is given in 2026, the plan adds one, worth 3. The given one stays: without new ovens 3 are lost, not 6; from 2027 on, 2."""
    given = street(given_starts=[{"project": "oven", "year": 2026, "modules": 1, "kind": "minimum"}])
    taken = mp.options(given, gap=0).taken.iloc[0]
    assert taken["starts"] == "2026: 1"
    assert (taken["loss"], taken["delay_loss"]) == pytest.approx((3, 2))


def test_where_no_year_is_left_nothing_is_solved() -> None:
    """A gold oven that takes ten years cannot bake within the plan."""
    found = mp.options(street().change("projects.gold_oven.lead_time=10"), delays=False, gap=0)
    assert found.not_taken.set_index("project").loc["gold_oven", "answer"] == "cannot be done: no year of the plan allows one more module"
    assert set(found.plans) == {"force cellar: 1 module", "without oven"}


def test_prices_count_from_the_best_plan_known_and_are_never_below_zero() -> None:
    """Plan 10, at most 11. A restriction reached 9.5, at most 10.5: it costs 0.5, at least max(0, 10.4 - 10.5), at most 11 - 9.5.

    The best known is another restriction's 10.4, at most 10.45; it costs 0, at least 0, at most 0.6. One of 8 at most 9 costs 1.4 to 3.
    """
    case = street()

    def plan(objective: float, bound: float) -> mp.Plan:
        return mp.Plan(case, "feasible", "gap", objective=objective, bound=bound)

    found = {"a": plan(9.5, 10.5), "b": plan(10.4, 10.45), "c": plan(8, 9)}
    prices = Prices(plan(10, 11), found)
    intervals = [prices.loss(found[name]) for name in found]
    assert [(one.value, one.low, one.high) for one in intervals] == [
        pytest.approx(numbers) for numbers in ((0.9, 0, 1.5), (0, 0, 0.6), (2.4, 1.4, 3))
    ]
    assert [one.is_proven for one in intervals] == [False, False, True]


@pytest.mark.parametrize("objective", ["npv", "least_cost", "final_cash"])
def test_the_lines_sum_to_the_price(objective: str) -> None:
    """With interest, tax, a terminal value and a penalty, what got worse less what got better is the whole difference."""
    settings = {"last_year": 2029, "objective": objective, "discount_rate": 0.1, "opening_cash": 20}
    settings |= {"terminal_value": "none" if objective == "final_cash" else "book_value"}
    case = small_case(
        settings,
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        activities=[{"activity": "shop", "unit": "t", "variable_cost": 0.1}],
        projects=[
            {"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 2, "life": 5},
            {"project": "gold_oven", "activity": "shop", "capex": 5, "max_per_year": 1, "max_total": 1, "life": 9},
        ],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 2}],
        finance=[{"tax_rate": 0.25, "baseline_taxable": 3}],
        limits=[{"limit": "few", "sense": "at_most", "penalty": 0.2, "span": "total", "bound": 1}],
        limit_members=[{"limit": "few", "measure": "starts", "item": "gold_oven"}, {"limit": "few", "measure": "starts", "item": "oven"}],
    )
    found = mp.options(case, delays=False, gap=0)
    plan, sign = found.plan, -1 if objective == "least_cost" else 1
    named = set[str]()
    for other in found.plans.values():
        assert isinstance(other, mp.Plan)
        changes = plan_changes(plan, other)
        named |= set(changes.money)
        assert sum(changes.money.values()) == pytest.approx(sign * (other.objective - plan.objective), abs=1e-8)
    assert named >= {"Penalties", "Capex gold_oven", "Tax"}


def test_what_is_forced_is_read() -> None:
    case = street()
    assert parse(case, "oven=2@2028") == Forced("oven", 2, 2028)
    assert parse(case, " oven @ 2028 ") == Forced("oven", 1, 2028)
    assert parse(case, "oven=1.5") == Forced("oven", 1.5, None)
    for text, told in {
        "ovn": "Did you mean 'oven'",
        "oven=0": "Write PROJECT=MODULES@YEAR",
        "oven=x": "Write PROJECT=MODULES@YEAR",
        "oven@2040": "the plan runs from 2026 to 2029",
    }.items():
        with pytest.raises(ValueError, match=told):
            parse(case, text)


def test_rows_are_added_and_checked() -> None:
    case = with_rows(street(), [Added("rules", {"rule": "more", "kind": "must_do", "project": "oven", "amount": 3})])
    assert case.changes_applied == ("rules: rule more, kind must_do, project oven, amount 3",)
    assert mp.solve(case, gap=0).npv == pytest.approx(3)
    assert case.input_hash != street().input_hash
    with pytest.raises(CaseError, match="the plan runs from 2026 to 2029"):
        with_rows(street(), [Added("rules", {"rule": "more", "kind": "deadline", "project": "oven", "deadline": 2040})])
    with pytest.raises(ValueError, match="not known"):
        with_rows(street(), [Added("rules", {"ruler": "more"})])
    with pytest.raises(ValueError, match="not known"):
        with_rows(street(), [Added("ruler", {})])


def test_a_plan_of_other_tables_is_refused_and_one_that_is_not_there_said() -> None:
    plan = mp.solve(street(), gap=0)
    with pytest.raises(ValueError, match="other tables"):
        mp.options(street().change("projects.oven.capex=2"), plan)
    impossible = street(rules=[{"rule": "promise", "kind": "deadline", "project": "oven", "amount": 3, "deadline": 2026}])
    found = mp.options(impossible)
    assert found.findings().sentences[0].startswith("There is no plan: No plan can keep every limit")


def test_the_command_writes_and_speaks_json(tmp_path) -> None:
    mp.write_folder(street(), tmp_path / "street")
    written = tmp_path / "plan.xlsx"
    runner = CliRunner()
    told = runner.invoke(app, ["options", str(tmp_path / "street"), "--gap", "0", "--no-delays", "-o", str(written), "--json"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["schema"] == "masterplan.options/1"
    assert {row["project"]: row["price"] for row in document["not_taken"]} == pytest.approx({"gold_oven": 3, "cellar": 1})
    assert mp.read_plan(written).objective == pytest.approx(6)
    plain = runner.invoke(app, ["options", str(tmp_path / "street"), "--gap", "0", "--no-delays"])
    assert plain.exit_code == 0
    assert "Worth most: oven (6 billion USD)" in plain.stdout
    assert runner.invoke(app, ["options", str(tmp_path / "street"), "--force", "ovn"]).exit_code == 2
