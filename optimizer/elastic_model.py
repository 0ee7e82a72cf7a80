"""The elastic model of a case: every block of slack put in."""

from __future__ import annotations

from masterplan import slack_money, slack_starts, slack_supply
from masterplan.data.case import Case
from masterplan.data.pause import undisturbed
from masterplan.elastic import Draft, Elastic


def elastic_model(case: Case) -> Elastic:
    """The case with every number that may give way free to do so, at its price."""
    with undisturbed():
        draft = Draft(case)
        for block in (slack_supply, slack_money, slack_starts):
            block.add(draft)
        return draft.finish()
