"""A case whose names try what strangers try: formulas, markup of HTML and of terminals, length, and one name in two cases of letters."""

from __future__ import annotations

from masterplan.data.case import Case
from tests.small_cases import small_case

FORMULA, HTML, MARKUP, LONG = "+cmd|' !A0'", "<script>alert(1)<img src onerror>", "[red]plant[", "x" * 200
PROJECTS = (FORMULA, HTML, MARKUP, LONG, "-5", "Plant", "plant")
SPOKEN = '=HYPERLINK("http://example.org")<b>[bold]\x1b[31m\x07'
"""A text that is no name: titles and descriptions may hold everything. Control characters are left out wherever it is shown."""
SHOWN = SPOKEN.replace("\x1b", "").replace("\x07", "")


def hostile_case() -> Case:
    """Every project makes one a year for 1 and sells it for 1.5; the activity, the resource and the market have such names too."""
    return small_case(
        {"title": SPOKEN, "description": SPOKEN},
        recipes=[{"activity": "-make", "resource": "<b>ore", "amount": 1.0}],
        projects=[{"project": name, "activity": "-make", "capex": 1.0, "max_per_year": 1.0} for name in PROJECTS],
        markets=[{"market": "+world", "resource": "<b>ore", "side": "sell", "price": 1.5}],
        scenarios=[{"scenario": MARKUP, "kind": "variant"}],
        changes=[
            {"scenario": MARKUP, "step": 1, "table": "markets", "key": "+world", "column": "price", "operation": "times", "value": 2.0}
        ],
    )
