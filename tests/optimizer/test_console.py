"""Printing: tables that nothing breaks in a pipe, and that never part a year from its number in a terminal; what is told without a plan."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version

import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

import masterplan as mp
from masterplan import console, summary
from masterplan.cli import app
from masterplan.data.plan import Plan
from tests.small_cases import small_case

STARTS = [("mine", 2026 + position, 12.0 + position) for position in range(15)]
WIDE = pd.DataFrame(
    [{"scenario": name, "kind": "future", "status": "optimal", **dict.fromkeys(map(str, range(2026, 2056)), 1234.5)} for name in "ab"]
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A terminal of so many columns, without colours."""

    def open_(width: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(console, "console", lambda stderr=False: Console(file=sys.stdout, width=width, color_system=None))

    return open_


def plan_with_starts() -> Plan:
    case = small_case({"last_year": 2045}, projects=[{"project": "mine", "capex": 1, "max_total": 999}])
    return Plan(case, "optimal", "proof", starts=pd.DataFrame(STARTS, columns=["project", "year", "modules"]))


def test_a_wide_table_in_a_pipe_has_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    summary.print_scenarios(WIDE)
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == list(WIDE.columns)
    assert [row.split()[0] for row in rows] == ["a", "b"]
    assert all(row.split()[3:] == ["1,234.5"] * 30 for row in rows)
    assert len({len(line) for line in (head, *rows)}) == 1


def test_starts_in_a_pipe_stand_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    summary.print_starts(plan_with_starts())
    _, row = capsys.readouterr().out.splitlines()
    assert row.endswith(", ".join(f"{year}: {modules:.0f}" for _, year, modules in STARTS))


@pytest.mark.parametrize("width", [50, 61, 62, 63, 64, 80])
def test_a_terminal_never_parts_a_year_from_its_number(
    width: int, terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(width)
    summary.print_starts(plan_with_starts())
    _, *rows = capsys.readouterr().out.splitlines()
    told = " ".join(row.removeprefix("mine").strip() for row in rows).removeprefix("285").strip()
    assert len(rows) > 1
    assert all(len(row) <= width for row in rows)
    assert not any(row.endswith(":") for row in rows)
    assert told == ", ".join(f"{year}: {modules:.0f}" for _, year, modules in STARTS)


def test_a_table_too_wide_for_a_terminal_becomes_a_list_for_each_row(
    terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(80)
    summary.print_scenarios(WIDE)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if not line.startswith(" ")] == ["a", "b"]
    assert [line.split() for line in lines[1:]][:3] == [["kind", "future"], ["status", "optimal"], ["2026", "1,234.5"]]
    assert len(lines) == 2 * len(WIDE.columns)


def test_a_table_that_fits_a_terminal_is_a_table(terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]) -> None:
    terminal(80)
    console.print_table(("name", "modules"), [("mine", "1"), ("mill", "10")], right=(1,))
    assert capsys.readouterr().out.splitlines() == ["name  modules", "mine        1", "mill       10"]


def test_without_a_plan_the_warnings_are_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """Capex that is decided already is above its limit: the case cannot be solved, and the warning says why."""
    case = small_case(
        {"committed_inside_limit": "yes"},
        recipes=[{"activity": "dig", "resource": "ore", "amount": 1}],
        projects=[{"project": "mine", "activity": "dig", "capex": 1, "max_total": 1}],
        markets=[{"market": "world", "resource": "ore", "side": "sell", "price": 1, "limit": 1}],
        finance=[{"capex_limit": 2, "committed_capex": 3}],
    )
    plan = mp.solve(case)
    summary.print_plan(plan, None, mp.sanity(case), None)
    head, warning = capsys.readouterr().out.splitlines()
    assert head.startswith("infeasible")
    assert "W825 finance / 2026 / committed_capex: found 3, the capex limit of 2026 holds 2 at most" in warning


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"masterplan {version('masterplan')}\n")
