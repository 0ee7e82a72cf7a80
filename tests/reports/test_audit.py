"""Audit: a plan that keeps every rule passes, and each way to break one fails exactly the check that names it."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from masterplan.data.plan import DECISIONS, RESULTS
from masterplan.reports.audit import CHECK_COLUMNS, audit, sentences
from tests.reports.broken_plans import BROKEN, PAIR, SOLD_AND_BOUGHT, STANDS, pit, starts, trades, trading
from tests.reports.hand_plans import hand_plan, with_results
from tests.small_cases import small_case


def failing(plan):
    checks = audit(plan).checks
    return set(checks.loc[~checks["passed"], "name"])


@pytest.mark.parametrize("name", BROKEN)
def test_breaking_one_rule_fails_exactly_its_check(name):
    case, kept, broken = BROKEN[name]
    assert failing(with_results(hand_plan(case, **kept))) == set()
    assert failing(with_results(hand_plan(case, **broken))) == {name}


def whole_plan():
    case = pit(
        recipes=[{"activity": "mine", "resource": "ore", "amount": 1}],
        markets=[SOLD_AND_BOUGHT[1]],
        finance=[{"tax_rate": 0.25}],
    )
    decisions = {
        "starts": {("pit", 2026): 1},
        "levels": {("mine", 2027): 1},
        "trades": {("out", 1, 2027): 1},
        "loss_pool": {2026: 10, 2027: 9, 2028: 9},
    }
    return with_results(hand_plan(case, **decisions))


FALSE_CLAIMS = {
    "capacity": "The capacity that the plan states is what its starts make it, in their time",
    "capex": "The capex that the plan states is what its starts cost",
    "ledger": "The ledger that the plan states is what its decisions move",
    "cash": "The cash entries that the plan states are what its decisions earn and pay",
    "objective": "The objective that the plan states is what its decisions are worth",
    "npv": "The NPV that the plan states is what its decisions are worth",
    "npv_without_terminal": "The NPV without terminal value that the plan states is right",
}


@pytest.mark.parametrize("claim", FALSE_CLAIMS)
def test_a_false_claim_fails_exactly_its_check(claim):
    plan = whole_plan()
    stated = getattr(plan, claim)
    if isinstance(stated, pd.DataFrame):
        stated = stated.assign(**{RESULTS[claim][-1]: stated[RESULTS[claim][-1]] + ([1.0] + [0.0] * (len(stated) - 1))})
    assert failing(plan) == set()
    assert failing(replace(plan, **{claim: stated + 1.0 if isinstance(stated, float) else stated})) == {FALSE_CLAIMS[claim]}


def test_requires_without_amount_asks_for_any_module_of_the_other():
    rules = [{"rule": "law", "kind": "requires", "project": "a", "other": "b"}]
    case = small_case(projects=PAIR, rules=rules)
    assert failing(hand_plan(case, **starts(("b", 2026, 1), ("a", 2026, 9)))) == set()
    assert failing(hand_plan(case, **starts(("b", 2027, 1), ("a", 2026, 9)))) == {"A project that requires another follows it"}


def test_given_starts_may_lie_outside_the_window_and_be_few():
    rows = [{"project": "pit", "year": 2025, "modules": 11}, {"project": "pit", "year": 2026, "modules": 3, "kind": "minimum"}]
    case = pit({"first_start": 2027, "min_per_year": 4, "max_per_year": 9}, given_starts=rows)
    assert failing(hand_plan(case, **starts(("pit", 2025, 11), ("pit", 2026, 3)))) == set()
    assert failing(hand_plan(case, **starts(("pit", 2026, 3)))) == {"Fixed starts are made as given"}


@pytest.mark.parametrize("project", [{}, {"lumpy": "no"}])
def test_whole_modules_retire_whole(project):
    case = pit({"retirable": "yes", **project})
    plan = hand_plan(case, **starts(("pit", 2026, 1)), retirements={("pit", 2026, 2027): 0.5})
    assert failing(plan) == (set() if project else {"Modules of a project with whole modules are whole"})


def test_closures_and_conversions_share_what_exists():
    case = small_case(
        projects=PAIR,
        activities=[{"activity": "mine", "capacity_limited": "no", "closable": "yes"}],
        existing_capacity=[{"activity": "mine", "capacity": 4}],
        conversions=[{"project": "a", "from_activity": "mine", "amount": 3}],
    )
    name = "Conversions and closures take no more than the existing capacity"
    assert failing(hand_plan(case, **starts(("a", 2026, 1)), closures={("mine", 2027): 1})) == set()
    assert failing(hand_plan(case, **starts(("a", 2026, 1)), closures={("mine", 2027): 2})) == {name}


def test_capacity_claimed_before_its_lead_time_is_false():
    plan = whole_plan()
    early = plan.capacity.assign(year=plan.capacity["year"] - 1)
    assert failing(replace(plan, capacity=early[early["year"] >= 2026])) == {FALSE_CLAIMS["capacity"]}


def test_a_row_left_out_of_a_claim_is_seen():
    plan = whole_plan()
    assert failing(replace(plan, cash=plan.cash.iloc[1:])) == {FALSE_CLAIMS["cash"]}


def _with_row(frame, *row):
    return pd.DataFrame([*frame.astype(object).to_numpy().tolist(), list(row)], columns=frame.columns)


def _with_last(frame, value):
    return pd.DataFrame([*frame.astype(object).to_numpy().tolist()[:-1], [*frame.iloc[-1].tolist()[:-1], value]], columns=frame.columns)


UNREADABLE = {
    "a column is gone": ("Every table of the plan has its columns", "cancellations", lambda frame: frame.drop(columns="modules")),
    "a column stands twice": ("Every table of the plan has its columns", "cancellations", lambda frame: frame.iloc[:, [0, 1, 2, 2]]),
    "an unknown project": ("Every name in the plan is a name of the case", "starts", lambda frame: _with_row(frame, "nowhere", 2026, 1)),
    "an unknown tier": ("Every name in the plan is a name of the case", "trades", lambda frame: _with_row(frame, "out", 7, 2026, 1)),
    "a blank name": ("Every name in the plan is a name of the case", "levels", lambda frame: _with_row(frame, None, 2026, 1)),
    "a year outside": ("Every year in the plan is a year of the plan", "starts", lambda frame: _with_row(frame, "pit", 1999, 1)),
    "half a year": ("Every year in the plan is a year of the plan", "starts", lambda frame: _with_row(frame, "pit", 2026.5, 1)),
    "text for a year": ("Every year in the plan is a year of the plan", "levels", lambda frame: _with_row(frame, "mine", "soon", 1)),
    "text for a number": ("Every number in the plan is a number", "levels", lambda frame: _with_last(frame, "1,5")),
    "a blank number": ("Every number in the plan is a number", "trades", lambda frame: _with_last(frame, np.nan)),
    "an infinite number": ("Every number in the plan is a number", "levels", lambda frame: _with_last(frame, np.inf)),
    "a row twice": ("Every row of the plan stands once", "levels", lambda frame: _with_row(frame, "mine", 2026, 0)),
    "a year is missing": ("Every decision has a row for every year", "levels", lambda frame: frame.iloc[:-1]),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_fails_exactly_its_check(what):
    name, table, edit = UNREADABLE[what]
    plan = whole_plan()
    assert failing(replace(plan, **{table: edit(getattr(plan, table))})) == {name}


def test_every_check_is_broken_by_a_test():
    tested = set(BROKEN) | set(FALSE_CLAIMS.values()) | {name for name, _, _ in UNREADABLE.values()}
    assert tested == set(audit(whole_plan()).checks["name"])


def test_junk_is_audited_not_crashed_on():
    junk = [None, "x", np.nan, -1, 2026, 1e300, float("inf"), [1], True, pd.NaT, pd.NA, 10**400]
    tables = {**DECISIONS, **RESULTS}
    rows = {name: [[cell] * len(columns) for cell in junk] for name, columns in tables.items()}
    frames = {name: pd.DataFrame(rows[name], columns=list(columns), dtype=object) for name, columns in tables.items()}
    spoilt = replace(whole_plan(), **frames, objective=float("nan"), npv="much", do_nothing="x")
    audited = audit(spoilt)
    assert not audited.passed
    assert json.loads(json.dumps(audited.as_dict(), allow_nan=False))["passed"] is False


def test_huge_numbers_are_audited_not_crashed_on():
    plan = hand_plan(pit(), starts={("pit", 2026): 1e308, ("pit", 2027): 1e308}, levels={("mine", 2026): 1e308})
    json.dumps(audit(plan).as_dict(), allow_nan=False)


def test_a_violation_is_relative_to_the_terms_of_its_row():
    plan = hand_plan(trading(), trades=trades(2026, 600, 400))
    row = audit(plan).checks.set_index("name").loc["The balance of every resource closes"]
    assert (row["worst_absolute"], row["worst_relative"], row["where"], row["rows"], row["failed"]) == (200, 0.2, "ore 2026", 3, 1)
    assert audit(plan, tolerance=0.2).passed


def test_slack_is_told_where_nothing_is_broken():
    checks = audit(hand_plan(STANDS, levels={("mine", 2027): 7})).checks.set_index("name")
    row = checks.loc["The level of an activity is within its capacity"]
    assert (row["worst_absolute"], row["worst_relative"], row["where"]) == (-3, 0, "mine 2027")


def test_the_objective_is_measured_against_what_the_plan_adds():
    plan = replace(whole_plan(), do_nothing=-1e9)
    said = replace(plan, objective=plan.objective + 1.0)
    assert audit(plan).objective_difference == 0
    assert audit(said).objective_difference == pytest.approx(1e-9, rel=1e-3)
    assert audit(replace(plan, objective=None)).objective_difference is None


def test_entries_of_extra_blocks_are_named_not_audited():
    plan = whole_plan()
    cash = _with_row(plan.cash, "gift", 2026, 5.0)
    assert failing(replace(plan, cash=cash, objective=None, npv=None, npv_without_terminal=None)) == {FALSE_CLAIMS["cash"]}
    audited = audit(replace(plan, cash=cash, extra_entries=("gift",), objective=plan.objective + 5, npv=None, npv_without_terminal=None))
    assert audited.passed
    assert sentences(audited) == ["Entry gift: taken as given, not audited."]


def test_failures_are_told_in_sentences():
    plan = hand_plan(pit({"max_per_year": 2}), starts={("pit", 2026): 4, ("pit", 2027): 3})
    (told,) = sentences(audit(plan))
    assert told == (
        "A year starts no more modules than the project may have in a year: "
        "broken at pit 2026, by 2 (relative 0.33), and in 1 more of 2 rows."
    )
    assert sentences(audit(whole_plan())) == []


def test_as_dict_holds_plain_numbers():
    told = audit(whole_plan()).as_dict()
    assert told["passed"] is True
    assert told["objective_difference"] == 0
    assert set(told["checks"][0]) == set(CHECK_COLUMNS)
