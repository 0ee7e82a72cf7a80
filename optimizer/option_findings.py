"""What the options study found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from masterplan.best_plan import worth
from masterplan.console import MEASURE
from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan

MOST_NAMED = 3
TOLD_IN_WHY = ["needs", "crowded_out", "worse", "better"]


def option_findings(plan: Plan, tables: Mapping[str, pd.DataFrame], best_known: float | None, solves: int, seconds: float) -> Findings:
    """Sentences, most important first, and the tables of options not taken, taken, and of systems."""
    unit = plan.case.setting("money_unit")
    meaning = (
        "The price of no: what each option costs that the plan leaves out, and what the plan loses without, or a year later with, each "
        f"that it takes. Money is {MEASURE[plan.case.setting('objective')]} in {unit}, counted from the best plan known; "
        f"every number is a re-solve ({solves} in all), from low to high as far as it is proven."
    )
    if not plan.found:
        return Findings("Options", meaning, (f"There is no plan: {plan.message or plan.status.replace('_', ' ')}",), (), seconds)
    not_taken, taken, systems = tables["not_taken"].drop(columns=TOLD_IN_WHY), tables["taken"], tables["systems"]
    left_out = not_taken[not_taken["answer"] != "the plan does so already"]
    added = "" if plan.value_added is None else f"; it adds {plan.value_added:,.4g} {unit} over doing nothing"
    sentences = [f"The plan takes {len(taken)} of {len(plan.case.names('projects'))} options{added}."]
    sentences += _losses(taken, unit) + _prices(left_out, unit) + _delays(taken, unit) + _better(plan, best_known, unit)
    found = (
        FoundTable("Not taken", f"What forcing an option costs that the plan leaves out, and why it is left out [{unit}].", not_taken),
        FoundTable("Taken", f"What the plan loses without an option, and when it starts it a year later [{unit}].", taken),
        FoundTable("Systems", f"What the plan loses without all options of a system [{unit}].", systems),
    )
    shown = tuple(replace(table, rows=_filled(table.rows)) for table in found if len(table.rows))
    return Findings("Options", meaning, tuple(sentences), shown, seconds)


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns in which something stands."""
    return rows[[name for name in rows if not all(pd.isna(value) or value == "" for value in rows[name])]]


def _losses(taken: pd.DataFrame, unit: str) -> list[str]:
    needed = list(taken.loc[taken["loss"].isna() & taken["without"].str.startswith("the plan cannot"), "project"])
    told = [f"It cannot do without {_joined(needed)}."] if needed else []
    most = taken[taken["loss_proven"] == True].sort_values("loss", ascending=False)  # noqa: E712 (a column of True, False and None)
    if len(most):
        told.append(f"Worth most: {_ranked(most, 'loss', unit)} would be lost without.")
    ties = list(taken.loc[taken["loss_proven"] == False, "project"])  # noqa: E712
    if ties:
        told.append(f"Below solve tolerance, so that the plan may be as good without: {_joined(ties)}.")
    return told


def _prices(left_out: pd.DataFrame, unit: str) -> list[str]:
    told = []
    priced = left_out[left_out["price_proven"] == True].sort_values("price")  # noqa: E712
    if len(priced):
        told.append(f"Of what is left out, {_ranked(priced, 'price', unit)} would cost least to take.")
    if len(priced) > MOST_NAMED:
        told.append(f"Dearest to take: {_ranked(priced.iloc[::-1], 'price', unit)}.")
    ties = list(left_out.loc[left_out["price_proven"] == False, "project"])  # noqa: E712
    if ties:
        told.append(f"Left out, though taking it makes no proven difference (below solve tolerance): {_joined(ties)}.")
    impossible = list(left_out.loc[left_out["answer"].str.startswith("cannot be done"), "project"])
    if impossible:
        told.append(f"Cannot be done: {_joined(impossible)}.")
    return told


def _delays(taken: pd.DataFrame, unit: str) -> list[str]:
    late = taken[taken["delay_loss_proven"] == True].sort_values("delay_loss", ascending=False)  # noqa: E712
    return [f"A year of delay costs most at {_ranked(late, 'delay_loss', unit)}."] if len(late) else []


def _better(plan: Plan, best_known: float | None, unit: str) -> list[str]:
    if best_known is None or plan.objective is None:
        return []
    more = worth(plan, best_known) - worth(plan, plan.objective)
    if more <= 1e-9 * max(1.0, abs(plan.objective)):
        return []
    return [
        f"A re-solve found a plan that is worth {more:,.4g} {unit} more than this one; the numbers count from it. A smaller gap finds it."
    ]


def _ranked(rows: pd.DataFrame, column: str, unit: str) -> str:
    return ", ".join(f"{row['project']} ({row[column]:,.4g} {unit})" for row in rows.head(MOST_NAMED).to_dict("records"))


def _joined(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(names))
