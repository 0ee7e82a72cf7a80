"""Contrast stands after every block: what its contract tells is what it adds, with templates and without."""

import pyomo.environ as pyo
import pytest

from masterplan.compiling import compile_arrays
from masterplan.formulations import contrast, formulate
from masterplan.formulations.contrast import Contrast, countable, weights
from tests.formulations.rich import rich_case
from tests.formulations.test_contracts import told
from tests.small_cases import small_case


def test_the_contract_tells_what_is_added() -> None:
    case = rich_case()
    before, _ = formulate(case)
    m, _ = formulate(case, last=(Contrast(({}, {case.names("projects")[0]: case.first_year}), 0.0),))

    def more(*kinds: object) -> dict[str, int]:
        return {part.name: part.dim() for part in m.component_objects(kinds) if before.component(part.name) is None}

    assert told(contrast.__doc__, "Decides") == more(pyo.Var)
    assert told(contrast.__doc__, "Holds") == more(pyo.Constraint, pyo.Objective)
    assert all(part.doc for part in m.component_objects((pyo.Var, pyo.Constraint, pyo.Objective)))
    with_templates = compile_arrays(m)
    plain = compile_arrays(formulate(case, templates=False, last=(Contrast(({}, {case.names("projects")[0]: case.first_year}), 0.0),))[0])
    assert with_templates.size == plain.size
    assert sorted(with_templates.cost.tolist()) == sorted(plain.cost.tolist())


def test_weights_by_hand() -> None:
    """Of 2026..2028 an oven of a year's lead may be started in two: begun by 2026 is a third, by 2027 one and the rest, two thirds.

    So it is 1 + 3/3 from starting in 2026 to never, 1/3 from 2026 to 2027, 1 + 2/3 from 2027 to never. What no table bounds is not there.
    """
    case = small_case(
        projects=[
            {"project": "oven", "max_per_year": 1},
            {"project": "stall", "fixed_cost": 1},
            {"project": "late", "lead_time": 9, "max_total": 1},
        ],
    )
    assert countable(case) == {"oven": range(2026, 2028)}
    assert weights(case, ["oven"], years_count=True) == pytest.approx({("oven", 2026): 1 / 3, ("oven", 2027): 5 / 3})
    assert weights(case, ["oven"], years_count=False) == pytest.approx({("oven", 2026): 0, ("oven", 2027): 1})
