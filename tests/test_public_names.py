"""`import masterplan as mp`: what it offers is there, documented, and not hidden by a module."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType

import pytest

import masterplan as mp

PACKAGES = ("masterplan", "masterplan.data", "masterplan.formulations", "masterplan.reports")
PROMISED = {
    "load", "solve", "check", "sanity", "audit", "write_workbook", "write_report", "read_plan", "describe", "cases", "write_template",
    "reoptimise",
}  # fmt: skip


def test_what_the_readme_promises_is_public() -> None:
    assert set(mp.__all__) >= PROMISED


def test_public_names_are_sorted_and_unique() -> None:
    assert len(set(mp.__all__)) == len(mp.__all__)
    assert list(mp.__all__) == sorted(mp.__all__)


@pytest.mark.parametrize("name", mp.__all__)
def test_public_names_exist_and_are_documented(name: str) -> None:
    thing = getattr(mp, name)
    assert not isinstance(thing, ModuleType), f"mp.{name} is a module"
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert inspect.getdoc(thing), f"mp.{name} has no docstring"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_hides_a_public_name(package: str) -> None:
    """A module `masterplan/solve.py` beside `mp.solve` would replace the function once somebody imports it."""
    home = import_module(package)
    modules = {module.name for module in pkgutil.iter_modules(home.__path__)}
    public = {name for name in getattr(home, "__all__", ()) if not isinstance(getattr(home, name), ModuleType)}
    assert not public & modules
