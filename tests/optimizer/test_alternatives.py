"""The near-best menu against every plan of a tiny case, enumerated; and by hand where modules are divisible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pytest
from typer.testing import CliRunner

import masterplan as mp
from masterplan.cli import app
from masterplan.data.case import Case
from masterplan.pattern import pattern_of
from tests.oracle import combinations, value_of
from tests.small_cases import small_case

Pattern = Mapping[str, int]


def street(objective: str = "npv", lumpy: str = "yes", **kinds: float) -> Case:
    """2026 to 2029 at rate 0; bread sells at 2, two a year; a module bakes one a year from the year after its start, and costs its kind."""
    most = {"max_per_year": 1, "max_total": 1} if lumpy == "yes" else {"max_per_year": 2}
    return small_case(
        {"last_year": 2029, "objective": objective},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": name, "activity": "shop", "capex": cost, "lumpy": lumpy, **most} for name, cost in kinds.items()],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 2}],
    )


def apart(mine: Pattern, theirs: Pattern, years: int = 4, end: int = 2030) -> float:
    """1 a project that only one starts, 1/4 a year by which a start moves; what is never started starts in 2030."""
    found = 0.0
    for project in {*mine, *theirs}:
        found += (project in mine) != (project in theirs)
        found += abs(mine.get(project, end) - theirs.get(project, end)) / years
    return found


def near_best(case: Case, least: float) -> dict[tuple[tuple[str, int], ...], float]:
    """pattern -> the most that a plan of it is worth, of every plan of the case that is worth at least so much."""
    found: dict[tuple[tuple[str, int], ...], float] = {}
    for starts in combinations(case):
        value = value_of(case, starts)
        if value is not None and value >= least - 1e-9:
            pattern = tuple(sorted({p: min(y for q, y in starts if q == p) for p, _ in starts}.items()))
            found[pattern] = max(value, found.get(pattern, value))
    return found


def furthest(patterns: Iterable[tuple[tuple[str, int], ...]], known: list[Pattern]) -> float:
    return max(min(apart(dict(pattern), one) for one in known) for pattern in patterns)


def test_the_menu_is_what_trying_every_plan_finds() -> None:
    """Of 64 combinations of starts: each alternative is as far from those before as any plan within half of the value added, 5.9 / 2;

    it is the best of its pattern; and the menu ends where no other pattern is left.
    """
    case = street(old=3, new=3.1, gold=3.3)
    found = mp.alternatives(case, within=0.5, count=40, gap=0, prove=True)
    every = near_best(case, 5.9 / 2)
    assert found.plan.objective == pytest.approx(5.9)
    assert found.least_worth == pytest.approx(2.95)
    known: list[Pattern] = [pattern_of(found.plan)]
    for plan, row in zip(found.plans, found.menu.to_dict("records")[1:], strict=True):
        pattern = pattern_of(plan)
        assert row["apart"] == pytest.approx(furthest(every, known))
        assert row["furthest_possible"] == pytest.approx(row["apart"])
        assert plan.objective == pytest.approx(every[tuple(sorted(pattern.items()))])
        assert row["given_up"] == pytest.approx(5.9 - plan.objective)
        assert row["audit"] == "passed"
        assert plan.bound == pytest.approx(5.9)
        known.append(pattern)
    assert found.complete
    assert {tuple(sorted(pattern.items())) for pattern in known} == set(every)
    shared = set.intersection(*({project for project, _ in pattern} for pattern in every))
    verdicts = found.projects.set_index("project")["verdict"].to_dict()
    assert {project for project, verdict in verdicts.items() if verdict.startswith("always")} == shared


def test_what_every_near_best_plan_starts_is_proven() -> None:
    """Started in 2026 a module sells 3 x 2 = 6. The best plan is the old oven and one of two alike: (6 - 3) + (6 - 4) = 5.

    Within 10 % is 4.5. Without the old one both others earn 4 at most: it is no-regret. The golden one with the old one earns
    (6 - 5.9) + 3 = 3.1, and as a third oven it sells nothing: no plan within the share has it.
    """
    found = mp.alternatives(street(old=3, new=4, like=4, gold=5.9), within=0.1, count=1, gap=0, prove=True)
    verdicts = found.projects.set_index("project")["verdict"].to_dict()
    assert verdicts == {
        "old": "always: in every plan within the share",
        "gold": "never: in no plan within the share",
        "new": "flips",
        "like": "flips",
    }
    assert found.plans[0].objective == pytest.approx(5)
    sentences = found.findings().sentences
    assert "Proven: every plan within the share starts old." in sentences
    assert "Begun in the same year in all: old (2026)." in sentences


@pytest.mark.parametrize("objective", ["npv", "least_cost", "final_cash"])
def test_divisible_projects_and_every_objective(objective: str) -> None:
    """Two old ovens earn 6, so that 30 % leaves 4.2. Two new ones in their place earn 5.8: two projects differ, 2 x (1 + 4/4) = 4 apart.

    Then both, 1 + 4/4 = 2 apart from either: one of each, 3 + 2.9.
    """
    found = mp.alternatives(street(objective, "no", old=3, new=3.1), within=0.3, count=2, gap=0)
    sign = -1 if objective == "least_cost" else 1
    assert [sign * value for value in found.menu["value"]] == pytest.approx([6, 5.8, 5.9])
    assert found.menu["apart"].to_list()[1:] == pytest.approx([4, 2])
    assert found.menu["given_up_share"].to_list() == pytest.approx([0, 0.2 / 6, 0.1 / 6])
    assert sign * found.least_worth == pytest.approx(4.2)
    assert (found.menu["audit"] == "passed").all()
    assert found.menu["leaves_out"].to_list()[1] == "old"
    assert not found.complete


def test_given_starts_stay_and_what_nothing_bounds_is_said() -> None:
    """One old oven is given in 2026; the new one beside it earns 6 - 3.1 = 2.9, no other plan comes near: an old one in 2027 earns 1.

    A stall of which no table says how many there may be, nor what it costs, counts nothing.
    """
    case = small_case(
        {"last_year": 2029},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[
            {"project": "old", "activity": "shop", "capex": 3, "max_per_year": 1, "max_total": 2},
            {"project": "new", "activity": "shop", "capex": 3.1, "max_per_year": 1, "max_total": 1},
            {"project": "stall", "fixed_cost": 1},
        ],
        given_starts=[{"project": "old", "year": 2026, "modules": 1, "kind": "fixed"}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 2}],
    )
    found = mp.alternatives(case, within=0.3, gap=0)
    assert pattern_of(found.plan) == {"new": 2026}
    assert found.plans == ()
    assert found.complete
    assert found.uncounted == ("stall",)
    assert found.findings().sentences[-1].endswith("stall.")


def test_what_is_out_of_range_is_refused() -> None:
    case = street(old=3)
    with pytest.raises(ValueError, match="within is a share"):
        mp.alternatives(case, within=1.5)
    with pytest.raises(ValueError, match="count"):
        mp.alternatives(case, count=0)
    found = mp.alternatives(case.change("markets.street.minimum=2"))  # nothing can be sold in 2026
    assert found.findings().sentences[0].startswith("There is no plan")


def test_the_command_writes_and_speaks_json(tmp_path) -> None:
    """90 % of 5.9 is 5.31: the golden oven in place of one other is worth 3 + 2.7 or 2.9 + 2.7."""
    mp.write_folder(street(old=3, new=3.1, gold=3.3), tmp_path / "street")
    written = tmp_path / "plan.xlsx"
    runner = CliRunner()
    told = runner.invoke(
        app, ["alternatives", str(tmp_path / "street"), "--within", "0.1", "--count", "1", "--gap", "0", "-o", str(written), "--json"]
    )
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["schema"] == "masterplan.alternatives/1"
    assert [row["plan"] for row in document["menu"]] == ["the plan", "alternative 1"]
    assert document["menu"][1]["value"] == pytest.approx(5.6) or document["menu"][1]["value"] == pytest.approx(5.7)
    assert mp.read_plan(written).objective == pytest.approx(5.9)
    assert "alternative" in told.stderr
