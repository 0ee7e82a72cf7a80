"""The fixture `golden` and the option that accepts changed golden LPs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from masterplan.data.case import Case
from tests.formulations.golden import golden_path, lp_of

OPTION = "--update-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="write the golden LPs of tests/golden anew (then read the diff)")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`golden(block, case, *more)`: the LP of the block's rows, those of `more` blocks and the objective is the one in tests/golden."""

    def compare(block: str, case: Case, *more: str) -> None:
        path, found = golden_path(block), lp_of(case, block, *more)
        if request.config.getoption(OPTION, default=False):
            path.write_text(found, encoding="utf-8")
            pytest.skip(f"written anew: {path.name}; read its diff")
        assert path.is_file(), f"no {path.name}: pytest tests/formulations {OPTION}"
        assert found == path.read_text(encoding="utf-8"), f"{path.name} has changed; if it should: pytest tests/formulations {OPTION}"

    return compare
