"""What runs of a case side by side tell: sentences, the table, and the band of cash that they span, of plans found anew for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.reports.names import money_unit
from masterplan.reports.recompute import recompute

AS_IT_STANDS = "(as it stands)"
LONG = ("starts", "stopped_because")  # columns that stand in the CSV and in the JSON alone


def side_by_side(table: pd.DataFrame, plans: Mapping[str, Plan], seconds: float) -> Findings:
    """Findings for the workbook and the page; `plans` are those that were found, by the name of their run."""
    unit = money_unit(next(iter(plans.values())).case) if plans else ""
    shown = table.drop(columns=[name for name in LONG if name in table])
    tables = [FoundTable("Runs", f"one row per run; money in {unit}, gap as a share", shown)]
    if len(plans) > 1:
        tables.append(FoundTable("Cash over scenarios", f"cash at the end of the year in {unit}, over {len(plans)} runs", cash_band(plans)))
    meaning = "The case as it stands beside its scenarios and changes; the plan is found anew for each."
    return Findings("Side by side", meaning, tuple(_sentences(table, plans, unit)), tuple(tables), seconds)


def cash_band(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """year, least, median, most of the cash at the end of each year; every run counts once, whatever its probability."""
    closing = {name: recompute(plan).cash_position.set_index("year")["closing"] for name, plan in plans.items()}
    cash = pd.DataFrame(closing).dropna()
    years = [int(year) for year in cash.index]
    ends = {
        name: values.tolist() for name, values in (("least", cash.min(axis=1)), ("median", cash.median(axis=1)), ("most", cash.max(axis=1)))
    }
    return pd.DataFrame({"year": years, **ends})


def _sentences(table: pd.DataFrame, plans: Mapping[str, Plan], unit: str) -> Iterator[str]:
    worth = {name: plan.npv for name, plan in plans.items() if plan.npv is not None}
    if worth:
        best, least = max(worth, key=lambda name: worth[name]), min(worth, key=lambda name: worth[name])
        yield (f"{len(worth)} runs have a plan. Most is worth {best}: NPV {worth[best]:,.4g} {unit}; least {least}: {worth[least]:,.4g}.")
    for name, status in table.loc[~table["scenario"].isin(list(plans)), ["scenario", "status"]].itertuples(index=False):
        yield f"{name} has no plan: {str(status).replace('_', ' ')}."
    firsts = {name: {project for (project, _), modules in plan.modules_started.items() if modules > 1e-9} for name, plan in plans.items()}
    if len(firsts) > 1:
        always = sorted(set.intersection(*firsts.values()))
        some = sorted(set.union(*firsts.values()) - set(always))
        yield f"Started in every run: {', '.join(always) or 'nothing'}. In some only: {', '.join(some) or 'nothing'}."
