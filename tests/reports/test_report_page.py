"""The HTML report: what stands on it, that it is one safe file, and that every number on it is the recomputation's."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.data.read import load
from masterplan.reports.markup import amount, percent
from masterplan.reports.recompute import recompute
from masterplan.reports.report_page import make_report, write_report
from tests.reports.example_plan import example_case, example_plan
from tests.reports.hand_plans import hand_plan, with_results
from tests.reports.page import Element, read_page
from tests.small_cases import small_case

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = "<script>alert('1')</script>\"><img src=x onerror=alert(1)></title></style>&amp;"
NAME = "<script>alert(1)<img onerror>\"'><b onclick>&amp"  # names of a case hold no . / = @ * ;
NEVER_MADE = {"img", "b", "i", "iframe", "object", "embed", "link", "base", "form", "video", "audio"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return example_plan()


@pytest.fixture(scope="module")
def text(plan: Plan) -> str:
    return make_report(plan)


@pytest.fixture(scope="module")
def page(text: str) -> Element:
    return read_page(text)


def tips(page: Element, within: str) -> list[str]:
    """Tooltips of the marks of the drawing with this name."""
    chart = page.one("svg", aria_labelledby=f"{within}-title {within}-desc")
    return [mark.one("title").text for mark in chart.all(class_="mark")]


# what stands on it


def test_the_head_says_what_the_plan_is_and_how_good(page: Element, plan: Plan) -> None:
    assert page.one("h1").text == "Mine and hall"
    told = page.one("header").text
    assert "optimal: proven optimal within the gap asked for" in told
    assert "✓ audit passed" in told
    assert f"The plan is worth {amount(plan.value_added)} M USD more than doing nothing" in told


def test_key_figures_are_those_of_the_recomputation(page: Element, plan: Plan) -> None:
    totals = recompute(plan).totals
    shown = {card.one("dt").text: card.one("dd").text for card in page.one("dl").all("div")}
    assert shown == {
        "NPV (M USD)": amount(totals["npv"]),
        "Value added (M USD)": "10",
        "Gap to the best possible": "10.00%",
        "Capex in total (M USD)": amount(totals["capex_total"]),
        "Peak funding need (M USD)": amount(totals["peak_funding_need"]),
    }
    assert totals["capex_total"] == pytest.approx(10 + 2 * 5)  # one pit and two halls; the pit of 2025 was paid before


def test_money_by_year_is_that_of_the_recomputation(page: Element, plan: Plan) -> None:
    numbers = recompute(plan)
    capex, cash = page.table("Capex in M USD"), page.table("Cash in M USD")
    spent = numbers.capex.groupby("year")["total"].sum()
    assert capex["All"][1:] == [amount(spent[year]) for year in plan.case.years]
    assert capex["Mining"][1:] == ["10", "0", "0"]
    assert capex["Limit of the year"][1:] == ["20", "20", "20"]
    assert cash["cash at year's end"][1:] == [amount(value) for value in numbers.cash_position["closing"]]
    assert cash["its present value"][1:] == [amount(value) for value in numbers.present_value["present_value"].cumsum()]


def test_capacity_modules_and_use_are_those_of_the_recomputation(page: Element, plan: Plan) -> None:
    numbers = recompute(plan)
    mine = numbers.capacity[numbers.capacity["activity"] == "mine"]
    assert page.table("Capacity and level")["mine: capacity"][1:] == [amount(value) for value in mine["capacity"]]
    assert page.table("Capacity and level")["mine: level"][1:] == [amount(value) for value in mine["level"]]
    used = page.table("Use of resources by year")
    assert used["ore Mt"] == [percent(4 / 7), percent((4 + 1 / 3) / 10), percent(4 / (8 + 23 / 6 - 2 / 3))]
    assert "pit, 2026: 1 modules started, 1 under construction, 1 standing" in tips(page, "gantt")


def test_columns_are_as_high_as_their_money(page: Element) -> None:
    chart = page.one("svg", aria_labelledby="capex-chart-title capex-chart-desc")
    height = {mark.one("title").text: float(mark.attributes["height"] or 0) for mark in chart.all("rect", class_="mark")}
    assert height == {
        "Mining, 2026: 10 M USD": pytest.approx(height["Compute, 2026: 10 M USD"]),
        "Compute, 2026: 10 M USD": pytest.approx(160),
    }


def test_flows_are_drawn_by_year_and_the_last_is_shown(page: Element, plan: Plan) -> None:
    views = [view for view in page.all("div") if "data-view" in view.attributes]
    assert [view.attributes["data-view"] for view in views] == ["2026", "2027", "2028"]
    assert ["hidden" in view.attributes for view in views] == [True, True, False]
    assert "grid → power: 2.5 units, 5 M USD" in tips(page, "flow2026")
    assert "power → mine: 2.5 units, 5 M USD" in tips(page, "flow2026")


def test_every_drawing_has_words_and_numbers_behind_it(page: Element) -> None:
    names = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(names) == len(set(names))
    drawings = page.all("svg")
    assert len(drawings) >= 8
    for drawing in drawings:
        title, description = str(drawing.attributes["aria-labelledby"]).split()
        assert drawing.one(id=title).text
        assert drawing.one(id=description).text
        assert (drawing.attributes["role"], drawing.attributes["tabindex"]) == ("img", "0")
    for figure in page.all("figure"):
        assert figure.all("table"), figure.one("figcaption").text
    slider = page.one("input", type="range")
    assert page.one("label").attributes["for"] == slider.attributes["id"]
    assert {link.attributes["href"] for link in page.one("nav").all("a")} <= {f"#{name}" for name in names}


# one safe file


def test_the_content_policy_allows_its_own_script_and_style_alone(text: str) -> None:
    policy = read_page(text).one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    for name in ("script", "style"):
        (content,) = re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none';")
    assert "unsafe" not in str(policy)


def test_it_asks_for_nothing_from_elsewhere(text: str) -> None:
    page = read_page(text)
    assert "http:" not in text
    assert "https:" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#hatch"}
    assert "@import" not in text
    for element in page.all():
        assert not {"src", "style", "srcset", "data", "action"} & set(element.attributes), element.tag
        assert not [name for name in element.attributes if name.startswith("on")], element.tag
        assert str(element.attributes.get("href", "#")).startswith("#")


def test_the_same_plan_gives_the_same_bytes(plan: Plan, text: str, tmp_path) -> None:
    write_report(plan, tmp_path / "plan.html")
    assert (tmp_path / "plan.html").read_bytes() == text.encode()


def test_the_order_of_sets_is_no_part_of_it() -> None:
    """Sets of text come in another order in every run of Python."""
    code = (
        "import hashlib; from masterplan.data.read import load; from masterplan.reports.report_page import make_report;"
        "from tests.reports.hand_plans import hand_plan, with_results;"
        "print(hashlib.sha256(make_report(with_results(hand_plan(load('base')))).encode()).hexdigest())"
    )
    call = [sys.executable, "-c", code]
    made = [
        subprocess.run(call, capture_output=True, check=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1] != ""


def test_hostile_names_are_shown_as_text() -> None:
    name, text = NAME, HOSTILE
    case = small_case(
        {"title": text, "money_unit": text},
        name=text,
        resources=[{"resource": name, "unit": text}],
        activities=[{"activity": f"a{name}", "unit": text, "system": text}],
        recipes=[{"activity": f"a{name}", "resource": name, "amount": 1.0}],
        projects=[{"project": f"p{name}", "activity": f"a{name}", "capex": 1.0, "module_capacity": 1.0}],
        markets=[{"market": f"m{name}", "resource": name, "side": "sell", "price": 1.0, "limit": 1.0}],
        limits=[{"limit": f"l{name}", "sense": "at_least", "span": "each_year", "bound": 1.0, "penalty": 1.0}],
        limit_members=[{"limit": f"l{name}", "measure": "level", "item": f"a{name}"}],
        synergies=[{"synergy": f"s{name}", "benefit": 1.0, "meaning": text}],
        synergy_members=[{"synergy": f"s{name}", "measure": "level", "item": f"a{name}", "threshold": 1.0}],
    )
    made = hand_plan(
        case,
        starts={(f"p{name}", 2026): 1.0},
        levels={(f"a{name}", 2027): 1.0},
        trades={(f"m{name}", 1, 2027): 1.0},
        synergies={(f"s{name}", 2027): 1.0},
    )
    made = replace(made, run={"versions": {text: text}, "command": text, "finished": text}, message=text)
    rows = pd.DataFrame({text: [text], "number": [1.0]})
    found = Findings("Options", text, (text,), (FoundTable(text, text, rows),))
    page = read_page(make_report(made, findings=[found]))
    assert not NEVER_MADE & {element.tag for element in page.all()}
    assert len(page.all("script")) == 1
    assert not [key for element in page.all() for key in element.attributes if key.startswith("on")]
    assert page.one("h1").text == text
    assert f"p{name}, 2026: 1 modules started, 1 under construction" in tips(page, "gantt")
    assert page.one(id="study0").text == "Options"
    assert text in [cell.text for cell in page.all("td") + page.all("th")]
    assert page.one("code").text == text


def test_control_characters_and_stray_surrogates_do_no_harm() -> None:
    page = read_page(make_report(example_plan(example_case(title="a\x00b\x1b\ud800c"))))
    assert page.one("h1").text == "abc"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_a_browser_runs_its_script_under_the_policy(plan: Plan, tmp_path) -> None:
    write_report(plan, tmp_path / "plan.html", findings=[sensitivity()])
    call = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    call += [f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--dump-dom", f"file://{tmp_path / 'plan.html'}"]
    seen = subprocess.run(call, capture_output=True, check=True, timeout=120, text=True)
    assert '<html lang="en" data-js="1">' in seen.stdout
    assert 'data-tip="grid → power: 2.5 units, 5 M USD"' in seen.stdout
    assert "Content Security Policy" not in seen.stderr


# findings


def sensitivity() -> Findings:
    rows = pd.DataFrame(
        [
            ("ore price", 8.0, 10.0, -12.0, -13.0, -12.0, 12.0),
            ("power price", 1.0, 3.0, 7.0, None, None, -7.0),
            ("carbon price", 0.0, 9.0, None, None, None, 4.0),
        ],
        columns=["source", "low", "high", "change_at_low", "change_at_low_least", "change_at_low_most", "change_at_high"],
    )
    return Findings("Sensitivity", "What each number changes.", ("Ore matters most.",), (FoundTable("Tornado", "change of NPV", rows),))


def test_findings_are_shown_with_their_charts(plan: Plan) -> None:
    frontier = pd.DataFrame({"measure": [10.0, 20.0], "worth": [70.0, 77.0], "worth_least": [69.0, 77.0], "worth_most": [71.0, 78.0]})
    band = pd.DataFrame({"year": [2026, 2027, 2028], "p10": [1.0, 2.0, 3.0], "median": [2.0, 4.0, 6.0], "p90": [3.0, 6.0, 9.0]})
    words = pd.DataFrame({"project": ["pit"], "why": ["it pays"]})
    found = [
        sensitivity(),
        Findings("Frontier", "Worth for capex.", (), (FoundTable("Frontier", "NPV", frontier),)),
        Findings("Comparison", "Futures.", (), (FoundTable("Cash of futures", "M USD", band), FoundTable("Words", "why", words))),
    ]
    page = read_page(make_report(plan, findings=found))
    assert "Ore matters most." in [item.text for item in page.all("li")]
    assert "ore price, low (8): −12 M USD, proven between −13 and −12" in tips(page, "study0-0")
    assert "power price, high (3): −7 M USD" in tips(page, "study0-0")
    bars = page.one("svg", aria_labelledby="study0-0-title study0-0-desc").all("rect", class_="mark")
    assert {bar.one("title").text.split(":")[0]: bar.attributes["class"] for bar in bars} == {
        "ore price, low (8)": "mark c3",
        "ore price, high (10)": "mark c0",
        "power price, low (1)": "mark c3",
        "power price, high (3)": "mark c0",
        "carbon price, high (9)": "mark c0",  # there is no plan at its low end
    }
    assert "20: worth 77 M USD, proven between 77 and 78" in tips(page, "study1-0")
    assert "median, 2027: 4 M USD" in tips(page, "study2-0")
    assert page.table("why")["pit"] == ["it pays"]
    assert [link.text for link in page.one("nav").all("a")][-4:] == ["Sensitivity", "Frontier", "Comparison", "Checks"]


def test_without_findings_nothing_is_drawn_of_them(page: Element) -> None:
    assert not [drawing for drawing in page.all("svg") if str(drawing.attributes["aria-labelledby"]).startswith("study")]
    assert not page.all(class_="band")
    assert not [tip for tip in tips(page, "flow2027") if "one more" in tip]


def test_prices_that_a_study_found_are_told_at_the_cells(plan: Plan) -> None:
    rows = pd.DataFrame([{"kind": "resource", "name": "ore", "year": 2027, "price": 7.5, "unit": "M USD / Mt"}])
    found = Findings("Bottlenecks", "What holds the plan back.", (), (FoundTable("Prices", "with builds fixed", rows),))
    tooltips = [cell.attributes.get("title") or "" for cell in read_page(make_report(plan, findings=[found])).all("td")]
    (told,) = [tip for tip in tooltips if "one more" in tip]
    assert told.startswith("ore, 2027: ")
    assert told.endswith("; one more is worth 7.5 M USD / Mt")


# other plans


@pytest.mark.parametrize("name", ["base", "steel"])
def test_an_embedded_case_in_which_nothing_is_done(name: str) -> None:
    case = load(name)
    page = read_page(make_report(with_results(hand_plan(case))))
    assert page.one("h1").text == case.setting("title")
    assert "✗ AUDIT FAILED" in page.one("header").text  # what must be is not done
    assert len(page.one("svg", aria_labelledby="map-title map-desc").all("g")) > 30


def test_least_cost_says_cost_and_not_npv() -> None:
    made = example_plan(example_case(objective="least_cost"))
    shown = {card.one("dt").text: card.one("dd").text for card in read_page(make_report(made)).one("dl").all("div")}
    assert shown["Cost (M USD)"] == amount(recompute(made).totals["objective"])


@pytest.mark.parametrize("last_year", [2026, 2027])
def test_a_case_of_one_year_without_finance_or_projects(last_year: int) -> None:
    case = small_case(
        {"last_year": last_year},
        existing_capacity=[{"activity": "mine", "capacity": 2.0}],
        recipes=[{"activity": "mine", "resource": "ore", "amount": 1.0}],
        projects=[],
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 3.0}],
    )
    made = with_results(hand_plan(case, levels={("mine", 2026): 2.0}, trades={("world", 1, 2026): 2.0}))
    page = read_page(make_report(made))
    assert "Nothing is started" in page.text
    assert "limit" not in page.one(id="capex").text
    assert "mine → ore: 2 units, 6 billion USD" in tips(page, "flow2026")
    assert page.table("Cash in billion USD")["cash at year's end"][1] == "6"


def test_a_failed_audit_is_said_at_the_top(plan: Plan) -> None:
    page = read_page(make_report(replace(plan, starts=plan.starts.assign(modules=[1.0, 1.0, 2.5]))))
    assert "✗ AUDIT FAILED" in page.one("header").one(class_="bad").text


def test_of_a_very_large_plan_what_is_left_out_is_said(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("report_build.MOST", "report_system.MOST", "report_system.MOST_LINKS", "report_system.MOST_BOXES", "html_table.LONGEST"):
        monkeypatch.setattr(f"masterplan.reports.{name}", 1)
    page = read_page(make_report(plan))
    told = page.text
    assert "Shown are 1 of 2 projects, those that cost most." in told
    assert "Shown are 1 of 2 activities, those whose capacity changes most often." in told
    assert "Shown are 1 of 2 resources, those that are used up in most years." in told
    assert "They are too many for a picture." in told
    assert "2 more rows are left out here." in told
    assert list(page.table("Use of resources by year")) == ["", "compute GWy"]
    # ore at 9 a unit: 5 mined are drawn; 1 from stock, 4 sold and 2 into stock are not, nor 5 of power bought and used
    assert len(page.one("svg", aria_labelledby="flow2026-title flow2026-desc").all("path", class_="link")) == 1
    assert "Smaller flows of 73 M USD in all are not drawn." in told


def test_without_a_plan_there_is_no_page(tmp_path) -> None:
    with pytest.raises(ValueError, match="ended as infeasible"):
        write_report(Plan(example_case(), "infeasible", "proof"), tmp_path / "plan.html")
    assert not list(tmp_path.iterdir())
