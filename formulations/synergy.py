"""Synergy: benefits of years in which every member reaches its threshold, and penalties of years in which every member is above it.

Decides   synergy_active[synergy, year]              1 in years in which the benefit or penalty counts             [0/1]
          bonus[synergy, activity, year]             what the level earns while the synergy is active              [money]
          above[synergy, measure, item, year]        1 where a member of a penalty is above its threshold          [0/1]
Holds     member_reaches_threshold[synergy, measure, item, year]       measure >= threshold x synergy_active
          bonus_within_level[synergy, activity, year]                  bonus <= benefit per level x level
          no_bonus_unless_active[synergy, activity, year]              bonus <= benefit per level x most x synergy_active
          whole_bonus_where_active[synergy, activity, year]            bonus >= benefit per level x (level - most x (1 - synergy_active))
          within_threshold_unless_above[synergy, measure, item, year]  measure <= threshold + (most - threshold) x above
          penalty_where_all_above[synergy, year]                       synergy_active >= sum of above - (members - 1)
Posts     OPERATING synergy_benefit

At its threshold itself a member may count as reaching it or not, as is better: rows cannot tell `above` from `at`.
"""

from __future__ import annotations

import pyomo.environ as pyo

from masterplan.data.case import Case
from masterplan.data.most_level import most_level
from masterplan.formulations.ledger import Account, Ledger, Term
from masterplan.formulations.limits import measured
from masterplan.formulations.listed import Decisions, Lists, Members, Numbers
from masterplan.formulations.templates import holds

Member = tuple[str, str, str]  # synergy, measure, item


def add(m: pyo.ConcreteModel, case: Case, ledger: Ledger) -> None:
    """Add what is active when, and post what it brings."""
    m.SYNERGIES = Members(initialize=case.names("synergies"), doc="synergies")
    m.synergy_active = Decisions(m.SYNERGIES, m.YEARS, domain=pyo.Binary, doc="1 if the synergy counts in the year [0/1]")
    m.synergy_benefit = Numbers(m.SYNERGIES, m.YEARS, initialize=m.inside(case.series("synergies", "benefit")), doc="[money]")
    m.SYNERGY_MEMBERS = Members(dimen=3, initialize=list(case.keys("synergy_members")), doc="(synergy, measure, item)")
    m.synergy_threshold = Numbers(
        m.SYNERGY_MEMBERS, initialize=case.attribute("synergy_members", "threshold"), doc="least amount [unit of the measure]"
    )

    @holds(m, m.SYNERGY_MEMBERS, m.YEARS, doc="a synergy is active only where its member reaches the threshold")
    def member_reaches_threshold(m: pyo.ConcreteModel, synergy: str, measure: str, item: str, year: int) -> Term:
        return measured(m, measure, item, year) >= m.synergy_threshold[synergy, measure, item] * m.synergy_active[synergy, year]

    _bonuses(m, case)
    _penalties(m, case)
    ledger.post(
        Account.OPERATING,
        "synergy_benefit",
        lambda m, year: (
            sum(m.synergy_benefit[s, year] * m.synergy_active[s, year] for s in m.SYNERGIES)
            + sum(m.bonus[s, a, year] for s, a in m.REWARDED)
        ),
    )


def _bonuses(m: pyo.ConcreteModel, case: Case) -> None:
    """Benefit per level x level x active, exactly: with the level's own bound."""
    activity, stated = case.attribute("synergies", "per_activity"), case.attribute("synergies", "most")
    rate = m.inside(case.series("synergies", "benefit_per_level"))
    rewarded = [(s, activity[s]) for s in m.SYNERGIES if s in activity and any(rate[s, year] for year in m.YEARS)]
    m.REWARDED = Members(dimen=2, initialize=rewarded, doc="(synergy, activity whose level it rewards)")
    most = {(s, a, year): bound for s, a in rewarded for year, bound in most_level(case, a, stated.get(s)).items()}
    m.most_rewarded = Numbers(m.REWARDED, m.YEARS, initialize=most, doc="most that the activity can run [activity unit]")
    per_level = {(s, a, year): rate[s, year] for s, a in rewarded for year in m.YEARS}
    m.benefit_per_level = Numbers(m.REWARDED, m.YEARS, initialize=per_level, doc="[money/activity unit]")
    m.bonus = Decisions(m.REWARDED, m.YEARS, doc="earned by the level while active [money]")

    @holds(m, m.REWARDED, m.YEARS, doc="the bonus is no more than the level earns")
    def bonus_within_level(m: pyo.ConcreteModel, synergy: str, activity: str, year: int) -> Term:
        return m.bonus[synergy, activity, year] <= m.benefit_per_level[synergy, activity, year] * m.level[activity, year]

    @holds(m, m.REWARDED, m.YEARS, doc="there is no bonus where the synergy is not active")
    def no_bonus_unless_active(m: pyo.ConcreteModel, synergy: str, activity: str, year: int) -> Term:
        greatest = m.benefit_per_level[synergy, activity, year] * m.most_rewarded[synergy, activity, year]
        return m.bonus[synergy, activity, year] <= greatest * m.synergy_active[synergy, year]

    @holds(m, m.REWARDED, m.YEARS, doc="where the synergy is active the bonus is all that the level earns")
    def whole_bonus_where_active(m: pyo.ConcreteModel, synergy: str, activity: str, year: int) -> Term:
        inactive = m.most_rewarded[synergy, activity, year] * (1 - m.synergy_active[synergy, year])
        return m.bonus[synergy, activity, year] >= m.benefit_per_level[synergy, activity, year] * (m.level[activity, year] - inactive)


def _penalties(m: pyo.ConcreteModel, case: Case) -> None:
    """A penalty counts wherever all its members are above their thresholds, wanted or not."""
    most = case.attribute("synergy_members", "most")
    penalties = [(s, year) for s in m.SYNERGIES for year in m.YEARS if m.synergy_benefit[s, year] < 0]
    members: dict[tuple[str, int], list[Member]] = {
        (s, year): [key for key in case.keys("synergy_members") if key[0] == s] for s, year in penalties
    }
    where = [(*key, year) for (_, year), keys in members.items() for key in keys]
    m.PENALTIES = Members(dimen=2, initialize=penalties, doc="(synergy, year) that costs")
    m.PENALTY_MEMBERS = Members(dimen=4, initialize=where, doc="(synergy, measure, item, year) of penalties")
    m.MEMBERS_OF_PENALTY = Lists(m.PENALTIES, dimen=3, initialize=members, doc="(synergy, measure, item) of the penalty")
    m.most_above = Numbers(
        m.PENALTY_MEMBERS,
        initialize={key: max(most[key[:3]] - m.synergy_threshold[key[:3]], 0.0) for key in where},
        doc="most by which the member can pass its threshold [unit of the measure]",
    )
    m.above = Decisions(m.PENALTY_MEMBERS, domain=pyo.Binary, doc="1 if the member is above its threshold [0/1]")

    @holds(m, m.PENALTY_MEMBERS, doc="a member that does not count as above is within its threshold")
    def within_threshold_unless_above(m: pyo.ConcreteModel, synergy: str, measure: str, item: str, year: int) -> Term:
        passed = m.most_above[synergy, measure, item, year] * m.above[synergy, measure, item, year]
        return measured(m, measure, item, year) <= m.synergy_threshold[synergy, measure, item] + passed

    m.members_but_one = Numbers(m.PENALTIES, initialize={key: len(keys) - 1 for key, keys in members.items()}, doc="members less one")

    @holds(m, m.PENALTIES, doc="a penalty counts where all its members are above their thresholds")
    def penalty_where_all_above(m: pyo.ConcreteModel, synergy: str, year: int) -> Term:
        above = sum(m.above[s, measure, item, year] for s, measure, item in m.MEMBERS_OF_PENALTY[synergy, year])
        return m.synergy_active[synergy, year] >= above - m.members_but_one[synergy, year]
