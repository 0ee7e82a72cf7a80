"""The description holds names and counts, and goes through JSON."""

from __future__ import annotations

import json

from masterplan.data.describe import describe
from tests.small_cases import small_case


def test_names_and_counts() -> None:
    case = small_case(
        {"title": "A mine"},
        activities=[{"activity": "dig", "unit": "t", "system": "mining"}],
        projects=[{"project": "mine", "activity": "dig", "max_total": 1}, {"project": "road", "system": "transport", "max_total": 1}],
        scenarios=[{"scenario": "late", "kind": "disruption"}, {"scenario": "dear"}],
    )
    said = describe(case.change("projects.mine.capex=2"))
    assert json.loads(json.dumps(said)) == said
    assert (said["case"], said["title"]) == ("small", "A mine")
    assert said["years"] == {"first": 2026, "last": 2028, "count": 3}
    assert said["systems"] == {"count": 2, "names": ["mining", "transport"]}
    assert said["projects"] == {"count": 2, "names": ["mine", "road"]}
    assert said["scenarios"] == {"count": 2, "names": {"disruption": ["late"], "variant": ["dear"]}}
    assert said["money"]["discount_rate"] == 0.0
    assert said["settings"]["last_year"] == 2028
    assert said["changes_applied"] == ["projects.mine.capex=2"]
