"""Changes: what their text says, which years they touch, what they refuse, and scenarios in order."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masterplan.data.case import Case
from masterplan.data.change import Change, apply, changed, parse, with_scenarios
from masterplan.data.errors import CaseError, ChangeError
from tests.small_cases import small_case

YEARS = (2026, 2027, 2028, 2029, 2030)


@pytest.fixture(scope="module")
def case() -> Case:
    return small_case(
        {"last_year": 2030, "money_unit": "billion USD"},
        resources=[{"resource": "ore", "unit": "t"}, {"resource": "heat", "unit": "GWh", "disposal": "yes"}],
        recipes=[
            {"activity": "dig", "resource": "ore", "amount": 1},
            {"activity": "dig", "resource": "heat", "amount": 2},
            {"activity": "dig", "resource": "heat", "basis": "capacity", "amount": 5},
        ],
        projects=[
            {"project": "mine", "activity": "dig", "capex": 2, "max_total": 4, "lead_time": 3},
            {"project": "mine", "year": 2028, "capex": 3},
            {"project": "road", "max_total": 1},
        ],
        markets=[
            {"market": "world", "tier": tier, "resource": "ore", "side": "sell", "price": 4 - tier, "limit": 9, "minimum": None}
            for tier in (1, 2)
        ],
        scenarios=[
            {"scenario": "dear", "kind": "variant"},
            {"scenario": "late", "kind": "disruption"},
            {"scenario": "alone", "kind": "perimeter"},
            {"scenario": "group", "kind": "perimeter"},
        ],
        changes=[
            {"scenario": "dear", "step": 2, "table": "projects", "key": "mine", "column": "capex", "operation": "plus", "value": 1},
            {"scenario": "dear", "step": 1, "table": "projects", "key": "mine", "column": "capex", "operation": "times", "value": 2},
            {"scenario": "late", "step": 1, "table": "projects", "key": "mine", "column": "lead_time", "operation": "plus", "value": 1},
            {"scenario": "alone", "step": 1, "table": "projects", "key": "mine", "column": "capex", "value": 10},
        ],
    )


def capex(case: Case, project: str = "mine") -> list[float]:
    series = case.series("projects", "capex")
    return [series[project, year] for year in YEARS]


def refused(case: Case, *texts: str) -> list[str]:
    with pytest.raises(ChangeError) as error:
        changed(case, texts)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("projects.terafab.lead_time+=2", Change("projects", "terafab", "lead_time", "plus", "2")),
        ("recipes.terafab/chips.amount*=0.8@2030:2033", Change("recipes", "terafab/chips", "amount", "times", "0.8", 2030, 2033)),
        ("finance.capex_limit*=0.9@2030", Change("finance", "", "capex_limit", "times", "0.9", 2030, 2030)),
        ("finance.capex_limit-=3@2030:", Change("finance", "", "capex_limit", "plus", "-3", 2030, None)),
        ("finance.capex_limit-=-3@:2030", Change("finance", "", "capex_limit", "plus", "3", None, 2030)),
        ("settings.discount_rate=0.08", Change("settings", "", "discount_rate", "set", "0.08")),
        ("projects.*.capex *= 2", Change("projects", "*", "capex", "times", "2")),
        ("projects.big mine.spend_profile = two years", Change("projects", "big mine", "spend_profile", "set", "two years")),
        ("projects.mine.capex=2 bn USD@2030", Change("projects", "mine", "capex", "set", "2 bn USD", 2030, 2030)),
    ],
)
def test_what_a_text_says(text: str, change: Change) -> None:
    said = parse(text)
    assert said == Change(change.table, change.key, change.column, change.operation, change.value, change.from_year, change.to_year, text)
    assert parse(str(change)) == Change(
        change.table, change.key, change.column, change.operation, change.value, change.from_year, change.to_year, str(change)
    )


@pytest.mark.parametrize(
    "text", ["", "projects", "capex=2", "projects.mine.capex", "projects..capex=2", "projects.mine.capex=2@20", "a.b=1@"]
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ChangeError, match=r"Write table\.key\.column=value"):
        parse(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ChangeError):
        assert parse(text).text == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("projects.mine.capex*=2", [4, 4, 6, 6, 6]),
        ("projects.mine.capex+=1@2027", [2, 3, 3, 3, 3]),
        ("projects.mine.capex+=1@2027:2029", [2, 3, 4, 4, 3]),
        ("projects.mine.capex+=1@2029:", [2, 2, 3, 4, 4]),
        ("projects.mine.capex+=1@:2026", [3, 2, 3, 3, 3]),
        ("projects.mine.capex+=1@:2028", [3, 3, 4, 3, 3]),
        ("projects.mine.capex+=1@2028", [2, 2, 4, 3, 3]),
        ("projects.mine.capex+=1@2026:2030", [3, 3, 4, 4, 4]),
        ("projects.mine.capex=7", [7, 7, 7, 7, 7]),
        ("projects.mine.capex=7@2027:2029", [2, 7, 7, 7, 3]),
        ("projects.mine.capex=7@:2027", [7, 7, 3, 3, 3]),
        ("projects.mine.capex=7@2030", [2, 2, 3, 3, 7]),
        ("projects.*.capex=1", [1, 1, 1, 1, 1]),
    ],
)
def test_only_the_years_of_the_change_change(case: Case, text: str, expected: list[float]) -> None:
    assert capex(changed(case, [text])) == expected


@given(
    stated=st.dictionaries(st.sampled_from([None, *YEARS]), st.integers(0, 9), min_size=1),
    first=st.sampled_from([None, *YEARS]),
    last=st.sampled_from([None, *YEARS]),
    operation=st.sampled_from(["set", "times", "plus"]),
)
def test_years_outside_keep_their_value_whatever_is_stated(stated: dict[Any, int], first: Any, last: Any, operation: str) -> None:
    if first is not None and last is not None and first > last:
        first, last = last, first
    if None not in stated:
        stated = {**stated, 2026: 5}
    rows = [{"project": "mine", "year": year, "capex": value} for year, value in stated.items()]
    before = small_case({"last_year": 2030}, projects=rows, activities=[], resources=[])
    after = apply(before, [Change("projects", "mine", "capex", operation, "3", first, last)])
    act = {"set": lambda _: 3.0, "times": lambda now: now * 3.0, "plus": lambda now: now + 3.0}[operation]
    inside = [(first or 0) <= year <= (last or 9999) for year in YEARS]
    assert capex(after) == [act(now) if changes else now for now, changes in zip(capex(before), inside, strict=True)]


def test_a_default_is_changed_and_stated(case: Case) -> None:
    fixed = changed(case, ["projects.mine.fixed_capex+=2@2028:"]).series("projects", "fixed_capex")
    assert [fixed["mine", year] for year in YEARS] == [0, 0, 2, 2, 2]
    assert changed(case, ["finance.baseline_cash+=1"]).series("finance", "baseline_cash")[2026] == 1


def test_work_in_progress_keeps_its_cost() -> None:
    rows = [{"project": "mine", "year": 2026, "capex": 2}]
    case = small_case(projects=rows, given_starts=[{"project": "mine", "year": 2025, "modules": 1}])
    series = changed(case, ["projects.mine.capex*=2@2026:"]).series("projects", "capex")
    assert [series["mine", year] for year in (2025, 2026, 2028)] == [2, 4, 4]


def test_attributes_and_settings(case: Case) -> None:
    after = changed(case, ["projects.mine.lead_time+=2", "settings.discount_rate=0.08", "settings.last_year-=1", "projects.mine.lumpy=no"])
    assert after.attribute("projects", "lead_time")["mine"] == 5
    assert (after.setting("discount_rate"), after.last_year) == (0.08, 2029)
    assert after.attribute("projects", "lumpy")["mine"] == "no"
    assert changed(after, ["projects.mine.max_total="]).attribute("projects", "max_total") == {"road": 1}


def test_parts_of_a_key_that_are_left_out(case: Case) -> None:
    amount = changed(case, ["recipes.dig/heat.amount=9"]).series("recipes", "amount")
    assert (amount["dig", "heat", "level", 2026], amount["dig", "heat", "capacity", 2026]) == (9, 5)
    amount = changed(case, ["recipes.*.amount*=2"]).series("recipes", "amount")
    assert (amount["dig", "heat", "level", 2026], amount["dig", "heat", "capacity", 2026]) == (4, 10)
    price = changed(case, ["markets.world.price*=2", "markets.world/2.price+=1"]).series("markets", "price")
    assert (price["world", 1, 2026], price["world", 2, 2026]) == (6, 5)


def test_quantities_are_turned_into_the_unit_of_the_column(case: Case) -> None:
    after = changed(case, ["projects.mine.capex=500 million USD", "recipes.dig/heat.amount=3 TWh/t", "markets.world/1.price=200 USD/kg"])
    assert capex(after)[0] == 0.5
    assert after.series("recipes", "amount")["dig", "heat", "level", 2026] == 3000
    assert after.series("markets", "price")["world", 1, 2026] == pytest.approx(2e-4)
    assert refused(case, "projects.mine.capex=5 kg", "projects.mine.capex*=5 GWh", "projects.mine.lead_time=2 kg") == ["E508"] * 3


def test_a_given_start_may_be_new(case: Case) -> None:
    after = changed(case, ["given_starts.mine/2028.modules=1", "given_starts.mine/2028.kind=minimum"])
    assert after.attribute("given_starts", "modules") == {("mine", 2028): 1}
    assert after.attribute("given_starts", "kind") == {("mine", 2028): "minimum"}
    assert (
        refused(case, "given_starts.mien/2028.modules=1", "given_starts.mine/soon.modules=1", "given_starts.mine/2028.kind=fixed")
        == ["E506"] * 3
    )


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("project.mine.capex=2", "E504", "Did you mean 'projects'?"),
        ("projects.mine.capx=2", "E505", "Did you mean 'capex'?"),
        ("projects.mine.project=2", "E505", "which projects has not"),
        ("settings.discount=1", "E505", "Did you mean 'discount_rate'?"),
        ("projects.mien.capex=2", "E506", "Did you mean 'mine'?"),
        ("recipes.dig/oar.amount=2", "E506", "Did you mean 'ore'?"),
        ("recipes.dig.amount=2", "E506", "a key of recipes is activity/resource/basis"),
        ("finance.x.capex_limit=2", "E506", "finance has no key"),
        ("projects.mine.capex=2@2040", "E507", "the plan has 2026 to 2030"),
        ("projects.mine.lead_time+=1@2028", "E507", "does not vary by year"),
        ("projects.mine.capex=2,5", "E508", "Type 2.5"),
        ("projects.mine.lumpy=maybe", "E508", "lumpy is one of yes, no"),
        ("projects.mine.activity=digg", "E508", "Did you mean 'dig'?"),
        ("projects.mine.lumpy*=2", "E508", "lumpy is a choice"),
        ("projects.mine.life=", "E508", "life is required"),
        ("projects.mine.lead_time*=0.5", "E509", "becoming 1.5"),
        ("projects.mine.capex-=2.5", "E509", "at least 0"),
        ("settings.discount_rate=8", "E509", "at most 1"),
        ("finance.capex_limit*=2", "E510", "no value to change"),
        ("finance.capex_limit=2@2028", "E510", "blank in every year or in none"),
    ],
)
def test_what_is_refused(case: Case, text: str, code: str, says: str) -> None:
    with pytest.raises(ChangeError) as error:
        changed(case, [text])
    (problem,) = error.value.problems
    assert problem.code == code
    assert says in str(problem)
    assert text in str(problem)


def test_all_wrong_changes_are_told_at_once(case: Case) -> None:
    assert refused(case, "nonsense", "projects.mine.capex=2", "projects.mien.capex=2", "projects.mine.life=0") == ["E501", "E506", "E509"]


def test_blank_cells_are_passed_over_where_many_are_meant(case: Case) -> None:
    after = changed(case, ["projects.mine.max_total=", "projects.*.max_total*=2"])
    assert after.attribute("projects", "max_total") == {"road": 2}


def test_a_changed_case_is_checked(case: Case) -> None:
    with pytest.raises(CaseError, match="E303") as error:
        case.change("projects.mine.min_per_year=3", "projects.mine.max_per_year=2")
    assert not isinstance(error.value, ChangeError)


def test_changes_leave_the_case_alone_and_are_recorded(case: Case) -> None:
    before = case.input_hash
    after = case.change("projects.mine.capex=1").change("projects.mine.capex+=1")
    assert after.changes_applied == ("projects.mine.capex=1", "projects.mine.capex+=1")
    assert case.input_hash == before != after.input_hash
    assert changed(case, []).input_hash == before


def test_scenarios_apply_their_steps_in_order_and_perimeters_first(case: Case) -> None:
    assert capex(with_scenarios(case, ["dear"])) == [5, 5, 7, 7, 7]
    both = case.scenario("dear", "alone", "late")
    assert both.scenarios_applied == ("alone", "dear", "late")
    assert capex(both) == [21] * 5
    assert both.attribute("projects", "lead_time")["mine"] == 4


def test_wrong_scenarios_are_told_at_once(case: Case) -> None:
    with pytest.raises(ChangeError, match=r"Did you mean 'dear'\?") as error:
        with_scenarios(case, ["deer", "alone", "group"])
    assert [problem.code for problem in error.value.problems] == ["E502", "E503"]
    with pytest.raises(ChangeError, match="alone and group"):
        case.scenario("alone").scenario("group")


def test_a_scenario_may_reach_beyond_a_shortened_plan() -> None:
    changes = [{"scenario": "late", "step": 1, "table": "finance", "column": "baseline_cash", "value": 9, "from_year": 2028}]
    case = small_case({"last_year": 2027}, scenarios=[{"scenario": "late"}], changes=changes, finance=[{"baseline_cash": 1}])
    assert case.scenario("late").series("finance", "baseline_cash") == {2026: 1.0, 2027: 1.0}
    with pytest.raises(ChangeError):
        case.change("finance.baseline_cash=9@2028")


def test_a_product_has_the_digits_that_a_spreadsheet_program_keeps() -> None:
    """0.1 x 0.7 is 0.06999999999999999 on a computer; LibreOffice would save 0.07, and the case would look edited."""
    assert 0.1 * 0.7 != 0.07
    found = changed(small_case(), ["settings.discount_rate=0.1", "settings.discount_rate*=0.7"])
    assert found.setting("discount_rate") == 0.07
