"""The workbooks that several files of tests look into, each plan solved and written once."""

from __future__ import annotations

import pytest

import masterplan as mp
from tests.reports.live_plans import PLANS, Written


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """Every plan with its workbook. Who uses it belongs to the group `workbooks`, so that one process makes them."""
    folder, found = tmp_path_factory.mktemp("live"), {}
    for place, (name, make) in enumerate(PLANS.items()):
        plan, path = make(), folder / f"plan{place}.xlsx"
        mp.write_workbook(plan, path)
        found[name] = Written(plan, path)
    return found
