"""Audit of gates and synergies: what waits runs only once it may, and what counts only together counts only together."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan.reports.audit_rows import Check, Tested, at_least, at_most, check
from masterplan.reports.facts import Facts
from masterplan.reports.measures import Measures, measures
from masterplan.reports.recompute import Recomputed


def checks(facts: Facts, found: Recomputed) -> list[Check]:
    """Every rule on gates and synergies."""
    measured = measures(facts, found) if facts.keys("gates") or facts.keys("synergies") else {}
    return [
        check("A gate is open or shut, a synergy active or not", _zero_or_one(facts)),
        check("A gate opens in no year before its earliest", _earliest(facts)),
        check("A gate is open only where each of its conditions is met", _conditions(facts, measured)),
        check("A gate that is open stays open", _stays_open(facts)),
        check("An activity that waits for a gate runs only once it is open", _waits(facts)),
        check("A synergy is active only where each member reaches its threshold", _reached(facts, measured)),
        check("A penalty counts wherever all its members are above their thresholds", _penalties(facts, measured)),
        check("Nothing passes the most that its gate or synergy states", _stated_most(facts, measured)),
    ]


def _zero_or_one(facts: Facts) -> Iterator[Tested]:
    for decided in (facts.decisions.gates, facts.decisions.synergies):
        for key, value in decided.items():
            yield at_most(key, min(abs(value), abs(value - 1.0)), 0.0, abs(value))


def _earliest(facts: Facts) -> Iterator[Tested]:
    for (gate, _), earliest in facts.attribute("gates", "earliest_year").items():
        for year in facts.case.years:
            if year < earliest:
                yield at_most((gate, year), facts.decisions.gates.get((gate, year), 0.0), 0.0)


def _conditions(facts: Facts, measured: Measures) -> Iterator[Tested]:
    threshold, already, lag = (facts.attribute("gate_conditions", name) for name in ("threshold", "already", "lag"))
    for key in facts.keys("gate_conditions"):
        gate, measure, item = key
        for year in facts.case.years:
            counted = [measured.get((measure, item, other), 0.0) for other in facts.case.years if other <= year - lag[key]]
            asked = threshold[key] * facts.decisions.gates.get((gate, year), 0.0)
            scale = already[key] + sum(abs(amount) for amount in counted) + abs(asked)
            yield at_least((gate, measure, item, year), already[key] + sum(counted), asked, scale)


def _stays_open(facts: Facts) -> Iterator[Tested]:
    for gate in facts.case.names("gates"):
        for before, year in zip(facts.case.years, facts.case.years[1:], strict=False):
            opened, earlier = (facts.decisions.gates.get((gate, at), 0.0) for at in (year, before))
            yield at_least((gate, year), opened, earlier)


def _waits(facts: Facts) -> Iterator[Tested]:
    for gate, activity in facts.keys("gates"):
        for year in facts.case.years:
            shut = facts.decisions.gates.get((gate, year), 0.0) < 0.5
            yield at_most((gate, activity, year), facts.decisions.levels.get((activity, year), 0.0) if shut else 0.0, 0.0)


def _reached(facts: Facts, measured: Measures) -> Iterator[Tested]:
    threshold = facts.attribute("synergy_members", "threshold")
    for key in facts.keys("synergy_members"):
        synergy, measure, item = key
        for year in facts.case.years:
            asked = threshold[key] * facts.decisions.synergies.get((synergy, year), 0.0)
            yield at_least((synergy, measure, item, year), measured.get((measure, item, year), 0.0), asked)


def _penalties(facts: Facts, measured: Measures) -> Iterator[Tested]:
    """What is not counted has a member that is not above: the one that is least above decides."""
    benefit, threshold = facts.series("synergies", "benefit"), facts.attribute("synergy_members", "threshold")
    for synergy in facts.case.names("synergies"):
        keys = [key for key in facts.keys("synergy_members") if key[0] == synergy]
        for year in facts.case.years:
            if keys and benefit[synergy, year] < 0 and facts.decisions.synergies.get((synergy, year), 0.0) < 0.5:
                least = min(keys, key=lambda key: measured.get((*key[1:], year), 0.0) - threshold[key])
                yield at_most((synergy, *least[1:], year), measured.get((*least[1:], year), 0.0), threshold[least])


def _stated_most(facts: Facts, measured: Measures) -> Iterator[Tested]:
    """A most number is a fact that the planner states; of a penalty's member it counts in the years of the penalty."""
    levels, years = facts.decisions.levels, facts.case.years
    for (gate, activity), most in facts.attribute("gates", "most").items():
        for year in years:
            yield at_most((gate, activity, year), levels.get((activity, year), 0.0), most)
    rewarded, per_level = facts.attribute("synergies", "per_activity"), facts.series("synergies", "benefit_per_level")
    for synergy, most in facts.attribute("synergies", "most").items():
        for year in years:
            if synergy in rewarded and per_level[synergy, year]:
                yield at_most((synergy, rewarded[synergy], year), levels.get((rewarded[synergy], year), 0.0), most)
    benefit, threshold = facts.series("synergies", "benefit"), facts.attribute("synergy_members", "threshold")
    for key, most in facts.attribute("synergy_members", "most").items():
        for year in years:
            if benefit[key[0], year] < 0:
                yield at_most((*key, year), measured.get((*key[1:], year), 0.0), max(most, threshold[key]))
