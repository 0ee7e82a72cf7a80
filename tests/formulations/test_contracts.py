"""Every docstring is a contract: what a block says it decides, holds and posts is what it adds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

import pyomo.environ as pyo
import pytest

from masterplan.formulations import COLLECTING, POSTING
from tests.formulations.rich import TERMINAL_VALUES, rich_case
from tests.formulations.walk import BLOCKS, Step, name_of, walk

DOCUMENTED = (pyo.Var, pyo.Constraint, pyo.Objective)
HEADS = ("Decides", "Holds", "Posts")
_TOLD = re.compile(r"^(?:Decides|Holds|)\s+([a-z_]+)(?:\[([^\]]+)\])?(?:\s{2,}|$)")


def section(docstring: str, head: str) -> list[str]:
    """The lines of one section of a contract: its own, and those indented below it."""
    found: list[str] = []
    inside = False
    for line in docstring.splitlines():
        if line.startswith(HEADS):
            inside = line.startswith(head)
        elif not line.startswith(" "):
            inside = False
        if inside:
            found.append(line)
    return found


def told(docstring: str, head: str) -> dict[str, int]:
    """name -> number of indices that a section tells of."""
    matches = [match for line in section(docstring, head) if (match := _TOLD.match(line))]
    return {match[1]: len(match[2].split(",")) if match[2] else 0 for match in matches if match[1] != "nothing"}


def posts(docstring: str) -> dict[str, set[str]]:
    """ACCOUNT -> entries that the section Posts tells of."""
    found: dict[str, set[str]] = defaultdict(set)
    text = " ".join(line.removeprefix("Posts").strip() for line in section(docstring, "Posts"))
    for part in [] if text == "nothing" else text.split(";"):
        account, entries = part.strip().split(" ", 1)
        found[account] |= {entry.strip() for entry in entries.split(",")}
    return dict(found)


@cache
def walked() -> tuple[tuple[pyo.ConcreteModel, Mapping[str, Step]], ...]:
    return tuple(walk(rich_case(terminal)) for terminal in TERMINAL_VALUES)


def added(name: str, *kinds: Any) -> dict[str, int]:
    """name -> number of indices of the components that a block added."""
    _, steps = walked()[0]
    components = {name: part for name, part in steps[name].components.items() if part.ctype in kinds}
    return {name: part.dim() for name, part in components.items()}


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_what_a_block_decides_and_holds_is_told(block: Any) -> None:
    assert told(block.__doc__, "Decides") == added(name_of(block), pyo.Var)
    assert told(block.__doc__, "Holds") == added(name_of(block), pyo.Constraint, pyo.Objective)


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_what_a_block_posts_is_told(block: Any) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for _, steps in walked():
        for account, entries in steps[name_of(block)].entries.items():
            found[account.name] |= set(entries)
    assert posts(block.__doc__) == dict(found)


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_a_contract_has_its_three_sections(block: Any) -> None:
    assert [line.split()[0] for line in block.__doc__.splitlines() if line.startswith(HEADS)] == list(HEADS)
    assert block.__doc__.startswith(f"{name_of(block).capitalize()}: ")


def test_every_decision_and_every_row_carries_its_law() -> None:
    m, _ = walked()[0]
    silent = [part.name for part in m.component_objects(DOCUMENTED) if not part.doc]
    assert not silent


def test_the_rich_case_uses_every_row() -> None:
    """A contract is only as good as the case it is read on: here no decision and no row is empty."""
    m, _ = walked()[1]
    empty = [part.name for part in m.component_objects(DOCUMENTED) if len(part) == 0]
    assert not empty


def test_the_lists_hold_each_block_once() -> None:
    names = [name_of(block) for block in BLOCKS]
    assert len(set(names)) == len(names) == len(POSTING) + len(COLLECTING)
