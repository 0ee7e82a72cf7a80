"""Gates, synergies and the activity map in the plan workbook: what stands where, and that decisions come back as they were."""

import pytest
from openpyxl import load_workbook

from masterplan.data.plan import DECISIONS
from masterplan.reports import activity_map, cash, gates, summary, synergies
from masterplan.reports.audit import audit
from masterplan.reports.read_plan import read_plan
from masterplan.reports.recompute import recompute
from masterplan.reports.workbook import write_workbook
from tests.reports.hand_plans import hand_plan, with_results
from tests.small_cases import small_case

TABLES = {
    "resources": [{"resource": "ore", "unit": "Mt", "disposal": "yes"}],
    "activities": [{"activity": "mine", "unit": "Mt", "system": "Mining"}, {"activity": "mill", "unit": "kt"}],
    "recipes": [{"activity": "mine", "resource": "ore", "amount": 2}, {"activity": "mill", "resource": "ore", "amount": -1}],
    "existing_capacity": [{"activity": name, "capacity": 4} for name in ("mine", "mill")],
    "projects": [
        {"project": "pit", "activity": "mine", "module_capacity": 3, "max_total": 1},
        {"project": "road", "max_total": 1},
    ],
    "construction_inputs": [{"project": "pit", "resource": "ore", "amount": 0.5}],
    "conversions": [{"project": "road", "from_activity": "mill", "amount": 1}],
    "rules": [{"rule": "access", "kind": "requires", "project": "pit", "other": "road"}],
    "gates": [{"gate": "licence", "activity": "mill"}, {"gate": "launch", "activity": "mill", "earliest_year": 2040}],
    "gate_conditions": [{"gate": "licence", "measure": "level", "item": "mine", "threshold": 5}],
    "synergies": [
        {"synergy": "fit", "meaning": "short ways", "benefit": 1, "per_activity": "mine", "benefit_per_level": 0.5},
        {"synergy": "crowd", "benefit": -1},
    ],
    "synergy_members": [
        {"synergy": "fit", "measure": "production", "item": "ore", "threshold": 6},
        {"synergy": "crowd", "measure": "level", "item": "mine", "threshold": 9, "most": 20},
    ],
}


def plan():
    decisions = {
        "levels": {("mine", 2026): 3, ("mine", 2027): 4, ("mine", 2028): 2},
        "gates": {("licence", 2026): 0, ("licence", 2027): 1, ("licence", 2028): 1, **{("launch", year): 0 for year in (2026, 2027, 2028)}},
        "synergies": {("fit", 2026): 1, ("fit", 2027): 1, ("fit", 2028): 0, **{("crowd", year): 0 for year in (2026, 2027, 2028)}},
    }
    return with_results(hand_plan(small_case(**TABLES), **decisions))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("gates") / "plan.xlsx"
    write_workbook(plan(), path)
    return path


def lines(table):
    """(section, item) -> record of a timeline frame."""
    return {(record["section"], record["item"]): record for record in table.to_dict("records")}


def test_the_plan_by_hand_is_sound():
    checks = audit(plan()).checks
    assert not checks.loc[~checks["passed"], "name"].tolist()


def test_benefits_are_worked_out_from_levels():
    """1 + 0.5 x level in the years in which the synergy counts."""
    found = recompute(plan()).cash
    assert found[["entry", "kind", "item", "year", "amount"]].to_numpy().tolist() == [
        ["synergy_benefit", "operating", "fit", 2026, 2.5],
        ["synergy_benefit", "operating", "fit", 2027, 3.0],
    ]
    table = lines(cash.table(plan(), recompute(plan())))
    assert table["Operating", "Synergy benefit"]["total"] == 5.5


def test_the_first_open_year_is_told():
    found = plan()
    sheet = lines(gates.table(found, recompute(found)))
    assert sheet["Open (1) or shut (0)", "licence"]["note"] == "in 2027"
    assert sheet["Open (1) or shut (0)", "launch"]["note"] == "not in the plan"
    assert gates.first_open(found) == {"licence": 2027}
    on_summary = lines(summary.table(found, recompute(found)))
    assert on_summary["Gates", "licence"]["total"] == 2027
    assert "stays shut" in on_summary["Gates", "launch"]["remark"]


def test_the_meaning_of_a_synergy_is_told():
    found = plan()
    sheet = lines(synergies.table(found, recompute(found)))
    assert sheet["Active (1) or not (0)", "fit"]["note"] == "short ways"
    assert [sheet["Active (1) or not (0)", "fit"][year] for year in (2026, 2027, 2028)] == [1, 1, 0]


def test_what_is_written_is_read_back_exactly(written):
    read = read_plan(written)
    for name in DECISIONS:
        then, now = (frame[frame[DECISIONS[name][-1]] != 0] for frame in (getattr(plan(), name), getattr(read, name)))
        assert then.astype(object).to_numpy().tolist() == now.astype(object).to_numpy().tolist(), name
    assert read.case.input_hash == plan().case.input_hash
    assert read.message == ""
    assert audit(read).passed


def test_a_gate_opened_by_hand_is_seen_by_the_audit(written, tmp_path):
    book = load_workbook(written)
    sheet = book[gates.SHEET]
    row = next(row for row in range(6, 20) if sheet.cell(row, 2).value == "licence")
    assert sheet.cell(row, 7).value == 0
    sheet.cell(row, 7).value = 1
    book.save(tmp_path / "edited.xlsx")
    read = read_plan(tmp_path / "edited.xlsx")
    assert read.message == "Edited since the solve: gates licence 2026 from 0 to 1."
    checks = audit(read).checks
    assert checks.loc[~checks["passed"], "name"].tolist() == ["A gate is open only where each of its conditions is met"]


def test_a_plan_without_gates_has_no_such_sheet(tmp_path):
    write_workbook(hand_plan(small_case(projects=[{"project": "road"}])), tmp_path / "plan.xlsx")
    names = load_workbook(tmp_path / "plan.xlsx", read_only=True).sheetnames
    assert not {gates.SHEET, synergies.SHEET, activity_map.SHEET} & set(names)


def test_the_map_is_told_in_sentences():
    found = activity_map.table(plan().case)
    sentences = {" ".join(row[column] for column in ("From", "Link", "To")) for row in found.to_dict("records")}
    assert sentences == {
        "mine makes ore",
        "mill uses ore",
        "pit builds mine",
        "pit uses ore",
        "road uses mill",
        "pit needs road",
        "mill needs mine",
        "ore fits mine",
    }
    fits = found[found["Link"] == "fits"].iloc[0]
    assert fits["Why"] == "synergy fit: short ways"
    assert found[found["Link"] == "makes"][["Amount", "Unit"]].to_numpy().tolist() == [[2.0, "Mt per Mt"]]


def test_every_end_of_a_link_is_a_node():
    case = plan().case
    known = set(activity_map.nodes(case)[["Name", "Kind"]].itertuples(index=False, name=None))
    found = activity_map.table(case)
    ends = {*found[["From", "From kind"]].itertuples(index=False, name=None), *found[["To", "To kind"]].itertuples(index=False, name=None)}
    assert ends <= known


def test_the_map_is_on_its_sheet(written):
    sheet = load_workbook(written)[activity_map.SHEET]
    assert [cell.value for cell in sheet[5]][: len(activity_map.COLUMNS)] == list(activity_map.COLUMNS)
    assert [cell.value for cell in sheet[6]][:5] == ["mine", "activity", "makes", "ore", "resource"]
