"""Every check between tables is tripped by the smallest fault, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from masterplan.data import check as check_module
from masterplan.data.check import CHECKS, check
from masterplan.data.errors import CaseError
from tests.small_cases import Rows, small_case

SOUND: Mapping[str, Rows] = {
    "resources": [{"resource": "ore", "unit": "kt"}, {"resource": "heat", "unit": "GWh", "disposal": "yes"}],
    "activities": [{"activity": "dig", "unit": "kt"}, {"activity": "old", "unit": "kt"}],
    "recipes": [{"activity": "dig", "resource": "ore", "amount": 1}, {"activity": "old", "resource": "ore", "amount": 1}],
    "existing_capacity": [{"activity": "old", "capacity": 5}],
    "projects": [
        {"project": "mine", "activity": "dig", "capex": 2, "lead_time": 1, "life": 9, "max_total": 4},
        {"project": "road", "lead_time": 0, "life": 9, "max_total": 1},
        {"project": "rail", "lead_time": 0, "life": 9},
    ],
    "markets": [{"market": "world", "resource": "ore", "side": "sell", "price": 3, "limit": 9}],
}


def with_rows(project: Mapping[str, Any] | None = None, **tables: Rows) -> dict[str, Rows]:
    """The sound tables with more rows, and columns of the project `mine` set."""
    mine, *others = SOUND["projects"]
    more = {name: [*SOUND.get(name, []), *given] for name, given in tables.items()}
    return {**SOUND, "projects": [{**mine, **(project or {})}, *others], **more}


def profile(name: str, kind: str, *values: float) -> list[dict[str, Any]]:
    return [{"profile": name, "age": age, "kind": kind, "value": value} for age, value in enumerate(values)]


def found(settings: Mapping[str, Any] | None, tables: Mapping[str, Rows]) -> list[str]:
    with pytest.raises(CaseError) as error:
        small_case(settings, **tables)
    return [problem.code for problem in error.value.problems]


def curve(*points: tuple[float, float], project: Mapping[str, Any] | None = None, bases: tuple[str, ...] = ()) -> dict[str, Rows]:
    """The sound tables with a cost curve of the project `mine` in the place of its capex."""
    rows = [{"project": "mine", "modules": modules, "cost": cost} for modules, cost in points]
    stated = [{**row, "basis": basis} for row, basis in zip(rows, bases, strict=True)] if bases else rows
    return with_rows({"capex": None, **(project or {})}, learning=stated)


RAMP, HALF = profile("ramp", "availability", 0.5, 1), profile("half", "spend", 0.5, 0.4)
SHARE = profile("wear", "output", 1, 0.5)
LIMIT = [{"limit": "cap", "bound": 5}]
MEMBER = [{"limit": "cap", "measure": "starts", "item": "mine"}]
RELIEF = {"relief": "more", "limit": "customers", "table": "markets", "key": "world", "column": "limit", "step": 1}
FREE = {"activity": "drift", "unit": "kt", "capacity_limited": "no"}
FIT = {"synergy": "fit", "measure": "level", "item": "dig", "threshold": 1}

FAULTS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Rows]]] = {
    "E201": ({"first_year": 2030, "last_year": 2028}, SOUND),
    "E202": ({"first_year": 2026, "last_year": 2226}, SOUND),
    "E203": ({"terminal_value": "perpetuity", "discount_rate": 0.02, "perpetuity_growth": 0.02}, SOUND),
    "E204": ({}, with_rows(finance=[{"discount_factor": 0}])),
    "E205": ({}, with_rows(finance=[{"year": 2026, "discount_factor": 1}, {"year": 2028, "discount_factor": 0.8}])),
    "E206": ({}, with_rows({"max_total": None}, finance=[{"year": 2026, "tax_rate": 0.2}, {"year": 2028, "tax_rate": 0.25}])),
    "E207": ({}, with_rows(depreciation=[{"depreciation_class": "plant", "method": "declining_balance", "years": 5}])),
    "E208": ({}, with_rows(depreciation=[{"depreciation_class": "plant", "method": "straight_line", "years": 5, "rate": 0.4}])),
    "E209": ({}, with_rows(depreciation=[{"depreciation_class": "plant", "method": "expensing", "years": 5}])),
    "E221": ({"opening_debt": 2}, SOUND),
    "E222": ({}, with_rows(limits=LIMIT, limit_members=[{"limit": "cap", "measure": "earnings", "item": "dig"}])),
    "E223": ({}, with_rows(limits=LIMIT, limit_members=[{"limit": "cap", "measure": "debt", "item": "company"}])),
    "E301": ({}, with_rows({"first_start": 2019})),
    "E302": ({}, with_rows({"first_start": 2028, "last_start": 2027})),
    "E303": ({}, with_rows({"min_per_year": 3, "max_per_year": 2})),
    "E304": ({}, with_rows({"fixed_capex": 1, "max_total": None})),
    "E305": ({}, with_rows({"activity": None, "output_profile": "wear", "output_resource": "ore"}, profiles=SHARE)),
    "E306": ({}, with_rows({"output_profile": "wear"}, profiles=SHARE)),
    "E307": ({}, with_rows({"output_profile": "wear", "output_resource": "heat"}, profiles=SHARE)),
    "E308": ({}, with_rows({"output_resource": "ore"})),
    "E309": ({}, with_rows({"spend_profile": "ramp"}, profiles=RAMP)),
    "E310": ({}, with_rows(profiles=[*RAMP, {"profile": "ramp", "age": 2, "kind": "output", "value": 1}])),
    "E311": ({}, with_rows(profiles=[*RAMP, {"profile": "ramp", "age": 3, "kind": "availability", "value": 1}])),
    "E312": ({}, with_rows(profiles=HALF)),
    "E313": (
        {},
        with_rows(construction_inputs=[{"project": "mine", "resource": "ore", "when": "standing", "years_after_start": 1, "amount": 1}]),
    ),
    "E314": (
        {},
        with_rows(construction_inputs=[{"project": "mine", "resource": "ore", "when": "standing", "amount": 1, "capitalised_value": 1}]),
    ),
    "E315": ({}, with_rows(conversions=[{"project": "mine", "from_activity": "dig", "amount": 1}])),
    "E316": ({}, with_rows(conversions=[{"project": "mine", "from_activity": "old", "amount": 0}])),
    "E317": ({}, with_rows(given_starts=[{"project": "mine", "year": 2029, "modules": 1}])),
    "E318": ({}, with_rows(given_starts=[{"project": "mine", "year": 2010, "modules": 1}])),
    "E319": ({}, with_rows(given_starts=[{"project": "mine", "year": 2026, "modules": 1.5}])),
    "E320": ({}, with_rows({"max_per_year": 1}, given_starts=[{"project": "mine", "year": 2026, "modules": 2}])),
    "E321": (
        {},
        with_rows(given_starts=[{"project": "mine", "year": 2025, "modules": 3}, {"project": "mine", "year": 2026, "modules": 2}]),
    ),
    "E330": ({}, with_rows(activities=[{"activity": "new", "unit": "kt", "closable": "yes"}])),
    "E331": ({}, with_rows(activities=[{"activity": "new", "unit": "kt", "closing_cost": 1}])),
    "E332": ({}, with_rows({"retirement_cost": -1})),
    "E333": ({}, curve((0, 0), (4, 6), bases=("cumulative", "per_year"))),
    "E334": ({}, curve((0, 1), (4, 6))),
    "E335": ({}, curve((0, 0), project={"max_total": 0})),
    "E336": ({}, curve((0, 0), (2, 6), (4, 5))),
    "E337": ({}, curve((0, 0), (4, 6), project={"capex": 2})),
    "E338": ({}, curve((0, 0), (4, 6), project={"max_total": None})),
    "E339": ({}, curve((0, 0), (3, 6))),
    "E340": ({"terminal_value": "book_value"}, curve((0, 0), (4, 6), project={"retirable": "yes"})),
    "E341": ({}, with_rows({"built_before": 2})),
    "E401": (
        {},
        with_rows(
            rules=[
                {"rule": "a", "kind": "requires", "project": "mine", "other": "road"},
                {"rule": "b", "kind": "requires", "project": "road", "other": "mine"},
            ]
        ),
    ),
    "E402": ({}, with_rows(rules=[{"rule": "a", "kind": "excludes", "project": "mine"}])),
    "E403": ({}, with_rows(rules=[{"rule": "a", "kind": "must_do", "project": "mine", "other": "road"}])),
    "E404": ({}, with_rows(rules=[{"rule": "a", "kind": "excludes", "project": "mine", "other": "mine"}])),
    "E405": ({}, with_rows(rules=[{"rule": "a", "kind": "deadline", "project": "mine"}])),
    "E406": ({}, with_rows(rules=[{"rule": "a", "kind": "deadline", "project": "mine", "deadline": 2040}])),
    "E407": ({}, with_rows(rules=[{"rule": "a", "kind": "requires", "project": "rail", "other": "road"}])),
    "E416": ({}, with_rows(rules=[{"rule": "a", "kind": "excludes", "project": "rail", "other": "mine"}])),
    "E408": (
        {},
        with_rows(
            rules=[{"rule": "a", "kind": "must_do", "project": "mine"}, {"rule": "a", "kind": "at_most", "project": "road", "amount": 1}]
        ),
    ),
    "E409": ({}, with_rows(rules=[{"rule": "a", "kind": "at_most", "project": "mine"}])),
    "E410": (
        {},
        with_rows(rules=[{"rule": "a", "kind": "at_most", "project": name, "amount": n} for name, n in (("mine", 1), ("road", 2))]),
    ),
    "E411": ({}, with_rows(rules=[{"rule": "a", "kind": "at_least", "project": "mine", "amount": 2}])),
    "E412": ({}, with_rows(limits=[{"limit": "cap", "bound": 5, "to_year": 2040}], limit_members=MEMBER)),
    "E413": ({}, with_rows(limits=[{"limit": "cap", "bound": 5, "from_year": 2028, "to_year": 2027}], limit_members=MEMBER)),
    "E414": ({}, with_rows(limits=LIMIT)),
    "E415": ({}, with_rows(limits=LIMIT, limit_members=[{"limit": "cap", "measure": "buy", "item": "world"}])),
    "E421": (
        {},
        with_rows(gates=[{"gate": "go", "activity": name, "earliest_year": year} for name, year in (("dig", 2027), ("old", 2028))]),
    ),
    "E422": ({}, with_rows(gates=[{"gate": "go", "activity": "dig"}])),
    "E423": ({}, with_rows(activities=[FREE], gates=[{"gate": "go", "activity": "drift", "earliest_year": 2027}])),
    "E424": (
        {},
        with_rows(
            gates=[{"gate": "go", "activity": "dig"}],
            gate_conditions=[{"gate": "go", "measure": "buy", "item": "world", "threshold": 1}],
        ),
    ),
    "E431": ({}, with_rows(synergies=[{"synergy": "fit", "benefit": 1}])),
    "E432": ({}, with_rows(synergies=[{"synergy": "fit", "benefit": 1}], synergy_members=[{**FIT, "measure": "buy", "item": "world"}])),
    "E433": ({}, with_rows(synergies=[{"synergy": "fit", "benefit": -1}], synergy_members=[FIT])),
    "E434": ({}, with_rows(synergies=[{"synergy": "fit", "benefit_per_level": 1}], synergy_members=[FIT])),
    "E435": (
        {},
        with_rows(
            activities=[FREE],
            synergies=[{"synergy": "fit", "per_activity": "drift", "benefit_per_level": 1}],
            synergy_members=[FIT],
        ),
    ),
    "E504": (
        {},
        with_rows(scenarios=[{"scenario": "s"}], changes=[{"scenario": "s", "step": 1, "table": "x", "column": "capex", "value": 1}]),
    ),
    "E601": ({}, with_rows(scenarios=[{"scenario": "s", "kind": "future"}])),
    "E602": ({}, with_rows(scenarios=[{"scenario": "s", "kind": "future", "probability": 0.5}])),
    "E603": ({}, with_rows(provenance=[{"table": "project", "basis": "assumed"}])),
    "E604": ({}, with_rows(provenance=[{"table": "projects", "column": "capx", "basis": "assumed"}])),
    "E605": ({}, with_rows(provenance=[{"table": "projects", "basis": "sourced", "sources": "report"}])),
    "E611": ({}, with_rows(reliefs=[{**RELIEF, "step": 0}])),
    "E612": ({}, with_rows(reliefs=[{**RELIEF, "step": 2, "max_relief": 1}])),
    "E613": ({}, with_rows(reliefs=[{**RELIEF, "operation": "times", "step": -1}])),
    "E606": ({}, with_rows(provenance=[{"table": "projects", "basis": "assumed", "elasticity": "much"}])),
    "E701": ({}, with_rows(resources=[{"resource": "mud", "unit": "kt", "opening_stock": 1}])),
    "E702": ({}, with_rows(resources=[{"resource": "mud", "unit": "kt", "arrivals": 1}])),
    "E703": ({}, with_rows(recipes=[{"activity": "dig", "resource": "heat", "basis": "capacity", "lag": 1, "amount": 1}])),
    "E704": ({}, with_rows(recipes=[{"activity": "dig", "resource": "ore", "basis": "capacity", "amount": 1}])),
    "E705": ({}, with_rows(markets=[{"market": "world", "tier": 2, "resource": "heat", "side": "sell", "price": 1}])),
    "E706": ({}, with_rows(markets=[{"market": "world", "tier": 2, "resource": "ore", "side": "buy", "price": 1}])),
    "E707": ({}, with_rows(markets=[{"market": "near", "resource": "ore", "side": "sell", "price": 1, "limit": 1, "minimum": 2}])),
    "E708": ({}, with_rows(markets=[{"market": "near", "resource": "ore", "side": "buy", "price": 1, "limit": 1, "take_or_pay": 2}])),
    "E710": ({}, with_rows(markets=[{"market": "near", "resource": "ore", "side": "buy", "price": -1, "limit": 3, "take_or_pay": 2}])),
    "E709": ({}, with_rows(markets=[{"market": "near", "resource": "ore", "side": "sell", "price": 1, "take_or_pay": 2}])),
}


def test_a_sound_case_has_no_problem() -> None:
    assert check(small_case(**SOUND)) == []


@pytest.mark.parametrize("code", FAULTS)
def test_the_fault_is_told_once_and_alone(code: str) -> None:
    assert found(*FAULTS[code]) == [code]


@pytest.mark.parametrize("code", FAULTS)
def test_messages_say_where_what_and_what_to_do(code: str) -> None:
    settings, tables = FAULTS[code]
    with pytest.raises(CaseError) as error:
        small_case(settings, **tables)
    (problem,) = error.value.problems
    assert problem.table
    assert problem.found
    assert problem.allowed
    assert problem.fix


def test_every_code_of_the_checks_is_tripped_here() -> None:
    room = Path(check_module.__file__).parent
    codes = {code for file in room.glob("check_*.py") for code in re.findall(r'"(E\d{3})"', file.read_text(encoding="utf-8"))}
    assert codes - {"E505", "E506", "E507"} == set(FAULTS)  # those three name the column of a wrong change


def test_every_check_stands_in_the_list_once() -> None:
    room = Path(check_module.__file__).parent
    written = {
        f"masterplan.data.{file.stem}.{name}"
        for file in room.glob("check_*.py")
        for name in re.findall(r"^def ([a-z]\w*)\(case: Case\) -> list\[Problem\]", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(f"{one.__module__}.{one.__name__}" for one in CHECKS) == sorted(written)


def test_the_cycle_is_named_once_however_many_projects_hang_on_it() -> None:
    needs = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "c")]
    projects = [{"project": name, "max_total": 1} for name in "abcde"]
    rules = [{"rule": f"{p}{o}", "kind": "requires", "project": p, "other": o} for p, o in needs]
    with pytest.raises(CaseError) as error:
        small_case(projects=projects, rules=rules)
    (problem,) = error.value.problems
    assert problem.found == "the circle a requires b requires c requires a"


def test_two_cycles_are_two_problems() -> None:
    projects = [{"project": name, "max_total": 1} for name in "abcd"]
    rules = [{"rule": p, "kind": "requires", "project": p, "other": o} for p, o in ("ab", "ba", "cd", "dc")]
    assert found({}, {"projects": projects, "rules": rules}) == ["E401", "E401"]


def test_spend_is_checked_for_every_start_year() -> None:
    rows = [
        {"profile": "spend", "age": 0, "kind": "spend", "value": 0.5},
        {"profile": "spend", "age": 0, "year": 2028, "value": 0.6},
        {"profile": "spend", "age": 1, "kind": "spend", "value": 0.5},
    ]
    with pytest.raises(CaseError, match=r"sum to 1\.1 for a start in 2028"):
        small_case(profiles=rows)


RISING = [{"year": 2026, "tax_rate": 0.2}, {"year": 2028, "tax_rate": 0.25}]


def test_a_rising_rate_is_sound_where_the_tables_bound_income_and_loss() -> None:
    assert check(small_case(**SOUND, finance=RISING)) == []


@pytest.mark.parametrize(
    ("table", "rows", "column"),
    [
        ("markets", [{"market": "far", "resource": "mud", "side": "buy", "price": 1}], "limit"),
        ("activities", [{"activity": "burn", "unit": "kt", "capacity_limited": "no", "variable_cost": 1}], "capacity_limited"),
    ],
)
def test_a_rising_rate_says_what_has_no_bound(table: str, rows: Rows, column: str) -> None:
    mud = {"resource": "mud", "unit": "kt", "storable": "yes"}
    with pytest.raises(CaseError) as error:
        small_case(**{**with_rows(finance=RISING, resources=[mud]), table: [*SOUND.get(table, []), *rows]})
    (problem,) = error.value.problems
    assert (problem.code, problem.table, problem.column) == ("E206", table, column)


def test_a_given_discount_factor_for_all_years_is_sound() -> None:
    assert check(small_case(**SOUND, finance=[{"discount_factor": 0.9}])) == []


def test_modules_in_place_may_be_replaced() -> None:
    given = [{"project": "mine", "year": year, "modules": 1} for year in (2026, 2028)]
    project = {"max_total": 1, "total_basis": "in_place", "lead_time": 1, "life": 1}
    assert check(small_case(**with_rows(project, given_starts=given))) == []


def test_a_change_names_the_column_that_is_wrong() -> None:
    wrong = [
        {"table": "projects", "key": "mine", "column": "capx", "value": 1},
        {"table": "projects", "key": "mien", "column": "capex", "value": 1},
        {"table": "projects", "key": "mine", "column": "capex", "value": 1, "from_year": 2028, "to_year": 2027},
        {"table": "projects", "key": "mine", "column": "capex", "value": "dear"},
    ]
    changes = [{"scenario": "s", "step": step, **row} for step, row in enumerate(wrong, start=1)]
    with pytest.raises(CaseError) as error:
        small_case(**with_rows(scenarios=[{"scenario": "s"}], changes=changes))
    assert [(problem.code, problem.column) for problem in error.value.problems] == [
        ("E505", "column"),
        ("E506", "key"),
        ("E507", "from_year"),
        ("E508", "value"),
    ]


def test_one_wrong_name_in_many_changes_or_sources_is_one_problem() -> None:
    row = {"scenario": "s", "table": "projects", "key": "mien", "column": "capex", "value": 1}
    empty = {"scenario": "s", "table": "rules", "column": "amount", "value": 1}
    changes = [{**row, "step": 1}, {**row, "step": 2}, *({**empty, "step": step, "key": f"r{step}/*"} for step in (3, 4, 5))]
    provenance = [{"table": "projects", "key": key, "basis": "sourced", "sources": "report; book"} for key in ("mine", "road")]
    tables = with_rows(scenarios=[{"scenario": "s"}], changes=changes, provenance=provenance, sources=[{"source": "map"}])
    with pytest.raises(CaseError) as error:
        small_case(**tables)
    assert [(problem.code, len(problem.also)) for problem in error.value.problems] == [("E506", 1), ("E506", 2), ("E605", 1), ("E605", 1)]


def test_a_fewest_number_fits_into_the_total() -> None:
    with pytest.raises(CaseError, match="max_total is 1"):
        small_case(**with_rows({"project": "mine", "min_per_year": 2, "max_total": 1}))
