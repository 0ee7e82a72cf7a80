"""Gates: activities that run only once conditions are met; what is open stays open.

Decides   opened[gate, year]                          1 in years in which the gate is open                         [0/1]
Holds     condition_met[gate, measure, item, year]    already + sum of the measure up to the year less the lag >= threshold x opened
          gate_stays_open[gate, year]                 opened >= opened of the year before
          level_waits_for_gate[gate, activity, year]  level <= most x opened
Posts     nothing
"""

from __future__ import annotations

from collections import defaultdict

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.most_level import most_level
from masterplan.formulations.ledger import Ledger, Term
from masterplan.formulations.limits import measured
from masterplan.formulations.listed import Lists, Members, Numbers
from masterplan.formulations.templates import holds

ROUNDING = 1e-9  # share of a threshold that sums of decimal numbers may miss it by
Condition = tuple[str, str, str, int]  # gate, measure, item, year of opening


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add the gates, what each waits for, and the activities that wait."""
    earliest: dict[str, int] = defaultdict(lambda: case.first_year)
    for (gate, _), year in case.attribute("gates", "earliest_year").items():
        earliest[gate] = max(earliest[gate], year)
    m.GATES = Members(initialize=case.names("gates"), doc="gates that activities wait for")
    m.opened = pyo.Var(
        m.GATES,
        m.YEARS,
        domain=pyo.Binary,
        bounds=lambda m, gate, year: (0, int(year >= earliest[gate])),
        doc="1 if the gate is open [0/1]",
    )
    _conditions(m, case)
    later = [(gate, year) for gate in m.GATES for year in m.YEARS if year > case.first_year]
    m.GATES_LATER = Members(dimen=2, initialize=later, doc="gates in every year but the first")

    @holds(m, m.GATES_LATER, doc="a gate that is open stays open")
    def gate_stays_open(m: pyo.ConcreteModel, gate: str, year: int) -> Term:
        return m.opened[gate, year] >= m.opened[gate, year - 1]

    m.WAITING = Members(dimen=2, initialize=list(case.keys("gates")), doc="(gate, activity that waits for it)")
    m.most_opened = Numbers(m.WAITING, m.YEARS, initialize=_most(case), doc="most that the activity can run [activity unit]")

    @holds(m, m.WAITING, m.YEARS, doc="an activity runs only once its gate is open")
    def level_waits_for_gate(m: pyo.ConcreteModel, gate: str, activity: str, year: int) -> Term:
        return m.level[activity, year] <= m.most_opened[gate, activity, year] * m.opened[gate, year]


def _most(case: Case) -> dict[tuple[str, str, int], float]:
    """The most that each waiting activity can run: as stated, or as the tables say if that is less."""
    stated = case.attribute("gates", "most")
    return {
        (gate, activity, year): bound
        for gate, activity in case.keys("gates")
        for year, bound in most_level(case, activity, stated.get((gate, activity))).items()
    }


def _conditions(m: pyo.ConcreteModel, case: Case) -> None:
    threshold, already, lag = (case.attribute("gate_conditions", column) for column in ("threshold", "already", "lag"))
    counted: dict[Condition, range] = {
        (*key, year): range(case.first_year, year - lag[key] + 1) for key in case.keys("gate_conditions") for year in case.years
    }
    m.CONDITIONS = Members(dimen=4, initialize=list(counted), doc="(gate, measure, item, year of opening)")
    m.COUNTING = Lists(m.CONDITIONS, dimen=1, initialize=counted, doc="years whose measure counts")
    m.gate_threshold = Numbers(
        m.CONDITIONS, initialize={key: threshold[key[:3]] for key in counted}, doc="sum that opens the gate [unit of the measure]"
    )
    m.counts_already = Numbers(
        m.CONDITIONS, initialize={key: already[key[:3]] for key in counted}, doc="from before the plan [unit of the measure]"
    )

    @holds(m, m.CONDITIONS, doc="a gate is open only where the sum of the measure has reached its threshold")
    def condition_met(m: pyo.ConcreteModel, gate: str, measure: str, item: str, year: int) -> Term:
        return reached(m, gate, measure, item, year) >= m.gate_threshold[gate, measure, item, year] * m.opened[gate, year]


def reached(m: pyo.ConcreteModel, gate: str, measure: str, item: str, year: int) -> Term:
    """What counts towards a condition by the year: from before the plan, and up to the year less the lag [unit of the measure]."""
    counted = sum(measured(m, measure, item, y) for y in m.COUNTING[gate, measure, item, year])
    return m.counts_already[gate, measure, item, year] + counted


def settle(m: pyo.ConcreteModel) -> None:
    """In a solved model, open every gate as early as its conditions are met: nothing else changes, and the year is a result."""
    for gate in m.GATES:
        keys: dict[int, list[Condition]] = {year: [key for key in m.CONDITIONS if key[0] == gate and key[3] == year] for year in m.YEARS}
        before = 0.0
        for year in m.YEARS:
            met = all(float(pyo.value(reached(m, *key))) >= m.gate_threshold[key] * (1.0 - ROUNDING) for key in keys[year])
            can = m.opened[gate, year].ub > 0 and met
            before = max(before, float(m.opened[gate, year].value or 0.0), float(can))
            m.opened[gate, year].set_value(before, skip_validation=True)
